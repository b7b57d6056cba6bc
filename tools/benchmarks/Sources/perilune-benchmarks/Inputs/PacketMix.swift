import SpaceLink

/// Packets of many sizes and processes, 256 octets on average, one behind the other.
struct PacketMix {
    /// The octets of all packets.
    private(set) var octets: [UInt8] = []
    /// Where each packet begins, and the end.
    private(set) var bounds: [Int] = [0]
    /// By which decoded packets are compared with these.
    private(set) var digest = Digest()

    /// How many packets there are.
    var count: Int { bounds.count - 1 }

    /// Makes packets of twelve processes with running sequence counts, 12 to 500 octets long, filled at random.
    ///
    /// - Parameter size: About how many octets they have together.
    /// - Throws: `BenchmarkFailure` if a header refuses them.
    init(octets size: Int) throws {
        var randomness = Randomness(seed: 1)
        var counts = [UInt16](repeating: 0, count: 12)
        octets.reserveCapacity(size + 512)
        while octets.count < size {
            let process = randomness.below(counts.count)
            let length = 12 + randomness.below(489)
            guard let apid = APID(rawValue: UInt16(100 + process)),
                let header = SpacePacketHeader(
                    apid: apid,
                    sequenceCount: counts[process],
                    dataLength: length - SpacePacketHeader.length
                )
            else { throw BenchmarkFailure.input("a packet of \(length) octets could not be made") }
            counts[process] = (counts[process] + 1) % 16_384
            let packet = header.encode() + randomness.octets(length - SpacePacketHeader.length)
            digest.update(packet.span)
            octets += packet
            bounds.append(octets.count)
        }
    }

    /// Sends all packets over a link on channel 1, the last frame filled up.
    func encoded(_ link: LinkDescription) throws -> [UInt8] {
        var encoder = try LinkEncoder(link, spacecraft: 91)
        var sent: [UInt8] = []
        sent.reserveCapacity(octets.count + octets.count / 4)
        for index in 0..<count {
            let packet = octets.span.extracting(bounds[index]..<bounds[index + 1])
            encoder.push(packet: packet, virtualChannel: 1) { _, unit in sent.append(span: unit) }
        }
        encoder.flush(virtualChannel: 1) { _, unit in sent.append(span: unit) }
        return sent
    }
}

import SpaceLink

/// CADUs without end whose frame and sequence counts run on, made about as fast as memory is copied.
///
/// One round of packets is encoded once. In the rounds that follow only the count of each frame differs; the code is
/// linear, so what that changes in a CADU is the same for every frame and read from a table.
struct EndlessDownlink {
    /// What a round of frames is, and the octets of one frame's CADU.
    private let round: [UInt8]
    let caduLength: Int
    private let framesInRound: Int
    /// The places that the three octets of the count change, and by what for each of their values.
    private let places: [[Int]]
    private let changes: [[[UInt8]]]
    /// Rounds so far, and the octets of one.
    private var rounds = 0
    var roundLength: Int { round.count }
    var frames: Int { rounds * framesInRound }

    /// Makes the first round: as many packets as sequence counts, so that these run on too.
    init(_ link: LinkDescription) throws {
        var randomness = Randomness(seed: 5)
        var encoder = try LinkEncoder(link, spacecraft: 91)
        var units: [[UInt8]] = []
        for count in 0..<SpacePacketHeader.sequenceModulus {
            let length = 64 + randomness.below(385)
            guard let apid = APID(rawValue: 100),
                let header = SpacePacketHeader(
                    apid: apid,
                    sequenceCount: UInt16(count),
                    dataLength: length - SpacePacketHeader.length
                )
            else { throw BenchmarkFailure.input("a packet of \(length) octets could not be made") }
            let packet = header.encode() + randomness.octets(length - SpacePacketHeader.length)
            encoder.push(packet: packet.span, virtualChannel: 1) { _, unit in units.append(Self.copy(unit)) }
        }
        encoder.flush(virtualChannel: 1) { _, unit in units.append(Self.copy(unit)) }
        round = units.flatMap { $0 }
        framesInRound = units.count
        caduLength = units[0].count

        func idle(_ count: UInt64) throws -> [UInt8] {
            var encoder = try LinkEncoder(link, spacecraft: 91)
            encoder.setFrameCount(count, virtualChannel: 63)
            var octets: [UInt8] = []
            encoder.idleFrame { _, unit in octets = Self.copy(unit) }
            return octets
        }
        let zero = try idle(0)
        var places: [[Int]] = []
        var changes: [[[UInt8]]] = []
        for shift in [16, 8, 0] {
            let units = try (0..<256).map { try idle(UInt64($0) << UInt64(shift)) }
            let touched = zero.indices.filter { place in units.contains { $0[place] != zero[place] } }
            places.append(touched)
            changes.append(units.map { unit in touched.map { unit[$0] ^ zero[$0] } })
        }
        self.places = places
        self.changes = changes
    }

    private static func copy(_ octets: Span<UInt8>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.append(span: octets)
        return copy
    }

    /// Puts the next round into a buffer.
    mutating func next(into buffer: inout [UInt8]) {
        buffer.replaceSubrange(buffer.indices, with: round)
        var target = buffer.mutableSpan
        for frame in 0..<framesInRound {
            let change = frame ^ (frame + rounds * framesInRound)
            let start = frame * caduLength
            for octet in 0..<3 {
                let value = change >> (16 - 8 * octet) & 0xFF
                guard value != 0 else { continue }
                let places = self.places[octet]
                let changes = self.changes[octet][value]
                for index in places.indices { target[start + places[index]] ^= changes[index] }
            }
        }
        rounds += 1
    }
}

import ChannelCoding

/// What packets and frames tell twice, taken out and put back.
enum Derived {
    /// Replaces the sequence counts of packets by what they differ from the one due (CCSDS 133.0-B, packet sequence
    /// count): fourteen bits, for each identification of its own.
    static func takeCounts(_ octets: inout [UInt8], _ starts: [Int]) {
        var due = [UInt16](repeating: 0, count: 1 << 16)
        for start in starts {
            let name = Int(octets[start]) << 8 | Int(octets[start + 1])
            let field = UInt16(octets[start + 2]) << 8 | UInt16(octets[start + 3])
            put(field & 0xC000 | (field &- due[name]) & 0x3FFF, &octets, start + 2)
            due[name] = field &+ 1
        }
    }

    /// Puts them back.
    static func restoreCounts(_ octets: inout [UInt8], _ starts: [Int]) {
        var due = [UInt16](repeating: 0, count: 1 << 16)
        for start in starts {
            let name = Int(octets[start]) << 8 | Int(octets[start + 1])
            let kept = UInt16(octets[start + 2]) << 8 | UInt16(octets[start + 3])
            let field = kept & 0xC000 | (kept &+ due[name]) & 0x3FFF
            put(field, &octets, start + 2)
            due[name] = field &+ 1
        }
    }

    /// Replaces the last two octets by their difference to the CRC-16 of all before, or the other way round.
    static func toggleChecksum(_ octets: inout [UInt8], at start: Int, length: Int) {
        let place = start + length - 2
        let right = CRC16.checksum(octets.span.extracting(start..<place))
        octets[place] ^= UInt8(right >> 8)
        octets[place + 1] ^= UInt8(right & 0xFF)
    }

    /// Whether elements seem to end in a CRC-16: the first ones tell.
    static func haveChecksums(_ octets: [UInt8], _ starts: [Int], length: Int) -> Bool {
        guard length > 8, starts.count > 1 else { return false }
        let sample = starts.prefix(8)
        let right = sample.count { start in
            let place = start + length - 2
            let told = UInt16(octets[place]) << 8 | UInt16(octets[place + 1])
            return CRC16.checksum(octets.span.extracting(start..<place)) == told
        }
        return 2 * right > sample.count
    }

    /// Replaces the eleven bits of each frame's first header pointer by their difference to where the first packet
    /// begins in its zone, or the other way round.
    ///
    /// - Parameters:
    ///   - octets: Where the frames lie.
    ///   - frames: Where each begins.
    ///   - zone: Where the zone is in a frame.
    ///   - size: Octets of the zone.
    ///   - packets: Where packets begin in the joined zones, rising.
    static func togglePointers(
        _ octets: inout [UInt8],
        _ frames: [Int],
        _ zone: PacketZone,
        size: Int,
        packets: [Int]
    ) {
        var next = 0
        for (index, frame) in frames.enumerated() {
            while next < packets.count, packets[next] < index * size { next += 1 }
            let isHere = next < packets.count && packets[next] < (index + 1) * size
            let pointer = isHere ? (packets[next] - index * size) & 0x7FF : PacketZone.noPacket
            octets[frame + zone.pointer] ^= UInt8(pointer >> 8)
            octets[frame + zone.pointer + 1] ^= UInt8(pointer & 0xFF)
        }
    }

    private static func put(_ value: UInt16, _ octets: inout [UInt8], _ place: Int) {
        octets[place] = UInt8(value >> 8)
        octets[place + 1] = UInt8(value & 0xFF)
    }
}

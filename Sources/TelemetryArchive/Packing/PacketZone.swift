/// Where in each frame of a channel packets lie, found by trial from the frames themselves.
struct PacketZone: Hashable {
    /// Where the first header pointer is: the low eleven bits of two octets.
    var pointer: Int
    /// Octets before the zone.
    var start: Int
    /// Octets behind it.
    var trailer: Int

    /// Pointers that name no packet.
    static let noPacket = 0x7FF

    func length(in frameLength: Int) -> Int { frameLength - start - trailer }

    func pointerValue(_ frame: Span<UInt8>) -> Int { Int(frame[pointer] & 7) << 8 | Int(frame[pointer + 1]) }

    func encode(into writer: inout OctetWriter) {
        writer.put(UInt8(pointer))
        writer.put(UInt8(start))
        writer.put(UInt8(trailer))
    }

    init(pointer: Int, start: Int, trailer: Int) {
        self.pointer = pointer
        self.start = start
        self.trailer = trailer
    }

    init(_ reader: inout OctetReader, length: Int) throws(FormatFault) {
        pointer = Int(try reader.read(UInt8.self))
        start = Int(try reader.read(UInt8.self))
        trailer = Int(try reader.read(UInt8.self))
        guard pointer + 2 <= start, start + trailer < length else {
            throw FormatFault("a packed frame of \(length) octets has no room for its zone of packets")
        }
    }
}

extension PacketZone {
    /// Frames that are looked at.
    private static let sampleSize = 96

    /// Finds the zone of frames that all have one length and channel.
    ///
    /// Every place where the standards allow a first header pointer is tried, with every usual trailer; the right one
    /// is where packets end as the next frame's pointer says (CCSDS 132.0-B and 732.0-B, first header pointer).
    ///
    /// - Parameters:
    ///   - octets: Where the frames lie.
    ///   - starts: Where each begins.
    ///   - length: Octets of a frame.
    /// - Returns: `nil` if no place fits.
    static func find(_ octets: Span<UInt8>, starts: [Int], length: Int) -> PacketZone? {
        guard let first = starts.first, starts.count > 1, length > 20 else { return nil }
        var best: (score: Int, zone: PacketZone)?
        let isTM = octets[first] >> 6 == 0
        guard isTM || octets[first] >> 6 == 1 else { return nil }
        for start in (isTM ? 6 : 8)...72 {
            for trailer in [0, 2, 4, 6] where start + trailer + 8 < length {
                let zone = PacketZone(pointer: isTM ? 4 : start - 2, start: start, trailer: trailer)
                guard let score = zone.score(octets, starts, length), score > best?.score ?? 0 else { continue }
                best = (score, zone)
            }
        }
        return best?.zone
    }

    /// How often packets end where they should, less how often not.
    private func score(_ octets: Span<UInt8>, _ starts: [Int], _ length: Int) -> Int? {
        let size = self.length(in: length)
        var score = 0
        var rubbish = 0
        for index in 0..<min(starts.count - 1, PacketZone.sampleSize) {
            let frame = octets.extracting(starts[index]..<(starts[index] + length))
            let next = octets.extracting(starts[index + 1]..<(starts[index + 1] + length))
            guard let end = end(frame, next, size) else {
                if pointerValue(frame) < 0x7FE { rubbish += 1 }
                if rubbish > 8, rubbish > 2 * score { return nil }
                continue
            }
            let due = end < size ? end : PacketZone.noPacket
            score += pointerValue(next) == due ? 1 : -1
        }
        return score > 0 && score > rubbish ? score : nil
    }

    /// Where in the next zone the last packet of this one ends.
    private func end(_ frame: Span<UInt8>, _ next: Span<UInt8>, _ size: Int) -> Int? {
        func octet(_ index: Int) -> Int { Int(index < size ? frame[start + index] : next[start + index - size]) }
        var place = pointerValue(frame)
        guard place < size else { return nil }
        while place < size {
            guard place + 6 <= 2 * size, octet(place) >> 5 == 0 else { return nil }
            place += (octet(place + 4) << 8 | octet(place + 5)) + 7
        }
        return place - size
    }
}

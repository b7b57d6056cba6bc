/// Puts a stream together from pieces that begin and end at any bit.
public struct BitJoiner: Sendable {
    /// The stream; the last octet is filled up with zeros.
    public private(set) var octets: [UInt8] = []
    /// The bits of the stream.
    public private(set) var count = 0

    /// Makes an empty stream.
    public init() {}

    /// Appends bits of other octets.
    ///
    /// - Parameters:
    ///   - bits: Which of them, counted from the first octet's highest.
    ///   - source: The octets.
    ///   - inverted: Whether they are turned over.
    public mutating func append(_ bits: Range<Int>, of source: [UInt8], inverted: Bool = false) {
        var place = bits.lowerBound
        if count % 8 == 0, place % 8 == 0, !inverted {
            let whole = bits.count / 8
            octets += source[place / 8..<place / 8 + whole]
            count += 8 * whole
            place += 8 * whole
        }
        while place < bits.upperBound {
            if count % 8 == 0 { octets.append(0) }
            let taken = min(8 - count % 8, bits.upperBound - place)
            let first = UInt16(source[place / 8]) << 8
            let second = place / 8 + 1 < source.count ? UInt16(source[place / 8 + 1]) : 0
            var piece = ((first | second) << UInt16(place % 8)) >> UInt16(16 - taken)
            if inverted { piece ^= 0xFFFF >> UInt16(16 - taken) }
            octets[octets.count - 1] |= UInt8(truncatingIfNeeded: piece << UInt16(8 - count % 8 - taken))
            count += taken
            place += taken
        }
    }
}

/// A sync marker as words, to be compared with the bits of a stream at any place.
struct MarkerPattern: Sendable {
    /// The marker's bits.
    let bitCount: Int
    /// Thirty-two bits each, the last one filled up with zeros.
    private let words: [UInt32]
    /// Entry 256·j + v: by how many bits octet v, the j-th of five, differs from the marker's first 32 bits, if the
    /// marker starts at bit 0, 1, … 7 of the first of them: eight counts of eight bits, bit 0 lowest.
    private let differences: [UInt64]

    /// How a marker was found.
    struct Match: Sendable {
        let isInverted: Bool
        let errors: Int
    }

    init(_ octets: [UInt8]) {
        bitCount = 8 * octets.count
        words = stride(from: 0, to: octets.count, by: 4).map { start in
            (start..<start + 4).reduce(0) { $0 << 8 | ($1 < octets.count ? UInt32(octets[$1]) : 0) }
        }
        differences = Self.differences(of: words[0], mask: bitCount >= 32 ? .max : ~(.max >> UInt32(bitCount)))
    }

    /// The number of bits in which the stream differs from the marker.
    ///
    /// - Parameters:
    ///   - octets: A part of the stream.
    ///   - bit: Where to compare, in bits from the start of that part.
    /// - Returns: The distance, or `nil` where fewer bits than the marker's are there.
    func distance(in octets: Span<UInt8>, at bit: Int) -> Int? {
        guard bit >= 0, bit + bitCount <= 8 * octets.count else { return nil }
        var distance = 0
        var left = bitCount
        for index in words.indices {
            let seen = Self.word(octets, at: bit + 32 * index)
            let mask: UInt32 = left >= 32 ? .max : ~(.max >> UInt32(left))
            distance += ((seen ^ words[index]) & mask).nonzeroBitCount
            left -= 32
        }
        return distance
    }

    /// Compares with the marker and, if wanted, with its complement.
    func match(in octets: Span<UInt8>, at bit: Int, tolerance: Int, inverted: Bool) -> Match? {
        guard let distance = distance(in: octets, at: bit) else { return nil }
        if distance <= tolerance { return Match(isInverted: false, errors: distance) }
        if inverted, bitCount - distance <= tolerance { return Match(isInverted: true, errors: bitCount - distance) }
        return nil
    }

    /// Finds the first place where the marker or its complement stands.
    ///
    /// - Parameters:
    ///   - octets: A part of the stream.
    ///   - range: The places to be looked at, in bits from the start of that part.
    ///   - tolerance: The bits that may differ.
    ///   - inverted: Whether the complement counts.
    /// - Returns: The place and how it was found.
    func firstMatch(
        in octets: Span<UInt8>,
        range: Range<Int>,
        tolerance: Int,
        inverted: Bool
    ) -> (bit: Int, match: Match)? {
        let end = min(range.upperBound, 8 * octets.count - bitCount + 1)
        guard range.lowerBound >= 0, range.lowerBound < end else { return nil }
        let table = self.differences
        let differences = table.span
        let ones: UInt64 = 0x0101_0101_0101_0101
        let count = UInt64(min(bitCount, 32))
        let tolerance = min(max(tolerance, 0), bitCount / 2)
        // Added to a count, these carry into its top bit beyond the tolerance, and from where the complement matches.
        let near = ones &* (127 - UInt64(min(tolerance, 32)))
        let far = ones &* (128 - (inverted ? count - min(count, UInt64(tolerance)) : 64))
        for octet in range.lowerBound >> 3...(end - 1) >> 3 {
            var sums: UInt64 = 0
            for index in 0..<5 where octet + index < octets.count {
                sums &+= differences[index << 8 | Int(octets[octet + index])]
            }
            var hits = (~(sums &+ near) | (sums &+ far)) & ones << 7
            while hits != 0 {
                let bit = 8 * octet + hits.trailingZeroBitCount / 8
                hits &= hits &- 1
                guard bit >= range.lowerBound, bit < end else { continue }
                if let match = match(in: octets, at: bit, tolerance: tolerance, inverted: inverted) {
                    return (bit, match)
                }
            }
        }
        return nil
    }

    private static func differences(of word: UInt32, mask: UInt32) -> [UInt64] {
        (0..<5 << 8).map { index in
            var counts: UInt64 = 0
            for shift in 0..<8 {
                // Forty bits: the marker at this shift, and the octet at its place.
                let place = UInt64(32 - 8 * (index >> 8))
                let marker = UInt64(word) << UInt64(8 - shift)
                let relevant = UInt64(mask) << UInt64(8 - shift) & 0xFF << place
                let count = ((marker ^ UInt64(index & 0xFF) << place) & relevant).nonzeroBitCount
                counts |= UInt64(count) << UInt64(8 * shift)
            }
            return counts
        }
    }

    /// Thirty-two bits of the stream, zeros behind its end.
    @inline(__always)
    private static func word(_ octets: Span<UInt8>, at bit: Int) -> UInt32 {
        let octet = bit >> 3
        var word: UInt64 = 0
        for index in octet..<octet + 5 {
            word = word << 8 | UInt64(index < octets.count ? octets[index] : 0)
        }
        return UInt32(truncatingIfNeeded: word >> UInt64(8 - bit & 7))
    }
}

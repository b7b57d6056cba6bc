/// A sync marker as words, to be compared with the bits of a stream at any place.
struct MarkerPattern: Sendable {
    /// The marker's bits.
    let bitCount: Int
    /// Thirty-two bits each, the last one filled up with zeros.
    private let words: [UInt32]
    /// The bits of the first word that belong to the marker.
    private let firstMask: UInt32

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
        firstMask = bitCount >= 32 ? .max : ~(.max >> UInt32(bitCount))
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
        guard let first = words.first, range.lowerBound >= 0, range.lowerBound < end else { return nil }
        let count = min(bitCount, 32)
        var octet = range.lowerBound >> 3
        // Forty bits from the octet on; each of its eight bits starts a window.
        var register: UInt64 = 0
        for index in octet..<octet + 4 {
            register = register << 8 | UInt64(index < octets.count ? octets[index] : 0)
        }
        while 8 * octet < end {
            register = register << 8 | UInt64(octet + 4 < octets.count ? octets[octet + 4] : 0)
            for shift in 0..<8 {
                let window = UInt32(truncatingIfNeeded: register >> UInt64(8 - shift))
                let distance = ((window ^ first) & firstMask).nonzeroBitCount
                guard distance <= tolerance || (inverted && count - distance <= tolerance) else { continue }
                let bit = 8 * octet + shift
                guard bit >= range.lowerBound, bit < end else { continue }
                if let match = match(in: octets, at: bit, tolerance: tolerance, inverted: inverted) {
                    return (bit, match)
                }
            }
            octet += 1
        }
        return nil
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

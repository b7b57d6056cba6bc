/// The sequences that are added to a codeblock so that its bits change often (CCSDS 131.0-B, Pseudo-Randomizer).
///
/// Each starts anew at the first bit behind every marker, most significant bit first. Adding it twice gives the
/// octets back.
public enum PseudoRandomizer: String, Sendable, Hashable, Codable, CaseIterable {
    /// The sequence of 255 bits, x⁸ + x⁷ + x⁵ + x³ + 1, of all issues.
    case short
    /// The sequence of 131,071 bits, x¹⁷ + x¹⁴ + 1, added by issue 5.
    case long

    /// Adds the sequence to octets, from its first bit on.
    public func apply(to octets: inout MutableSpan<UInt8>) {
        let sequence = self.sequence
        var start = 0
        while start < octets.count {
            let length = min(sequence.count, octets.count - start)
            let part = sequence.span.extracting(0..<length)
            for index in 0..<length {
                octets[start + index] ^= part[index]
            }
            start += length
        }
    }

    /// Adds the sequence to octets while copying them.
    ///
    /// - Parameters:
    ///   - source: The octets as they are.
    ///   - target: Where the sums go; as many octets as the shorter of the two has are written.
    public func apply(_ source: Span<UInt8>, into target: inout MutableSpan<UInt8>) {
        let sequence = self.sequence
        let count = min(source.count, target.count)
        var start = 0
        while start < count {
            let length = min(sequence.count, count - start)
            let from = source.extracting(start..<start + length)
            let part = sequence.span.extracting(0..<length)
            for index in 0..<length {
                target[start + index] = from[index] ^ part[index]
            }
            start += length
        }
    }

    /// The octets of the sequence until they repeat: as many as it has bits, or a multiple of that.
    private var sequence: [UInt8] {
        switch self {
        case .short: Self.shortSequence
        case .long: Self.longSequence
        }
    }

    /// Sixteen periods, so that the inner loop is long.
    private static let shortSequence: [UInt8] = {
        var bits = [UInt8](repeating: 1, count: 255)
        for n in 8..<255 {
            bits[n] = bits[n - 1] ^ bits[n - 3] ^ bits[n - 5] ^ bits[n - 8]
        }
        return octets(of: bits, count: 255 * 16)
    }()

    /// One period; 131,071 is odd, so the octets repeat only after as many octets as the sequence has bits.
    private static let longSequence: [UInt8] = {
        var bits = [UInt8](repeating: 0, count: 131_071)
        let preset: [UInt8] = [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1]
        for n in preset.indices {
            bits[n] = preset[n]
        }
        for n in 17..<131_071 {
            bits[n] = bits[n - 3] ^ bits[n - 17]
        }
        return octets(of: bits, count: 131_071)
    }()

    private static func octets(of bits: [UInt8], count: Int) -> [UInt8] {
        (0..<count).map { octet in
            (0..<8).reduce(0) { $0 << 1 | bits[(octet * 8 + $1) % bits.count] }
        }
    }
}

/// The frame header error control of AOS frames: a Reed-Solomon code over half octets.
///
/// CCSDS 732.0-B, Frame Header Error Control: RS(10,6) over GF(16) with x⁴ + x + 1, roots α⁶ to α⁹. Its six symbols
/// are the half octets of octets 0, 1 and 5 of the header: the frame count is not protected. It corrects two symbols.
public enum HeaderErrorControl {
    /// The length of the field in octets.
    public static let length = 2

    private static let exponentials: [UInt8] = [1, 2, 4, 8, 3, 6, 12, 11, 5, 10, 7, 14, 15, 13, 9]
    private static let logarithms: [Int] = [0, 0, 1, 4, 2, 8, 5, 10, 3, 14, 9, 7, 6, 13, 11, 12]
    /// The coefficients of the generator behind the leading one.
    private static let generator: [UInt8] = [8, 2, 8, 1]

    /// Multiplies in GF(16).
    private static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        guard left != 0, right != 0 else { return 0 }
        return exponentials[(logarithms[Int(left)] + logarithms[Int(right)]) % 15]
    }

    /// α to a power.
    private static func alpha(_ power: Int) -> UInt8 { exponentials[power % 15] }

    /// The two octets that protect a header.
    ///
    /// - Parameter header: The six octets of an AOS primary header.
    /// - Returns: The two octets of the field.
    public static func parity(of header: AOSFrameHeader) -> [UInt8] {
        let octets = header.encode()
        let remainder = remainder(octets[0], octets[1], octets[5])
        return [UInt8(remainder >> 8), UInt8(truncatingIfNeeded: remainder)]
    }

    /// The remainder of the six symbols in three octets, four half octets.
    private static func remainder(_ first: UInt8, _ second: UInt8, _ sixth: UInt8) -> UInt16 {
        var symbols = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(sixth) << 8
        var remainder: UInt16 = 0
        for _ in 0..<6 {
            remainder = remainder << 4 ^ products[Int(symbols >> 28) ^ Int(remainder >> 12)]
            symbols <<= 4
        }
        return remainder
    }

    /// Whether the header at the start of a frame has no error.
    ///
    /// - Parameter octets: The frame's first eight octets or more.
    /// - Returns: Whether its field is that of the header; `false` if octets are missing.
    public static func holds(_ octets: Span<UInt8>) -> Bool {
        guard octets.count >= 8 else { return false }
        return remainder(octets[0], octets[1], octets[5]) == octets.uint16(at: 6)
    }

    /// The generator without its leading coefficient times each symbol, four half octets.
    private static let products: [UInt16] = (0..<16).map { symbol in
        generator.reduce(0) { $0 << 4 | UInt16(multiply(UInt8(symbol), $1)) }
    }

    /// Corrects the header at the start of a frame.
    ///
    /// - Parameter octets: The frame's first eight octets or more.
    /// - Returns: The eight octets corrected and how many symbols were, or nothing if that is not possible.
    public static func correct(_ octets: Span<UInt8>) -> (octets: [UInt8], correctedSymbols: Int)? {
        guard octets.count >= 8 else { return nil }
        var header: [UInt8] = []
        for index in 0..<8 { header.append(octets[index]) }
        // Symbol n is the coefficient of x^(9 − n).
        let places = [0, 1, 5, 6, 7]
        var symbols = places.flatMap { [header[$0] >> 4, header[$0] & 15] }
        guard let corrected = correct(&symbols) else { return nil }
        for (index, place) in places.enumerated() { header[place] = symbols[2 * index] << 4 | symbols[2 * index + 1] }
        return (header, corrected)
    }

    /// The four syndromes, S_j = Σ r_n α^((6+j)(9−n)).
    private static func syndromes(_ symbols: [UInt8]) -> [UInt8] {
        (0..<4).map { j in
            symbols.enumerated().reduce(0) { sum, entry in
                sum ^ multiply(entry.element, alpha((6 + j) * (9 - entry.offset)))
            }
        }
    }

    /// Tries no error, every single error, then every pair of places: 10 + 45 trials at most, exact by construction.
    private static func correct(_ symbols: inout [UInt8]) -> Int? {
        let found = syndromes(symbols)
        if found.allSatisfy({ $0 == 0 }) { return 0 }
        for place in 0..<10 {
            // S_0 = e α^(6p): the other three must follow from it.
            let power = 9 - place
            let error = multiply(found[0], alpha(15 - 6 * power % 15))
            let holds = (0..<4).allSatisfy { found[$0] == multiply(error, alpha((6 + $0) * power)) }
            if error != 0, holds {
                symbols[place] ^= error
                return 1
            }
        }
        for first in 0..<9 {
            for second in first + 1..<10 {
                guard let errors = solve(found, 9 - first, 9 - second) else { continue }
                symbols[first] ^= errors.0
                symbols[second] ^= errors.1
                return 2
            }
        }
        return nil
    }

    /// Solves the first two syndromes for two places and holds the solution against the others.
    private static func solve(_ found: [UInt8], _ first: Int, _ second: Int) -> (UInt8, UInt8)? {
        // With a = e₁α^(6p), b = e₂α^(6q): S₀ = a + b, S₁ = aα^p + bα^q, so a = (S₁ + S₀α^q) / (α^p + α^q).
        let divisor = alpha(first) ^ alpha(second)
        let inverse = alpha(15 - logarithms[Int(divisor)])
        let a = multiply(found[1] ^ multiply(found[0], alpha(second)), inverse)
        let b = found[0] ^ a
        guard a != 0, b != 0 else { return nil }
        let holds = (2..<4).allSatisfy {
            found[$0] == multiply(a, alpha($0 * first)) ^ multiply(b, alpha($0 * second))
        }
        guard holds else { return nil }
        return (multiply(a, alpha(15 - 6 * first % 15)), multiply(b, alpha(15 - 6 * second % 15)))
    }
}

/// Evaluates polynomials at all 255 places of a codeword at once.
///
/// Octet p of a codeword has the locator β^(254-p), with β the eleventh power of the generator; polynomials are
/// evaluated at its inverse, β^(p+1). What each half octet of each coefficient adds at all places is tabulated, so
/// that a polynomial is a sum of rows and needs no multiplication. Of the table's 270 KB an ordinary codeword reads
/// 16. A row comes in four pieces of 64 places, and pieces of the same places lie together.
struct PlaceTable: Sendable {
    /// Of piece n, power i, half h (the upper one is 1) and value v: entry ((33·n + i)·2 + h)·16 + v.
    private let pieces: [SIMD8<UInt64>]

    /// The table, made once for the whole program.
    static let shared = PlaceTable()

    private init() {
        let field = GaloisField.shared
        pieces = (0..<4 * 33 * 32).map { index in
            let element = UInt8(index & 15) << (index & 16 == 0 ? 0 : 4)
            let power = index / 32 % 33
            let first = 64 * (index / (32 * 33))
            var piece = SIMD8<UInt64>.zero
            for place in first..<min(first + 64, 255) {
                let value = field.product(element, field.power(GaloisField.rootStep * power * (place + 1)))
                piece[place % 64 / 8] |= UInt64(value) << UInt64(8 * (place % 8))
            }
            return piece
        }
    }

    /// Adds the terms of a polynomial at the 64 places of one piece, those of even and odd powers apart.
    ///
    /// - Parameters:
    ///   - polynomial: The coefficients from that of `lowest` on.
    ///   - lowest: The power of the first coefficient, 0 or 1.
    ///   - count: How many coefficients there are, at most 32.
    ///   - piece: Which 64 places.
    /// - Returns: Both sums.
    @inline(__always)
    func terms(
        of polynomial: SymbolVector,
        lowest: Int,
        count: Int,
        piece: Int
    ) -> (even: SIMD8<UInt64>, odd: SIMD8<UInt64>) {
        let pieces = pieces.span
        var sums = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
        var row = 32 * (33 * piece + lowest)
        for index in 0..<count {
            let coefficient = Int(polynomial.symbol(index))
            sums.0 ^= pieces[row + coefficient & 15] ^ pieces[row + 16 + coefficient >> 4]
            row += 32
            sums = (sums.1, sums.0)
        }
        return (count + lowest).isMultiple(of: 2) ? sums : (sums.1, sums.0)
    }
}

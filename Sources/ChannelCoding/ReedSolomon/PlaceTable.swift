/// Evaluates polynomials at all 255 places of a codeword at once.
///
/// Octet p of a codeword has the locator β^(254-p), with β the eleventh power of the generator; polynomials are
/// evaluated at its inverse, β^(p+1). The value of a coefficient's bit k at all places is one tabulated row, so a
/// polynomial is a sum of rows, and needs no multiplication. A row is four pieces of 64 places.
enum PlaceTable {
    /// Piece 4·(8·i + k) + n: places 64·n and on of the row of bit k of the coefficient of power i.
    static let pieces: [SIMD8<UInt64>] = (0..<33 * 8 * 4).map { index in
        var piece = SIMD8<UInt64>.zero
        for place in 64 * (index % 4)..<min(64 * (index % 4) + 64, 255) {
            let exponent = GaloisField.rootStep * (index / 32) * (place + 1) + index / 4 % 8
            piece[place % 64 / 8] |= UInt64(GaloisField.power(exponent)) << UInt64(8 * (place % 8))
        }
        return piece
    }

    /// Notes the rows that a coefficient needs.
    @inline(__always)
    static func append(_ coefficient: UInt8, power: Int, to rows: inout [Int]) {
        var bits = coefficient
        while bits != 0 {
            rows.append(32 * power + 4 * bits.trailingZeroBitCount)
            bits &= bits &- 1
        }
    }

    /// The sum of rows at the 64 places of one piece.
    @inline(__always)
    static func sum(_ rows: Span<Int>, piece: Int, from start: SIMD8<UInt64>) -> SIMD8<UInt64> {
        let table = pieces
        let pieces = table.span
        var sum = start
        for index in 0..<rows.count {
            sum ^= pieces[rows[index] + piece]
        }
        return sum
    }
}

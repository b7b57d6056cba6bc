/// Turns the remainder of a codeword into its syndromes.
///
/// The remainder has the same values at the code's roots as the codeword, and is eight times shorter. Each half
/// octet of it selects one row of 32 values (32 KB), in the basis of the link, so that nothing is converted.
struct SyndromeTable: Sendable {
    /// Row 32·i + 16·h + v: what half octet v, the upper one if h is zero, of remainder symbol i adds.
    private let rows: [SymbolVector]
    private let count: Int

    private init(errors: Int, basis: ReedSolomon.Code.Basis) {
        let field = GaloisField.shared
        let map = SymbolMap.map(of: basis)
        let count = 2 * errors
        self.count = count
        rows = (0..<count * 32).map { index in
            let octet = (index & 15) << (index & 16 == 0 ? 4 : 0)
            let element = map.element[octet]
            var row = SymbolVector.zero
            for root in 0..<count {
                let exponent = GaloisField.rootStep * (128 - errors + root) * (count - 1 - index / 32)
                let value = field.product(element, field.power(exponent))
                row[root / 8] |= UInt64(value) << UInt64(8 * (root % 8))
            }
            return row
        }
    }

    /// The syndromes of a codeword, the one of the first root in the first place.
    func syndromes(ofRemainder remainder: SIMD8<UInt32>) -> SymbolVector {
        let rows = rows.span
        var sum = SymbolVector.zero
        for symbol in 0..<count {
            let octet = Int(remainder[symbol >> 2] >> UInt32(24 - 8 * (symbol & 3)) & 0xFF)
            sum ^= rows[32 * symbol + octet >> 4] ^ rows[32 * symbol + 16 + octet & 15]
        }
        return sum
    }

    /// The table of a code, made once for the whole program.
    static func table(of code: ReedSolomon.Code) -> SyndromeTable {
        switch (code.errors, code.basis) {
        case (16, .dual): strongDual
        case (16, .conventional): strongConventional
        case (_, .dual): weakDual
        case (_, .conventional): weakConventional
        }
    }

    private static let strongDual = SyndromeTable(errors: 16, basis: .dual)
    private static let strongConventional = SyndromeTable(errors: 16, basis: .conventional)
    private static let weakDual = SyndromeTable(errors: 8, basis: .dual)
    private static let weakConventional = SyndromeTable(errors: 8, basis: .conventional)
}

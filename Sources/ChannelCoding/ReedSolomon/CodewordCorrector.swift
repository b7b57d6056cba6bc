/// Finds what is wrong in codewords, one after the other, and keeps it until it is applied.
struct CodewordCorrector: Sendable {
    /// One symbol to be changed.
    struct Correction: Sendable {
        /// The codeword within its codeblock.
        let codeword: Int
        /// The place within the codeword, virtual fill counted.
        let position: Int
        /// What to add, as an element of the field.
        let value: UInt8
    }

    /// What was found since the last removal.
    private(set) var corrections: [Correction] = []
    private let errors: Int
    private let virtualFill: Int
    private let tables: Tables

    /// What every codeword needs, behind one reference, so that a corrector is copied at the price of one.
    private final class Tables: Sendable {
        let field = GaloisField.shared
        let places = PlaceTable.shared
        let powers: RootPowerTable

        init(errors: Int) { powers = RootPowerTable.table(errors: errors) }
    }

    /// Prepares for the codewords of one code.
    init(errors: Int, virtualFill: Int) {
        self.errors = errors
        self.virtualFill = virtualFill
        tables = Tables(errors: errors)
    }

    /// Forgets what was found.
    mutating func removeAll() { corrections.removeAll(keepingCapacity: true) }

    /// Finds the corrections of a codeword.
    ///
    /// - Parameters:
    ///   - codeword: Its place in the codeblock.
    ///   - syndromes: Its syndromes, not all zero.
    ///   - erasures: Its erased places, virtual fill counted.
    /// - Returns: The number of symbols that change, or -1 if it is uncorrectable.
    mutating func correct(codeword: Int, syndromes: SymbolVector, erasures: [Int]) -> Int {
        guard erasures.count <= 2 * errors else { return -1 }
        let field = tables.field
        var errata = ErrataLocator(syndromes: syndromes, field: field)
        for position in erasures {
            errata.erase(locatorOfPlace: field.power(GaloisField.rootStep * (254 - position)))
        }
        guard errata.solve(syndromes: 2 * errors) else { return -1 }
        let start = corrections.count
        let isFound = findErrata(errata, codeword: codeword) == errata.length
        guard isFound, syndromes == tables.powers.syndromes(of: corrections[start...]) else {
            corrections.removeSubrange(start...)
            return -1
        }
        return corrections.count - start
    }

    /// Notes a correction for each root of the locator.
    ///
    /// - Returns: The number of roots outside the virtual fill, or -1 where a root is not simple.
    private mutating func findErrata(_ errata: ErrataLocator, codeword: Int) -> Int {
        let field = tables.field
        let places = tables.places
        var roots = 0
        for piece in 0..<4 {
            let (even, odd) = places.terms(of: errata.locator, lowest: 1, count: errata.length, piece: piece)
            let one = SIMD8<UInt64>(repeating: 0x0101_0101_0101_0101)
            var zeros = Self.zeroOctets(one ^ even ^ odd)
            guard zeros != 0 else { continue }
            let terms = places.terms(of: errata.evaluator, lowest: 0, count: errata.length, piece: piece)
            let values = terms.even ^ terms.odd
            while zeros != 0 {
                let place = zeros.trailingZeroBitCount
                zeros &= zeros &- 1
                let shift = UInt64(8 * (place & 7))
                let position = 64 * piece + place
                // The derivative of the locator, times the place's inverse, is the sum of its odd terms.
                let derivative = UInt8(truncatingIfNeeded: odd[place >> 3] >> shift)
                guard derivative != 0, position >= virtualFill else { return -1 }
                roots += 1
                let quotient = field.quotient(UInt8(truncatingIfNeeded: values[place >> 3] >> shift), derivative)
                let scale = field.power(GaloisField.rootStep * (position + 1) * (128 - errors))
                let value = field.product(quotient, scale)
                // An erasure that was right is no correction.
                guard value != 0 else { continue }
                corrections.append(Correction(codeword: codeword, position: position, value: value))
            }
        }
        return roots
    }

    /// A bit for each of 64 octets, set where it is zero.
    @inline(__always)
    private static func zeroOctets(_ octets: SIMD8<UInt64>) -> UInt64 {
        let low = SIMD8<UInt64>(repeating: 0x7F7F_7F7F_7F7F_7F7F)
        let zeros = ~(((octets & low) &+ low) | octets | low)
        guard zeros != .zero else { return 0 }
        var bits: UInt64 = 0
        for lane in 0..<8 {
            // The top bits of eight octets are gathered into one octet by a multiplication.
            bits |= (((zeros[lane] >> 7) &* 0x0102_0408_1020_4080) >> 56) << UInt64(8 * lane)
        }
        return bits
    }
}

/// The syndromes of single errors, which tell whether corrections undo the syndromes that they were found from.
///
/// Syndromes are linear, so that of a corrected word nothing but the corrections need be looked at again.
struct RootPowerTable: Sendable {
    /// For each place of a codeword the syndromes of an error of value one.
    private let rows: [SymbolVector]

    private init(errors: Int) {
        let field = GaloisField.shared
        rows = (0..<255).map { position in
            var row = SymbolVector.zero
            for root in 0..<2 * errors {
                let exponent = GaloisField.rootStep * (128 - errors + root) * (254 - position)
                row[root / 8] |= UInt64(field.power(exponent)) << UInt64(8 * (root % 8))
            }
            return row
        }
    }

    /// The syndromes of the sum of corrections.
    ///
    /// Bit k of a value stands for the k-th power of the generator: first the rows are added up for each bit, then
    /// the eight sums are joined, so that a correction costs no multiplication.
    func syndromes(of corrections: ArraySlice<CodewordCorrector.Correction>) -> SymbolVector {
        let rows = rows.span
        var sums = InlineArray<8, SymbolVector>(repeating: .zero)
        for correction in corrections {
            let row = rows[correction.position]
            for bit in 0..<8 {
                let isSet = UInt64(correction.value >> UInt8(bit) & 1)
                sums[bit] ^= row & SymbolVector(repeating: 0 &- isSet)
            }
        }
        var sum = sums[7]
        for bit in (0..<7).reversed() {
            sum = sum.scaled(by: 2) ^ sums[bit]
        }
        return sum
    }

    /// The table of a code, made once for the whole program.
    static func table(errors: Int) -> RootPowerTable { errors == 16 ? strong : weak }

    private static let strong = RootPowerTable(errors: 16)
    private static let weak = RootPowerTable(errors: 8)
}

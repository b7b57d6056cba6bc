/// Finds the polynomial whose roots name the places of errors and erasures, together with their evaluator.
///
/// Berlekamp and Massey's algorithm in Blahut's form, which starts from the locator of the erasures. Beside the
/// locator Λ it carries the product Λ·S, from which each discrepancy is read and which ends as the evaluator, so
/// that a step is two scaled additions of whole vectors (R. Blahut, Theory and Practice of Error Control Codes).
struct ErrataLocator {
    /// The coefficients of Λ from the first power on; the constant is one.
    private(set) var locator = SymbolVector.zero
    /// Λ·S, modulo the power that equals the number of syndromes.
    private(set) var evaluator: SymbolVector
    /// The degree that Λ must have.
    private(set) var length = 0
    private let field: GaloisField

    /// Starts with the syndromes, the one of the code's first root in the first place.
    init(syndromes: SymbolVector, field: GaloisField) {
        evaluator = syndromes
        self.field = field
    }

    /// Multiplies Λ by the factor of one erased place.
    mutating func erase(locatorOfPlace: UInt8) {
        locator ^= raisedWithConstant(locator).scaled(by: locatorOfPlace)
        evaluator ^= evaluator.raised.scaled(by: locatorOfPlace)
        length += 1
    }

    /// Goes through the syndromes.
    ///
    /// - Parameter count: The number of syndromes, 2E.
    /// - Returns: Whether the errors found are within the code's allowance.
    mutating func solve(syndromes count: Int) -> Bool {
        let erasures = length
        var previousLocator = raisedWithConstant(locator)
        var previousEvaluator = evaluator.raised
        var previousDiscrepancy: UInt8 = 1
        var step = erasures
        while step < count {
            let discrepancy = evaluator.symbol(step)
            guard discrepancy != 0 else {
                previousLocator = previousLocator.raised
                previousEvaluator = previousEvaluator.raised
                step += 1
                continue
            }
            let factor = field.quotient(discrepancy, previousDiscrepancy)
            var nextLocator = locator
            var nextEvaluator = evaluator
            SymbolVector.add(
                previousLocator,
                to: &nextLocator,
                previousEvaluator,
                to: &nextEvaluator,
                scaledBy: factor
            )
            if 2 * length <= step + erasures {
                previousLocator = raisedWithConstant(locator)
                previousEvaluator = evaluator.raised
                previousDiscrepancy = discrepancy
                length = step + 1 - length + erasures
            } else {
                previousLocator = previousLocator.raised
                previousEvaluator = previousEvaluator.raised
            }
            locator = nextLocator
            evaluator = nextEvaluator
            guard 2 * length - erasures <= count else { return false }
            step += 1
        }
        return locator.degree + 1 == length
    }

    /// A polynomial with constant one, given without it, multiplied by its unknown and again given from the first
    /// power on.
    private func raisedWithConstant(_ polynomial: SymbolVector) -> SymbolVector {
        polynomial.raised | SymbolVector(1, 0, 0, 0)
    }
}

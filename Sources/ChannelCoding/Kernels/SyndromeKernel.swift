/// Evaluates codewords at their code's roots with instructions that multiply 32 elements of a field at once.
///
/// The 255 symbols are fifteen chunks of seventeen. At the root of exponent j, chunk k is multiplied by the power j·k
/// of a root of unity of order fifteen, so a Fourier transform of fifteen chunks serves all roots at once; then each
/// root takes the seventeen symbols of its class. All codewords of a codeblock lie side by side.
///
/// The processor's field has another polynomial. The fields are isomorphic: octets are mapped by a matrix on the way
/// in, and syndromes by a table on the way out.
///
/// Measured in one run on a shared machine, RS(255,223): clean codeblocks of five codewords are checked at 4.7 GB/s
/// instead of 1.0, and clean CADUs come to packets at 1.6 GB/s instead of 0.74.
final class SyndromeKernel: Sendable {
    private let tables: [UInt8]
    private let elements: [UInt8]
    private let slots: [Int]

    /// Makes the tables of a code, if the processor has the instructions.
    init?(errors: Int, basis: ReedSolomon.Code.Basis) {
        guard Kernel.canFindSyndromes else { return nil }
        let field = GaloisField.shared
        let processor = ProcessorField()
        let map = SymbolMap.map(of: basis)
        let images = map.element.map { processor.image(of: $0) }
        elements = processor.elements
        // A root's class is its exponent modulo fifteen; the next root of the same class has the next block of slots.
        let roots = Array(128 - errors..<128 + errors)
        let slots = roots.map { root in
            root % 15 + 16 * roots.count { $0 < root && $0 % 15 == root % 15 }
        }
        self.slots = slots
        var matrix = [UInt8](repeating: 0, count: 8)
        for bit in 0..<8 {
            let image = images[1 << bit]
            for row in 0..<8 { matrix[row] |= (image >> UInt8(7 - row) & 1) << UInt8(bit) }
        }
        let unity = (0..<15).flatMap { power in
            [UInt8](
                repeating: processor.image(of: field.power(GaloisField.rootStep * (255 - 17) * power)),
                count: 32
            )
        }
        var places = [UInt8](repeating: 0, count: 17 * Kernel.syndromeSlots)
        for place in 0..<17 {
            for (root, slot) in zip(roots, slots) {
                let power = field.power(GaloisField.rootStep * root * (254 - place))
                places[Kernel.syndromeSlots * place + slot] = processor.image(of: power)
            }
        }
        tables = matrix + matrix + matrix + matrix + unity + places
    }

    /// Whether all syndromes of a codeblock are zero.
    ///
    /// - Parameters:
    ///   - codeblock: As many octets as the code says.
    ///   - code: The code that the tables are of, of any depth and fill.
    /// - Returns: Whether the codeblock is one of the code.
    func isClean(_ codeblock: Span<UInt8>, _ code: ReedSolomon.Code) -> Bool {
        let tables = self.tables
        let wrong = Kernel.wrongCodewords(
            of: codeblock,
            interleave: code.interleave,
            symbols: 255 - code.virtualFill,
            tables: tables.span
        )
        return wrong == 0
    }

    /// The syndromes of each codeword of such a codeblock.
    func syndromes(of codeblock: Span<UInt8>, _ code: ReedSolomon.Code) -> CodeblockSyndromes {
        var raw = InlineArray<384, UInt8>(repeating: 0)
        var target = raw.mutableSpan
        let tables = self.tables
        let wrong = Kernel.syndromes(
            of: codeblock,
            interleave: code.interleave,
            symbols: 255 - code.virtualFill,
            tables: tables.span,
            into: &target
        )
        var result = CodeblockSyndromes()
        for codeword in 0..<code.interleave where wrong >> UInt32(codeword) & 1 != 0 {
            var vector = SymbolVector.zero
            for (index, slot) in slots.enumerated() {
                let element = elements[Int(raw[Kernel.syndromeSlots * codeword + slot])]
                vector[index >> 3] |= UInt64(element) << UInt64(8 * (index & 7))
            }
            result.set(codeword, vector)
        }
        return result
    }

    /// The tables of a code, made once for the whole program.
    static func kernel(of code: ReedSolomon.Code) -> SyndromeKernel? {
        switch (code.errors, code.basis) {
        case (16, .dual): strongDual
        case (16, .conventional): strongConventional
        case (_, .dual): weakDual
        case (_, .conventional): weakConventional
        }
    }

    private static let strongDual = SyndromeKernel(errors: 16, basis: .dual)
    private static let strongConventional = SyndromeKernel(errors: 16, basis: .conventional)
    private static let weakDual = SyndromeKernel(errors: 8, basis: .dual)
    private static let weakConventional = SyndromeKernel(errors: 8, basis: .conventional)
}

/// The field in which processors multiply, x⁸ + x⁴ + x³ + x + 1, and how the codes' field is found in it.
private struct ProcessorField {
    /// From the processor's field to the codes'.
    let elements: [UInt8]
    /// What stands for the powers of the generator, from the zeroth to the seventh.
    private let powers: [UInt8]

    init() {
        // Any root of the codes' polynomial can stand for their generator.
        let candidates = (UInt8(2)...255).map { root in
            (0..<8).map { power in (0..<power).reduce(UInt8(1)) { product, _ in Self.product(product, root) } }
        }
        let powers =
            candidates.first { powers in
                Self.product(powers[7], powers[1]) ^ powers[7] ^ powers[2] ^ powers[1] ^ powers[0] == 0
            } ?? []
        self.powers = powers
        var elements = [UInt8](repeating: 0, count: 256)
        for element in UInt8(0)...255 {
            elements[Int(Self.image(of: element, powers))] = element
        }
        self.elements = elements
    }

    /// What stands for an element of the codes' field.
    func image(of element: UInt8) -> UInt8 { Self.image(of: element, powers) }

    private static func image(of element: UInt8, _ powers: [UInt8]) -> UInt8 {
        powers.indices.reduce(0) { element >> UInt8($1) & 1 != 0 ? $0 ^ powers[$1] : $0 }
    }

    private static func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
        (0..<8).reversed().reduce(0) { sum, bit in
            let double = sum << 1 ^ (sum >> 7) &* 0x1B
            return b >> UInt8(bit) & 1 != 0 ? double ^ a : double
        }
    }
}

/// The syndromes of a codeblock's codewords.
struct CodeblockSyndromes {
    /// A bit for each codeword, set where a syndrome is not zero.
    private(set) var wrong: UInt8 = 0
    private var vectors = InlineArray<8, SymbolVector>(repeating: .zero)

    /// Whether all are zero.
    var isClean: Bool { wrong == 0 }

    /// Those of one codeword, the one of the code's first root in the first place.
    subscript(codeword: Int) -> SymbolVector { vectors[codeword] }

    /// Whether a codeword has any that is not zero.
    func isWrong(_ codeword: Int) -> Bool { wrong >> UInt8(codeword) & 1 != 0 }

    /// Takes those of a codeword that has any.
    mutating func set(_ codeword: Int, _ vector: SymbolVector) {
        vectors[codeword] = vector
        wrong |= 1 << UInt8(codeword)
    }
}

/// Finds the syndromes of a codeblock, by the processor's own multiplication where it has one, by division elsewhere.
final class SyndromeCheck: Sendable {
    private let code: ReedSolomon.Code
    private let kernel: SyndromeKernel?
    private let division: ParityDivision
    private let table: SyndromeTable

    init(_ code: ReedSolomon.Code, usesKernel: Bool) {
        self.code = code
        kernel = usesKernel ? SyndromeKernel.kernel(of: code) : nil
        division = ParityDivision(code)
        table = SyndromeTable.table(of: code)
    }

    /// Whether all syndromes of a codeblock of the code's length are zero.
    func isClean(_ codeblock: Span<UInt8>) -> Bool {
        if let kernel { return kernel.isClean(codeblock, code) }
        return syndromes(of: codeblock).isClean
    }

    /// The syndromes of a codeblock of the code's length.
    func syndromes(of codeblock: Span<UInt8>) -> CodeblockSyndromes {
        if let kernel { return kernel.syndromes(of: codeblock, code) }
        let remainders = division.remainders(of: codeblock, code)
        var result = CodeblockSyndromes()
        for codeword in 0..<code.interleave where remainders[codeword] != .zero {
            result.set(codeword, table.syndromes(ofRemainder: remainders[codeword]))
        }
        return result
    }

    /// Whether looking first whether there are any syndromes costs less than finding them: nearly all codeblocks have
    /// none, and the kernel keeps none then.
    var isQuick: Bool { kernel != nil }
}

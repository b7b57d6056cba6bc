extension ReedSolomon {
    /// What decoding a codeblock came to.
    public struct Outcome: Sendable, Hashable {
        private var counts: SIMD8<Int16> = .zero
        private let codewords: Int

        init(codewords: Int) { self.codewords = codewords }

        mutating func set(_ codeword: Int, _ count: Int) { counts[codeword] = Int16(truncatingIfNeeded: count) }

        /// The symbols corrected in all codewords together.
        public var correctedSymbols: Int { symbolsByCodeword.reduce(0) { $0 + max($1, 0) } }
        /// The symbols corrected in each codeword, -1 where it is uncorrectable and was left as received.
        public var symbolsByCodeword: [Int] { (0..<codewords).map { Int(counts[$0]) } }
        /// Whether every codeword is one of the code now.
        public var isCorrectable: Bool { counts.min() >= 0 }
        /// Whether the codeblock was one of the code as received.
        public var isClean: Bool { counts == .zero }
    }

    /// Corrects codeblocks in place.
    ///
    /// Bounded distance: e errors and x erasures are corrected in a codeword if 2e + x ≤ 2E. A codeword is
    /// uncorrectable, and left as received, if its locator is too long or has not as many roots as its degree, if an
    /// error would lie in the virtual fill, or if the syndromes of the corrected word are not all zero.
    public struct Decoder: Sendable {
        /// The code.
        public let code: Code
        private let division: ParityDivision
        private let syndromes: SyndromeTable
        private let map: SymbolMap
        private var corrector: CodewordCorrector

        /// Makes a decoder for a code.
        public init(_ code: Code) {
            self.code = code
            division = ParityDivision(code)
            syndromes = SyndromeTable.table(of: code)
            map = SymbolMap.map(of: code.basis)
            corrector = CodewordCorrector(errors: code.errors, virtualFill: code.virtualFill)
        }

        /// Whether all codewords are of the code, that is, all syndromes are zero.
        ///
        /// - Parameter codeblock: The octets of a codeblock; no other length is one.
        /// - Returns: Whether nothing has to be corrected.
        public func isCodeblock(_ codeblock: Span<UInt8>) -> Bool {
            guard codeblock.count == code.codeblockLength else { return false }
            return Self.isZero(division.remainders(of: codeblock, code))
        }

        /// Whether all codewords can be corrected, without changing any.
        public func isCorrectable(_ codeblock: Span<UInt8>) -> Bool {
            guard codeblock.count == code.codeblockLength else { return false }
            if isCodeblock(codeblock) { return true }
            var copy = [UInt8](repeating: 0, count: codeblock.count)
            for index in 0..<codeblock.count {
                copy[index] = codeblock[index]
            }
            var decoder = self
            var span = copy.mutableSpan
            return decoder.decode(&span).isCorrectable
        }

        /// Corrects what can be corrected.
        ///
        /// - Parameters:
        ///   - codeblock: The octets of a codeblock. Another length is uncorrectable.
        ///   - erasures: Octets of the codeblock that are known to be doubtful; others are not looked at.
        /// - Returns: What was corrected in each codeword.
        public mutating func decode(_ codeblock: inout MutableSpan<UInt8>, erasures: [Int] = []) -> Outcome {
            var outcome = Outcome(codewords: code.interleave)
            guard codeblock.count == code.codeblockLength else {
                for codeword in 0..<code.interleave { outcome.set(codeword, -1) }
                return outcome
            }
            let remainders = division.remainders(of: codeblock.span, code)
            if Self.isZero(remainders) { return outcome }
            corrector.removeAll()
            for codeword in 0..<code.interleave where remainders[codeword] != .zero {
                let count = corrector.correct(
                    codeword: codeword,
                    syndromes: syndromes.syndromes(ofRemainder: remainders[codeword]),
                    erasures: erasedPositions(erasures, of: codeword)
                )
                outcome.set(codeword, count)
            }
            apply(to: &codeblock, where: { _ in true })
            let after = division.remainders(of: codeblock.span, code)
            if Self.isZero(after) { return outcome }
            // Whatever is no codeword now goes back to what was received.
            for codeword in 0..<code.interleave where after[codeword] != .zero { outcome.set(codeword, -1) }
            apply(to: &codeblock, where: { after[$0] != .zero })
            return outcome
        }

        /// The places of one codeword, fill counted, that a list of erased octets names, each once.
        private func erasedPositions(_ erasures: [Int], of codeword: Int) -> [Int] {
            guard !erasures.isEmpty else { return [] }
            let octets = erasures.filter { (0..<code.codeblockLength).contains($0) && $0 % code.interleave == codeword }
            return Set(octets.map { $0 / code.interleave + code.virtualFill }).sorted()
        }

        /// Adds the corrections found to the octets; doing it again takes them back.
        private func apply(to codeblock: inout MutableSpan<UInt8>, where isMeant: (Int) -> Bool) {
            for correction in corrector.corrections where isMeant(correction.codeword) {
                let octet = (correction.position - code.virtualFill) * code.interleave + correction.codeword
                codeblock[octet] ^= map.octet[Int(correction.value)]
            }
        }

        private static func isZero(_ remainders: InlineArray<8, SIMD8<UInt32>>) -> Bool {
            var sum = SIMD8<UInt32>.zero
            for index in 0..<8 {
                sum |= remainders[index]
            }
            return sum == .zero
        }
    }
}

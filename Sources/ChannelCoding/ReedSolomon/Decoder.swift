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
        private let check: SyndromeCheck
        private let map: SymbolMap
        private var corrector: CodewordCorrector

        /// Makes a decoder for a code.
        public init(_ code: Code) { self.init(code, usesKernel: true) }

        /// Makes a decoder for a code.
        ///
        /// - Parameters:
        ///   - code: The code.
        ///   - usesKernel: Whether instructions that not every processor has may be used where there are any.
        package init(_ code: Code, usesKernel: Bool) {
            self.code = code
            check = SyndromeCheck(code, usesKernel: usesKernel)
            map = SymbolMap.map(of: code.basis)
            corrector = CodewordCorrector(errors: code.errors, virtualFill: code.virtualFill)
        }

        /// Whether all codewords are of the code, that is, all syndromes are zero.
        ///
        /// - Parameter codeblock: The octets of a codeblock; no other length is one.
        /// - Returns: Whether nothing has to be corrected.
        public func isCodeblock(_ codeblock: Span<UInt8>) -> Bool {
            codeblock.count == code.codeblockLength && check.isClean(codeblock)
        }

        /// Whether all codewords can be corrected, without changing any.
        public func isCorrectable(_ codeblock: Span<UInt8>) -> Bool {
            guard codeblock.count == code.codeblockLength else { return false }
            let syndromes = check.syndromes(of: codeblock)
            var corrector = corrector
            for codeword in 0..<code.interleave where syndromes.isWrong(codeword) {
                corrector.removeAll()
                let count = corrector.correct(codeword: codeword, syndromes: syndromes[codeword], erasures: [])
                if count < 0 { return false }
            }
            return true
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
            if check.isQuick, check.isClean(codeblock.span) { return outcome }
            let syndromes = check.syndromes(of: codeblock.span)
            if syndromes.isClean { return outcome }
            corrector.removeAll()
            for codeword in 0..<code.interleave where syndromes.isWrong(codeword) {
                let count = corrector.correct(
                    codeword: codeword,
                    syndromes: syndromes[codeword],
                    erasures: erasedPositions(erasures, of: codeword)
                )
                outcome.set(codeword, count)
            }
            for correction in corrector.corrections {
                let octet = (correction.position - code.virtualFill) * code.interleave + correction.codeword
                codeblock[octet] ^= map.octet[Int(correction.value)]
            }
            return outcome
        }

        /// The places of one codeword, fill counted, that a list of erased octets names, each once.
        private func erasedPositions(_ erasures: [Int], of codeword: Int) -> [Int] {
            guard !erasures.isEmpty else { return [] }
            let octets = erasures.filter { (0..<code.codeblockLength).contains($0) && $0 % code.interleave == codeword }
            return Set(octets.map { $0 / code.interleave + code.virtualFill }).sorted()
        }
    }
}

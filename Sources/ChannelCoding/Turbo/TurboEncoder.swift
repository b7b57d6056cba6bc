extension Turbo {
    /// Makes codeblocks of transfer frames.
    public struct Encoder: Sendable {
        /// The code.
        public let code: Code
        private let permutation: [Int]

        /// Makes an encoder for a code.
        public init(_ code: Code) {
            self.code = code
            permutation = code.permutation()
        }

        /// Makes the codeblock of a frame.
        ///
        /// - Parameter frame: `code.dataLength` octets.
        /// - Returns: `code.codeblockLength` octets; bits behind `code.codewordBits` are zero.
        public func encoded(_ frame: Span<UInt8>) -> [UInt8] {
            precondition(frame.count == code.dataLength, "a frame of another length")
            let first = Self.labels((0..<code.informationBits).map { frame[$0 / 8] >> UInt8(7 - $0 % 8) & 1 })
            let second = Self.labels(permutation.map { first[$0] & 1 })
            var octets = [UInt8](repeating: 0, count: code.codeblockLength)
            var place = 0
            for step in 0..<code.steps {
                for output in code.outputs(at: step) {
                    let bit =
                        switch output {
                        case .frame: first[step] & 1
                        case .first(let parity): first[step] >> UInt8(parity) & 1
                        case .second(let parity): second[step] >> UInt8(parity) & 1
                        }
                    octets[place / 8] |= bit << UInt8(7 - place % 8)
                    place += 1
                }
            }
            return octets
        }

        /// For each step the bit that went in and its parities; four steps more empty the register.
        private static func labels(_ bits: [UInt8]) -> [UInt8] {
            var state = 0
            return (0..<bits.count + Code.tail).map { step in
                let entering = step < bits.count ? Int(bits[step]) ^ TurboTrellis.feedback(state) : 0
                defer { state = TurboTrellis.next(state, entering: entering) }
                return UInt8(truncatingIfNeeded: TurboTrellis.labels[2 * state + entering])
            }
        }
    }
}

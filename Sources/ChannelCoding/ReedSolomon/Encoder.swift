extension ReedSolomon {
    /// Makes codeblocks of transfer frames.
    public struct Encoder: Sendable {
        /// The code.
        public let code: Code
        private let division: ParityDivision

        /// Makes an encoder for a code.
        public init(_ code: Code) {
            self.code = code
            division = ParityDivision(code)
        }

        /// Fills in the parity behind the data.
        ///
        /// - Parameter codeblock: `code.codeblockLength` octets, the first `code.dataLength` of which are the frame.
        public func encode(_ codeblock: inout MutableSpan<UInt8>) {
            precondition(codeblock.count == code.codeblockLength, "a codeblock of another length")
            let parity = division.parity(of: codeblock.span, code)
            for codeword in 0..<code.interleave {
                for symbol in 0..<code.paritySymbols {
                    let shift = UInt32(24 - 8 * (symbol % 4))
                    codeblock[code.dataLength + symbol * code.interleave + codeword] =
                        UInt8(truncatingIfNeeded: parity[codeword][symbol / 4] >> shift)
                }
            }
        }

        /// Makes the codeblock of a frame.
        ///
        /// - Parameter frame: `code.dataLength` octets.
        /// - Returns: The frame with its parity behind it.
        public func encoded(_ frame: Span<UInt8>) -> [UInt8] {
            precondition(frame.count == code.dataLength, "a frame of another length")
            var codeblock = [UInt8](repeating: 0, count: code.codeblockLength)
            for index in 0..<frame.count {
                codeblock[index] = frame[index]
            }
            var span = codeblock.mutableSpan
            encode(&span)
            return codeblock
        }
    }
}

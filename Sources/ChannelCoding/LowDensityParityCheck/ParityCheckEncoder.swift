extension LowDensityParityCheck {
    /// Makes codeblocks of transfer frames.
    ///
    /// Making an encoder derives its tables, which takes much longer than encoding; keep it.
    public struct Encoder: Sendable {
        private enum Generator: Sendable {
            /// The layout, and what gives the parity that is not sent.
            case ar4ja(AR4JALayout, [[CyclicPolynomial]])
            /// The parity of each information circulant.
            case c2([[CyclicPolynomial]])
        }

        /// The code.
        public let code: Code
        private let matrix: ParityMatrix
        private let generator: Generator

        /// Makes an encoder for a code.
        public init(_ code: Code) {
            self.code = code
            matrix = ParityMatrix(code)
            switch code {
            case .ar4ja(let rate, let size):
                let layout = AR4JALayout(rate, size)
                generator = .ar4ja(layout, LowDensityParityCheckGenerator.ar4jaInverse(layout))
            case .c2: generator = .c2(LowDensityParityCheckGenerator.c2())
            }
        }

        /// Makes the codeblock of a frame.
        ///
        /// - Parameter frame: `code.dataLength` octets.
        /// - Returns: The frame with its parity behind it, `code.codeblockLength` octets.
        public func encoded(_ frame: Span<UInt8>) -> [UInt8] {
            precondition(frame.count == code.dataLength, "a frame of another length")
            var bits = [UInt8](repeating: 0, count: matrix.length)
            for index in 0..<code.informationBits {
                bits[matrix.fill + index] = frame[index / 8] >> UInt8(7 - index % 8) & 1
            }
            switch generator {
            case .ar4ja(let layout, let inverse): addParity(to: &bits, layout, inverse)
            case .c2(let circulants): addParity(to: &bits, circulants)
            }
            var octets = [UInt8](repeating: 0, count: code.codeblockLength)
            for index in 0..<matrix.sent {
                octets[index / 8] |= bits[matrix.fill + index] << UInt8(7 - index % 8)
            }
            return octets
        }

        private func addParity(to bits: inout [UInt8], _ circulants: [[CyclicPolynomial]]) {
            let size = matrix.size
            for block in 0..<2 {
                var parity = CyclicPolynomial(size: size)
                for (column, circulant) in circulants.enumerated() {
                    let information = CyclicPolynomial(bits[column * size..<(column + 1) * size])
                    parity.add(information.multiplied(by: circulant[block]))
                }
                for place in 0..<size { bits[(circulants.count + block) * size + place] = parity[place] }
            }
        }

        /// Solves the three block rows: with a and b the sums of the second and third over the information,
        /// (I + (Π₇ + Π₈)(Π₂ + Π₃ + Π₄)) x₄ = b + (Π₇ + Π₈) a, then x₃ from the second and x₂ from the first.
        private func addParity(to bits: inout [UInt8], _ layout: AR4JALayout, _ inverse: [[CyclicPolynomial]]) {
            let size = layout.size
            let start = (layout.columns - 3) * size
            // While x₃ holds a, the third block row sums up to the right side.
            store(sums(of: 1, bits), at: start + size, in: &bits)
            let right = sums(of: 2, bits)
            let quarter = size / 4
            let parts = (0..<4).map { CyclicPolynomial(right[$0 * quarter..<($0 + 1) * quarter]) }
            for row in 0..<4 {
                var sum = CyclicPolynomial(size: quarter)
                for column in 0..<4 { sum.add(inverse[row][column].multiplied(by: parts[column])) }
                for place in 0..<quarter { bits[start + 2 * size + row * quarter + place] = sum[place] }
            }
            // Now x₃ turns from a into a + (Π₂ + Π₃ + Π₄) x₄: what the second block row still lacks.
            let missing = sums(of: 1, bits)
            for place in 0..<size { bits[start + size + place] ^= missing[place] }
            store(sums(of: 0, bits), at: start, in: &bits)
        }

        private func store(_ values: [UInt8], at start: Int, in bits: inout [UInt8]) {
            for (place, value) in values.enumerated() { bits[start + place] = value }
        }

        /// What the checks of one of the three block rows come to.
        private func sums(of row: Int, _ bits: [UInt8]) -> [UInt8] {
            let size = matrix.size
            var sums = [UInt8](repeating: 0, count: 4 * size)
            var target = sums.mutableSpan
            let source = bits.span
            for quarter in 0..<4 {
                for circulant in matrix.rows[4 * row + quarter] {
                    let base = circulant.column * size
                    for place in 0..<size {
                        target[quarter * size + place] ^= source[base + (circulant.shift + place) % size]
                    }
                }
            }
            return sums
        }
    }
}

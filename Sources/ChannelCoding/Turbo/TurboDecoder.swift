extension Turbo {
    /// Finds the frame behind received symbols: two decoders tell each other what they learn, by turns.
    ///
    /// A Turbo code has no checks that tell a right frame. It is taken for right when both decoders agree in every bit;
    /// a frame error control field should stand behind that.
    public struct Decoder: Sendable {
        /// The code.
        public let code: Code
        /// The iterations after which a codeblock is given up.
        public let iterationLimit: Int

        private let permutation: [Int]
        private let encoder: Encoder
        private var first: TurboConstituent
        private var second: TurboConstituent
        private var hardSymbols: [Int8] = []

        /// Input is taken eightfold, so that three quarters of a small number are not nothing.
        private static let scale: Int32 = 8
        /// The most that one decoder tells the other: the sum over a frame stays far from overflow.
        private static let largest: Int32 = 16_383

        /// Makes a decoder.
        ///
        /// - Parameters:
        ///   - code: The code.
        ///   - iterationLimit: The iterations after which a codeblock is given up, 1 or more.
        public init(_ code: Code, iterationLimit: Int = 12) {
            self.code = code
            self.iterationLimit = max(1, iterationLimit)
            permutation = code.permutation()
            encoder = Encoder(code)
            first = TurboConstituent(steps: code.steps)
            second = first
        }

        /// Decodes hard bits.
        ///
        /// - Parameters:
        ///   - codeblock: `code.codeblockLength` octets.
        ///   - frame: Takes `code.dataLength` octets: the frame, or the last guess at it.
        /// - Returns: What became of it.
        public mutating func decode(
            hard codeblock: Span<UInt8>,
            into frame: inout MutableSpan<UInt8>
        ) -> SoftDecodingOutcome {
            var symbols: [Int8] = []
            swap(&symbols, &hardSymbols)
            defer { swap(&symbols, &hardSymbols) }
            SoftSymbols.unpack(codeblock, into: &symbols)
            precondition(symbols.count >= code.codewordBits, "a codeblock of another length")
            return decode(symbols.span.extracting(0..<code.codewordBits), into: &frame)
        }

        /// Decodes soft symbols.
        ///
        /// - Parameters:
        ///   - symbols: `code.codewordBits` symbols: positive for a one, the magnitude says how sure, zero is an erasure.
        ///   - frame: Takes `code.dataLength` octets: the frame, or the last guess at it.
        /// - Returns: What became of it.
        public mutating func decode(_ symbols: Span<Int8>, into frame: inout MutableSpan<UInt8>) -> SoftDecodingOutcome
        {
            precondition(symbols.count == code.codewordBits, "a codeword of another length")
            precondition(frame.count >= code.dataLength, "too few octets for a frame")
            let received = take(symbols)
            let zeros = [Int32](repeating: 0, count: code.steps)
            // What each decoder has learnt, in its own order; the tails stay apart.
            var (learntFirst, learntSecond) = (zeros, zeros)
            var (inputFirst, inputSecond) = (received, zeros)
            for iteration in 1...iterationLimit {
                var span = learntFirst.mutableSpan
                first.decode(inputFirst.span, into: &span)
                for (step, place) in permutation.enumerated() {
                    inputSecond[step] = received[place] + Self.damped(learntFirst[place])
                }
                span = learntSecond.mutableSpan
                second.decode(inputSecond.span, into: &span)
                var agrees = true
                for (step, place) in permutation.enumerated() {
                    let one = inputFirst[place] + learntFirst[place]
                    let other = inputSecond[step] + learntSecond[step]
                    if one == 0 || other == 0 || (one > 0) != (other > 0) { agrees = false }
                    inputFirst[place] = received[place] + Self.damped(learntSecond[step])
                }
                guard agrees || iteration == iterationLimit else { continue }
                write(inputFirst, learntFirst, into: &frame)
                let corrected = agrees ? differences(symbols, frame.span) : 0
                return SoftDecodingOutcome(isCorrectable: agrees, correctedBits: corrected, iterations: iteration)
            }
            return SoftDecodingOutcome(isCorrectable: false, correctedBits: 0, iterations: iterationLimit)
        }

        /// Best paths promise too much, so three quarters of it are told.
        private static func damped(_ value: Int32) -> Int32 { max(-largest, min(largest, value - value / 4)) }

        /// Sorts symbols to where they belong.
        ///
        /// - Returns: Those of the frame and of the first tail.
        private mutating func take(_ symbols: Span<Int8>) -> [Int32] {
            var received = [Int32](repeating: 0, count: code.steps)
            var place = 0
            for step in 0..<code.steps {
                for output in code.outputs(at: step) {
                    let value = Self.scale * Int32(symbols[place])
                    switch output {
                    case .frame: received[step] = value
                    case .first(let parity): first.parities[3 * step + parity - 1] = value
                    case .second(let parity): second.parities[3 * step + parity - 1] = value
                    }
                    place += 1
                }
            }
            return received
        }

        private func write(_ believed: [Int32], _ learnt: [Int32], into frame: inout MutableSpan<UInt8>) {
            for octet in 0..<code.dataLength {
                var value: UInt8 = 0
                for index in 8 * octet..<8 * octet + 8 {
                    value = value << 1 | (believed[index] + learnt[index] > 0 ? 1 : 0)
                }
                frame[octet] = value
            }
        }

        /// The symbols that differ from what the frame would have been sent as.
        private func differences(_ symbols: Span<Int8>, _ frame: Span<UInt8>) -> Int {
            let codeblock = encoder.encoded(frame.extracting(0..<code.dataLength))
            var count = 0
            for index in 0..<symbols.count where symbols[index] != 0 {
                let isOne = codeblock[index / 8] << UInt8(index % 8) & 0x80 != 0
                if isOne != (symbols[index] > 0) { count += 1 }
            }
            return count
        }
    }
}

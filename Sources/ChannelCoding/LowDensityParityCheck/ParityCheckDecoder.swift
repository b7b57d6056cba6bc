extension LowDensityParityCheck {
    /// Finds the codeword behind received symbols by passing messages: normalised min-sum, one block row after another.
    ///
    /// A circulant's rows share no work, so each step is a plain loop over neighbours in memory. It stops as soon as all
    /// checks hold. Memory is three numbers of 16 bits for each one in the parity-check matrix.
    public struct Decoder: Sendable {
        /// The code.
        public let code: Code
        /// The iterations after which a codeword is given up.
        public let iterationLimit: Int

        private let matrix: ParityMatrix
        private let places: [Int]
        /// What is believed of each bit: positive is 0.
        private var beliefs: [Int16]
        /// What each check said last to each of its bits.
        private var messages: [Int16]
        private var row: MinimumSumRow
        private var hardSymbols: [Int8] = []

        /// Input is taken eightfold, so that three quarters of a small number are not nothing.
        private static let scale: Int16 = 8
        /// Six checks at most meet in a bit: their sum stays far from overflow.
        static let largestMessage: Int16 = 4095

        /// Makes a decoder.
        ///
        /// - Parameters:
        ///   - code: The code.
        ///   - iterationLimit: The iterations after which a codeword is given up, 1 or more.
        public init(_ code: Code, iterationLimit: Int = 50) {
            self.code = code
            self.iterationLimit = max(1, iterationLimit)
            matrix = ParityMatrix(code)
            var places: [Int] = []
            var ones = 0
            for row in matrix.rows {
                places.append(ones)
                ones += row.count * matrix.size
            }
            self.places = places
            beliefs = [Int16](repeating: 0, count: matrix.length)
            messages = [Int16](repeating: 0, count: ones)
            row = MinimumSumRow(size: matrix.size, weight: matrix.rows.map(\.count).max() ?? 0)
        }

        /// Decodes hard bits.
        ///
        /// - Parameters:
        ///   - codeblock: `code.codeblockLength` octets.
        ///   - frame: Takes `code.dataLength` octets: the frame, or the bits as received if it cannot be corrected.
        /// - Returns: What became of it.
        public mutating func decode(
            hard codeblock: Span<UInt8>,
            into frame: inout MutableSpan<UInt8>
        ) -> SoftDecodingOutcome {
            var symbols: [Int8] = []
            swap(&symbols, &hardSymbols)
            defer { swap(&symbols, &hardSymbols) }
            SoftSymbols.unpack(codeblock, into: &symbols)
            return decode(symbols.span, into: &frame)
        }

        /// Decodes soft symbols.
        ///
        /// - Parameters:
        ///   - symbols: `code.codewordBits` symbols: positive for a one, the magnitude says how sure, zero is an erasure.
        ///   - frame: Takes `code.dataLength` octets: the frame, or the bits as received if it cannot be corrected.
        /// - Returns: What became of it.
        public mutating func decode(_ symbols: Span<Int8>, into frame: inout MutableSpan<UInt8>) -> SoftDecodingOutcome
        {
            precondition(symbols.count == code.codewordBits, "a codeword of another length")
            precondition(frame.count >= code.dataLength, "too few octets for a frame")
            // The numbers step aside, so that all of them can change together; no copy.
            var (allBeliefs, allMessages): ([Int16], [Int16]) = ([], [])
            swap(&allBeliefs, &self.beliefs)
            swap(&allMessages, &self.messages)
            defer {
                swap(&allBeliefs, &self.beliefs)
                swap(&allMessages, &self.messages)
            }
            var beliefs = allBeliefs.mutableSpan
            var messages = allMessages.mutableSpan
            start(symbols, &beliefs, &messages)
            for iteration in 1...iterationLimit {
                guard iterate(&beliefs, &messages), isDecided(beliefs.span) else { continue }
                write(symbols, beliefs.span, isDecoded: true, into: &frame)
                let corrected = differences(symbols, beliefs.span)
                return SoftDecodingOutcome(isCorrectable: true, correctedBits: corrected, iterations: iteration)
            }
            write(symbols, beliefs.span, isDecoded: false, into: &frame)
            return SoftDecodingOutcome(isCorrectable: false, correctedBits: 0, iterations: iterationLimit)
        }

        private func start(
            _ symbols: Span<Int8>,
            _ beliefs: inout MutableSpan<Int16>,
            _ messages: inout MutableSpan<Int16>
        ) {
            // What is not sent in front is known to be zero; what is not sent behind is not known at all.
            for index in 0..<matrix.fill { beliefs[index] = Self.largestMessage }
            for index in matrix.fill..<beliefs.count { beliefs[index] = 0 }
            for index in 0..<matrix.sent { beliefs[matrix.fill + index] = -Self.scale * Int16(symbols[index]) }
            for index in 0..<messages.count { messages[index] = 0 }
        }

        /// Lets every check speak once.
        ///
        /// - Returns: Whether all checks held and no bit changed meanwhile.
        private mutating func iterate(
            _ beliefs: inout MutableSpan<Int16>,
            _ messages: inout MutableSpan<Int16>
        ) -> Bool {
            var isSettled = true
            for (place, circulants) in zip(places, matrix.rows) {
                row.begin()
                var first = place
                for (number, circulant) in circulants.enumerated() {
                    row.collect(number, circulant, beliefs: beliefs.span, messages: messages.span, from: first)
                    first += matrix.size
                }
                if !row.holds { isSettled = false }
                first = place
                for (number, circulant) in circulants.enumerated() {
                    let changes = row.answer(number, circulant, beliefs: &beliefs, messages: &messages, from: first)
                    if changes { isSettled = false }
                    first += matrix.size
                }
            }
            return isSettled
        }

        /// Whether something is believed of every bit of the frame; erasures alone satisfy all checks.
        private func isDecided(_ beliefs: Span<Int16>) -> Bool {
            for index in matrix.fill..<matrix.fill + code.informationBits where beliefs[index] == 0 { return false }
            return true
        }

        private func differences(_ symbols: Span<Int8>, _ beliefs: Span<Int16>) -> Int {
            var count = 0
            for index in 0..<matrix.sent where symbols[index] != 0 {
                if (beliefs[matrix.fill + index] < 0) != (symbols[index] > 0) { count += 1 }
            }
            return count
        }

        private func write(
            _ symbols: Span<Int8>,
            _ beliefs: Span<Int16>,
            isDecoded: Bool,
            into frame: inout MutableSpan<UInt8>
        ) {
            for octet in 0..<code.dataLength {
                var value: UInt8 = 0
                for index in 8 * octet..<8 * octet + 8 {
                    let isOne = isDecoded ? beliefs[matrix.fill + index] < 0 : symbols[index] > 0
                    value = value << 1 | (isOne ? 1 : 0)
                }
                frame[octet] = value
            }
        }
    }
}

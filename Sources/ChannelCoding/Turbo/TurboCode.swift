/// The Turbo codes of telemetry (CCSDS 131.0-B, Turbo Coding).
public enum Turbo {
    /// One code: two encoders of sixteen states, the second of which sees the frame in another order.
    public struct Code: Sendable, Hashable {
        /// Which outputs are sent.
        public enum Rate: String, Sendable, Hashable, Codable, CaseIterable {
            /// The frame, and by turns a parity of one encoder and the other.
            case half = "1/2"
            /// The frame and a parity of each encoder.
            case third = "1/3"
            /// The frame, two parities of the first encoder and one of the second.
            case quarter = "1/4"
            /// The frame, three parities of the first encoder and two of the second.
            case sixth = "1/6"
        }

        /// An output of the encoders.
        enum Output: Hashable {
            /// The frame as it is.
            case frame
            /// Parity 1, 2 or 3 of the first encoder.
            case first(Int)
            /// Parity 1, 2 or 3 of the second encoder.
            case second(Int)
        }

        /// The lengths of a frame in bits.
        public static let lengths = [1784, 3568, 7136, 8920]
        /// The steps that empty the registers at the end.
        static let tail = 4

        /// Which outputs are sent.
        public let rate: Rate
        /// The bits of a frame.
        public let informationBits: Int

        /// Describes a code.
        ///
        /// - Parameters:
        ///   - rate: `1/2`, `1/3`, `1/4` or `1/6`.
        ///   - informationBits: 1784, 3568, 7136 or 8920.
        /// - Throws: `.turbo` if there is no such code.
        public init(rate: String, informationBits: Int) throws(CodingError) {
            guard let known = Rate(rawValue: rate), Self.lengths.contains(informationBits) else {
                throw .turbo(rate: rate, informationBits: informationBits)
            }
            self.rate = known
            self.informationBits = informationBits
        }

        /// The steps of each encoder.
        var steps: Int { informationBits + Self.tail }
        /// The bits of a codeblock; of rate 1/3 they end within an octet.
        public var codewordBits: Int { steps * outputs(at: 0).count }
        /// The octets of a transfer frame.
        public var dataLength: Int { informationBits / 8 }
        /// The octets that hold a codeblock.
        public var codeblockLength: Int { (codewordBits + 7) / 8 }

        /// The attached sync marker that goes with the code.
        public var marker: [UInt8] {
            switch rate {
            case .half: SyncMarker.turboHalf
            case .third: SyncMarker.turboThird
            case .quarter: SyncMarker.turboQuarter
            case .sixth: SyncMarker.turboSixth
            }
        }

        /// What is sent in a step, in order.
        func outputs(at step: Int) -> [Output] {
            switch rate {
            case .half: [.frame, step.isMultiple(of: 2) ? .first(1) : .second(1)]
            case .third: [.frame, .first(1), .second(1)]
            case .quarter: [.frame, .first(2), .first(3), .second(1)]
            case .sixth: [.frame, .first(1), .first(2), .first(3), .second(1), .second(3)]
            }
        }

        /// For each step of the second encoder the place of its bit in the frame.
        func permutation() -> [Int] {
            let half = informationBits / 8
            let primes = [31, 37, 43, 47, 53, 59, 61, 67]
            return (0..<informationBits).map { step in
                let parity = step % 2
                let row = step / (2 * half)
                let column = step / 2 - row * half
                let target = (19 * row + 1) % 4
                let place = (primes[target % 8] * column + 21 * parity) % half
                return 2 * (target + 4 * place + 1) - parity - 1
            }
        }
    }
}

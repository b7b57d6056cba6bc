/// The low-density parity-check codes of telemetry (CCSDS 131.0-B, Low-Density Parity-Check Coding).
public enum LowDensityParityCheck {
    /// One of the ten codes: nine of the AR4JA family, and C2 of rate 7/8.
    ///
    /// All are systematic: a codeword begins with the transfer frame as it is.
    public enum Code: Sendable, Hashable {
        /// The rate of an AR4JA code.
        public enum Rate: String, Sendable, Hashable, Codable, CaseIterable {
            /// Twice as many bits as the frame has.
            case half = "1/2"
            /// Half as many parity bits as the frame has bits.
            case twoThirds = "2/3"
            /// A quarter as many parity bits as the frame has bits.
            case fourFifths = "4/5"
        }

        /// The bits of a frame of an AR4JA code.
        public enum Size: Int, Sendable, Hashable, CaseIterable {
            /// 1,024 bits.
            case small = 1024
            /// 4,096 bits.
            case middle = 4096
            /// 16,384 bits.
            case large = 16384
        }

        /// A code of the AR4JA family, by its rate and the bits of a frame.
        case ar4ja(Rate, Size)
        /// The code (8160,7136), shortened from (8176,7154), with two bits of fill.
        case c2

        /// Finds a code by its names.
        ///
        /// - Parameters:
        ///   - family: `ar4ja` or `c2`.
        ///   - rate: `1/2`, `2/3` or `4/5`; `7/8` for C2.
        ///   - informationBits: 1024, 4096 or 16384; 7136 for C2.
        /// - Throws: `.lowDensityParityCheck` if there is no such code.
        public init(family: String, rate: String, informationBits: Int) throws(CodingError) {
            if family == "c2", rate == "7/8", informationBits == 7136 {
                self = .c2
            } else if family == "ar4ja", let rate = Rate(rawValue: rate), let size = Size(rawValue: informationBits) {
                self = .ar4ja(rate, size)
            } else {
                throw .lowDensityParityCheck(family: family, rate: rate, informationBits: informationBits)
            }
        }

        /// The bits of a frame.
        public var informationBits: Int {
            switch self {
            case .ar4ja(_, let size): size.rawValue
            case .c2: 7136
            }
        }

        /// The bits of a codeblock, fill included.
        public var codewordBits: Int {
            switch self {
            case .ar4ja(.half, let size): size.rawValue * 2
            case .ar4ja(.twoThirds, let size): size.rawValue * 3 / 2
            case .ar4ja(.fourFifths, let size): size.rawValue * 5 / 4
            case .c2: 8160
            }
        }

        /// The octets of a transfer frame.
        public var dataLength: Int { informationBits / 8 }
        /// The octets of a codeblock.
        public var codeblockLength: Int { codewordBits / 8 }
        /// The attached sync marker that goes with the code.
        public var marker: [UInt8] { self == .c2 ? SyncMarker.standard : SyncMarker.turboHalf }

        /// All ten codes.
        public static let all: [Code] =
            Rate.allCases.flatMap { rate in Size.allCases.map { .ar4ja(rate, $0) } } + [.c2]
    }
}

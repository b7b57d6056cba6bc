/// The convolutional code of constraint length 7, plain or punctured (CCSDS 131.0-B, Convolutional Coding).
///
/// Each bit gives two symbols, C1 by 1111001 and C2 by 1011011, of which a punctured code sends only some.
public struct ConvolutionalCode: Sendable, Hashable {
    /// Bits in over symbols out.
    public enum Rate: String, Sendable, Hashable, Codable, CaseIterable {
        /// Both symbols of every bit.
        case half = "1/2"
        /// Three symbols for two bits.
        case twoThirds = "2/3"
        /// Four symbols for three bits.
        case threeQuarters = "3/4"
        /// Six symbols for five bits.
        case fiveSixths = "5/6"
        /// Eight symbols for seven bits.
        case sevenEighths = "7/8"
    }

    /// The rate.
    public let rate: Rate
    /// Whether C2 goes before C1, as some old networks have it.
    public let swap: Bool
    /// Whether C2 is sent inverted.
    public let invertC2: Bool

    /// Describes a code.
    ///
    /// - Parameters:
    ///   - rate: The rate.
    ///   - swap: Whether C2 goes first.
    ///   - invertC2: Whether C2 is sent inverted; if `nil` it is at rate 1/2 and no other, as recommended.
    public init(rate: Rate = .half, swap: Bool = false, invertC2: Bool? = nil) {
        self.rate = rate
        self.swap = swap
        self.invertC2 = invertC2 ?? (rate == .half)
    }

    /// Which of C1 and C2 are sent, for each bit of a period.
    private var pattern: (first: [Bool], second: [Bool]) {
        let bits: (String, String) =
            switch rate {
            case .half: ("1", "1")
            case .twoThirds: ("10", "11")
            case .threeQuarters: ("101", "110")
            case .fiveSixths: ("10101", "11010")
            case .sevenEighths: ("1000101", "1111010")
            }
        return (bits.0.map { $0 == "1" }, bits.1.map { $0 == "1" })
    }

    /// The bits of a puncturing period.
    var bitsPerPeriod: Int { pattern.first.count }

    /// The symbols of a period in the order in which they are sent: 2·bit for C1 of a bit, 2·bit + 1 for C2.
    var sentSymbols: [Int] {
        let (first, second) = pattern
        return first.indices.flatMap { bit in
            let symbols = (first[bit] ? [2 * bit] : []) + (second[bit] ? [2 * bit + 1] : [])
            return swap ? symbols.reversed() : symbols
        }
    }

    /// What the encoder makes of its register, the newest bit lowest, before any inversion.
    static func symbols(ofRegister register: Int) -> (first: Int, second: Int) {
        ((register & 0x4F).nonzeroBitCount & 1, (register & 0x6D).nonzeroBitCount & 1)
    }
}

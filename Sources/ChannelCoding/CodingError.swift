/// A setting of this layer that cannot be, with the value that broke the rule.
public enum CodingError: Error, Sendable, Hashable {
    /// A Reed-Solomon code of this recommendation corrects 8 or 16 symbols.
    case errors(Int)
    /// The interleaving depths are 1, 2, 3, 4, 5 and 8.
    case interleave(Int)
    /// Virtual fill leaves at least one data symbol in each codeword.
    case virtualFill(Int, limit: Int)
    /// A marker has between two and sixty-four octets.
    case markerLength(Int)
    /// A codeblock has between one octet and ``FrameSynchronizer/Settings/longestCodeblock``.
    case codeblockLength(Int)
    /// A tolerance is less than half of the marker's bits.
    case tolerance(Int, limit: Int)
    /// A count of the synchroniser is outside its range.
    case count(String, Int, limit: Int)
    /// There is no low-density parity-check code of this family, rate and length.
    case lowDensityParityCheck(family: String, rate: String, informationBits: Int)
    /// There is no Turbo code of this rate and length.
    case turbo(rate: String, informationBits: Int)
}

extension CodingError: CustomStringConvertible {
    /// The rule that was broken, as a sentence.
    public var description: String {
        switch self {
        case .errors(let value):
            "a Reed-Solomon code corrects 8 or 16 errors, not \(value)"
        case .interleave(let value):
            "the interleaving depth is 1, 2, 3, 4, 5 or 8, not \(value)"
        case .virtualFill(let value, let limit):
            "virtual fill is between 0 and \(limit) octets for each codeword, not \(value)"
        case .markerLength(let value):
            "a sync marker has between 2 and 64 octets, not \(value)"
        case .codeblockLength(let value):
            "a codeblock has between 1 and \(FrameSynchronizer.Settings.longestCodeblock) octets, not \(value)"
        case .tolerance(let value, let limit):
            "a marker's tolerance is between 0 and \(limit) bit errors, not \(value)"
        case .count(let name, let value, let limit):
            "\(name) is between 0 and \(limit), not \(value)"
        case .turbo(let rate, let bits):
            "the Turbo codes have rate 1/2, 1/3, 1/4 or 1/6 and 1784, 3568, 7136 or 8920 information bits, not rate "
                + "\(rate) and \(bits) bits"
        case .lowDensityParityCheck(let family, let rate, let bits):
            "the LDPC codes are ar4ja of rate 1/2, 2/3 or 4/5 and 1024, 4096 or 16384 information bits, and c2 of rate "
                + "7/8 and 7136 bits, not \(family) of rate \(rate) and \(bits) bits"
        }
    }
}

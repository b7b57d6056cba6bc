/// Why octets are no transfer frame, or not one of this link.
public enum TransferFrameError: Error, Hashable, CustomStringConvertible {
    /// The octets end before a field does.
    case truncated(needed: Int, available: Int)
    /// The transfer frame version number is not that of this protocol.
    case version(found: UInt8, expected: UInt8)
    /// A value of the header that contradicts itself or the link.
    case header(rule: String)
    /// The frame header error control cannot correct the header.
    case headerUncorrectable
    /// The frame error control field does not hold.
    case check
    /// The frame is of a spacecraft that this link does not carry.
    case foreignSpacecraft(found: Int)

    /// A whole sentence.
    public var description: String {
        switch self {
        case .truncated(let needed, let available):
            "The transfer frame needs \(needed) octets, but there are \(available)."
        case .version(let found, let expected):
            "The transfer frame version number is \(found), not \(expected)."
        case .header(let rule): rule
        case .headerUncorrectable: "The frame header error control finds more errors than it can correct."
        case .check: "The frame error control field does not hold."
        case .foreignSpacecraft(let found): "The frame is of spacecraft \(found), which is not on this link's list."
        }
    }
}

/// Why octets are no packet header.
public enum PacketError: Error, Hashable, CustomStringConvertible {
    /// The octets end before the header does.
    case truncated(needed: Int, available: Int)
    /// The packet version number is another one than that of this kind of packet.
    case version(found: UInt8, expected: UInt8)
    /// An encapsulation packet that says it is shorter than its own header.
    case length(found: Int, minimum: Int)

    /// A whole sentence.
    public var description: String {
        switch self {
        case .truncated(let needed, let available):
            "The packet header needs \(needed) octets, but there are \(available)."
        case .version(let found, let expected):
            "The packet version number is \(found), not \(expected)."
        case .length(let found, let minimum):
            "The packet length is \(found) octets, but its header alone takes \(minimum)."
        }
    }
}

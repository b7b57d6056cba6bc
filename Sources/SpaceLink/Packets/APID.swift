/// An application process identifier: who on board made a space packet.
///
/// Eleven bits of the packet's primary header (CCSDS 133.0-B, Packet Primary Header). A value that does not fit
/// cannot be built.
public struct APID: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The identifier, 0 to 2047.
    public let rawValue: UInt16

    /// The identifier that marks idle packets (all ones).
    public static let idle = APID(truncating: 0x7FF)

    /// Makes an identifier, or nothing if the value needs more than eleven bits.
    public init?(rawValue: UInt16) {
        guard rawValue <= 0x7FF else { return nil }
        self.rawValue = rawValue
    }

    /// Takes the low eleven bits of a value.
    init(truncating value: UInt16) { rawValue = value & 0x7FF }

    /// The identifier in decimal digits.
    public var description: String { String(rawValue) }

    /// Orders identifiers by value.
    public static func < (left: APID, right: APID) -> Bool { left.rawValue < right.rawValue }
}

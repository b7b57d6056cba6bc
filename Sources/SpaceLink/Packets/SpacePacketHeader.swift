/// The six octets that open every space packet.
///
/// CCSDS 133.0-B, Packet Primary Header:
/// ```
///  0     3 4 5           16   18              32              47
/// ┌─────┬─┬─┬─────────────┬────┬───────────────┬────────────────┐
/// │ 000 │T│S│    APID     │flag│ sequence count│ octets after −1│
/// └─────┴─┴─┴─────────────┴────┴───────────────┴────────────────┘
/// ```
public struct SpacePacketHeader: Sendable, Hashable {
    /// Telemetry or telecommand.
    public enum PacketType: UInt8, Sendable {
        /// Telemetry, or reporting.
        case telemetry = 0
        /// Telecommand, or requesting.
        case telecommand = 1
    }

    /// Which part of a segmented group of packets this is.
    public enum SequenceFlags: UInt8, Sendable {
        /// In the middle of a group.
        case continuation = 0
        /// The first of a group.
        case first = 1
        /// The last of a group.
        case last = 2
        /// A packet that stands alone.
        case unsegmented = 3
    }

    /// The length of the header in octets.
    public static let length = 6
    /// The packet version number of space packets, 000.
    public static let versionNumber: UInt8 = 0
    /// The longest packet that the length field can say, in octets.
    public static let longestPacket = 65_542
    /// The modulus of the sequence count.
    public static let sequenceModulus = 16_384

    /// Telemetry or telecommand.
    public let type: PacketType
    /// Whether a secondary header follows.
    public let hasSecondaryHeader: Bool
    /// Who made the packet.
    public let apid: APID
    /// Which part of a segmented group this is.
    public let sequenceFlags: SequenceFlags
    /// The count of packets of this application process, modulo 16384; meaningless in idle packets.
    public let sequenceCount: UInt16
    /// How many octets follow the header: one more than the length field says, 1 to 65536.
    public let dataLength: Int

    /// The packet version number.
    public var version: UInt8 { Self.versionNumber }
    /// The length of the whole packet in octets, 7 to 65542.
    public var packetLength: Int { Self.length + dataLength }
    /// Whether the packet only fills the channel.
    public var isIdle: Bool { apid == .idle }

    /// Makes a header, or nothing if a value does not fit its field.
    public init?(
        type: PacketType = .telemetry,
        hasSecondaryHeader: Bool = false,
        apid: APID,
        sequenceFlags: SequenceFlags = .unsegmented,
        sequenceCount: UInt16,
        dataLength: Int
    ) {
        guard sequenceCount < Self.sequenceModulus, (1...65_536).contains(dataLength) else { return nil }
        self.type = type
        self.hasSecondaryHeader = hasSecondaryHeader
        self.apid = apid
        self.sequenceFlags = sequenceFlags
        self.sequenceCount = sequenceCount
        self.dataLength = dataLength
    }

    /// Decodes the header at the start of a packet.
    ///
    /// - Parameter octets: The packet from its first octet; octets after the sixth are not looked at.
    /// - Throws: `.truncated` with fewer than six octets, `.version` if the version number is not 000.
    public init(decoding octets: Span<UInt8>) throws(PacketError) {
        guard octets.count >= Self.length else {
            throw .truncated(needed: Self.length, available: octets.count)
        }
        let identification = octets.uint16(at: 0)
        guard identification >> 13 == 0 else {
            throw .version(found: UInt8(identification >> 13), expected: Self.versionNumber)
        }
        let sequence = octets.uint16(at: 2)
        type = identification & 0x1000 == 0 ? .telemetry : .telecommand
        hasSecondaryHeader = identification & 0x0800 != 0
        apid = APID(truncating: identification)
        sequenceFlags = SequenceFlags(rawValue: UInt8(sequence >> 14)) ?? .unsegmented
        sequenceCount = sequence & 0x3FFF
        dataLength = Int(octets.uint16(at: 4)) + 1
    }

    /// The six octets of the header.
    ///
    /// - Returns: The octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(Self.length)
        encode(into: &octets)
        return octets
    }

    /// Appends the six octets of the header.
    ///
    /// - Parameter octets: What the header is appended to.
    public func encode(into octets: inout [UInt8]) {
        let identification = UInt16(type.rawValue) << 12 | (hasSecondaryHeader ? 0x0800 : 0) | apid.rawValue
        octets.append(bigEndian: UInt64(identification), octets: 2)
        octets.append(bigEndian: UInt64(UInt16(sequenceFlags.rawValue) << 14 | sequenceCount), octets: 2)
        octets.append(bigEndian: UInt64(dataLength - 1), octets: 2)
    }
}

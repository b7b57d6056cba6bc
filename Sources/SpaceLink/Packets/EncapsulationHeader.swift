/// The one, two, four or eight octets that open an encapsulation packet.
///
/// CCSDS 133.1-B, Encapsulation Packet Header. The length of length says how long the header is; the packet length
/// counts the header too.
public struct EncapsulationHeader: Sendable, Hashable {
    /// How long the header is and what it can say.
    public enum Form: UInt8, Sendable {
        /// One octet: an idle packet without data.
        case idle = 0
        /// Two octets: packets of up to 255 octets.
        case short = 1
        /// Four octets: packets of up to 65535 octets.
        case medium = 2
        /// Eight octets: packets of up to 4294967295 octets.
        case long = 3

        /// The length of the header in octets.
        public var headerLength: Int { 1 << Int(rawValue) }
        /// The longest packet, in octets.
        var longestPacket: Int {
            switch self {
            case .idle: 1
            case .short: 0xFF
            case .medium: 0xFFFF
            case .long: 0xFFFF_FFFF
            }
        }
    }

    /// The packet version number of encapsulation packets, 111.
    public static let versionNumber: UInt8 = 7

    /// Which protocol the data belong to: 0 idle, 1 LTP, 2 IP extension, 3 CFDP, 4 BP, 6 extended, 7 mission specific.
    public let protocolID: UInt8
    /// How long the header is.
    public let form: Form
    /// Four bits left to the user; zero in the shorter forms.
    public let userDefined: UInt8
    /// Which protocol, if ``protocolID`` is 6; zero in the shorter forms.
    public let protocolIDExtension: UInt8
    /// Sixteen bits defined by CCSDS; zero but in the longest form.
    public let definedField: UInt16
    /// The length of the whole packet in octets.
    public let packetLength: Int

    /// Whether the packet only fills the channel.
    public var isIdle: Bool { protocolID == 0 }

    /// Makes a header, or nothing if a value does not fit its field.
    public init?(
        protocolID: UInt8,
        form: Form,
        userDefined: UInt8 = 0,
        protocolIDExtension: UInt8 = 0,
        definedField: UInt16 = 0,
        packetLength: Int
    ) {
        guard protocolID < 8, userDefined < 16, protocolIDExtension < 16,
            packetLength >= form.headerLength, packetLength <= form.longestPacket
        else { return nil }
        self.protocolID = protocolID
        self.form = form
        self.userDefined = userDefined
        self.protocolIDExtension = protocolIDExtension
        self.definedField = definedField
        self.packetLength = packetLength
    }

    /// Decodes the header at the start of a packet.
    ///
    /// - Parameter octets: The packet from its first octet; octets behind the header are not looked at.
    /// - Throws: `.truncated`, `.version` if the version number is not 111, or `.length` if the packet says that it is
    ///   shorter than its header.
    public init(decoding octets: Span<UInt8>) throws(PacketError) {
        guard octets.count >= 1 else { throw .truncated(needed: 1, available: 0) }
        guard octets[0] >> 5 == Self.versionNumber else {
            throw .version(found: octets[0] >> 5, expected: Self.versionNumber)
        }
        let form = Form(rawValue: octets[0] & 3) ?? .idle
        guard octets.count >= form.headerLength else {
            throw .truncated(needed: form.headerLength, available: octets.count)
        }
        let isExtended = form == .medium || form == .long
        self.form = form
        protocolID = octets[0] >> 2 & 7
        userDefined = isExtended ? octets[1] >> 4 : 0
        protocolIDExtension = isExtended ? octets[1] & 15 : 0
        definedField = form == .long ? octets.uint16(at: 2) : 0
        packetLength =
            switch form {
            case .idle: 1
            case .short: Int(octets[1])
            case .medium: Int(octets.uint16(at: 2))
            case .long: Int(octets.uint32(at: 4))
            }
        guard packetLength >= form.headerLength else {
            throw .length(found: packetLength, minimum: form.headerLength)
        }
    }

    /// The octets of the header.
    ///
    /// - Returns: One, two, four or eight octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets: [UInt8] = [Self.versionNumber << 5 | protocolID << 2 | form.rawValue]
        if form == .medium || form == .long { octets.append(userDefined << 4 | protocolIDExtension) }
        switch form {
        case .idle: break
        case .short: octets.append(UInt8(packetLength))
        case .medium: octets.append(bigEndian: UInt64(packetLength), octets: 2)
        case .long:
            octets.append(bigEndian: UInt64(definedField), octets: 2)
            octets.append(bigEndian: UInt64(packetLength), octets: 4)
        }
        return octets
    }
}

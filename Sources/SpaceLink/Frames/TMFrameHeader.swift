/// The primary header of a TM transfer frame.
///
/// CCSDS 132.0-B, Transfer Frame Primary Header:
/// ```
///  0    2             12    15 16        24        32 33 34 35   37             47
/// ┌────┬──────────────┬─────┬─┬─────────┬─────────┬──┬──┬──┬─────┬───────────────┐
/// │ 00 │ spacecraft   │  VC │O│ MC count│ VC count│SH│SY│PO│ SLI │ first header  │
/// └────┴──────────────┴─────┴─┴─────────┴─────────┴──┴──┴──┴─────┴───────────────┘
/// ```
public struct TMFrameHeader: Sendable, Hashable {
    /// The length of the header in octets.
    public static let length = 6
    /// The transfer frame version number, 00.
    public static let versionNumber: UInt8 = 0

    /// Who sends, 0 to 1023.
    public var spacecraft: Int
    /// The virtual channel, 0 to 7.
    public var virtualChannel: Int
    /// Whether an operational control field follows the data field.
    public var hasOperationalControlField: Bool
    /// The count of frames of the master channel, modulo 256.
    public var masterChannelFrameCount: UInt8
    /// The count of frames of the virtual channel, modulo 256.
    public var virtualChannelFrameCount: UInt8
    /// Whether a secondary header follows.
    public var hasSecondaryHeader: Bool
    /// Whether the data field holds something else than packets or idle data.
    public var synchronizationFlag: Bool
    /// Reserved; undefined if ``synchronizationFlag`` is set.
    public var packetOrderFlag: Bool
    /// Two bits left from old issues: 3 if ``synchronizationFlag`` is not set, else undefined.
    public var segmentLengthID: UInt8
    /// The field of eleven bits as it stands; ``firstHeaderPointer`` says what it means.
    public var firstHeaderPointerField: UInt16

    /// Where the first packet that starts in this frame begins; undefined if ``synchronizationFlag`` is set.
    public var firstHeaderPointer: FirstHeaderPointer { FirstHeaderPointer(elevenBits: firstHeaderPointerField) }

    /// Makes the header of a frame that carries packets.
    public init(
        spacecraft: Int,
        virtualChannel: Int,
        hasOperationalControlField: Bool = false,
        masterChannelFrameCount: UInt8,
        virtualChannelFrameCount: UInt8,
        hasSecondaryHeader: Bool = false,
        firstHeaderPointer: FirstHeaderPointer
    ) {
        self.spacecraft = spacecraft & 0x3FF
        self.virtualChannel = virtualChannel & 7
        self.hasOperationalControlField = hasOperationalControlField
        self.masterChannelFrameCount = masterChannelFrameCount
        self.virtualChannelFrameCount = virtualChannelFrameCount
        self.hasSecondaryHeader = hasSecondaryHeader
        synchronizationFlag = false
        packetOrderFlag = false
        segmentLengthID = 3
        firstHeaderPointerField = firstHeaderPointer.elevenBits
    }

    /// Decodes the six-octet primary header at the start of a frame.
    ///
    /// - Parameter octets: The frame from its first octet; octets after the sixth are not looked at.
    /// - Throws: `.truncated` or `.version`. Reserved values are not errors here.
    public init(decoding octets: Span<UInt8>) throws(TransferFrameError) {
        guard octets.count >= Self.length else {
            throw .truncated(needed: Self.length, available: octets.count)
        }
        guard octets[0] >> 6 == Self.versionNumber else {
            throw .version(found: octets[0] >> 6, expected: Self.versionNumber)
        }
        let identification = octets.uint16(at: 0)
        let status = octets.uint16(at: 4)
        spacecraft = Int(identification >> 4 & 0x3FF)
        virtualChannel = Int(identification >> 1 & 7)
        hasOperationalControlField = identification & 1 != 0
        masterChannelFrameCount = octets[2]
        virtualChannelFrameCount = octets[3]
        hasSecondaryHeader = status & 0x8000 != 0
        synchronizationFlag = status & 0x4000 != 0
        packetOrderFlag = status & 0x2000 != 0
        segmentLengthID = UInt8(status >> 11 & 3)
        firstHeaderPointerField = status & 0x7FF
    }

    /// The six octets of the header.
    ///
    /// - Returns: The octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(
            bigEndian: UInt64(spacecraft & 0x3FF) << 4 | UInt64(virtualChannel & 7) << 1
                | (hasOperationalControlField ? 1 : 0),
            octets: 2
        )
        octets.append(masterChannelFrameCount)
        octets.append(virtualChannelFrameCount)
        var status = UInt64(segmentLengthID & 3) << 11 | UInt64(firstHeaderPointerField & 0x7FF)
        if hasSecondaryHeader { status |= 0x8000 }
        if synchronizationFlag { status |= 0x4000 }
        if packetOrderFlag { status |= 0x2000 }
        octets.append(bigEndian: status, octets: 2)
        return octets
    }
}

/// The primary header of a USLP transfer frame.
///
/// CCSDS 732.1-B, Transfer Frame Primary Header: seven octets and up to seven of frame count, or four octets of a
/// truncated frame.
/// ```
///  0      4              20  21     27    31 32            48  49  50    52  53    56
/// ┌──────┬──────────────┬───┬──────┬─────┬──┬─────────────┬───┬───┬─────┬───┬─────┬─────┐
/// │ 1100 │ spacecraft   │S/D│  VC  │ MAP │EH│ length − 1  │BYP│PCC│ 00  │OCF│ n   │count│
/// └──────┴──────────────┴───┴──────┴─────┴──┴─────────────┴───┴───┴─────┴───┴─────┴─────┘
/// ```
public struct USLPFrameHeader: Sendable, Hashable {
    /// What a truncated frame leaves out.
    public struct Rest: Sendable, Hashable {
        /// The length of the whole frame in octets, 1 to 65536.
        public var frameLength: Int
        /// Whether the frame is expedited rather than sequence controlled.
        public var bypassFlag: Bool
        /// Whether the frame carries protocol control commands rather than user data.
        public var protocolControlCommandFlag: Bool
        /// Whether an operational control field follows the data field.
        public var hasOperationalControlField: Bool
        /// The octets of the frame count, 0 to 7.
        public var frameCountLength: Int
        /// The count of frames of the virtual channel; zero if it has no octets.
        public var virtualChannelFrameCount: UInt64

        /// Makes the fields; values are cut to the width of their fields.
        public init(
            frameLength: Int,
            bypassFlag: Bool = false,
            protocolControlCommandFlag: Bool = false,
            hasOperationalControlField: Bool = false,
            frameCountLength: Int,
            virtualChannelFrameCount: UInt64
        ) {
            self.frameLength = (frameLength - 1) & 0xFFFF + 1
            self.bypassFlag = bypassFlag
            self.protocolControlCommandFlag = protocolControlCommandFlag
            self.hasOperationalControlField = hasOperationalControlField
            self.frameCountLength = frameCountLength & 7
            self.virtualChannelFrameCount = virtualChannelFrameCount & (1 << (8 * UInt64(frameCountLength & 7)) - 1)
        }
    }

    /// The length of the shortest header in octets, that of a truncated frame.
    public static let truncatedLength = 4
    /// The transfer frame version number, 1100.
    public static let versionNumber: UInt8 = 12
    /// The virtual channel that carries only idle data.
    public static let idleVirtualChannel = 63

    /// Who sends or is meant, 0 to 65535.
    public var spacecraft: Int
    /// Whether ``spacecraft`` is the receiver of the frame rather than its source.
    public var isDestination: Bool
    /// The virtual channel, 0 to 63; 63 carries only idle data.
    public var virtualChannel: Int
    /// The multiplexer access point, 0 to 15.
    public var multiplexerAccessPoint: Int
    /// All further fields, or nothing in a truncated frame.
    public var rest: Rest?

    /// The length of this header in octets.
    public var length: Int { rest.map { 7 + $0.frameCountLength } ?? Self.truncatedLength }

    /// Makes a header; values are cut to the width of their fields.
    public init(
        spacecraft: Int,
        isDestination: Bool = false,
        virtualChannel: Int,
        multiplexerAccessPoint: Int = 0,
        rest: Rest?
    ) {
        self.spacecraft = spacecraft & 0xFFFF
        self.isDestination = isDestination
        self.virtualChannel = virtualChannel & 0x3F
        self.multiplexerAccessPoint = multiplexerAccessPoint & 15
        self.rest = rest
    }

    /// Decodes the primary header at the start of a frame.
    ///
    /// - Parameter octets: The frame from its first octet; octets behind the header are not looked at.
    /// - Throws: `.truncated` or `.version`. The length field is not compared with the octets.
    public init(decoding octets: Span<UInt8>) throws(TransferFrameError) {
        guard octets.count >= Self.truncatedLength else {
            throw .truncated(needed: Self.truncatedLength, available: octets.count)
        }
        guard octets[0] >> 4 == Self.versionNumber else {
            throw .version(found: octets[0] >> 4, expected: Self.versionNumber)
        }
        let identification = octets.uint32(at: 0)
        spacecraft = Int(identification >> 12 & 0xFFFF)
        isDestination = identification & 0x800 != 0
        virtualChannel = Int(identification >> 5 & 0x3F)
        multiplexerAccessPoint = Int(identification >> 1 & 15)
        guard identification & 1 == 0 else {
            rest = nil
            return
        }
        guard octets.count >= 7 else { throw .truncated(needed: 7, available: octets.count) }
        let countLength = Int(octets[6] & 7)
        guard octets.count >= 7 + countLength else {
            throw .truncated(needed: 7 + countLength, available: octets.count)
        }
        rest = Rest(
            frameLength: Int(octets.uint16(at: 4)) + 1,
            bypassFlag: octets[6] & 0x80 != 0,
            protocolControlCommandFlag: octets[6] & 0x40 != 0,
            hasOperationalControlField: octets[6] & 0x08 != 0,
            frameCountLength: countLength,
            virtualChannelFrameCount: octets.uint64(at: 7, octets: countLength)
        )
    }

    /// The octets of the header.
    ///
    /// - Returns: The octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(
            bigEndian: UInt64(Self.versionNumber) << 28 | UInt64(spacecraft) << 12 | (isDestination ? 0x800 : 0)
                | UInt64(virtualChannel) << 5 | UInt64(multiplexerAccessPoint) << 1 | (rest == nil ? 1 : 0),
            octets: 4
        )
        guard let rest else { return octets }
        octets.append(bigEndian: UInt64(rest.frameLength - 1), octets: 2)
        octets.append(
            (rest.bypassFlag ? 0x80 : 0) | (rest.protocolControlCommandFlag ? 0x40 : 0)
                | (rest.hasOperationalControlField ? 0x08 : 0) | UInt8(rest.frameCountLength)
        )
        octets.append(bigEndian: rest.virtualChannelFrameCount, octets: rest.frameCountLength)
        return octets
    }
}

/// The primary header of an AOS transfer frame, without its error control.
///
/// CCSDS 732.0-B, Transfer Frame Primary Header:
/// ```
///  0    2            10       16                      40 41  42    44     47
/// ┌────┬────────────┬────────┬───────────────────────┬──┬───┬─────┬────────┐
/// │ 01 │ spacecraft │   VC   │      frame count      │RP│CYU│SC hi│ cycle  │
/// └────┴────────────┴────────┴───────────────────────┴──┴───┴─────┴────────┘
/// ```
public struct AOSFrameHeader: Sendable, Hashable {
    /// The length of the header in octets, without frame header error control.
    public static let length = 6
    /// The transfer frame version number, 01.
    public static let versionNumber: UInt8 = 1
    /// The virtual channel that carries only idle data.
    public static let idleVirtualChannel = 63

    /// Who sends, 0 to 1023; older issues know eight bits and send the upper two as zeros.
    public var spacecraft: Int
    /// The virtual channel, 0 to 63; 63 carries only idle data.
    public var virtualChannel: Int
    /// The count of frames of the virtual channel, modulo 2²⁴.
    public var virtualChannelFrameCount: UInt32
    /// Whether the frame was stored on board and is sent later.
    public var replayFlag: Bool
    /// Whether ``frameCountCycle`` extends the count.
    public var frameCountCycleUseFlag: Bool
    /// How often the frame count has wrapped, modulo 16, if ``frameCountCycleUseFlag`` is set.
    public var frameCountCycle: UInt8

    /// The count with its cycle, if that is in use.
    public var extendedFrameCount: UInt64 {
        UInt64(virtualChannelFrameCount) | (frameCountCycleUseFlag ? UInt64(frameCountCycle) << 24 : 0)
    }

    /// The modulus of ``extendedFrameCount``.
    public var frameCountModulus: UInt64 { frameCountCycleUseFlag ? 1 << 28 : 1 << 24 }

    /// Makes a header; values are cut to the width of their fields.
    public init(
        spacecraft: Int,
        virtualChannel: Int,
        virtualChannelFrameCount: UInt32,
        replayFlag: Bool = false,
        frameCountCycleUseFlag: Bool = false,
        frameCountCycle: UInt8 = 0
    ) {
        self.spacecraft = spacecraft & 0x3FF
        self.virtualChannel = virtualChannel & 0x3F
        self.virtualChannelFrameCount = virtualChannelFrameCount & 0xFF_FFFF
        self.replayFlag = replayFlag
        self.frameCountCycleUseFlag = frameCountCycleUseFlag
        self.frameCountCycle = frameCountCycle & 15
    }

    /// Decodes the six-octet primary header at the start of a frame.
    ///
    /// - Parameter octets: The frame from its first octet; octets after the sixth are not looked at.
    /// - Throws: `.truncated` or `.version`. The error control, if any, is not looked at.
    public init(decoding octets: Span<UInt8>) throws(TransferFrameError) {
        guard octets.count >= Self.length else {
            throw .truncated(needed: Self.length, available: octets.count)
        }
        guard octets[0] >> 6 == Self.versionNumber else {
            throw .version(found: octets[0] >> 6, expected: Self.versionNumber)
        }
        let identification = octets.uint16(at: 0)
        let signaling = octets[5]
        spacecraft = Int(identification >> 6 & 0xFF) | Int(signaling >> 4 & 3) << 8
        virtualChannel = Int(identification & 0x3F)
        virtualChannelFrameCount = octets.uint24(at: 2)
        replayFlag = signaling & 0x80 != 0
        frameCountCycleUseFlag = signaling & 0x40 != 0
        frameCountCycle = signaling & 15
    }

    /// The six octets of the header.
    ///
    /// - Returns: The octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets: [UInt8] = []
        octets.append(
            bigEndian: UInt64(Self.versionNumber) << 14 | UInt64(spacecraft & 0xFF) << 6
                | UInt64(virtualChannel & 0x3F),
            octets: 2
        )
        octets.append(bigEndian: UInt64(virtualChannelFrameCount), octets: 3)
        octets.append(
            (replayFlag ? 0x80 : 0) | (frameCountCycleUseFlag ? 0x40 : 0)
                | UInt8(spacecraft >> 8 & 3) << 4 | frameCountCycle & 15
        )
        return octets
    }
}

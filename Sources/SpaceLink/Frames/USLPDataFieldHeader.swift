/// The one or three octets that open the data field of a USLP transfer frame.
///
/// CCSDS 732.1-B, Transfer Frame Data Field Header:
/// ```
///  0      3         8                 24
/// ┌──────┬─────────┬─────────────────┐
/// │ rule │protocol │ pointer, if any │
/// └──────┴─────────┴─────────────────┘
/// ```
public struct USLPDataFieldHeader: Sendable, Hashable {
    /// How the data field is filled.
    ///
    /// The first three belong to frames of fixed length, the others to all frames.
    public enum ConstructionRule: UInt8, Sendable, CaseIterable {
        /// Packets back to back, which go on in the next frame; the pointer says where the first one starts.
        case packetsSpanningFrames = 0
        /// The start of a unit of octets; the pointer says where it ends.
        case startOfUnit = 1
        /// The middle or the end of such a unit; the pointer says where it ends.
        case continuedUnit = 2
        /// A part of a stream of octets.
        case octetStream = 3
        /// The first segment of a unit or packet.
        case firstSegment = 4
        /// A segment between the first and the last.
        case continuedSegment = 5
        /// The last segment.
        case lastSegment = 6
        /// Whole packets, or one whole unit.
        case noSegmentation = 7

        /// Whether the header has a pointer.
        public var hasPointer: Bool { rawValue < 3 }
    }

    /// The protocol of packets.
    public static let packets: UInt8 = 0
    /// The protocol of frames that only fill the channel.
    public static let idle: UInt8 = 31
    /// The pointer of a frame in which no packet starts, or no unit ends.
    public static let noPointer: UInt16 = 0xFFFF

    /// How the data field is filled.
    public var rule: ConstructionRule
    /// What the data are: 0 packets, 1 and 2 control, 3 security, 4 octets, 5 units of the mission, 7 Proximity-1, 31 idle.
    public var protocolID: UInt8
    /// The first header, or the last valid octet, counted from the end of this header; `nil` without a pointer.
    public var pointer: UInt16?

    /// The length of this header in octets.
    public var length: Int { rule.hasPointer ? 3 : 1 }

    /// Makes a header; the protocol is cut to five bits, and rules without a pointer get none.
    public init(rule: ConstructionRule, protocolID: UInt8, pointer: UInt16? = nil) {
        self.rule = rule
        self.protocolID = protocolID & 31
        self.pointer = rule.hasPointer ? pointer ?? Self.noPointer : nil
    }

    /// Decodes the header at the start of a data field.
    ///
    /// - Parameter octets: The data field from its first octet.
    /// - Throws: `.truncated`.
    public init(decoding octets: Span<UInt8>) throws(TransferFrameError) {
        guard octets.count >= 1 else { throw .truncated(needed: 1, available: 0) }
        // Three bits have no other value.
        rule = ConstructionRule(rawValue: octets[0] >> 5) ?? .noSegmentation
        protocolID = octets[0] & 31
        guard rule.hasPointer else { return }
        guard octets.count >= 3 else { throw .truncated(needed: 3, available: octets.count) }
        pointer = octets.uint16(at: 1)
    }

    /// The octets of the header.
    ///
    /// - Returns: One or three octets in order of transmission.
    public func encode() -> [UInt8] {
        var octets = [rule.rawValue << 5 | protocolID & 31]
        if rule.hasPointer { octets.append(bigEndian: UInt64(pointer ?? Self.noPointer), octets: 2) }
        return octets
    }
}

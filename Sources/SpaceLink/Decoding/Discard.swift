/// Why octets of the input carry nothing that is handed on.
///
/// The list is closed: the octets used and those discarded for these reasons make up the whole input.
public enum DiscardReason: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
    /// No marker was found, or no unit in an envelope.
    case unsynchronized
    /// The input ends within the frame.
    case truncatedFrame
    /// The block code cannot correct the frame.
    case uncorrectable
    /// The transfer frame version number is not the link's.
    case frameVersion
    /// The frame's header contradicts itself or the link.
    case frameHeader
    /// The frame error control field does not hold.
    case frameCheck
    /// The frame is of a spacecraft that the link does not carry.
    case foreignSpacecraft
    /// The frame is a repetition of the one before.
    case duplicateFrame
    /// In an accepted frame: octets before the first packet that can be found.
    case beforeFirstPacket
    /// In accepted frames: the start of a packet that a gap, or a first header pointer, breaks off.
    case interruptedPacket
    /// In an accepted frame or file: no packet has this version number.
    case packetVersion
    /// In an accepted frame or file: the packet's length cannot be.
    case packetLength
    /// In an accepted frame or file: the input ends within the packet.
    case incompletePacket
}

/// Octets of the input that carry nothing that is handed on: where, how many, and why.
public struct Discard: Sendable, Hashable {
    /// Octets of input before the first of them.
    public var offset: Int64
    /// How many octets; those of a packet in several frames do not lie together, headers are between them.
    public var length: Int
    /// Why.
    public var reason: DiscardReason
    /// The rule in words.
    public var rule: String
    /// The index of the frame in which, or with which, they were discarded.
    public var frame: Int?
    /// Whose frame that is.
    public var spacecraft: Int?
    /// The frame's virtual channel.
    public var virtualChannel: Int?
}

/// A step in the frame count of a virtual channel.
public struct ChannelGap: Sendable, Hashable {
    /// Whose channel it is.
    public var spacecraft: Int
    /// The virtual channel.
    public var virtualChannel: Int
    /// The index of the frame behind the gap.
    public var frame: Int
    /// Octets of input before that frame.
    public var inputOffset: Int64
    /// The last count before the gap.
    public var countBefore: UInt64
    /// The first count behind it.
    public var countBehind: UInt64
    /// How many frames are missing; 0 if the count was reset.
    public var missing: Int
    /// Whether the count stepped so far that it must have been set anew.
    public var isReset: Bool
}

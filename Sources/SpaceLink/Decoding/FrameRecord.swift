/// What is known of one transfer frame beside its octets.
public struct FrameRecord: Sendable, Hashable {
    /// How the frame's marker was found.
    public enum Synchronization: Sendable, Hashable {
        /// There are no markers on this link.
        case none
        /// At its place.
        case ok
        /// Not at all; the frame lies where it was due.
        case flywheel
        /// So many bits behind its place, or before it if negative.
        case slip(Int)
    }

    /// The frame's number in the input, from 0, bad ones counted.
    public var index: Int
    /// Octets of input before the frame, its marker included.
    public var inputOffset: Int64
    /// How many octets of the input the frame takes, marker and parity included.
    public var inputLength: Int
    /// Which protocol the frame is of.
    public var type: LinkDescription.Frame.Kind
    /// Who sends.
    public var spacecraft: Int
    /// The virtual channel.
    public var virtualChannel: Int
    /// The multiplexer access point, in USLP frames.
    public var multiplexerAccessPoint: Int?
    /// The count of frames of the virtual channel; 0 in USLP frames without one.
    public var frameCount: UInt64
    /// The count of frames of the master channel, in TM frames.
    public var masterChannelFrameCount: Int?
    /// How many frames of this virtual channel are missing just before this one.
    public var missingBefore: Int
    /// How far the frame can be believed.
    public var quality: FrameQuality
    /// How the frame's marker was found.
    public var synchronization: Synchronization
    /// Wrong bits in its marker.
    public var markerErrors: Int
    /// Whether the frame was received with inverted bits; its octets are upright.
    public var isInverted: Bool
    /// Whether the frame carries only idle data.
    public var isIdle: Bool
    /// Whether the frame was stored on board and sent later.
    public var isReplayed: Bool
    /// Whether a USLP frame is expedited; those are counted apart from sequence controlled ones.
    public var isExpedited: Bool
    /// Where the insert zone lies in the frame.
    public var insertZone: Range<Int>
    /// Where the data lie in the frame, behind all headers and before all trailers.
    public var dataField: Range<Int>
    /// How the data field is filled, in USLP frames.
    public var dataFieldHeader: USLPDataFieldHeader?
    /// Where the first packet begins in ``dataField``, on channels that carry packets.
    public var firstHeaderPointer: FirstHeaderPointer?
    /// The operational control field, if there is one.
    public var operationalControlField: UInt32?
}

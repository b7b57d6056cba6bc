/// What is known of one packet beside its octets.
public struct PacketRecord: Sendable, Hashable, Codable {
    /// Who sends; 0 in files of packets.
    public var spacecraft: Int
    /// The virtual channel; 0 in files of packets.
    public var virtualChannel: Int
    /// The application process, or −1 in encapsulation packets.
    public var apid: Int
    /// The sequence count; 0 in encapsulation packets.
    public var sequenceCount: Int
    /// Whether the packet only fills the channel.
    public var isIdle: Bool
    /// Whether this is an encapsulation packet rather than a space packet.
    public var isEncapsulation: Bool
    /// The index of the frame where it begins; in files of packets the packet's own number, idle ones counted.
    public var firstFrame: Int
    /// The index of the frame where it ends.
    public var lastFrame: Int
    /// Octets of input before the frame, or packet, where it begins.
    public var inputOffset: Int64
    /// The worst quality of its frames.
    public var quality: FrameQuality
    /// The most wrong bits that the marker of one of its frames has.
    public var markerErrors: Int
    /// Whether the marker of one of its frames was not found, and the frame taken from where it was due.
    public var isFlywheel: Bool
    /// Whether one of its frames was received with inverted bits; its octets are upright.
    public var isInverted: Bool
    /// Whether this is the first packet of its channel behind a gap: frames are missing, or octets were discarded.
    public var gapBefore: Bool
    /// Whether these are only the octets of the packet before a gap, and fewer than its header says.
    public var isPartial: Bool
    /// How many packets of a segmented group were joined to this one; 1 unless they are reassembled.
    public var segments: Int

    /// Makes a record, as for packets that come from elsewhere than a decoder.
    public init(
        spacecraft: Int = 0,
        virtualChannel: Int = 0,
        apid: Int,
        sequenceCount: Int,
        isIdle: Bool = false,
        isEncapsulation: Bool = false,
        firstFrame: Int = 0,
        lastFrame: Int = 0,
        inputOffset: Int64 = 0,
        quality: FrameQuality = .unchecked,
        markerErrors: Int = 0,
        isFlywheel: Bool = false,
        isInverted: Bool = false,
        gapBefore: Bool = false,
        isPartial: Bool = false,
        segments: Int = 1
    ) {
        self.spacecraft = spacecraft
        self.virtualChannel = virtualChannel
        self.apid = apid
        self.sequenceCount = sequenceCount
        self.isIdle = isIdle
        self.isEncapsulation = isEncapsulation
        self.firstFrame = firstFrame
        self.lastFrame = lastFrame
        self.inputOffset = inputOffset
        self.quality = quality
        self.markerErrors = markerErrors
        self.isFlywheel = isFlywheel
        self.isInverted = isInverted
        self.gapBefore = gapBefore
        self.isPartial = isPartial
        self.segments = segments
    }
}

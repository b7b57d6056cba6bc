public import SpaceLink

/// What is known of one frame or packet in an archive, beside its octets.
///
/// Also describes a packet that was rebuilt from an archive of frames; its ``ordinal`` is then that of the frame with
/// which it became complete.
public struct ArchiveUnit: Sendable, Hashable {
    /// Whether it is a frame or a packet.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A transfer frame.
        case frame
        /// A space packet or an encapsulation packet.
        case packet
    }

    /// How many units were written before it.
    public var ordinal: Int64 = 0
    /// Whether it is a frame or a packet.
    public var kind: Kind
    /// Octets.
    public var length: Int
    /// How the link decoder judged it; for a packet the worst of its frames.
    public var quality: FrameQuality
    /// When it was received, if the input said so.
    public var receptionTime: TAITime?
    /// The time that the packet itself tells, if it does.
    public var onboardTime: TAITime?
    /// The spacecraft's identifier.
    public var spacecraft: Int
    /// The virtual channel.
    public var virtualChannel: Int
    /// The packet's application process identifier, −1 for an encapsulation packet; 0 for a frame.
    public var apid: Int = 0
    /// The frame's virtual channel frame count or the packet's sequence count.
    public var count: UInt64
    /// The frame's index in the input; for a packet that of its first frame.
    public var firstFrame: Int
    /// As ``firstFrame``; for a packet the index of its last frame.
    public var lastFrame: Int
    /// Where in the input it began, in octets.
    public var inputOffset: Int64
    /// Frames that are missing before this one on its channel.
    public var missingBefore: Int = 0
    /// Bits of the marker that were wrong.
    public var markerErrors: Int = 0
    /// Whether it carries nothing.
    public var isIdle: Bool
    /// Whether frames are missing between the packet before it on its channel and this one.
    public var gapBefore = false
    /// Whether it is an encapsulation packet.
    public var isEncapsulation = false

    /// Describes a frame.
    public init(frame: FrameRecord, length: Int, receptionTime: TAITime? = nil) {
        kind = .frame
        self.length = length
        quality = frame.quality
        self.receptionTime = receptionTime
        spacecraft = frame.spacecraft
        virtualChannel = frame.virtualChannel
        count = frame.frameCount
        firstFrame = frame.index
        lastFrame = frame.index
        inputOffset = frame.inputOffset
        missingBefore = frame.missingBefore
        markerErrors = frame.markerErrors
        isIdle = frame.isIdle
    }

    /// Describes a packet.
    public init(packet: PacketRecord, length: Int, onboardTime: TAITime? = nil, receptionTime: TAITime? = nil) {
        kind = .packet
        self.length = length
        quality = packet.quality
        self.receptionTime = receptionTime
        self.onboardTime = onboardTime
        spacecraft = packet.spacecraft
        virtualChannel = packet.virtualChannel
        apid = packet.apid
        count = UInt64(truncatingIfNeeded: packet.sequenceCount)
        firstFrame = packet.firstFrame
        lastFrame = packet.lastFrame
        inputOffset = packet.inputOffset
        isIdle = packet.isIdle
        gapBefore = packet.gapBefore
        isEncapsulation = packet.isEncapsulation
    }

    /// A unit of which only the kind is known yet.
    init(kind: Kind) {
        self.kind = kind
        length = 0
        quality = .unchecked
        spacecraft = 0
        virtualChannel = 0
        count = 0
        firstFrame = 0
        lastFrame = 0
        inputOffset = 0
        isIdle = false
    }
}

/// The classes of quality that a selection can name.
public struct QualityClasses: OptionSet, Sendable, Hashable {
    /// A bit for each class.
    public let rawValue: UInt8

    /// Makes a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Checked and found right.
    public static let good = QualityClasses(rawValue: 1)
    /// Corrected by the block code.
    public static let corrected = QualityClasses(rawValue: 2)
    /// Neither code nor checksum to check by.
    public static let unchecked = QualityClasses(rawValue: 4)
    /// Beyond what the code can correct.
    public static let uncorrectable = QualityClasses(rawValue: 8)
    /// The frame's checksum is wrong.
    public static let checkFailed = QualityClasses(rawValue: 16)

    /// The class of one quality.
    public init(_ quality: FrameQuality) {
        switch quality {
        case .good: self = .good
        case .corrected: self = .corrected
        case .unchecked: self = .unchecked
        case .uncorrectable: self = .uncorrectable
        case .crcFailed: self = .checkFailed
        }
    }
}

extension FrameQuality {
    /// As a number in the file: 0 good, 1 unchecked, 2 uncorrectable, 3 checksum failed, 4 + n corrected with n symbols.
    var code: Int64 {
        switch self {
        case .good: 0
        case .unchecked: 1
        case .uncorrectable: 2
        case .crcFailed: 3
        case .corrected(let symbols): 4 &+ Int64(max(symbols, 0))
        }
    }

    /// Reads the number in the file.
    init(code: Int64) throws(FormatFault) {
        switch code {
        case 0: self = .good
        case 1: self = .unchecked
        case 2: self = .uncorrectable
        case 3: self = .crcFailed
        case 4...: self = .corrected(Int(code - 4))
        default: throw FormatFault("there is no quality \(code)")
        }
    }
}

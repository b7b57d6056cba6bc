/// A packet zone, or its start, that waits for the segment before.
struct DeferredZone: Sendable, Equatable {
    var octets: [UInt8]
    var pointer: FirstHeaderPointer
    var zone: PacketExtractor.Zone
}

/// A complete packet that waits to be told whether it comes behind a gap.
struct DeferredPacket: Sendable, Equatable {
    var record: PacketRecord
    var octets: [UInt8]
}

/// What an extractor keeps of the start of a segment, because one pass might have used it or not.
///
/// The channel's first frame is kept whole: it may turn out to be a repetition. Behind it zones are kept up to the first
/// header pointer or gap, from where on the segment before does not matter. Then the first packet is kept:
/// ```
/// │ first frame │ zone │ zone … F │ packet │ packets that are handed on
///  ◀──────────── zones ─────────▶  ◀ first ▶
/// ```
struct PacketOpening: Sendable, Equatable {
    /// What ends the zones that depend on the segment before.
    enum Closing: String, Sendable, Codable {
        /// A first header pointer, behind ``PacketOpening/rest``.
        case pointer
        /// A first header pointer that lies outside its zone.
        case brokenPointer
        /// A gap.
        case gap
        /// A gap that came before anything of this access point, if it was in use before that.
        case earlierGap
        /// More octets than the longest packet has, and no first header pointer among them.
        case tooLong
    }

    /// The index of the channel's first frame.
    var firstFrame: Int
    var zones: [DeferredZone] = []
    var closing: Closing?
    /// The frame in which the closing is.
    var closingFrame = 0
    /// The octets before the first header pointer that closes.
    var rest: DeferredZone?
    /// The first packet behind that.
    var first: DeferredPacket?
    /// Whether octets were skipped before the first packet, which is a gap unless the input starts there.
    var hasSkipped = false

    /// Enough for a frame and a packet of the longest lengths, and a last frame.
    static let longest = 2 * 65_536 + SpacePacketHeader.longestPacket

    /// The octets that are kept in zones.
    var octets: Int { zones.reduce(0) { $0 + $1.octets.count } }

    /// Puts all places behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        firstFrame += frames
        closingFrame += frames
        for index in zones.indices { zones[index].zone.shift(frames: frames, octets: octets) }
        rest?.zone.shift(frames: frames, octets: octets)
        first?.record.shift(frames: frames, octets: octets)
    }
}

extension PacketExtractor.Zone {
    /// Puts the zone behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        frame += frames
        frameOffset += octets
    }
}

extension PacketRecord {
    /// Puts the packet behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        firstFrame += frames
        lastFrame += frames
        inputOffset += octets
    }
}

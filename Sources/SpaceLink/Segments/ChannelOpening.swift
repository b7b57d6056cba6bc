/// What a virtual channel keeps of the start of a segment, because it depends on the segment before.
struct ChannelOpening: Sendable, Equatable {
    /// A frame whose count follows one of the segment before.
    struct Start: Sendable, Equatable, Codable {
        var frame: Int
        /// Octets of input before it.
        var offset: Int64
        /// How many octets of input it takes.
        var length: Int
        var count: UInt64
        /// The modulus of the count, 0 if there is none.
        var modulus: UInt64
        /// Whether it is of the USLP quality of service that expedites.
        var isExpedited: Bool
        /// Whether only idle frames came up to here: then the count matters only if the channel has carried data before.
        var isDoubtful: Bool
    }

    /// A step of the count.
    struct Step: Sendable, Equatable, Codable {
        enum Kind: String, Sendable, Codable {
            case duplicate
            case gap
            case reset
        }

        var kind: Kind
        var at: Start
        var countBefore: UInt64
        var missing: Int
    }

    /// The channel's first frame, which may be a repetition, or stand behind a gap.
    var first: Start?
    /// Its octets.
    var octets: [UInt8] = []
    /// The first frame of each quality of service that has a count.
    var starts: [Start] = []
    /// The frame behind the first gap.
    var firstGap: Int?
    /// The same among expedited frames.
    var firstExpeditedGap: Int?
    /// Steps among idle frames at the start, which matter only if the channel has carried data before.
    var doubts: [Step] = []

    /// How many doubts are kept; channels with more of them among idle frames are taken for channels of idle data.
    static let longest = 1024

    /// Whether a frame may turn out to be a repetition.
    func doubts(frame: Int) -> Bool {
        first?.frame == frame || doubts.last.map { $0.at.frame == frame && $0.kind == .duplicate } ?? false
    }

    /// Notes the first gap.
    mutating func note(gap frame: Int, isExpedited: Bool) {
        if isExpedited { firstExpeditedGap = firstExpeditedGap ?? frame } else { firstGap = firstGap ?? frame }
    }

    /// The frame behind the first gap of a stream of packets.
    func firstGap(ofStream stream: Int) -> Int? { stream & 1 == 1 ? firstExpeditedGap : firstGap }

    /// Puts all places behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        first?.shift(frames: frames, octets: octets)
        firstGap = firstGap.map { $0 + frames }
        firstExpeditedGap = firstExpeditedGap.map { $0 + frames }
        for index in starts.indices { starts[index].shift(frames: frames, octets: octets) }
        for index in doubts.indices { doubts[index].at.shift(frames: frames, octets: octets) }
    }
}

extension ChannelOpening.Start {
    fileprivate mutating func shift(frames: Int, octets: Int64) {
        frame += frames
        offset += octets
    }
}

extension ChannelOpening.Step {
    /// What a step of the count is, unless the frame just follows.
    init?(_ continuity: VirtualChannel.Continuity, from countBefore: UInt64, at start: ChannelOpening.Start) {
        missing = 0
        switch continuity {
        case .next: return nil
        case .duplicate: kind = .duplicate
        case .reset: kind = .reset
        case .gap(let count):
            kind = .gap
            missing = count
        }
        at = start
        self.countBefore = countBefore
    }
}

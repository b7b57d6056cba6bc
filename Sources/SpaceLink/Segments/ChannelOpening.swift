/// What a virtual channel keeps of the start of a segment, because it depends on the segment before.
struct ChannelOpening: Sendable, Equatable {
    /// The channel's first frame, which may be a repetition, or stand behind a gap.
    struct First: Sendable, Equatable {
        var frame: Int
        /// Octets of input before it.
        var offset: Int64
        /// How many octets of input it takes.
        var length: Int
        var count: UInt64
        var modulus: UInt64
        var isIdle: Bool
        var octets: [UInt8]
    }

    /// A step of the count among idle frames at the start, which matters only if the channel has carried data before.
    struct Doubt: Sendable, Equatable, Codable {
        enum Kind: String, Sendable, Codable {
            case duplicate
            case gap
            case reset
        }

        var kind: Kind
        var frame: Int
        var offset: Int64
        var length: Int
        var countBefore: UInt64
        var countBehind: UInt64
        var missing: Int
    }

    var first: First?
    /// The frame behind the first gap.
    var firstGap: Int?
    var doubts: [Doubt] = []

    /// How many doubts are kept; channels with more of them among idle frames are taken for channels of idle data.
    static let longest = 1024

    /// Whether a frame may turn out to be a repetition.
    func doubts(frame: Int) -> Bool {
        first?.frame == frame || doubts.last.map { $0.frame == frame && $0.kind == .duplicate } ?? false
    }

    /// Puts all places behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        first?.frame += frames
        first?.offset += octets
        firstGap = firstGap.map { $0 + frames }
        for index in doubts.indices {
            doubts[index].frame += frames
            doubts[index].offset += octets
        }
    }
}

/// What an envelope makes of some octets of the input.
///
/// The pieces of an input follow each other without gaps or overlaps, so that every octet is told of once.
public struct EnvelopePiece: Sendable, Hashable {
    /// What the octets are.
    public enum Content: Sendable, Hashable {
        /// A unit and what is wrapped around it.
        case unit
        /// Octets of the envelope alone: delimiters, file headers, time stamps.
        case overhead
        /// Octets that hold no unit, why, and the rule in words.
        case malformed(DiscardReason, rule: String)
    }

    /// Octets of input before the piece.
    public var offset: Int64
    /// How many octets of input it takes.
    public var length: Int
    /// What the octets are.
    public var content: Content
    /// When the unit was received, if the envelope tells.
    public var receptionTime: ReceptionTime?
    /// The UDP port that the unit came from.
    public var sourcePort: UInt16?
    /// The UDP port that it went to.
    public var destinationPort: UInt16?
    /// Where the unit's octets lie in the piece.
    var layout = EnvelopeLayout()
}

/// When a unit was received, as its envelope writes it: Unix time, exactly.
public struct ReceptionTime: Sendable, Hashable {
    /// Seconds since 1970-01-01 UTC, leap seconds not counted.
    public var seconds: Int64
    /// Further fractions of a second.
    public var fraction: UInt64
    /// How many fractions make a second.
    public var fractionsPerSecond: UInt64

    /// Makes a time of its parts.
    public init(seconds: Int64, fraction: UInt64, fractionsPerSecond: UInt64) {
        self.seconds = seconds
        self.fraction = fraction
        self.fractionsPerSecond = fractionsPerSecond
    }
}

/// Where the octets of a unit lie in its piece of the input.
struct EnvelopeLayout: Sendable, Hashable {
    /// Octets of the piece before the unit.
    var headerLength = 0
    /// The octets of the unit that take two octets of input, in order.
    var escapes: [Int] = []

    /// Octets of the piece before an octet of the unit.
    func position(of octet: Int) -> Int { headerLength + octet + escapes.countBelow(octet) }

    /// The octets of a part of the unit that take two octets of input, counted from the part's start.
    func escapes(in part: Range<Int>) -> [Int] {
        guard !escapes.isEmpty else { return [] }
        return escapes[escapes.countBelow(part.lowerBound)..<escapes.countBelow(part.upperBound)].map {
            $0 - part.lowerBound
        }
    }
}

extension Array where Element == Int {
    /// How many elements of a sorted array are below a limit.
    func countBelow(_ limit: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

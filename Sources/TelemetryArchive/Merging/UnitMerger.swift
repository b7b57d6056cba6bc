import SpaceLink

/// Merges units of several inputs that come in the order of time, and drops second copies.
///
/// A second copy has the same octets and identity as a unit of another input that came between the same times. Units that
/// were taken last wait, so that a better copy can take a unit's place, and so that a frame that only one input has can
/// still come before those that follow it on its channel.
struct UnitMerger {
    /// What waits at most.
    private static let waitingUnits = 4096
    private static let waitingOctets = 4 << 20
    /// How many units are remembered, to know their copies.
    private static let remembered = 1 << 15

    /// Units that were dropped.
    private(set) var copies = ArchiveTotals()
    private var waiting: [MergedUnit] = []
    private var start = 0
    private var waitingCount = 0
    private var known: [UnitIdentity: KnownUnits] = [:]
    private var order: [UnitIdentity] = []
    private var forgotten = 0
    /// The furthest count of each channel.
    private var counts: [ChannelKey: UInt64] = [:]

    /// Takes the next unit.
    ///
    /// - Parameters:
    ///   - timed: The unit.
    ///   - octets: Those of its chunk.
    ///   - source: Which input it is of.
    ///   - output: Where units go that waited long enough.
    /// - Throws: A failure of the output.
    mutating func take<Storage: ArchiveStorage & ~Copyable>(
        _ timed: TimedUnit,
        _ octets: [UInt8],
        from source: Int,
        into output: inout MergeOutput<Storage>
    ) throws(ArchiveError) {
        let identity = UnitIdentity(timed.unit, octets.span.extracting(timed.octets))
        if let first = known[identity]?.first(where: { $0.isCopied(by: timed, from: source) }) {
            copies.units += 1
            copies.octets += Int64(timed.octets.count)
            first.copiedBy.append(source)
            if timed.unit.quality.isBetter(than: first.unit.quality) { first.unit = timed.unit }
            return
        }
        let merged = MergedUnit(timed, octets, source)
        remember(merged, as: identity)
        let place = place(of: merged)
        if place == waiting.count { waiting.append(merged) } else { waiting.insert(merged, at: place) }
        waitingCount += timed.octets.count
        while waiting.count - start > Self.waitingUnits || waitingCount > Self.waitingOctets {
            try writeFirst(into: &output)
        }
    }

    /// Writes everything that still waits.
    mutating func finish<Storage: ArchiveStorage & ~Copyable>(
        into output: inout MergeOutput<Storage>
    ) throws(ArchiveError) {
        while start < waiting.count { try writeFirst(into: &output) }
    }

    private mutating func writeFirst<Storage: ArchiveStorage & ~Copyable>(
        into output: inout MergeOutput<Storage>
    ) throws(ArchiveError) {
        let first = waiting[start]
        let octets = first.octets  // a reference, which must live as long as the view of it
        try output.append(first.unit, octets: octets.span.extracting(first.range))
        waitingCount -= first.range.count
        first.octets = []
        start += 1
        if start >= Self.waitingUnits {
            waiting.removeFirst(start)
            start = 0
        }
    }

    private mutating func remember(_ unit: MergedUnit, as identity: UnitIdentity) {
        known[identity, default: KnownUnits()].append(unit)
        order.append(identity)
        guard order.count - forgotten > Self.remembered else { return }
        let oldest = order[forgotten]
        if known[oldest]?.forgetOldest() == false { known[oldest] = nil }
        forgotten += 1
        if forgotten >= Self.remembered {
            order.removeFirst(forgotten)
            forgotten = 0
        }
    }

    /// At the end; but a frame goes before those that follow it on its channel, if only other inputs have these.
    private mutating func place(of unit: MergedUnit) -> Int {
        guard unit.countBits > 0 else { return waiting.count }
        guard let furthest = counts[unit.channel], unit.isBefore(furthest) else {
            counts[unit.channel] = unit.unit.count
            return waiting.count
        }
        var place = waiting.count
        for index in (start..<waiting.count).reversed() {
            let other = waiting[index]
            // Behind what its own input had before it.
            if other.source == unit.source || other.copiedBy.contains(unit.source) { break }
            guard other.channel == unit.channel else { continue }
            guard unit.isBefore(other.unit.count) else { break }
            place = index
        }
        return place
    }
}

/// Units of one identity; there is hardly ever a second one, so that the first needs no array.
private struct KnownUnits {
    private var oldest: MergedUnit?
    private var younger: [MergedUnit] = []

    mutating func append(_ unit: MergedUnit) {
        if oldest == nil { oldest = unit } else { younger.append(unit) }
    }

    func first(where isMeant: (MergedUnit) -> Bool) -> MergedUnit? {
        if let oldest, isMeant(oldest) { return oldest }
        return younger.first(where: isMeant)
    }

    /// Whether there is another one behind it.
    mutating func forgetOldest() -> Bool {
        oldest = younger.isEmpty ? nil : younger.removeFirst()
        return oldest != nil
    }
}

/// A unit that was taken, and who had a copy of it.
private final class MergedUnit {
    var unit: ArchiveUnit
    /// Those of its chunk; none once it is written.
    var octets: [UInt8]
    /// Where its own are in the chunk.
    let range: Range<Int>
    var copiedBy: [Int] = []
    let source: Int
    let channel: ChannelKey
    /// How many bits the frame's count has, 0 if it has none or is a packet.
    let countBits: Int
    private let least: Int64
    private let greatest: Int64

    init(_ timed: TimedUnit, _ octets: [UInt8], _ source: Int) {
        unit = timed.unit
        self.octets = octets
        range = timed.octets
        self.source = source
        least = timed.least
        greatest = timed.greatest
        channel = ChannelKey(timed.unit)
        countBits = timed.unit.kind == .frame ? MergedUnit.countBits(octets[timed.octets]) : 0
    }

    /// Whether a unit with the same octets is a second copy: of another input, which had none yet, at the same time.
    func isCopied(by timed: TimedUnit, from source: Int) -> Bool {
        source != self.source && !copiedBy.contains(source) && timed.least <= greatest && least <= timed.greatest
    }

    /// Whether its count comes before another one's, as far as counts that begin again can tell.
    func isBefore(_ count: UInt64) -> Bool {
        let mask = UInt64.max >> UInt64(64 - countBits)
        let step = (count &- unit.count) & mask
        return step > 0 && step <= mask / 2
    }

    /// How many bits the count in a frame's header has, by the frame's version.
    private static func countBits(_ octets: ArraySlice<UInt8>) -> Int {
        guard octets.count >= 6 else { return 0 }
        let start = octets.startIndex
        switch octets[start] >> 6 {
        case 0: return 8
        case 1: return 24
        default: return octets[start] >> 4 == 0xC && octets.count >= 14 ? 8 * Int(octets[start + 6] & 7) : 0
        }
    }
}

/// What two copies of a unit have in common.
private struct UnitIdentity: Hashable {
    private let kind: ArchiveUnit.Kind
    private let channel: ChannelKey
    private let apid: Int
    private let count: UInt64
    /// SHA-256 of the octets, as numbers, which are compared and kept faster than an array.
    private let digest: (UInt64, UInt64, UInt64, UInt64)

    init(_ unit: ArchiveUnit, _ octets: Span<UInt8>) {
        kind = unit.kind
        channel = ChannelKey(unit)
        apid = unit.apid
        count = unit.count
        var fingerprint = Fingerprint()
        fingerprint.push(octets)
        digest = fingerprint.numbers
    }

    static func == (left: UnitIdentity, right: UnitIdentity) -> Bool {
        left.digest == right.digest && left.kind == right.kind && left.channel == right.channel
            && left.apid == right.apid && left.count == right.count
    }

    /// A part of the digest is as good as all of them.
    func hash(into hasher: inout Hasher) { hasher.combine(digest.0) }
}

extension FrameQuality {
    /// Whether a copy of this quality is to be preferred.
    func isBetter(than other: FrameQuality) -> Bool { rank < other.rank }

    private var rank: Int {
        switch self {
        case .good: 0
        case .corrected(let symbols): 1 + min(max(symbols, 0), 1 << 20)
        case .unchecked: 2 << 20
        case .crcFailed: 3 << 20
        case .uncorrectable: 4 << 20
        }
    }
}

import SpaceLink

/// A unit of one input, and the times by which it is put in order and compared.
struct TimedUnit {
    let unit: ArchiveUnit
    /// Where its octets are in its chunk.
    let octets: Range<Int>
    /// By which it is put in order: its own time or that of a unit before it, never less than before.
    let order: Int64
    /// Between which times it came.
    let least: Int64
    let greatest: Int64
}

/// The units of one input in a stretch, a chunk at a time.
///
/// A packet has its own time; a frame the first that a packet tells which becomes complete with it. A unit without one
/// stays behind the unit before it, and came between the times known before it and behind it.
final class TimedUnits<Source: ArchiveSource> {
    private let readers: [ArchiveReader<Source>]
    private let clock: ArchiveClock
    private let tolerance: Int64
    private let onboardTime: PacketNotes.Clock
    private var rebuilder: PacketRebuilder?
    private var items: ArraySlice<MergeItem>
    private var units: [TimedUnit] = []
    private var position = 0
    private var last = Int64.min

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - items: What is to be read, in order.
    ///   - readers: The archives in which it is.
    ///   - clock: Which time of units is meant.
    ///   - tolerance: How far apart two receptions of the same may be.
    ///   - link: By which frames are decoded that have no time of their own.
    ///   - onboardTime: Tells the time that a packet tells.
    /// - Throws: `.link`, `.damaged`, or a failure of a source.
    init(
        _ items: [MergeItem],
        _ readers: [ArchiveReader<Source>],
        clock: ArchiveClock,
        tolerance: Int64,
        link: LinkDescription?,
        onboardTime: @escaping PacketNotes.Clock
    ) throws(ArchiveError) {
        self.items = items[...]
        self.readers = readers
        self.clock = clock
        self.tolerance = clock == .reception ? tolerance : 0
        self.onboardTime = onboardTime
        if clock == .onboard, let link { rebuilder = try PacketRebuilder(link, selection: ArchiveSelection()) }
        try load()
    }

    /// The next unit, if there is one.
    var head: TimedUnit? { position < units.count ? units[position] : nil }

    /// The octets of the chunk that is being read.
    private(set) var octets: [UInt8] = []

    /// Passes over the next unit.
    func advance() throws(ArchiveError) {
        position += 1
        if position >= units.count { try load() }
    }

    /// Reads the next chunk that has units.
    private func load() throws(ArchiveError) {
        units.removeAll(keepingCapacity: true)
        position = 0
        while units.isEmpty, let item = items.popFirst() {
            let chunk = try readers[item.input].read(item)
            octets = chunk.octets
            place(chunk.units, chunk.octets, of: item)
        }
    }

    private func place(_ read: [ArchiveUnit], _ octets: [UInt8], of item: MergeItem) {
        var ranges: [Range<Int>] = []
        var times: [Int64?] = []
        var start = 0
        for unit in read {
            ranges.append(start..<start + unit.length)
            times.append(time(of: unit, octets.span.extracting(start..<start + unit.length)))
            start += unit.length
        }
        // The next time that is known, from the end backward; what the next chunk begins with is not known yet.
        var following = items.first?.greatest ?? .max
        var next = [Int64](repeating: following, count: read.count)
        for index in read.indices.reversed() {
            next[index] = following
            following = times[index] ?? following
        }
        for (index, unit) in read.enumerated() {
            let own = times[index]
            let first = next[index] == .max ? item.least : next[index]
            let order = max(last, own ?? (last == .min ? first : last))
            let isOfItself = own != nil && (unit.kind == .packet || clock == .reception)
            units.append(
                TimedUnit(
                    unit: unit,
                    octets: ranges[index],
                    order: order,
                    least: isOfItself ? (own ?? .min) - tolerance : min(last, own ?? last),
                    greatest: isOfItself ? (own ?? .max) + tolerance : max(last, own ?? last, next[index])
                )
            )
            if own != nil { last = order }
        }
    }

    private func time(of unit: ArchiveUnit, _ octets: Span<UInt8>) -> Int64? {
        guard clock == .onboard else { return unit.receptionTime?.nanoseconds }
        guard unit.kind == .frame else { return unit.onboardTime?.nanoseconds }
        guard rebuilder?.push(unit, octets) ?? false else { return nil }
        var time: Int64?
        _ = rebuilder?.deliver(onboardTime) { packet, _ in
            time = time ?? packet.onboardTime?.nanoseconds
            return .next
        }
        return time
    }
}

extension ArchiveReader {
    /// Reads what an item stands for.
    func read(_ item: MergeItem) throws(ArchiveError) -> (units: [ArchiveUnit], octets: [UInt8]) {
        let chunk = try Chunk(item.entry, from: members(of: item.entry))
        let extra = item.skipped - item.entry.skippedUnits
        guard extra > 0 else { return (chunk.units, chunk.octets) }
        let length = chunk.units.prefix(extra).reduce(0) { $0 + $1.length }
        return (Array(chunk.units.dropFirst(extra)), Array(chunk.octets.dropFirst(length)))
    }
}

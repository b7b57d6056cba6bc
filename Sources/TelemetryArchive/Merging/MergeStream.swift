/// A chunk, or a group of a journal, that waits to be merged.
struct MergeItem: Hashable {
    /// Which archive it is in.
    let input: Int
    let entry: ChunkEntry
    /// Units at its start that a part before it has already.
    var skipped = 0
    /// The times between which its units lie, or that of what lies before it.
    var least = Int64.min
    var greatest = Int64.min
    /// The same chunk in an archive named before, behind which what follows this one stays.
    var copyOf: Place?

    /// Which item of which stream.
    struct Place: Hashable {
        let stream: Int
        let index: Int
    }

    /// Whether it can be taken over as it is.
    var isWhole: Bool { entry.journal == 0 && skipped == 0 }
}

/// What one archive, with all its parts that were given, has to be merged, in its own order.
struct MergeStream {
    private(set) var items: [MergeItem] = []
    private(set) var position = 0

    /// The next item, if there is one.
    var head: MergeItem? { position < items.count ? items[position] : nil }

    /// Adds the chunks of a part, without units that a part before it has.
    ///
    /// - Parameters:
    ///   - chunks: The chunks.
    ///   - input: Which archive has them.
    ///   - clock: The clock by which units are put in order, or `nil` if there is none.
    mutating func append(_ chunks: [ChunkEntry], of input: Int, by clock: ArchiveClock?) {
        for entry in chunks {
            let covered = items.last.map { $0.entry.ordinals.upperBound } ?? 0
            guard entry.ordinals.upperBound > covered else { continue }
            var item = MergeItem(input: input, entry: entry)
            item.skipped = Int(clamping: Int64(covered) - Int64(entry.firstOrdinal))
            item.skipped = max(item.skipped, entry.skippedUnits)
            let span = clock.map { $0 == .reception ? entry.reception : entry.onboard } ?? TimeSpan()
            let before = items.last?.greatest ?? Int64.min
            item.least = span.isKnown ? span.least : before
            item.greatest = span.isKnown ? span.greatest : before
            items.append(item)
        }
    }

    /// Says that an item is a copy of another one.
    mutating func mark(_ index: Int, asCopyOf place: MergeItem.Place) { items[index].copyOf = place }

    mutating func advance() { position += 1 }
}

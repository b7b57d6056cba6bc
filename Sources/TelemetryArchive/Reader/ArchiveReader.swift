/// How an archive ends.
public enum ArchiveEnd: Sendable, Hashable {
    /// With a seal: everything that was written is there.
    case sealed
    /// After a whole member, without a seal: it is still being written, or its writer stopped.
    case open
    /// Inside the member that begins at this offset.
    case cutShort(offset: Int64)
}

/// Reads an archive, sealed or still growing, and opens it in one of two ways.
///
/// A sealed one by its end: the seal points to the last index, and each index to the one before. Any other by hopping
/// from header to header from the start, over damage to the next member that holds. Either way only headers are read,
/// and only one chunk is ever in memory. Nothing is given out before its checksums were found right.
///
/// Of an archive that grows, or whose writer stopped, the journals beside it have the newest units. No lock is needed:
/// look for the journals first and open the archive then, so that a unit that leaves a journal meanwhile is found in it.
public struct ArchiveReader<Source: ArchiveSource> {
    /// Where the archive is read from.
    public let source: Source
    /// What the archive says of itself.
    public let metadata: ArchiveMetadata
    /// How it ends.
    public let end: ArchiveEnd
    /// What was found damaged while opening; chunks are checked only when read.
    public let damage: [ArchiveDamage]
    /// How many members were seen.
    public let memberCount: Int64
    /// Units that only the journals have.
    public let journaled: ArchiveTotals
    /// Octets at the end of the journals that were never acknowledged.
    public let unacknowledged: Int64
    let chunks: [ChunkEntry]
    let journals: [Source]

    /// The octets in which an entry's place is.
    func members(of entry: ChunkEntry) -> MemberReader<Source> {
        MemberReader(source: entry.journal == 0 ? source : journals[entry.journal - 1])
    }

    /// How much can be read, as far as headers tell.
    public var totals: ArchiveTotals {
        var totals = ArchiveTotals()
        for chunk in chunks {
            totals.units += chunk.keptUnits
            totals.octets += chunk.keptOctets
        }
        return totals
    }

    /// Whether units are kept in columns, as far as the first chunk tells.
    public var hasPackedChunks: Bool {
        guard let first = chunks.first,
            case .member(let header)? = try? members(of: first).find(at: Int64(first.offset))
        else { return false }
        return header.kind == .packed
    }

    /// Opens an archive.
    ///
    /// - Parameters:
    ///   - source: The octets of the archive.
    ///   - journals: The octets of the journals that lie beside it, in any order.
    /// - Throws: `.notAnArchive` if it does not begin like one, `.cutShort` if it ends before anything can be read,
    ///   `.unsupportedVersion` for a later format, `.damaged` if what it keeps cannot be told.
    public init(_ source: Source, journals: [Source] = []) throws(ArchiveError) {
        self.source = source
        self.journals = journals
        let opening: ArchiveOpening
        if let found = try ArchiveOpening.byFooter(MemberReader(source: source)) {
            opening = found
        } else {
            opening = try ArchiveOpening.byHopping(MemberReader(source: source))
        }
        memberCount = opening.memberCount
        var held = opening.chunks
        let members = MemberReader(source: source)
        let known = opening.metadata
        let repeated =
            opening.isMetadataLost
            ? try members.metadata(repeatedIn: journals, behind: held, content: known.content) : nil
        metadata = repeated ?? known
        let tail = try JournalTail(behind: &held, members, metadata: metadata, journals: journals)
        let isSealed = opening.end == .sealed && tail.groups.isEmpty
        end = isSealed || !tail.isPresent ? opening.end : .open
        damage = isSealed ? opening.damage : tail.told(opening.damage, behind: held)
        journaled = tail.totals
        unacknowledged = tail.unfinished
        chunks = held + tail.groups
    }

    /// Visits units in the order in which they were written.
    ///
    /// - Parameters:
    ///   - selection: Which units.
    ///   - onDamage: Called for each chunk that is damaged, which is then left out. Without it the damage is thrown.
    ///   - body: Takes each unit and its octets.
    /// - Throws: `.damaged` at the first chunk that does not hold, or a failure of the source.
    public func forEachUnit(
        _ selection: ArchiveSelection = ArchiveSelection(),
        onDamage: ((ArchiveDamage) -> Void)? = nil,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) {
        var visit = ArchiveVisit(of: self, selection)
        while let index = visit.next() {
            let reading = try read(index, for: selection)
            if try visit.take(reading, onDamage: onDamage, body) == .stop { return }
        }
    }

    /// Whether units of the archive's own kind behind a key may be wanted.
    func mayHold(_ key: IndexKey, _ selection: ArchiveSelection) -> Bool {
        key.isPackets == (metadata.content == .packets) && selection.mayMatch(key)
    }

    /// How many chunks there are, groups of the journals among them.
    package var chunkCount: Int { chunks.count }

    /// What is needed to read chunks, for tasks that read ahead.
    ///
    /// - Parameters:
    ///   - selection: The units that are wanted of them at least.
    ///   - onlyOctets: Whether nothing needs to be known of the units of a chunk that is wanted whole.
    /// - Returns: The shelf.
    package func shelf(
        for selection: ArchiveSelection = ArchiveSelection(),
        onlyOctets: Bool = false
    ) -> ChunkShelf<Source> {
        ChunkShelf(
            source: source,
            journals: journals,
            chunks: chunks,
            selection: selection,
            content: metadata.content,
            onlyOctets: onlyOctets
        )
    }

    /// Reads a chunk and checks it; see ``ChunkShelf/read(_:)``.
    package func read(_ index: Int, for selection: ArchiveSelection) throws(ArchiveError) -> ChunkReading {
        try shelf(for: selection).read(index)
    }

    /// Reads a chunk, or reports its damage.
    func load(_ entry: ChunkEntry, onDamage: ((ArchiveDamage) -> Void)?) throws(ArchiveError) -> Chunk? {
        try shelf().read(entry).chunk(onDamage: onDamage)
    }
}

/// Where the chunks of an archive are, for whichever task reads them.
package struct ChunkShelf<Source: ArchiveSource> {
    fileprivate let source: Source
    fileprivate let journals: [Source]
    fileprivate let chunks: [ChunkEntry]
    /// The units that are enough.
    fileprivate let selection: ArchiveSelection
    fileprivate let content: ArchiveContent
    fileprivate let onlyOctets: Bool

    /// Reads a chunk and checks it.
    ///
    /// - Parameter index: Which, from 0.
    /// - Returns: The chunk or its damage.
    /// - Throws: A failure of the source.
    package func read(_ index: Int) throws(ArchiveError) -> ChunkReading { try read(chunks[index]) }

    fileprivate func read(_ entry: ChunkEntry) throws(ArchiveError) -> ChunkReading {
        let members = MemberReader(source: entry.journal == 0 ? source : journals[entry.journal - 1])
        do throws(ArchiveError) {
            return ChunkReading(
                .whole(
                    try Chunk(entry, from: members, selection: selection, content: content, onlyOctets: onlyOctets)
                )
            )
        } catch {
            guard case .damaged(let damage) = error else { throw error }
            return ChunkReading(.damaged(damage))
        }
    }
}

extension ChunkShelf: Sendable where Source: Sendable {}

/// What came of reading a chunk.
package struct ChunkReading: Sendable {
    enum Outcome {
        case whole(Chunk)
        case damaged(ArchiveDamage)
    }

    private let outcome: Outcome

    init(_ outcome: Outcome) { self.outcome = outcome }

    /// The chunk, if it is whole.
    ///
    /// - Parameter onDamage: Takes its damage, which is thrown otherwise.
    /// - Returns: The chunk.
    /// - Throws: `.damaged`.
    func chunk(onDamage: ((ArchiveDamage) -> Void)?) throws(ArchiveError) -> Chunk? {
        switch outcome {
        case .whole(let chunk): return chunk
        case .damaged(let damage):
            guard let onDamage else { throw .damaged(damage) }
            onDamage(damage)
            return nil
        }
    }

    /// Visits all of its units.
    ///
    /// - Parameter body: Takes each unit and its octets.
    /// - Throws: `.damaged`.
    package func forEachUnit(_ body: (ArchiveUnit, Span<UInt8>) -> Void) throws(ArchiveError) {
        _ = try chunk(onDamage: nil)?.forEachUnit { unit, octets in
            body(unit, octets)
            return .next
        }
    }
}

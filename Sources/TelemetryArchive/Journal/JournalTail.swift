/// What journals add to the chunks of a part: the units that no chunk holds yet.
struct JournalTail {
    /// Groups of units behind the last chunk, in order, each with the number of its journal from 1 on.
    private(set) var groups: [ChunkEntry] = []
    /// Units in them that no chunk has.
    private(set) var totals = ArchiveTotals()
    /// Ordinals between what the part has and what the journals have.
    private(set) var missing: [Range<UInt64>] = []
    /// Whether there is a journal of this archive at all: then a torn end of the part is nothing unusual.
    private(set) var isPresent = false
    /// Units that were safe in chunks when the newest journal was begun; members behind theirs may be torn.
    private(set) var base: UInt64 = 0
    /// Octets at the journals' ends that are no whole group and were never acknowledged.
    private(set) var unfinished: Int64 = 0

    init() {}

    /// Joins journals to a part.
    ///
    /// - Parameters:
    ///   - chunks: The part's chunks; the last ones go if they do not hold and the journals have their units.
    ///   - members: The part.
    ///   - metadata: What the part is about.
    ///   - journals: All journals that lie beside it.
    /// - Throws: A failure of a source.
    init<Source>(
        behind chunks: inout [ChunkEntry],
        _ members: MemberReader<Source>,
        metadata: ArchiveMetadata,
        journals: [Source]
    ) throws(ArchiveError) {
        let found = try gather(metadata, journals)
        guard let first = found.first?.firstOrdinal else { return }
        try JournalTail.dropTorn(&chunks, members, from: first)
        try join(found, behind: chunks.last?.ordinals.upperBound, journals)
    }

    /// Finds what journals have from an ordinal on.
    ///
    /// - Parameters:
    ///   - next: The ordinal of the first unit that is wanted.
    ///   - metadata: What the archive is about.
    ///   - journals: The journals.
    /// - Throws: A failure of a source.
    init<Source: ArchiveSource>(
        behind next: UInt64,
        metadata: ArchiveMetadata,
        journals: [Source]
    ) throws(ArchiveError) {
        try join(try gather(metadata, journals), behind: next, journals)
    }

    /// The groups of all journals that belong to an archive, in order.
    private mutating func gather<Source: ArchiveSource>(
        _ metadata: ArchiveMetadata,
        _ journals: [Source]
    ) throws(ArchiveError) -> [ChunkEntry] {
        var found: [ChunkEntry] = []
        for (index, source) in journals.enumerated() {
            let contents = try JournalContents(MemberReader(source: source))
            guard contents.belongs(to: metadata) else { continue }
            isPresent = true
            unfinished += contents.tail
            base = max(base, contents.base ?? 0)
            for var group in contents.groups {
                group.journal = index + 1
                found.append(group)
            }
        }
        return found.sorted { ($0.firstOrdinal, $0.journal) < ($1.firstOrdinal, $1.journal) }
    }

    private mutating func join<Source: ArchiveSource>(
        _ found: [ChunkEntry],
        behind start: UInt64?,
        _ journals: [Source]
    ) throws(ArchiveError) {
        var next = start
        for var group in found where group.ordinals.upperBound > next ?? 0 {
            let due = next ?? group.firstOrdinal
            if group.firstOrdinal > due { missing.append(due..<group.firstOrdinal) }
            if group.firstOrdinal < due {
                let reader = MemberReader(source: journals[group.journal - 1])
                let units = try Chunk(group, from: reader).units
                group.skippedUnits = Int(due - group.firstOrdinal)
                group.skippedOctets = units.prefix(group.skippedUnits).reduce(0) { $0 + $1.length }
            }
            groups.append(group)
            totals.units += group.keptUnits
            totals.octets += group.keptOctets
            next = group.ordinals.upperBound
        }
    }

    /// Takes chunks off the end that were being written when the power went.
    private static func dropTorn<Source>(
        _ chunks: inout [ChunkEntry],
        _ members: MemberReader<Source>,
        from first: UInt64
    ) throws(ArchiveError) {
        while let last = chunks.last, last.firstOrdinal >= first {
            do throws(ArchiveError) {
                _ = try Chunk(last, from: members)
                return
            } catch {
                guard case .damaged = error else { throw error }
                chunks.removeLast()
            }
        }
    }

    /// Whether a damage is only the end of a part that was being written: it lies behind all that was safe.
    func explains(_ damage: ArchiveDamage, behind chunks: [ChunkEntry]) -> Bool {
        let safe = chunks.last { $0.ordinals.upperBound <= base }
        return isPresent && damage.offset >= safe.map { Int64($0.offset + $0.size) } ?? 0
    }

    /// The holes as damage.
    func holes(behind chunks: [ChunkEntry]) -> [ArchiveDamage] {
        missing.map { range in
            ArchiveDamage(
                offset: chunks.last.map { Int64($0.offset + $0.size) } ?? 0,
                length: 0,
                sequence: (chunks.last?.sequence ?? 0) + 1,
                part: .sequence,
                detail: "units \(range.lowerBound) to \(range.upperBound - 1) are neither here nor in the journal"
            )
        }
    }
}

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
        // A part of which no chunk is left begins where its first member says.
        let begin = chunks.isEmpty ? try members.firstHeader()?.firstOrdinal : nil
        try join(found, behind: chunks.last?.ordinals.upperBound ?? begin, journals)
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

    /// What of the damage of a part is to be told.
    ///
    /// Behind all that was safe a part may end torn, if the journals have what is missing there. If they have not, what does
    /// not hold there is the reason; and if all holds, the hole itself is told.
    ///
    /// - Parameters:
    ///   - damage: Everything that does not hold.
    ///   - chunks: The chunks that are left.
    /// - Returns: What is no torn end, and the holes.
    func told(_ damage: [ArchiveDamage], behind chunks: [ChunkEntry]) -> [ArchiveDamage] {
        guard isPresent else { return damage }
        let end = chunks.last { $0.firstOrdinal < base }.map { Int64($0.offset + $0.size) } ?? 0
        let firm = damage.filter { $0.offset < end }
        guard !missing.isEmpty else { return firm }
        return firm.count < damage.count ? damage : damage + holes(behind: chunks)
    }

    /// The holes as damage.
    private func holes(behind chunks: [ChunkEntry]) -> [ArchiveDamage] {
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

extension MemberReader {
    /// The first header that holds, if one does.
    func firstHeader() throws(ArchiveError) -> MemberHeader? {
        if case .member(let header) = try find(at: 0) { return header }
        guard let next = try nextMember(from: 1, sequence: 0, within: 1 << 20),
            case .member(let header) = try find(at: next)
        else { return nil }
        return header
    }

    /// What an archive is about whose own metadata do not hold, as a journal beside it repeats them.
    ///
    /// A journal of another archive is not believed: this one begins where a chunk ends, and keeps the same.
    ///
    /// - Parameters:
    ///   - journals: The journals that lie beside the archive.
    ///   - chunks: The chunks of the archive.
    ///   - content: What they keep.
    /// - Returns: The metadata, or `nil` if no journal fits.
    /// - Throws: A failure of a source.
    func metadata(
        repeatedIn journals: [Source],
        behind chunks: [ChunkEntry],
        content: ArchiveContent
    ) throws(ArchiveError) -> ArchiveMetadata? {
        for journal in journals {
            let contents = try JournalContents(MemberReader(source: journal))
            guard let metadata = contents.metadata, let base = contents.base, metadata.content == content,
                chunks.contains(where: { $0.ordinals.upperBound == base })
            else { continue }
            return metadata
        }
        return nil
    }
}

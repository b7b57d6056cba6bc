/// What the last writer of a live archive left, found from the octets alone.
struct RecoveredArchive<Folder: ArchiveFolder> {
    /// The part to go on with: the last one whose metadata are there.
    let part: PartName
    let state: SegmentState
    /// Units and octets in the chunks of all parts.
    let totals: ArchiveTotals
    /// The names of all journals, whose units are in memory once they are replayed.
    let journalNames: [String]
    /// The number of the next journal of the part.
    let nextJournal: UInt64
    private let journals: [Folder.Source]
    private let tail: JournalTail
    private let size: Int64

    /// Looks at a folder.
    ///
    /// - Parameters:
    ///   - name: The name of the archive's first part.
    ///   - folder: Where it is.
    /// - Throws: `.notAnArchive` if there is none of that name that can be gone on with, or a failure of the folder.
    init(_ name: String, in folder: Folder) throws(ArchiveError) {
        let names = try folder.names()
        let parts = PartName.parts(of: name, among: names)
        guard let first = parts.first else {
            throw .storage(operation: "open it", reason: "there is no archive of that name")
        }
        var found: (part: PartName, state: SegmentState, size: Int64)?
        var empty: [PartName] = []
        for part in parts.reversed() {
            let source = try folder.source(part.file)
            if let state = try SegmentState.find(MemberReader(source: source)) {
                found = (part, state, source.size)
                break
            }
            try MemberReader(source: source).requireNothing()
            // A part that was begun when the power went holds nothing; the one before goes on.
            empty.append(part)
        }
        guard let found else {
            try ArchiveOpening.requireArchive(MemberReader(source: try folder.source(first.file)))
            throw .cutShort(offset: 0, readableUnits: 0)
        }
        for part in empty { try folder.remove(part.file) }
        part = found.part
        state = found.state
        size = found.size
        totals = ArchiveTotals(
            units: Int64(clamping: found.state.nextOrdinal),
            octets: found.state.totals.octets + (found.state.metadata.octetsBefore ?? 0)
        )
        // Also of a part whose own name did not survive: the next part of that number begins with its own.
        journalNames = PartName.journals(of: name, among: names)
        var journals: [Folder.Source] = []
        for name in journalNames { journals.append(try folder.source(name)) }
        self.journals = journals
        tail = try JournalTail(
            behind: found.state.nextOrdinal,
            metadata: found.state.metadata,
            journals: journals
        )
        let numbers = names.compactMap { found.part.journalNumber($0) }
        nextJournal = (numbers.max() ?? 0) + (numbers.isEmpty ? 0 : 1)
    }

    /// Opens the part for writing, its torn end cut off for good.
    func open(_ folder: Folder, isDurable: Bool) throws(ArchiveError) -> ArchiveFileHandle {
        let length = Int64(state.chain.offset)
        let file = try folder.open(part.file, keeping: length)
        if length < size, isDurable { try folder.synchronize(file) }
        return file
    }

    /// Visits the units of all journals that no chunk holds, in order, each once.
    func replay(
        _ body: (ArchiveUnit, Span<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        for group in tail.groups {
            let chunk = try Chunk(group, from: MemberReader(source: journals[group.journal - 1]))
            var start = 0
            for unit in chunk.units {
                try body(unit, chunk.octets.span.extracting(start..<(start + unit.length)))
                start += unit.length
            }
        }
    }
}

extension MemberReader {
    /// Refuses a part without metadata, unless it can only be one that was just begun: its units would be lost.
    fileprivate func requireNothing() throws(ArchiveError) {
        var place = ArchiveDamage(offset: 0, length: source.size, sequence: 0, part: .metadata, detail: "")
        var holdsUnits = source.size > Int64(2 * MemberHeader.maximumLength)
        var walk = MemberWalk(self)
        while !holdsUnits, let event = try walk.next() {
            guard case .member(let header, let offset) = event, header.kind.holdsUnits else { continue }
            holdsUnits = true
            place.length = offset
        }
        guard holdsUnits else { return }
        throw .damaged(place.with(.metadata, "no metadata hold; repair the archive before more is added"))
    }
}

extension JournalContents {
    /// Whether a journal is one of an archive, and not of another that had the same name.
    func belongs(to metadata: ArchiveMetadata) -> Bool {
        guard let own = self.metadata else { return !groups.isEmpty }
        return own.identity == metadata.identity && own.content == metadata.content
    }
}

/// The new archive of a merge: units and whole chunks go in, in the order in which they stay.
struct MergeOutput<Storage: ArchiveStorage & ~Copyable>: ~Copyable {
    private var writer: ArchiveWriter<Storage>
    /// Finds packets in frames; `nil` in archives of packets, and where no link is known.
    private var notes: PacketNotes?
    private let content: ArchiveContent

    init(_ writer: consuming ArchiveWriter<Storage>, content: ArchiveContent, notes: PacketNotes?) {
        self.writer = writer
        self.content = content
        self.notes = notes
    }

    /// What is in the archive.
    var totals: ArchiveTotals { writer.appended }

    /// Writes a unit.
    mutating func append(_ unit: ArchiveUnit, octets: Span<UInt8>) throws(ArchiveError) {
        var unit = unit
        unit.ordinal = writer.appended.units
        let found = content == .packets ? [] : notes?.push(unit, octets)
        try writer.append(kept: unit, octets: octets, notes: found)
    }

    /// Writes a piece of raw input.
    mutating func append(input octets: Span<UInt8>, at offset: Int64) throws(ArchiveError) {
        try writer.append(input: octets, at: offset)
    }

    /// Takes a chunk over as it is.
    ///
    /// Its keys in the index are those that it had, if packets are kept. Frames are read again, because with the frames
    /// before them other packets may become complete than in the archive from which they come.
    ///
    /// - Parameters:
    ///   - item: The chunk.
    ///   - reader: The archive that has it.
    /// - Throws: `.damaged` or a failure of either storage.
    mutating func adopt<Source>(_ item: MergeItem, from reader: ArchiveReader<Source>) throws(ArchiveError) {
        var adopted = try AdoptedChunk(item.entry, from: reader.members(of: item.entry))
        let first = UInt64(writer.appended.units)
        if content == .packets, adopted.keys != nil {
            adopted.moveKeys(by: first &- item.entry.firstOrdinal)
        } else if content == .packets || notes != nil {
            try list(item, from: reader, at: first, in: &adopted)
        } else {
            adopted.keys = nil
        }
        try writer.adopt(adopted)
    }

    /// Finds out what is in a chunk.
    private mutating func list<Source>(
        _ item: MergeItem,
        from reader: ArchiveReader<Source>,
        at first: UInt64,
        in adopted: inout AdoptedChunk
    ) throws(ArchiveError) {
        let chunk = try reader.read(item)
        var gathered = OpenChunk(firstOrdinal: first)
        var start = 0
        for var unit in chunk.units {
            let octets = chunk.octets.span.extracting(start..<(start + unit.length))
            start += unit.length
            unit.ordinal = Int64(gathered.nextOrdinal)
            gathered.append(unit, octets: Span())
            for note in notes?.push(unit, octets) ?? [] { gathered.note(note.packet, needed: note.needed) }
        }
        adopted.keys = gathered.indexKeys
        adopted.onboard = gathered.onboard
    }

    /// Takes a piece of raw input over as it is.
    mutating func adopt(_ piece: AdoptedPiece, at offset: Int64) throws(ArchiveError) {
        try writer.adopt(piece, at: offset)
    }

    /// Writes metadata that replaces what was said before.
    mutating func write(metadata: ArchiveMetadata) throws(ArchiveError) { try writer.write(metadata: metadata) }

    /// Seals the archive and gives its storage back.
    ///
    /// - Returns: What is in it, and the storage.
    consuming func finish() throws(ArchiveError) -> Storage {
        try writer.finish()
        return writer.takeStorage()
    }
}

/// Packing that others do; see ``ArchiveWriter/packElsewhere()``.
extension MergeOutput where Storage: ~Copyable {
    mutating func packElsewhere() { writer.packElsewhere() }

    mutating func cut() { writer.cut() }

    mutating func takeJobs() -> [ChunkJob] { writer.takeJobs() }

    mutating func append(_ packed: PackedChunk) throws(ArchiveError) { try writer.append(packed) }
}

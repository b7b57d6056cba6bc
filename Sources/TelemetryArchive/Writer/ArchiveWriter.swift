public import SpaceLink

/// Writes an archive: units in, whole gzip members out, nothing ever changed once written.
///
/// ```swift
/// var writer = try ArchiveWriter(storage, metadata: ArchiveMetadata(content: .packets, creator: "me"))
/// try writer.append(packet: record, onboardTime: time, octets: packet)
/// try writer.finish()
/// ```
/// Units gather in a chunk; when the chunk is full it goes to the storage in one piece, which is then synchronised,
/// and ``committed`` moves on. ``flush()`` does so at once. Every ``ArchiveSettings/chunksPerIndex`` chunks an index
/// follows, and ``finish()`` writes the last index and the seal. An archive without them can still be read.
///
/// An archive of frames is also told of each packet that becomes complete, by ``note(packet:onboardTime:length:)``
/// just after the frame with which it did, so that the index knows where packets are.
///
/// Packing is nearly all of the work and can be done by others: after ``packElsewhere()`` full chunks wait for
/// ``takeJobs()``, a ``ChunkLane`` packs each, and ``append(_:)`` takes them back in their order. So there are no tasks in
/// here, and yet as many as whoever writes wants.
///
/// If the storage fails, what is on it is unknown: the error is thrown, and every later call throws `.writerFailed`.
public struct ArchiveWriter<Storage: ArchiveStorage & ~Copyable>: ~Copyable {
    private enum State {
        case open
        case failed(String)
        case finished
    }

    /// Where the archive grows.
    public private(set) var storage: Storage
    /// What is on the storage and synchronised.
    public private(set) var committed = ArchiveTotals()
    /// What was appended, committed or not.
    public private(set) var appended = ArchiveTotals()

    /// What gathers for the next chunk.
    private(set) var chunk: OpenChunk

    private let content: ArchiveContent
    private let settings: ArchiveSettings
    private var state = State.open
    private var lane: ChunkLane
    /// Full chunks that wait to be packed elsewhere; `nil` if they are packed here.
    private var waiting: [ChunkJob]?
    /// Chunks that were stored, whose memory serves the next ones.
    private var spent: [OpenChunk] = []
    /// Chunks that were cut so far, packed or not.
    private var cutCount = 0
    /// Chunks that were stored by this writer.
    private var storedCount = 0
    /// The ordinal behind the last unit that a chunk holds.
    private var storedOrdinal: UInt64
    private(set) var chain = MemberChain()
    private(set) var frames = FrameOrdinals()
    private var unindexed: [ChunkEntry] = []
    private var lastIndex: UInt64 = 0
    private var metadataOffset: UInt64 = 0
    private var chunkCount: UInt64 = 0

    /// Begins an archive: the text for finders and the metadata are written and synchronised at once.
    ///
    /// - Parameters:
    ///   - storage: An empty place.
    ///   - metadata: What the archive is about.
    ///   - settings: How it is written.
    /// - Throws: `.limit` for settings that cannot be, `.storage` if the storage fails.
    public init(
        _ storage: consuming Storage,
        metadata: ArchiveMetadata,
        settings: ArchiveSettings = ArchiveSettings()
    ) throws(ArchiveError) {
        try self.init(storage, metadata: metadata, settings: settings, gathered: OpenChunk(firstOrdinal: 0))
    }

    /// Begins a part that goes on where another one stopped.
    ///
    /// - Parameters:
    ///   - storage: An empty place.
    ///   - metadata: What the archive is about.
    ///   - settings: How it is written.
    ///   - gathered: Units that no chunk holds yet.
    ///   - frames: What is known of frames before.
    /// - Throws: As ``init(_:metadata:settings:)``.
    init(
        _ storage: consuming Storage,
        metadata: ArchiveMetadata,
        settings: ArchiveSettings,
        gathered: OpenChunk,
        frames: FrameOrdinals = FrameOrdinals()
    ) throws(ArchiveError) {
        lane = ChunkLane(content: metadata.content, settings: settings)
        self.storage = storage
        self.settings = settings
        self.frames = frames
        storedOrdinal = gathered.firstOrdinal
        content = metadata.content
        chunk = gathered
        appended.units = Int64(gathered.units.count)
        appended.octets = Int64(gathered.octets.count)
        guard (1...ArchiveLimit.unitLength).contains(settings.chunkSize) else {
            throw .limit(
                what: "chunk size",
                value: Int64(settings.chunkSize),
                limit: Int64(ArchiveLimit.unitLength)
            )
        }
        try write(kind: .readme, subfields: [Subfield(id: Readme.id, octets: Array(Readme.text.utf8))])
        try write(metadata)
    }

    /// Goes on with an archive at its end.
    ///
    /// - Parameters:
    ///   - storage: Where the archive ends.
    ///   - state: What is known of it.
    ///   - settings: How it is written.
    init(_ storage: consuming Storage, resuming state: SegmentState, settings: ArchiveSettings) {
        lane = ChunkLane(content: state.metadata.content, settings: settings)
        self.storage = storage
        self.settings = settings
        storedOrdinal = state.nextOrdinal
        content = state.metadata.content
        chunk = OpenChunk(firstOrdinal: state.nextOrdinal)
        // The packets that end in the first chunk may begin before it, which this writer has not seen.
        if content == .frames { chunk.leaveOutOfIndex() }
        chain = state.chain
        committed = state.totals
        appended = state.totals
        unindexed = state.unindexed
        lastIndex = state.lastIndex
        metadataOffset = state.metadataOffset
        chunkCount = state.chunkCount
    }

    /// Writes metadata that replaces what was said before, for what is known only at the end.
    public mutating func write(metadata: ArchiveMetadata) throws(ArchiveError) {
        try requireOpen()
        guard metadata.content == content else { throw .wrongContent(expected: content) }
        try closeChunk()
        try storeWaiting()
        try write(metadata)
    }

    private mutating func write(_ metadata: ArchiveMetadata) throws(ArchiveError) {
        let offset = chain.offset
        try write(kind: .metadata, subfields: [Subfield(id: "PM", octets: metadata.encode())])
        metadataOffset = offset
        try synchronize()
    }

    /// Keeps a frame.
    ///
    /// - Parameters:
    ///   - frame: What the link decoder says of it.
    ///   - receptionTime: When it was received, if known.
    ///   - octets: The whole frame after correction.
    /// - Throws: `.wrongContent` in an archive of packets, `.limit` for a frame beyond 8 MiB, or a storage's failure.
    public mutating func append(
        frame: FrameRecord,
        receptionTime: TAITime? = nil,
        octets: Span<UInt8>
    ) throws(ArchiveError) {
        guard content == .frames else { throw .wrongContent(expected: content) }
        let unit = ArchiveUnit(frame: frame, length: octets.count, receptionTime: receptionTime)
        try append(unit, octets: octets)
        frames.append(frame, ordinal: chunk.nextOrdinal - 1)
    }

    /// Keeps a packet.
    ///
    /// - Parameters:
    ///   - packet: What the link decoder says of it.
    ///   - onboardTime: The time that it tells, if it does.
    ///   - receptionTime: When it was received, if known.
    ///   - octets: The whole packet.
    /// - Throws: `.wrongContent` in an archive of frames, `.limit` for a packet beyond 8 MiB, or a storage's failure.
    public mutating func append(
        packet: PacketRecord,
        onboardTime: TAITime?,
        receptionTime: TAITime? = nil,
        octets: Span<UInt8>
    ) throws(ArchiveError) {
        guard content == .packets else { throw .wrongContent(expected: content) }
        try append(
            ArchiveUnit(
                packet: packet,
                length: octets.count,
                onboardTime: onboardTime,
                receptionTime: receptionTime
            ),
            octets: octets
        )
    }

    /// Tells an archive of frames that a packet became complete with the frame appended last.
    ///
    /// - Parameters:
    ///   - packet: What the link decoder says of it; its frames' indices are those of frames appended before.
    ///   - onboardTime: The time that it tells, if it does.
    ///   - length: Its octets.
    /// - Throws: `.wrongContent` in an archive of packets.
    public mutating func note(packet: PacketRecord, onboardTime: TAITime?, length: Int) throws(ArchiveError) {
        try requireOpen()
        guard content == .frames else { throw .wrongContent(expected: content) }
        let unit = ArchiveUnit(packet: packet, length: length, onboardTime: onboardTime)
        chunk.note(unit, needed: frames.needed(for: unit))
    }

    /// Writes what has gathered and returns when it is safe.
    public mutating func flush() throws(ArchiveError) {
        try requireOpen()
        try closeChunk()
        try storeWaiting()
    }

    /// Ends writing and gives the storage back.
    ///
    /// - Returns: The storage, with everything that was written.
    public consuming func takeStorage() -> Storage { storage }

    /// Writes what has gathered, the last index and the seal, and returns when they are safe.
    public mutating func finish() throws(ArchiveError) {
        try requireOpen()
        try closeChunk()
        try storeWaiting()
        try writeIndex()
        try synchronize()  // a seal says that all before it is safe, so it cannot come first
        let seal = SealRecord(
            offset: chain.offset,
            lastIndex: lastIndex,
            metadata: metadataOffset,
            members: chain.sequence + 1,
            chunks: chunkCount,
            units: UInt64(appended.units),
            octets: UInt64(appended.octets),
            root: chain.previous
        )
        try write(kind: .seal, subfields: [Subfield(id: SealRecord.id, octets: seal.encode())])
        try synchronize()
        state = .finished
    }

    /// Whether the next unit begins another chunk.
    var isChunkFull: Bool { chunk.octets.count >= settings.chunkSize || chunk.units.count >= ArchiveLimit.unitCount }

    /// Keeps a unit that was kept before, as a journal has it.
    ///
    /// - Parameters:
    ///   - unit: What is known of it; its ordinal is not before the next one.
    ///   - octets: Its octets.
    /// - Throws: A storage's failure.
    mutating func replay(_ unit: ArchiveUnit, octets: Span<UInt8>) throws(ArchiveError) {
        guard unit.ordinal >= 0, unit.ordinal >= Int64(clamping: chunk.nextOrdinal) else { return }
        if UInt64(unit.ordinal) > chunk.nextOrdinal {  // units between are lost; their numbers are not used again
            try closeChunk()
            chunk.restart(firstOrdinal: UInt64(unit.ordinal))
        }
        try append(unit, octets: octets)
        chunk.leaveOutOfIndex()  // packets were not noted with it
    }

    /// Keeps a unit of another archive, behind those that are there.
    ///
    /// - Parameters:
    ///   - unit: What is known of it; its ordinal is the next one.
    ///   - octets: Its octets.
    ///   - notes: The packets that become complete with it, or `nil` if a frame's are not known.
    /// - Throws: A storage's failure.
    mutating func append(
        kept unit: ArchiveUnit,
        octets: Span<UInt8>,
        notes: [PacketNote]? = []
    ) throws(ArchiveError) {
        try append(unit, octets: octets)
        for note in notes ?? [] { chunk.note(note.packet, needed: note.needed) }
        if notes == nil { chunk.leaveOutOfIndex() }
    }

    /// Takes a chunk of another archive over: its deflate stream and its table of units stay as they are.
    ///
    /// - Parameter adopted: The chunk; its keys are for the ordinals that it gets here.
    /// - Throws: A storage's failure.
    mutating func adopt(_ adopted: AdoptedChunk) throws(ArchiveError) {
        try flush()
        let tables = adopted.tables(at: chain.offset)
        for table in tables.dropLast() {
            try write(kind: .metadata, subfields: [Subfield(id: UnitTablePart.id, octets: table)])
        }
        let header = adopted.header(chain.header(kind: adopted.kind, firstOrdinal: chunk.firstOrdinal), tables)
        var entry = ChunkEntry(header, offset: chain.offset)
        entry.keys = adopted.keys
        try store(try header.encode() + adopted.body)
        try synchronize()
        unindexed.append(entry)
        chunkCount += 1
        appended.units += Int64(header.unitCount)
        appended.octets += Int64(header.rawSize)
        committed = appended
        storedOrdinal = entry.ordinals.upperBound
        chunk.restart(firstOrdinal: storedOrdinal)
        try writeIndexIfDue()
    }

    /// Keeps a piece of the raw input beside the units that came of it.
    ///
    /// - Parameters:
    ///   - octets: At most 1 MiB of the input, as it was.
    ///   - offset: How many octets of it were kept before.
    /// - Throws: `.limit` for a longer piece, or a storage's failure.
    public mutating func append(input octets: Span<UInt8>, at offset: Int64) throws(ArchiveError) {
        try flush()
        let header = chain.header(kind: .input, firstOrdinal: chunk.firstOrdinal)
        try store(try InputPiece(offset: offset).member(header, octets, level: settings.level))
        try synchronize()
    }

    /// Takes a piece of the raw input of another archive over: its deflate stream stays as it is.
    mutating func adopt(_ piece: AdoptedPiece, at offset: Int64) throws(ArchiveError) {
        try flush()
        try store(piece.member(chain.header(kind: .input, firstOrdinal: chunk.firstOrdinal), at: offset))
        try synchronize()
    }

    private mutating func append(_ unit: ArchiveUnit, octets: Span<UInt8>) throws(ArchiveError) {
        try requireOpen()
        guard octets.count <= ArchiveLimit.unitLength else {
            throw .limit(what: "length of a unit", value: Int64(octets.count), limit: Int64(ArchiveLimit.unitLength))
        }
        // Only now, because packets may have been noted since the chunk became full.
        if isChunkFull { try closeChunk() }
        chunk.append(unit, octets: octets)
        appended.units += 1
        appended.octets += Int64(octets.count)
    }

    private mutating func requireOpen() throws(ArchiveError) {
        switch state {
        case .open: return
        case .failed(let reason): throw .writerFailed(reason: reason)
        case .finished: throw .writerFinished
        }
    }

    /// Ends the chunk that gathers: it is packed and stored, or waits.
    private mutating func closeChunk() throws(ArchiveError) {
        guard waiting == nil else { return cut() }
        guard !chunk.units.isEmpty else { return }
        try packAndStore(ChunkJob(number: cutCount, chunk: chunk))
        // Only now: if the storage failed, the units are still in the chunk. And before an index can fail.
        cutCount += 1
        chunk.restart(firstOrdinal: chunk.nextOrdinal)
        try writeIndexIfDue()
    }

    private mutating func packAndStore(_ job: ChunkJob) throws(ArchiveError) {
        let packed = try lane.pack(job)
        try store(packed)
    }

    /// Stores a chunk and all that belongs to it.
    private mutating func store(_ packed: PackedChunk) throws(ArchiveError) {
        storedOrdinal = packed.header.firstOrdinal
        let firstPart = chain.offset
        var parts = packed.table
        if parts.count > 1 { for index in parts.indices { parts[index].firstPart = firstPart } }
        for part in parts.dropLast() {
            try write(kind: .metadata, subfields: [Subfield(id: UnitTablePart.id, octets: part.encode())])
        }
        var header = packed.header
        header.sequence = chain.sequence
        header.previous = chain.previous
        header.subfields.insert(
            contentsOf: parts.suffix(1).map { Subfield(id: UnitTablePart.id, octets: $0.encode()) },
            at: 0
        )
        let member = try Member.encode(&header, packed.body)
        var entry = ChunkEntry(header, offset: chain.offset)
        entry.keys = packed.keys
        try store(member)
        try synchronize()
        unindexed.append(entry)
        chunkCount += 1
        storedCount += 1
        storedOrdinal = entry.ordinals.upperBound
        committed.units += Int64(header.unitCount)
        committed.octets += Int64(header.rawSize)
    }

    private mutating func writeIndexIfDue() throws(ArchiveError) {
        if unindexed.count >= settings.chunksPerIndex { try writeIndex() }
    }

    /// Writes index members for all chunks that no index holds yet, as many as their headers' room asks for.
    private mutating func writeIndex() throws(ArchiveError) {
        var count = unindexed.count
        while !unindexed.isEmpty {
            var chunks = Array(unindexed.prefix(count))
            var record = IndexRecord(offset: chain.offset, previous: lastIndex, chunks: chunks)
            var octets = try record.encode()
            if octets.count > 64_000 {
                guard count == 1 else {
                    count = (count + 1) / 2
                    continue
                }
                chunks[0].keys = nil  // more channels and APIDs than a header has room for: anything may be in it
                record.chunks = chunks
                octets = try record.encode()
            }
            let offset = chain.offset
            try write(kind: .index, subfields: [Subfield(id: IndexRecord.id, octets: octets)])
            lastIndex = offset
            unindexed.removeFirst(chunks.count)
            count = min(count, unindexed.count)
        }
    }

    /// Writes a member that has all it says in its header.
    private mutating func write(kind: MemberKind, subfields: [Subfield]) throws(ArchiveError) {
        var header = chain.header(kind: kind, firstOrdinal: storedOrdinal)
        header.subfields = subfields
        try store(try Member.encode(&header))
    }

    private mutating func store(_ member: [UInt8]) throws(ArchiveError) {
        do throws(ArchiveError) {
            try storage.append(member.span)
        } catch {
            state = .failed("\(error)")
            throw error
        }
        chain.advance(over: member)
    }

    private mutating func synchronize() throws(ArchiveError) {
        do throws(ArchiveError) {
            try storage.synchronize()
        } catch {
            state = .failed("\(error)")
            throw error
        }
    }
}

/// Packing that others do.
extension ArchiveWriter: ChunkOwner where Storage: ~Copyable {
    /// Lets full chunks wait for ``takeJobs()`` from now on, in place of packing them here.
    package mutating func packElsewhere() { if waiting == nil { waiting = [] } }

    /// Ends the chunk that gathers, though it is not full; it waits with the others.
    package mutating func cut() {
        guard !chunk.units.isEmpty else { return }
        waiting?.append(ChunkJob(number: cutCount, chunk: chunk))
        cutCount += 1
        var next = spent.popLast() ?? OpenChunk(firstOrdinal: 0)
        next.restart(firstOrdinal: chunk.nextOrdinal)
        chunk = next
    }

    /// The chunks that became full since the last call, in order.
    package mutating func takeJobs() -> [ChunkJob] {
        defer { if waiting != nil { waiting = [] } }
        return waiting ?? []
    }

    /// Stores a chunk that was packed elsewhere.
    ///
    /// - Parameter packed: The next one in the order of ``ChunkJob/number``.
    /// - Throws: A storage's failure.
    package mutating func append(_ packed: PackedChunk) throws(ArchiveError) {
        try requireOpen()
        precondition(packed.number == storedCount, "packed chunks come back in the order in which they were taken")
        try store(packed)
        spent.append(packed.spent)
        try writeIndexIfDue()
    }

    /// Packs here what nobody took, before something is written that has to come behind all chunks.
    private mutating func storeWaiting() throws(ArchiveError) {
        for job in takeJobs() {
            let packed = try lane.pack(job)
            try append(packed)
        }
        precondition(storedCount == cutCount, "chunks that were taken to be packed have not come back")
    }
}

/// Where the next member goes and what it follows.
struct MemberChain {
    var offset: UInt64 = 0
    var sequence: UInt64 = 0
    /// Held in place: an array here was leaked with each group of a journal, as the compiler moves noncopyable owners.
    private var digest = InlineArray<32, UInt8>(repeating: 0)

    /// SHA-256 of the member before, of thirty-two octets; zero before the first.
    var previous: [UInt8] {
        get { digest.indices.map { digest[$0] } }
        set {
            precondition(newValue.count == digest.count)
            for index in digest.indices { digest[index] = newValue[index] }
        }
    }

    func header(kind: MemberKind, firstOrdinal: UInt64) -> MemberHeader {
        var header = MemberHeader(kind: kind, sequence: sequence, firstOrdinal: firstOrdinal)
        header.previous = previous
        return header
    }

    mutating func advance(over member: [UInt8]) {
        var fingerprint = Fingerprint()
        fingerprint.push(member.span)
        previous = fingerprint.octets
        offset += UInt64(member.count)
        sequence += 1
    }
}

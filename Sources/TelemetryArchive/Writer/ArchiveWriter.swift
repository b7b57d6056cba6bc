import ChannelCoding
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
    private var deflater: Deflater
    private var packer: ChunkPacker
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
        deflater = Deflater(level: settings.level)
        packer = ChunkPacker(level: settings.level)
        self.storage = storage
        self.settings = settings
        self.frames = frames
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
        deflater = Deflater(level: settings.level)
        packer = ChunkPacker(level: settings.level)
        self.storage = storage
        self.settings = settings
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
    }

    /// Ends writing and gives the storage back.
    ///
    /// - Returns: The storage, with everything that was written.
    public consuming func takeStorage() -> Storage { storage }

    /// Writes what has gathered, the last index and the seal, and returns when they are safe.
    public mutating func finish() throws(ArchiveError) {
        try requireOpen()
        try closeChunk()
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

    private mutating func closeChunk() throws(ArchiveError) {
        guard !chunk.units.isEmpty else { return }
        let table = UnitTable.encode(chunk.units, octets: chunk.octets.span)
        let parts = try UnitTablePart.split(table, at: chain.offset)
        for part in parts.dropLast() {
            try write(kind: .metadata, subfields: [Subfield(id: UnitTablePart.id, octets: part.encode())])
        }
        var header = chain.header(kind: .raw, firstOrdinal: chunk.firstOrdinal)
        header.flags = content == .packets ? 1 : 0
        header.unitCount = UInt32(chunk.units.count)
        header.rawSize = UInt32(chunk.octets.count)
        header.reception = chunk.reception
        header.onboard = chunk.onboard
        header.rawChecksum = CRC32C.checksum(chunk.octets.span)
        header.subfields = parts.suffix(1).map { Subfield(id: UnitTablePart.id, octets: $0.encode()) }
        let member = try member(&header)
        var entry = ChunkEntry(header, offset: chain.offset)
        entry.keys = chunk.indexKeys
        try store(member)
        try synchronize()
        unindexed.append(entry)
        chunkCount += 1
        committed = appended
        chunk.restart(firstOrdinal: chunk.nextOrdinal)
        if unindexed.count >= settings.chunksPerIndex { try writeIndex() }
    }

    /// The chunk's member: packed, if that gives the same octets back and is smaller than raw.
    private mutating func member(_ header: inout MemberHeader) throws(ArchiveError) -> [UInt8] {
        let octets = chunk.octets  // a second reference, no copy
        var packed: PackedOctets?
        if settings.form == .packed {
            let lengths = chunk.units.map(\.length)
            packed = try packer.pack(octets, lengths: lengths, arePackets: content == .packets)
        }
        if let packed, try isSmaller(packed.deflate.count, than: octets) {
            header.mark(packed)
            return try Member.encode(&header, deflate: packed.deflate, inflated: packed.payload.span)
        }
        var deflate: [UInt8] = []
        try deflater.compress(octets.span, into: &deflate)
        if let packed, packed.deflate.count < deflate.count {
            header.mark(packed)
            return try Member.encode(&header, deflate: packed.deflate, inflated: packed.payload.span)
        }
        return try Member.encode(&header, deflate: deflate, inflated: octets.span)
    }

    /// Whether a sample says that the octets as they are would come to clearly more, so that they need not be tried.
    private mutating func isSmaller(_ size: Int, than octets: [UInt8]) throws(ArchiveError) -> Bool {
        let count = ArchiveSettings.sampleSize
        guard octets.count > 2 * count else { return false }
        var deflate: [UInt8] = []
        let middle = (octets.count - count) / 2
        try deflater.compress(octets.span.extracting(middle..<(middle + count)), into: &deflate)
        // A quarter more, because a window of 32 KiB finds more in the whole than in a sample.
        return size * count * 5 / 4 < deflate.count * octets.count
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
        var header = chain.header(kind: kind, firstOrdinal: chunk.firstOrdinal)
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

/// Where the next member goes and what it follows.
struct MemberChain {
    var offset: UInt64 = 0
    var sequence: UInt64 = 0
    var previous = Fingerprint.none

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

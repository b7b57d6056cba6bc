public import SpaceLink

/// The right to write, given back at the end of its life.
final class ArchiveLock<Folder: ArchiveFolder> {
    let folder: Folder
    private var name: String?

    init(_ name: String, in folder: Folder) throws(ArchiveError) {
        self.folder = folder
        try folder.lock(name)
        self.name = name
    }

    func release() {
        if let name { folder.unlock(name) }
        name = nil
    }

    deinit { release() }
}

/// Writes an archive that grows under its name, and acknowledges only what survives.
///
/// ```swift
/// var archive = try LiveArchive.create("pass.plar", in: folder, metadata: metadata, now: clock())
/// try archive.append(packet: record, onboardTime: time, octets: packet)
/// try archive.tick(now: clock())      // after each piece of input, and when `due` has come
/// print(archive.committed)            // what survives whatever comes
/// try archive.finish()
/// ```
/// The order in which things reach the medium:
/// 1. A group of units goes to the journal beside the part, which is synchronised; only then ``committed`` moves on.
/// 2. A full chunk goes to the part in one piece, which is synchronised. Its units are in the journal before.
/// 3. The next journal is made, the folder synchronised, and only then the journal before is removed.
/// 4. Nothing is ever changed in place or renamed. Units have ordinals: what both journal and part have counts once.
///
/// A file that could not be written or synchronised is never written again, because what is in it is unknown: all units
/// that no chunk holds yet are still in memory, and go to a new journal or, if the part itself failed, to a new part.
/// If that fails too, the error is thrown, and every later call throws `.writerFailed`.
///
/// Chunks are packed where they are committed, by one core: a live link brings less than that packs, and a chunk may
/// only leave the journal when it is in the part.
public struct LiveArchive<Folder: ArchiveFolder>: ~Copyable, UnitWriter {
    private enum State {
        case open
        case failed(String)
        case finished
    }

    /// The journal that is written now.
    private struct OpenJournal {
        var writer: JournalWriter
        let file: ArchiveFileHandle
        let name: String
    }

    /// What survives, of all parts together.
    public private(set) var committed: ArchiveTotals
    /// What was appended, committed or not, of all parts together.
    public private(set) var appended: ArchiveTotals
    /// What the archive is about.
    public private(set) var metadata: ArchiveMetadata

    private let folder: Folder
    private let lock: ArchiveLock<Folder>
    private let settings: LiveArchiveSettings
    private var state = State.open
    private var part: PartName
    private var partFile: ArchiveFileHandle
    private var segment: ArchiveWriter<SegmentFile<Folder>>
    private var journal: OpenJournal?
    private var nextJournal: UInt64
    /// Units and octets of the open chunk that are in the journal.
    private var journaled = (units: 0, octets: 0)
    private var timers: LiveTimers

    /// Begins an archive; when this returns, it is there for good.
    ///
    /// - Parameters:
    ///   - name: The name of its first part.
    ///   - folder: Where it shall be.
    ///   - metadata: What it is about.
    ///   - settings: How it is written.
    ///   - now: The caller's clock.
    /// - Returns: The archive.
    /// - Throws: `.locked` if another one writes it, `.exists`, or a failure of the folder.
    public static func create(
        _ name: String,
        in folder: Folder,
        metadata: ArchiveMetadata,
        settings: LiveArchiveSettings = LiveArchiveSettings(),
        now: Int64
    ) throws(ArchiveError) -> LiveArchive {
        let part = PartName(first: name, number: 0)
        let lock = try ArchiveLock(part.lock, in: folder)
        let names = try folder.names()
        let journals = PartName.journals(of: name, among: names)
        if let there = PartName.parts(of: name, among: names).first?.file ?? journals.first {
            throw .exists(name: there)
        }
        var metadata = metadata
        metadata.durability = settings.durability.rawValue
        let file = try folder.create(part.file)
        let segment = try ArchiveWriter(
            SegmentFile(folder: folder, file: file, isDurable: settings.durability != .none),
            metadata: metadata,
            settings: settings.archive
        )
        var archive = LiveArchive(segment, file, part, metadata, ArchiveTotals(), 0, lock, settings, now)
        try archive.replaceJournal(carrying: false, removing: [])
        return archive
    }

    /// Goes on with an archive, whatever its last writer left: a torn end is cut off, journals are replayed.
    ///
    /// - Parameters:
    ///   - name: The name of its first part.
    ///   - folder: Where it is.
    ///   - settings: How it is written.
    ///   - now: The caller's clock.
    /// - Returns: The archive.
    /// - Throws: `.locked` if another one writes it, `.notAnArchive`, or a failure of the folder.
    public static func open(
        _ name: String,
        in folder: Folder,
        settings: LiveArchiveSettings = LiveArchiveSettings(),
        now: Int64
    ) throws(ArchiveError) -> LiveArchive {
        let lock = try ArchiveLock(PartName(first: name, number: 0).lock, in: folder)
        let recovered = try RecoveredArchive(name, in: folder)
        let isDurable = settings.durability != .none
        let file = try recovered.open(folder, isDurable: isDurable)
        var segment = ArchiveWriter(
            SegmentFile(folder: folder, file: file, isDurable: isDurable),
            resuming: recovered.state,
            settings: settings.archive
        )
        var totals = recovered.totals
        try recovered.replay { (unit: ArchiveUnit, octets: Span<UInt8>) throws(ArchiveError) in
            try segment.replay(unit, octets: octets)
            totals.units += 1
            totals.octets += Int64(octets.count)
        }
        let metadata = recovered.state.metadata
        let next = recovered.nextJournal
        var archive = LiveArchive(segment, file, recovered.part, metadata, totals, next, lock, settings, now)
        try archive.replaceJournal(carrying: true, removing: recovered.journalNames)
        return archive
    }

    private init(
        _ segment: consuming ArchiveWriter<SegmentFile<Folder>>,
        _ partFile: ArchiveFileHandle,
        _ part: PartName,
        _ metadata: ArchiveMetadata,
        _ totals: ArchiveTotals,
        _ nextJournal: UInt64,
        _ lock: ArchiveLock<Folder>,
        _ settings: LiveArchiveSettings,
        _ now: Int64
    ) {
        folder = lock.folder
        self.lock = lock
        self.segment = segment
        self.partFile = partFile
        self.part = part
        self.metadata = metadata
        self.settings = settings
        self.nextJournal = nextJournal
        committed = totals
        appended = totals
        timers = LiveTimers(now: now)
        if totals.units > 0 { timers.startChunk() }
    }

    /// When ``tick(now:)`` has something to do at the latest, or `nil` if nothing waits.
    public var due: Int64? { timers.due(settings, isRotating: segment.appended.units > 0) }

    /// Keeps a frame; it is acknowledged later.
    ///
    /// - Parameters:
    ///   - frame: What the link decoder says of it.
    ///   - receptionTime: When it was received, if known.
    ///   - octets: The whole frame after correction.
    /// - Throws: As ``ArchiveWriter/append(frame:receptionTime:octets:)``.
    public mutating func append(
        frame: FrameRecord,
        receptionTime: TAITime? = nil,
        octets: Span<UInt8>
    ) throws(ArchiveError) {
        try makeRoom()
        try segment.append(frame: frame, receptionTime: receptionTime, octets: octets)
        try count(octets.count)
    }

    /// Keeps a packet; it is acknowledged later.
    ///
    /// - Parameters:
    ///   - packet: What the link decoder says of it.
    ///   - onboardTime: The time that it tells, if it does.
    ///   - receptionTime: When it was received, if known.
    ///   - octets: The whole packet.
    /// - Throws: As ``ArchiveWriter/append(packet:onboardTime:receptionTime:octets:)``.
    public mutating func append(
        packet: PacketRecord,
        onboardTime: TAITime?,
        receptionTime: TAITime? = nil,
        octets: Span<UInt8>
    ) throws(ArchiveError) {
        try makeRoom()
        try segment.append(packet: packet, onboardTime: onboardTime, receptionTime: receptionTime, octets: octets)
        try count(octets.count)
    }

    /// Tells an archive of frames that a packet became complete with the frame appended last.
    ///
    /// - Parameters:
    ///   - packet: What the link decoder says of it.
    ///   - onboardTime: The time that it tells, if it does.
    ///   - length: Its octets.
    /// - Throws: `.wrongContent` in an archive of packets.
    public mutating func note(packet: PacketRecord, onboardTime: TAITime?, length: Int) throws(ArchiveError) {
        try requireOpen()
        try segment.note(packet: packet, onboardTime: onboardTime, length: length)
    }

    /// Does what has become due: acknowledges, closes the chunk, begins another part.
    ///
    /// - Parameter now: The caller's clock; if it ran backward, everything that waits is due.
    /// - Throws: A failure of the folder.
    public mutating func tick(now: Int64) throws(ArchiveError) {
        try requireOpen()
        timers.now = now
        if isPartLarge || (segment.appended.units > 0 && timers.isRotationDue(settings)) {
            try attempt { (archive: inout Self) throws(ArchiveError) in try archive.rotate() }
        } else if timers.isChunkDue(settings) {
            try closeChunk()
        } else if timers.isCommitDue(settings) {
            try commit()
        }
    }

    /// Acknowledges everything that was appended.
    ///
    /// Without durability nothing is acknowledged before its chunk is written.
    public mutating func commit() throws(ArchiveError) {
        try requireOpen()
        guard settings.durability != .none else { return }
        try attempt { (archive: inout Self) throws(ArchiveError) in try archive.writeGroup() }
    }

    /// Acknowledges everything and writes it into the part, though the chunk is not full.
    public mutating func flush() throws(ArchiveError) { try closeChunk() }

    /// Seals the archive, removes the journal and lets others write.
    public mutating func finish() throws(ArchiveError) {
        try closeChunk()
        try attempt { (archive: inout Self) throws(ArchiveError) in
            try archive.segment.finish()
            archive.folder.close(archive.partFile)
            if let journal = archive.journal {
                archive.folder.close(journal.file)
                try archive.folder.remove(journal.name)
            }
            archive.journal = nil
        }
        state = .finished
        lock.release()
    }

    // MARK: Steps

    /// Whether the part has grown to where the next one begins.
    private var isPartLarge: Bool {
        guard let size = settings.rotationSize, segment.appended.units > 0 else { return false }
        return Int64(clamping: segment.chain.offset) >= size
    }

    /// Closes a chunk that is full before another unit comes.
    private mutating func makeRoom() throws(ArchiveError) {
        try requireOpen()
        // A part that fails hands its chunk, still full, to the next one.
        for _ in 0..<3 where segment.isChunkFull { try closeChunk() }
        if segment.chunk.units.isEmpty, isPartLarge {
            try attempt { (archive: inout Self) throws(ArchiveError) in try archive.rotate() }
        }
        guard segment.isChunkFull else { return }
        let failure = ArchiveError.storage(operation: "write", reason: "three parts failed one after the other")
        state = .failed("\(failure)")
        throw failure
    }

    private mutating func count(_ octets: Int) throws(ArchiveError) {
        timers.startChunk()
        timers.startCommit()
        appended.units += 1
        appended.octets += Int64(octets)
        if segment.chunk.octets.count - journaled.octets >= settings.commitOctets { try commit() }
    }

    /// Writes the units since the last group to the journal; if the journal fails, all of the open chunk to a new one.
    private mutating func writeGroup() throws(ArchiveError) {
        timers.stopCommit()
        guard journaled.units < segment.chunk.units.count else { return }
        guard let open = journal else { return }
        do throws(ArchiveError) {
            var members: [UInt8] = []
            try putGroup(into: &members)
            try folder.append(members.span, to: open.file)
            if settings.durability == .durable { try folder.synchronize(open.file) }
            markJournaled()
        } catch {
            // What is in that file is unknown now, and it is not asked again.
            journaled = (0, 0)
            try replaceJournal(carrying: true, removing: [open.name])
        }
        committed = appended
    }

    /// Makes the members for all units that are not in the journal.
    private mutating func putGroup(into members: inout [UInt8]) throws(ArchiveError) {
        let chunk = segment.chunk
        guard var writer = journal?.writer else { return }
        try writer.append(
            chunk.units[journaled.units...],
            firstOrdinal: chunk.firstOrdinal + UInt64(journaled.units),
            octets: chunk.octets.span.extracting(journaled.octets..<chunk.octets.count),
            to: &members
        )
        journal?.writer = writer
    }

    private mutating func markJournaled() { journaled = (segment.chunk.units.count, segment.chunk.octets.count) }

    /// Makes another journal, and when it is there for good takes the names of those before away.
    private mutating func replaceJournal(carrying: Bool, removing names: [String]) throws(ArchiveError) {
        journaled = (0, 0)
        if settings.durability == .none {
            journal = nil
        } else {
            let name = part.journal(nextJournal)
            let file = try folder.create(name)
            var members: [UInt8] = []
            let writer = try JournalWriter(
                number: nextJournal,
                metadata: metadata,
                firstOrdinal: segment.chunk.firstOrdinal,
                into: &members
            )
            nextJournal += 1
            if let before = journal { folder.close(before.file) }
            journal = OpenJournal(writer: writer, file: file, name: name)
            if carrying { try putGroup(into: &members) }
            try folder.append(members.span, to: file)
            // Its head too: by a journal a reader knows that a torn end of the part is nothing unusual.
            if settings.durability == .durable { try folder.synchronize(file) }
            if carrying { markJournaled() }
        }
        // Even without durability: a part that was recovered must be there before its journals go.
        if settings.durability == .durable || !names.isEmpty { try folder.synchronizeFolder() }
        for name in names { try folder.remove(name) }
    }

    /// Writes the open chunk into the part and begins the next journal.
    private mutating func closeChunk() throws(ArchiveError) {
        try requireOpen()
        timers.stopChunk()
        guard !segment.chunk.units.isEmpty else { return }
        try commit()
        try attempt { (archive: inout Self) throws(ArchiveError) in
            let before = archive.journal.map { [$0.name] } ?? []
            do throws(ArchiveError) {
                try archive.segment.flush()
            } catch {
                try archive.startPart(removing: before)
                return
            }
            archive.committed = archive.appended
            try archive.replaceJournal(carrying: false, removing: before)
        }
    }

    /// Seals the part and begins the next.
    private mutating func rotate() throws(ArchiveError) {
        try closeChunk()
        let before = journal.map { [$0.name] } ?? []
        try segment.finish()
        try startPart(removing: before)
    }

    /// Begins the next part with all units that no chunk holds.
    private mutating func startPart(removing names: [String]) throws(ArchiveError) {
        folder.close(partFile)
        let chunk = segment.chunk
        let frames = segment.frames
        let held = ArchiveTotals(units: Int64(chunk.units.count), octets: Int64(chunk.octets.count))
        part = PartName(first: part.first, number: part.number + 1)
        partFile = try folder.create(part.file)
        metadata.part = Int64(part.number)
        metadata.octetsBefore = appended.octets - held.octets
        segment = try ArchiveWriter(
            SegmentFile(folder: folder, file: partFile, isDurable: settings.durability != .none),
            metadata: metadata,
            settings: settings.archive,
            gathered: chunk,
            frames: frames
        )
        timers.startPart()
        nextJournal = 0
        try replaceJournal(carrying: !chunk.units.isEmpty, removing: names)
        if settings.durability != .none { committed = appended }
    }

    private borrowing func requireOpen() throws(ArchiveError) {
        switch state {
        case .open: return
        case .failed(let reason): throw .writerFailed(reason: reason)
        case .finished: throw .writerFinished
        }
    }

    /// Does a step after whose failure nothing more is written.
    private mutating func attempt(
        _ step: (inout Self) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        do throws(ArchiveError) {
            try step(&self)
        } catch {
            if case .open = state { state = .failed("\(error)") }
            throw error
        }
    }
}

import TelemetryArchive

/// Stands between an archive and its folder and breaks the protocol: what a careless writer would do.
final class CarelessFolder: ArchiveFolder {
    private let folder: SimulatedFolder
    private let carelessness: Carelessness?
    private var files: [ArchiveFileHandle: String] = [:]
    /// Synchronised before the next operation, after the archive was told that it is.
    private var late: ArchiveFileHandle?
    /// Of which the end was just cut off.
    private var cut: ArchiveFileHandle?
    /// Octets that were not written yet.
    private var buffers: [ArchiveFileHandle: [UInt8]] = [:]
    /// The newest member of each file.
    private var newest: [ArchiveFileHandle: [UInt8]] = [:]
    /// Parts that this writer began.
    private var created: Set<ArchiveFileHandle> = []
    /// The first ordinal of each part, and of each session.
    private var bases: [String: UInt64] = [:]
    /// Journals of the writer before.
    private var inherited: Set<String> = []
    private var sessions = 0
    private var appends = 0

    init(_ folder: SimulatedFolder, _ carelessness: Carelessness?) {
        self.folder = folder
        self.carelessness = carelessness
        // A second folder on a medium is that of a writer that goes on.
        sessions = folder.disk.names.isEmpty ? 0 : 1
    }

    private static func isJournal(_ name: String) -> Bool { name.contains(".plar.j") }

    private func isJournal(_ file: ArchiveFileHandle) -> Bool { files[file].map(CarelessFolder.isJournal) ?? false }

    private func catchUp() throws(ArchiveError) {
        guard let file = late else { return }
        late = nil
        try folder.synchronize(file)
    }

    private func writeBuffer(_ file: ArchiveFileHandle) throws(ArchiveError) {
        guard let octets = buffers.removeValue(forKey: file) else { return }
        try folder.append(octets.span, to: file)
    }

    func names() throws(ArchiveError) -> [String] { try folder.names() }

    func source(_ name: String) throws(ArchiveError) -> MemoryArchive {
        let source = try folder.source(name)
        guard CarelessFolder.isJournal(name) else { return source }
        switch carelessness {
        case .replaysNothing: return MemoryArchive()
        case .replaysWhatChunksHave:
            return MemoryArchive(MemberPatch.journalsBehind(folder.disk.visible)[name] ?? source.octets)
        default: return source
        }
    }

    func create(_ name: String) throws(ArchiveError) -> ArchiveFileHandle {
        if carelessness != .makesTheNextJournalBeforeTheChunkIsSafe { try catchUp() }
        let journals = try CarelessFolder.isJournal(name) ? folder.names().filter(CarelessFolder.isJournal) : []
        switch carelessness {
        case .removesTheJournalFirst:
            for old in journals { try folder.remove(old) }
        case .goesOnInATornJournal:
            if let old = journals.last(where: { inherited.contains($0) }) {
                return named(name, try folder.open(old, keeping: folder.source(old).size))
            }
        case .emptiesTheJournalInPlace:
            if let old = journals.last { return named(name, try folder.open(old, keeping: 0)) }
        default: break
        }
        let file = named(name, try folder.create(name))
        if !CarelessFolder.isJournal(name) { created.insert(file) }
        return file
    }

    private func named(_ name: String, _ file: ArchiveFileHandle) -> ArchiveFileHandle {
        files[file] = name
        return file
    }

    func open(_ name: String, keeping length: Int64) throws(ArchiveError) -> ArchiveFileHandle {
        switch carelessness {
        case .leavesATornEnd: named(name, try folder.open(name, keeping: folder.source(name).size))
        case .neverSynchronizesACut: cutNow(named(name, try folder.open(name, keeping: length)))
        case .cutsAtASector: named(name, try folder.open(name, keeping: length / 512 * 512))
        default: named(name, try folder.open(name, keeping: length))
        }
    }

    private func cutNow(_ file: ArchiveFileHandle) -> ArchiveFileHandle {
        cut = file
        return file
    }

    func append(_ octets: Span<UInt8>, to file: ArchiveFileHandle) throws(ArchiveError) {
        let octets = counted(octets.copied, in: file)
        let waits = carelessness == .indexesBeforeTheChunkIsSafe && MemberPatch.isIndex(octets)
        if carelessness != .makesTheNextJournalBeforeTheChunkIsSafe, !waits { try catchUp() }
        appends += 1
        newest[file] = octets
        cut = nil
        switch carelessness {
        case .synchronizesBeforeItsBufferIsWritten:
            try writeBuffer(file)
            buffers[file] = octets
        case .takesAShortWriteForWhole where appends % 5 == 0:
            try folder.append(octets.span.extracting(first: octets.count / 2), to: file)
        case .takesAFailedWriteForDone:
            do throws(ArchiveError) { try folder.append(octets.span, to: file) } catch {}
        default: try folder.append(octets.span, to: file)
        }
    }

    /// Members whose ordinals a careless writer counts in its own way.
    private func counted(_ octets: [UInt8], in file: ArchiveFileHandle) -> [UInt8] {
        guard let name = files[file] else { return octets }
        switch carelessness {
        case .countsEachPartFromZero where created.contains(file): return rebased(octets, name)
        case .countsFromZeroWhenItGoesOn where sessions > 1: return rebased(octets, "\(sessions)")
        default: return octets
        }
    }

    private func rebased(_ octets: [UInt8], _ place: String) -> [UInt8] {
        let base = bases[place] ?? MemberPatch.firstOrdinal(octets, 0)
        bases[place] = base
        return MemberPatch.members(octets) { $0 >= base ? $0 - base : $0 }
    }

    func synchronize(_ file: ArchiveFileHandle) throws(ArchiveError) {
        switch carelessness {
        case .neverSynchronizesAnything: return
        case .neverSynchronizesTheJournal where isJournal(file): return
        case .neverSynchronizesTheArchive where !isJournal(file): return
        case .acknowledgesBeforeTheJournalIsSafe where isJournal(file): late = file
        case .makesTheNextJournalBeforeTheChunkIsSafe where !isJournal(file): late = file
        case .indexesBeforeTheChunkIsSafe where MemberPatch.isChunk(newest[file]): late = file
        case .neverSynchronizesACut where cut == file: return
        case .sealsBeforeTheIndexIsSafe where MemberPatch.isIndex(newest[file]): return
        case .neverSynchronizesAJournalsHead where isJournal(file) && MemberPatch.isHead(newest[file]): return
        case .synchronizesBeforeItsBufferIsWritten:
            try folder.synchronize(file)
            try writeBuffer(file)
        case .retriesAFailedSynchronization:
            do throws(ArchiveError) { try folder.synchronize(file) } catch { try folder.synchronize(file) }
        case .takesAFailedSynchronizationForDone:
            do throws(ArchiveError) { try folder.synchronize(file) } catch {}
        default: try folder.synchronize(file)
        }
    }

    func close(_ file: ArchiveFileHandle) {
        try? writeBuffer(file)
        folder.close(file)
    }

    func synchronizeFolder() throws(ArchiveError) {
        if carelessness == .neverSynchronizesTheFolder || carelessness == .neverSynchronizesAnything { return }
        try folder.synchronizeFolder()
    }

    func remove(_ name: String) throws(ArchiveError) {
        let stays =
            switch carelessness {
            case .removesTheJournalFirst: try !folder.names().contains(name)
            case .emptiesTheJournalInPlace: CarelessFolder.isJournal(name)
            case .goesOnInATornJournal: inherited.contains(name)
            default: false
            }
        if !stays { try folder.remove(name) }
        if carelessness == .makesTheNextJournalBeforeTheChunkIsSafe { try catchUp() }
    }

    func lock(_ name: String) throws(ArchiveError) {
        if carelessness != .ignoresTheLock { try folder.lock(name) }
        sessions += 1
        inherited = Set(try folder.names().filter(CarelessFolder.isJournal))
    }

    func unlock(_ name: String) { if carelessness != .ignoresTheLock { folder.unlock(name) } }
}

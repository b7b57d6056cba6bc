import TelemetryArchive
import TestSupport
import Testing

/// Stands between an archive and its folder and breaks the protocol: what a careless writer would do.
final class CarelessFolder: ArchiveFolder {
    enum Carelessness: String, CaseIterable, CustomTestStringConvertible {
        case acknowledgesBeforeTheJournalIsSafe
        case neverSynchronizesTheJournal
        case neverSynchronizesTheArchive
        case neverSynchronizesTheFolder
        case neverSynchronizesAnything
        case removesTheJournalFirst
        case makesTheNextJournalBeforeTheChunkIsSafe
        case retriesAFailedSynchronization
        case takesAFailedSynchronizationForDone
        case leavesATornEnd

        var testDescription: String { rawValue }
        var needsFailure: Bool {
            self == .retriesAFailedSynchronization || self == .takesAFailedSynchronizationForDone
        }
    }

    let folder: SimulatedFolder
    private let carelessness: Carelessness
    private var files: [ArchiveFileHandle: String] = [:]
    /// Done before the next operation, after the archive was told that it is done.
    private var late: ArchiveFileHandle?

    init(_ folder: SimulatedFolder, _ carelessness: Carelessness) {
        self.folder = folder
        self.carelessness = carelessness
    }

    private func isJournal(_ file: ArchiveFileHandle) -> Bool { files[file]?.contains(".plar.j") ?? false }

    private func catchUp() throws(ArchiveError) {
        guard let file = late else { return }
        late = nil
        try folder.synchronize(file)
    }

    func names() throws(ArchiveError) -> [String] { try folder.names() }

    func source(_ name: String) throws(ArchiveError) -> MemoryArchive { try folder.source(name) }

    func create(_ name: String) throws(ArchiveError) -> ArchiveFileHandle {
        if carelessness != .makesTheNextJournalBeforeTheChunkIsSafe { try catchUp() }
        if carelessness == .removesTheJournalFirst, name.contains(".plar.j") {
            for old in try folder.names() where old.contains(".plar.j") { try folder.remove(old) }
        }
        let file = try folder.create(name)
        files[file] = name
        return file
    }

    func open(_ name: String, keeping length: Int64) throws(ArchiveError) -> ArchiveFileHandle {
        let kept = carelessness == .leavesATornEnd ? try folder.source(name).size : length
        let file = try folder.open(name, keeping: kept)
        files[file] = name
        return file
    }

    func append(_ octets: Span<UInt8>, to file: ArchiveFileHandle) throws(ArchiveError) {
        if carelessness != .makesTheNextJournalBeforeTheChunkIsSafe { try catchUp() }
        try folder.append(octets, to: file)
    }

    func synchronize(_ file: ArchiveFileHandle) throws(ArchiveError) {
        switch carelessness {
        case .neverSynchronizesAnything: return
        case .neverSynchronizesTheJournal where isJournal(file): return
        case .neverSynchronizesTheArchive where !isJournal(file): return
        case .acknowledgesBeforeTheJournalIsSafe where isJournal(file): late = file
        case .makesTheNextJournalBeforeTheChunkIsSafe where !isJournal(file): late = file
        case .retriesAFailedSynchronization:
            do throws(ArchiveError) { try folder.synchronize(file) } catch { try folder.synchronize(file) }
        case .takesAFailedSynchronizationForDone:
            do throws(ArchiveError) { try folder.synchronize(file) } catch {}
        default: try folder.synchronize(file)
        }
    }

    func close(_ file: ArchiveFileHandle) { folder.close(file) }

    func synchronizeFolder() throws(ArchiveError) {
        if carelessness == .neverSynchronizesTheFolder || carelessness == .neverSynchronizesAnything { return }
        try folder.synchronizeFolder()
    }

    func remove(_ name: String) throws(ArchiveError) {
        if carelessness == .removesTheJournalFirst, try !folder.names().contains(name) { return }
        try folder.remove(name)
        if carelessness == .makesTheNextJournalBeforeTheChunkIsSafe { try catchUp() }
    }

    func lock(_ name: String) throws(ArchiveError) { try folder.lock(name) }

    func unlock(_ name: String) { folder.unlock(name) }
}

/// A harness that catches no broken protocol proves nothing.
@Suite struct MutantTests {
    /// Tries workloads until one shows that the mutant is wrong; without carelessness none ever does.
    private func isCaught(
        continuesEach: Int = 9,
        _ run: (Workload, SimulatedFolder, @escaping (Int64) -> Void) -> Void,
        needsFailure: Bool = false,
        seenThrough: @escaping ([String: [UInt8]]) -> [String: [UInt8]] = { $0 }
    ) -> Bool {
        let states = CrashStates()
        for seed in UInt64(1)...60 {
            let workload = Workload(seed: seed)
            var trial = PowerCutTrial(workload: workload, statesAtEach: 6)
            trial.continuesEach = continuesEach
            trial.seenThrough = seenThrough
            let failAt = needsFailure ? 6 + Int(seed * 5 % 23) : Int.max
            let folder = SimulatedFolder(failAt: failAt, failure: .lostPages)
            var verdicts = 0
            func count(_ verdict: PowerCutTrial.Verdict, _ place: String) -> Bool {
                verdicts += 1
                return false
            }
            trial.judge(folder, states, run: { run(workload, folder, $0) }, onVerdict: count)
            if verdicts > 0 { return true }
        }
        return false
    }

    @Test(arguments: CarelessFolder.Carelessness.allCases)
    func everyCarelessWriterIsCaught(carelessness: CarelessFolder.Carelessness) {
        let isCaught = isCaught(
            continuesEach: carelessness == .leavesATornEnd ? 1 : 9,
            { $0.run(in: CarelessFolder($1, carelessness), acknowledged: $2) },
            needsFailure: carelessness.needsFailure
        )
        #expect(isCaught)
    }

    /// How a careless reader sees what is left: as if checksums matched, or as if ordinals meant nothing.
    enum Reader: CaseIterable {
        case believesEveryChecksum
        case takesJournalsForNew
        case looksAtNoJournal
    }

    @Test(arguments: Reader.allCases) func everyCarelessReaderIsCaught(reader: Reader) {
        func view(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
            switch reader {
            case .believesEveryChecksum: files.mapValues(Members.withRightChecksums)
            case .takesJournalsForNew: Members.withJournalsBehind(files)
            case .looksAtNoJournal: files.filter { $0.key.hasSuffix(".plar") }
            }
        }
        let isCaught = isCaught({ $0.run(in: $1, acknowledged: $2) }, seenThrough: view)
        #expect(isCaught)
    }
}

/// Octets of members put right, as only a test does.
enum Members {
    /// Walks from member to member by the sizes that headers tell.
    static func offsets(_ octets: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 0
        while octets.count >= offset + 128, octets[offset] == 0x1F, octets[offset + 12] == 0x50 {
            let size = Int(truncatingIfNeeded: number(octets, offset + 20, 8))
            guard size >= 138, size <= octets.count - offset else { break }
            ranges.append(offset..<(offset + size))
            offset += size
        }
        return ranges
    }

    static func number(_ octets: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(octets[offset + $1]) << UInt64(8 * $1) }
    }

    /// Sets every checksum to what the octets give: a reader that checks them sees nothing.
    static func withRightChecksums(_ file: [UInt8]) -> [UInt8] {
        var file = file
        for range in offsets(file) {
            let head = range.lowerBound + 12 + Int(number(file, range.lowerBound + 10, 2))
            guard head + 8 < range.upperBound, number(file, range.lowerBound + 44, 4) > 0 else { continue }
            let deflate = Array(file[head..<(range.upperBound - 8)])
            put(&file, range.lowerBound + 84, castagnoli(deflate))
            guard let inflated = inflate(deflate) else { continue }
            put(&file, range.lowerBound + 88, castagnoli(inflated))
            put(&file, range.upperBound - 8, gzip(inflated))
            put(&file, range.lowerBound + 124, 0)
            put(&file, range.lowerBound + 124, castagnoli(Array(file[range.lowerBound..<head])))
        }
        return file
    }

    /// Numbers the units of each journal from where the archive ends, whatever numbers they have.
    static func withJournalsBehind(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
        var files = files
        for (name, octets) in files where name.hasSuffix(".plar") {
            var next = offsets(octets).reduce(UInt64(0)) {
                max($0, number(octets, $1.lowerBound + 36, 8) + number(octets, $1.lowerBound + 44, 4))
            }
            for (journal, members) in files.sorted(by: { $0.key < $1.key }) where journal.hasPrefix(name + ".j") {
                var members = members
                for range in offsets(members) where number(members, range.lowerBound + 44, 4) > 0 {
                    let head = range.lowerBound + 12 + Int(number(members, range.lowerBound + 10, 2))
                    for index in 0..<8 {
                        members[range.lowerBound + 36 + index] = UInt8(truncatingIfNeeded: next >> UInt64(8 * index))
                    }
                    next += number(members, range.lowerBound + 44, 4)
                    put(&members, range.lowerBound + 124, 0)
                    put(&members, range.lowerBound + 124, castagnoli(Array(members[range.lowerBound..<head])))
                }
                files[journal] = members
            }
        }
        return files
    }

    private static func put(_ octets: inout [UInt8], _ offset: Int, _ value: UInt32) {
        for index in 0..<4 { octets[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
    }

    /// CRC-32C bit by bit, written apart from the one under test.
    private static func castagnoli(_ octets: [UInt8]) -> UInt32 { reflected(octets, 0x82F6_3B78) }

    private static func gzip(_ octets: [UInt8]) -> UInt32 { reflected(octets, 0xEDB8_8320) }

    private static func reflected(_ octets: [UInt8], _ polynomial: UInt32) -> UInt32 {
        var crc: UInt32 = .max
        for octet in octets {
            crc ^= UInt32(octet)
            for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ polynomial : crc >> 1 }
        }
        return ~crc
    }

    /// The octets of stored blocks; nothing else is needed here.
    private static func inflate(_ deflate: [UInt8]) -> [UInt8]? {
        var octets: [UInt8] = []
        var place = 0
        while place + 5 <= deflate.count, deflate[place] & 6 == 0 {
            let length = Int(number(deflate, place + 1, 2))
            guard place + 5 + length <= deflate.count else { return nil }
            octets += deflate[(place + 5)..<(place + 5 + length)]
            if deflate[place] & 1 == 1 { return octets }
            place += 5 + length
        }
        return nil
    }
}

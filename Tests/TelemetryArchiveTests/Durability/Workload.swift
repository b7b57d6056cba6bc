import SpaceLink
import TelemetryArchive
import TestSupport

/// A short life of an archive: units, pauses, sessions.
struct Workload {
    let packets: [(PacketRecord, [UInt8])]
    let settings: LiveArchiveSettings
    let seed: UInt64
    /// Units of the first session; the rest is appended by a second one.
    let firstSession: Int
    let isFinished: Bool

    init(seed: UInt64, count: Int = 14) {
        var generator = SeededGenerator(seed: seed)
        var sink = RecordSink()
        var link = LinkDescription()
        link.input = .packets
        if let decoder = try? LinkDecoder(link) {
            var decoder = decoder
            decoder.push(Array(Streams.packets(seed: seed, count: count).joined()).span, into: &sink)
        }
        packets = sink.packets
        var settings = LiveArchiveSettings()
        settings.archive = ArchiveSettings(chunkSize: 120 + Int(generator.next() % 300))
        settings.archive.chunksPerIndex = 1 + Int(generator.next() % 3)
        settings.archive.form = .raw
        settings.commitOctets = 1 << (5 + Int(generator.next() % 4))
        if generator.next() % 3 == 0 { settings.rotationSize = 3100 }
        self.settings = settings
        self.seed = seed
        firstSession = generator.next() % 2 == 0 ? count : 2 + Int(generator.next() % UInt64(count - 2))
        isFinished = generator.next() % 2 == 0
    }

    static let name = "a.plar"
    static let metadata = ArchiveMetadata(content: .packets, creator: "tests", identity: [1, 2, 3, 4])

    /// Begins the archive of a workload at the time 0.
    static func begin<Folder: ArchiveFolder>(
        in folder: Folder,
        _ settings: LiveArchiveSettings
    ) throws(ArchiveError) -> LiveArchive<Folder> {
        try LiveArchive.create(name, in: folder, metadata: metadata, settings: settings, now: 0)
    }

    /// Lives it in a folder.
    ///
    /// - Parameters:
    ///   - folder: Where.
    ///   - acknowledged: Told whenever more units are acknowledged.
    /// - Returns: How many units are acknowledged in the end, and the failure that ended it.
    @discardableResult
    func run<Folder: ArchiveFolder>(
        in folder: Folder,
        acknowledged: (Int64) -> Void = { _ in }
    ) -> (units: Int64, failure: ArchiveError?) {
        var units: Int64 = 0
        func tell(_ now: Int64) {
            guard now > units else { return }
            units = now
            acknowledged(now)
        }
        do throws(ArchiveError) {
            var archive = try Workload.begin(in: folder, settings)
            try feed(&archive, 0..<firstSession, tell)
            guard firstSession < packets.count else { return (units, nil) }
            archive = try LiveArchive.open(Workload.name, in: folder, settings: settings, now: 0)
            try feed(&archive, firstSession..<packets.count, tell)
        } catch {
            return (units, error)
        }
        return (units, nil)
    }

    private func feed<Folder: ArchiveFolder>(
        _ archive: inout LiveArchive<Folder>,
        _ range: Range<Int>,
        _ tell: (Int64) -> Void
    ) throws(ArchiveError) {
        var generator = SeededGenerator(seed: seed &+ 7)
        var now: Int64 = 0
        for index in range {
            let (packet, octets) = packets[index]
            try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
            now += Int64(generator.next() % 40_000_000)
            try archive.tick(now: now)
            tell(archive.committed.units)
        }
        // A session ends with a seal or not, but its lock is always given back.
        if isFinished || range.upperBound < packets.count { try archive.finish() } else { try archive.commit() }
        tell(archive.committed.units)
    }

    /// What a reader makes of a folder: the units from the first on, and whether anything was found damaged.
    struct Reading {
        var units: [[UInt8]] = []
        var damage: [ArchiveDamage] = []
        var wrong = 0
    }

    /// Reads all parts with their journals, as `perilune` does.
    func read(_ files: [String: [UInt8]]) -> Reading {
        var reading = Reading()
        for name in files.keys.filter({ $0.hasSuffix(".plar") }).sorted(by: { ($0.count, $0) < ($1.count, $1) }) {
            let journals = files.filter { $0.key.hasPrefix(name + ".j") }.sorted { $0.key < $1.key }
            do throws(ArchiveError) {
                let reader = try ArchiveReader(
                    MemoryArchive(files[name] ?? []),
                    journals: journals.map { MemoryArchive($0.value) }
                )
                // A part that was only begun when the power went has nothing to lose.
                if reader.totals.units > 0 { reading.damage += reader.damage }
                var damage: [ArchiveDamage] = []
                let note: (ArchiveDamage) -> Void = { damage.append($0) }
                defer { reading.damage += damage }
                try reader.forEachUnit(onDamage: note) { unit, octets in
                    let ordinal = Int(unit.ordinal)
                    guard ordinal < packets.count, packets[ordinal].1 == octets.copied else {
                        reading.wrong += 1
                        return .next
                    }
                    if ordinal == reading.units.count { reading.units.append(octets.copied) }
                    return .next
                }
            } catch {
                continue  // a part that was only begun
            }
        }
        return reading
    }
}

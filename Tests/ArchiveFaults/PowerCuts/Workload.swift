public import SpaceLink
public import TelemetryArchive
import TestSupport

/// A short life of an archive: units, pauses, sessions.
public struct Workload: Sendable {
    /// How far it has come.
    public struct Progress: Sendable, Equatable {
        /// Units that the archive was given.
        public var appended: Int64 = 0
        /// Units of which it says that they are safe.
        public var acknowledged: Int64 = 0
    }

    /// What one writer does before another one goes on.
    struct Session: Sendable {
        enum Ending: Sendable {
            case sealed
            case committed
            /// In the midst of it, as a program that was killed.
            case stopped
        }

        /// Units in the archive when it ends.
        var end: Int
        var ending: Ending
    }

    /// The name of the archive.
    public static let name = "a.plar"
    /// What an archive of packets is about.
    public static let metadata = ArchiveMetadata(content: .packets, creator: "tests", identity: [1, 2, 3, 4])

    /// What is appended.
    let units: [WorkloadUnit]
    let metadata: ArchiveMetadata
    let sessions: [Session]
    /// Whether another writer comes in the midst of the first session.
    var hasRival = false
    /// How the archive is written.
    public let settings: LiveArchiveSettings
    /// Whence everything follows.
    public let seed: UInt64

    /// A life of packets in raw chunks: one session, or two of which the first ends with a seal.
    ///
    /// - Parameters:
    ///   - seed: Whence everything follows.
    ///   - count: Units.
    public init(seed: UInt64, count: Int = 14) {
        var generator = SeededGenerator(seed: seed)
        units = WorkloadUnit.units(.packets, seed: seed, count: count)
        metadata = Workload.metadata
        var settings = LiveArchiveSettings()
        settings.archive = ArchiveSettings(chunkSize: 120 + Int(generator.next() % 300))
        settings.archive.chunksPerIndex = 1 + Int(generator.next() % 3)
        settings.archive.form = .raw
        settings.commitOctets = 1 << (5 + Int(generator.next() % 4))
        if generator.next() % 3 == 0 { settings.rotationSize = 3100 }
        self.settings = settings
        self.seed = seed
        let first = generator.next() % 2 == 0 ? count : 2 + Int(generator.next() % UInt64(count - 2))
        let last = Session(end: count, ending: generator.next() % 2 == 0 ? .sealed : .committed)
        sessions = first == count ? [last] : [Session(end: first, ending: .sealed), last]
    }

    /// Lives of packets and frames, raw and packed, of up to four sessions that end in any way.
    ///
    /// - Parameter seed: Whence everything follows.
    public init(anyOf seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1000)
        let content: SampleStream.Content = generator.next() % 2 == 0 ? .packets : .frames
        let isPacked = generator.next() % 3 == 0
        let count = isPacked ? 24 : 12
        units = WorkloadUnit.units(content, seed: seed, count: count)
        var metadata = Workload.metadata
        metadata.content = content == .frames ? .frames : .packets
        self.metadata = metadata
        let length = units.reduce(0) { $0 + $1.octets.count } / units.count
        var settings = LiveArchiveSettings()
        let unitsInChunk = (isPacked ? 6 : 1) + Int(generator.next() % 5)
        settings.archive = ArchiveSettings(chunkSize: unitsInChunk * length)
        settings.archive.chunksPerIndex = 1 + Int(generator.next() % 3)
        settings.archive.form = isPacked ? .packed : .raw
        settings.commitOctets = length << Int(generator.next() % 3)
        if generator.next() % 3 == 0 { settings.rotationSize = Int64(3000 + generator.next() % 3000) }
        self.settings = settings
        self.seed = seed
        var ends: Set = [count]
        for _ in 0..<generator.next() % 4 { ends.insert(1 + Int(generator.next() % UInt64(count))) }
        sessions = ends.sorted().map {
            Session(end: $0, ending: [.sealed, .committed, .stopped, .stopped][Int(generator.next() % 4)])
        }
    }

    /// The packets of a life of packets.
    public var packets: [(PacketRecord, [UInt8])] {
        units.compactMap { if case .packet(let packet) = $0.record { (packet, $0.octets) } else { nil } }
    }

    /// Begins an archive of packets at the time 0.
    ///
    /// - Parameters:
    ///   - folder: Where.
    ///   - settings: How it is written.
    /// - Returns: The archive.
    /// - Throws: A failure of the folder.
    public static func begin<Folder: ArchiveFolder>(
        in folder: Folder,
        _ settings: LiveArchiveSettings
    ) throws(ArchiveError) -> LiveArchive<Folder> {
        try LiveArchive.create(name, in: folder, metadata: metadata, settings: settings, now: 0)
    }

    /// Lives it in a folder.
    ///
    /// - Parameters:
    ///   - folder: Where.
    ///   - told: Told after each unit how far it has come.
    /// - Returns: How many units are acknowledged in the end, and the failure that ended it.
    @discardableResult
    public func run<Folder: ArchiveFolder>(
        in folder: Folder,
        told: (Progress) -> Void = { _ in }
    ) -> (units: Int64, failure: ArchiveError?) {
        var last = Progress()
        func tell(_ now: Progress) {
            last.appended = max(last.appended, now.appended)
            last.acknowledged = max(last.acknowledged, now.acknowledged)
            told(last)
        }
        do throws(ArchiveError) {
            for index in sessions.indices { try live(index, in: folder, tell) }
        } catch {
            return (last.acknowledged, error)
        }
        return (last.acknowledged, nil)
    }

    /// Goes on with what is left of it, to the last unit and a seal.
    func goOn<Folder: ArchiveFolder>(
        in folder: Folder,
        told: (Progress) -> Void
    ) throws(ArchiveError) -> Progress {
        var archive = try LiveArchive.open(Workload.name, in: folder, settings: settings, now: 0)
        let start = Progress(archive)
        told(start)
        for unit in units[min(Int(start.appended), units.count)...] {
            try unit.append(to: &archive)
            told(Progress(archive))
        }
        try archive.finish()
        told(Progress(archive))
        return start
    }

    private func live<Folder: ArchiveFolder>(
        _ index: Int,
        in folder: Folder,
        _ tell: (Progress) -> Void
    ) throws(ArchiveError) {
        var archive =
            index == 0
            ? try LiveArchive.create(Workload.name, in: folder, metadata: metadata, settings: settings, now: 0)
            : try LiveArchive.open(Workload.name, in: folder, settings: settings, now: 0)
        var generator = SeededGenerator(seed: seed &+ 7 &+ UInt64(index))
        var now: Int64 = 0
        // What was never acknowledged when a writer was stopped is sent again.
        let start = Int(archive.appended.units)
        for unit in units[min(start, sessions[index].end)..<sessions[index].end] {
            if hasRival, index == 0, now > 0 { disturb(folder, tell) }
            try unit.append(to: &archive)
            now += Int64(generator.next() % 40_000_000)
            try archive.tick(now: now)
            tell(Progress(archive))
        }
        switch sessions[index].ending {
        case .sealed: try archive.finish()
        case .committed: try archive.commit()
        case .stopped: return
        }
        tell(Progress(archive))
    }

    /// Another writer comes and appends the last unit, if it is let.
    private func disturb<Folder: ArchiveFolder>(_ folder: Folder, _ tell: (Progress) -> Void) {
        guard let unit = units.last,
            var rival = try? LiveArchive.open(Workload.name, in: folder, settings: settings, now: 0)
        else { return }
        guard (try? unit.append(to: &rival)) != nil, (try? rival.commit()) != nil else { return }
        tell(Progress(rival))
    }
}

extension Workload.Progress {
    fileprivate init<Folder: ArchiveFolder>(_ archive: borrowing LiveArchive<Folder>) {
        appended = archive.appended.units
        acknowledged = archive.committed.units
    }
}

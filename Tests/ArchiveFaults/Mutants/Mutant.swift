import TelemetryArchive
import TestSupport

/// A mistake put into the protocol.
///
/// A harness that does not catch it proves nothing.
public enum Mutant: Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// In what a writer does.
    case writer(Carelessness)
    /// In what a reader does.
    case reader(CarelessReader)

    /// Those of writers.
    public static var writers: [Mutant] {
        Carelessness.allCases.filter { !Carelessness.harmless.contains($0) }.map(Mutant.writer)
    }

    /// What a writer might leave undone, with nothing broken by it.
    public static var harmless: [Mutant] { Carelessness.harmless.map(Mutant.writer) }

    /// Those of readers.
    public static var readers: [Mutant] { CarelessReader.allCases.map(Mutant.reader) }

    /// All that break something.
    public static var allCases: [Mutant] { writers + readers }

    /// The mistake.
    public var description: String {
        switch self {
        case .writer(let carelessness): carelessness.rawValue
        case .reader(let reader): reader.rawValue
        }
    }

    /// Whether a fault shows it: what was acknowledged lost, what is wrong returned, damage where there is none.
    ///
    /// - Parameter lives: How many workloads are tried.
    /// - Returns: Whether one does.
    public func isCaught(lives: UInt64 = 60) -> Bool {
        switch self {
        case .writer(let carelessness): Mutant.isCaught(carelessness, carelessness, lives: lives)
        case .reader(let reader): Mutant.isCaught(reader, isCareless: true, lives: lives)
        }
    }

    /// Whether the same faults show anything though nobody made the mistake.
    ///
    /// - Parameter lives: How many workloads are tried.
    /// - Returns: Whether they do.
    public func isCaughtThoughRight(lives: UInt64 = 60) -> Bool {
        switch self {
        case .writer(let carelessness): Mutant.isCaught(nil, carelessness, lives: lives)
        case .reader(let reader): Mutant.isCaught(reader, isCareless: false, lives: lives)
        }
    }

    /// Tries workloads until a power cut shows the mistake; what is tried is chosen for one that might be made.
    private static func isCaught(_ made: Carelessness?, _ likely: Carelessness, lives: UInt64) -> Bool {
        let states = CrashStates()
        for seed in 1...lives {
            var workload = seed % 2 == 0 ? Workload(anyOf: seed) : Workload(seed: seed)
            workload.hasRival = likely == .ignoresTheLock
            var trial = PowerCutTrial(workload) { CarelessFolder($0, made) }
            if likely == .leavesATornEnd { trial.continuesEach = 1 }
            trial.cutsAgainEach = 5
            let failAt = likely.needs == nil ? Int.max : 6 + Int(seed * 5 % 23)
            let folder = SimulatedFolder(failAt: failAt, failure: likely.needs ?? .noSpace)
            var isCaught = false
            trial.judge(folder, states) { cut in
                isCaught = cut.isBroken(onlyByLoss: likely.isSeenByLoss)
                return !isCaught
            }
            if isCaught { return true }
        }
        return false
    }

    private static func isCaught(_ reader: CarelessReader, isCareless: Bool, lives: UInt64) -> Bool {
        let view: ([String: [UInt8]]) -> [String: [UInt8]] = { isCareless ? reader.view($0) : $0 }
        if reader == .takesJournalsOfOthers { return isCaughtByAStrangersJournal(view) }
        guard reader.isSeenInPowerCuts else { return isCaughtByFlips(view) }
        let states = CrashStates()
        for seed in 1...lives {
            var trial = PowerCutTrial(seed % 2 == 0 ? Workload(anyOf: seed) : Workload(seed: seed)) { $0 }
            trial.cutsAgainEach = 5
            trial.seenThrough = view
            var isCaught = false
            trial.judge(SimulatedFolder(), states) { cut in
                isCaught = cut.verdict != .right
                return !isCaught
            }
            if isCaught { return true }
        }
        return false
    }

    /// Turns bits round until one shows the mistake.
    private static func isCaughtByFlips(_ view: @escaping ([String: [UInt8]]) -> [String: [UInt8]]) -> Bool {
        var settings = ArchiveSettings(chunkSize: 2500)
        settings.form = .raw
        settings.chunksPerIndex = 2
        guard let sample = try? SampleArchive(.packets, count: 9000, settings: settings) else { return false }
        var generator = SeededGenerator(seed: 31)
        for _ in 0..<60 {
            let bit = Int(generator.next() % UInt64(8 * sample.octets.count))
            let judgement = sample.judge(flipping: bit) { view([Workload.name: $0])[Workload.name] ?? $0 }
            if !judgement.breaches.isEmpty { return true }
        }
        return false
    }

    /// Puts the journal of another archive beside one.
    private static func isCaughtByAStrangersJournal(_ view: ([String: [UInt8]]) -> [String: [UInt8]]) -> Bool {
        for seed in UInt64(1)...10 {
            let workload = Workload(seed: seed)
            let folder = SimulatedFolder()
            workload.run(in: folder)
            var files = folder.disk.visible.filter { !$0.key.contains(".plar.j") }
            let whole = workload.read(files)
            let other = SimulatedFolder()
            Workload.runStranger(seed: seed + 100, in: other)
            files[Workload.name + ".j0"] = other.disk.visible[Workload.name + ".j0"]
            let reading = workload.read(view(files))
            if reading.wrong > 0 || reading.units != whole.units { return true }
        }
        return false
    }
}

extension Workload {
    /// Writes another archive of the same name, with all its units in the journal.
    fileprivate static func runStranger(seed: UInt64, in folder: SimulatedFolder) {
        var metadata = Workload.metadata
        metadata.identity = [9]
        guard var archive = try? LiveArchive.create(name, in: folder, metadata: metadata, now: 0) else { return }
        for unit in WorkloadUnit.units(.packets, seed: seed, count: 30) { try? unit.append(to: &archive) }
        try? archive.commit()
    }
}

extension PowerCut {
    /// Whether it shows a mistake, by what is lost or wrong, or by damage that nobody did.
    fileprivate func isBroken(onlyByLoss: Bool) -> Bool {
        switch verdict {
        case .right: false
        case .lost, .wrong: true
        case .damaged, .notContinued: !onlyByLoss
        }
    }
}

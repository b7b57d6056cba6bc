public import TelemetryArchive
import TestSupport

/// Tries what power cuts leave of a workload.
public struct PowerCutTrial<Folder: ArchiveFolder> {
    /// A medium after an operation, and what was acknowledged before it.
    private struct Snapshot {
        var disk: SimulatedDisk
        var progress: Workload.Progress
    }

    /// Random states at each operation, beside the least and the most that can be left.
    public var statesAtEach = 6
    /// Each how many states the archive is also gone on with.
    public var continuesEach = 9
    /// Each how many of these the power goes again, at every operation.
    public var cutsAgainEach = Int.max
    /// Spoils what a reader sees, for mutants.
    var seenThrough: ([String: [UInt8]]) -> [String: [UInt8]] = { $0 }

    private let workload: Workload
    private let through: (SimulatedFolder) -> Folder

    /// Prepares.
    ///
    /// - Parameters:
    ///   - workload: What is run.
    ///   - through: The folder that the archive sees of a simulated one.
    public init(_ workload: Workload, through: @escaping (SimulatedFolder) -> Folder) {
        self.workload = workload
        self.through = through
    }

    /// Runs the workload and judges what every power cut would leave.
    ///
    /// - Parameters:
    ///   - folder: Where it runs.
    ///   - states: Those that were seen; only others are judged.
    ///   - body: Takes each that is judged; says whether to go on.
    public func judge(_ folder: SimulatedFolder, _ states: CrashStates, onState body: (PowerCut) -> Bool) {
        let first = snapshots(of: folder, after: Workload.Progress()) { tell in
            workload.run(in: through(folder), told: tell)
        }
        var generator = SeededGenerator(seed: workload.seed &+ 99)
        var continued = 0
        var count = 0
        _ = visit(first, "operation", statesAtEach, states, &generator) { files, cut in
            var cut = cut
            count += 1
            guard cut.verdict == .right, count % continuesEach == 0, cut.progress.acknowledged > 0 else {
                return body(cut)
            }
            continued += 1
            let second = SimulatedFolder(SimulatedDisk(files))
            let later = snapshots(of: second, after: cut.progress) { tell in
                cut.verdict = goOn(in: second, after: cut.progress, tell)
            }
            guard body(cut) else { return false }
            guard continued % cutsAgainEach == 0 else { return true }
            var generator = SeededGenerator(seed: workload.seed &+ UInt64(continued))
            return visit(later, "gone on after a cut, operation", 1, states, &generator) { files, cut in
                var cut = cut
                if cut.verdict == .right {
                    cut.verdict = goOn(in: SimulatedFolder(SimulatedDisk(files)), after: cut.progress)
                }
                return body(cut)
            }
        }
    }

    /// The medium after each operation.
    private func snapshots(
        of folder: SimulatedFolder,
        after start: Workload.Progress,
        _ run: ((Workload.Progress) -> Void) -> Void
    ) -> [Snapshot] {
        var snapshots: [Snapshot] = []
        var progress = start
        folder.observe = { snapshots.append(Snapshot(disk: $0, progress: progress)) }
        run { now in
            let isNews = now.acknowledged > progress.acknowledged
            progress.appended = max(progress.appended, now.appended)
            progress.acknowledged = max(progress.acknowledged, now.acknowledged)
            if isNews { snapshots.append(Snapshot(disk: folder.disk, progress: progress)) }
        }
        folder.observe = nil
        return snapshots
    }

    /// Visits states that were not seen before.
    private func visit(
        _ snapshots: [Snapshot],
        _ place: String,
        _ random: Int,
        _ states: CrashStates,
        _ generator: inout SeededGenerator,
        _ body: ([String: [UInt8]], PowerCut) -> Bool
    ) -> Bool {
        for (index, snapshot) in snapshots.enumerated() {
            for choice in 0..<(2 + (snapshot.disk.pending > 0 ? random : 0)) {
                let files =
                    choice == 0
                    ? snapshot.disk.leastLeft()
                    : choice == 1 ? snapshot.disk.mostLeft() : snapshot.disk.someLeft(&generator)
                guard states.isNew(files) else { continue }
                let place = "\(place) \(index), choice \(choice)"
                let cut = PowerCut(files, of: workload, snapshot.progress, place: place, seenThrough: seenThrough)
                guard body(files, cut) else { return false }
            }
        }
        return true
    }

    /// Appends the rest of the workload to what is left, and checks the whole.
    private func goOn(
        in folder: SimulatedFolder,
        after progress: Workload.Progress,
        _ told: (Workload.Progress) -> Void = { _ in }
    ) -> PowerCut.Verdict {
        do throws(ArchiveError) {
            let start = try workload.goOn(in: through(folder), told: told)
            guard start.acknowledged >= progress.acknowledged else {
                return .notContinued("\(start.acknowledged) of \(progress.acknowledged) units are left")
            }
        } catch {
            return .notContinued("\(error)")
        }
        let after = folder.disk.leastLeft()
        let reading = workload.read(seenThrough(after))
        if reading.wrong > 0 { return .wrong }
        guard reading.units == workload.units.map(\.octets), reading.damage.isEmpty else {
            return .notContinued("\(reading.units.count) units, \(reading.damage)")
        }
        for (name, octets) in after where name.hasSuffix(".plar") {
            guard let report = try? ArchiveReader.verify(MemoryArchive(octets)), report.isUndamaged else {
                return .notContinued("\(name) does not hold")
            }
        }
        return .right
    }
}

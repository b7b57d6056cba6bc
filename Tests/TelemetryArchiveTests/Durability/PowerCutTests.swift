import Foundation
import SpaceLink
import Synchronization
import TelemetryArchive
import TestSupport
import Testing

/// States that a loss of power left, each counted once.
final class CrashStates: Sendable {
    private let seen = Mutex<Set<Int>>([])

    var count: Int { seen.withLock { $0.count } }

    func isNew(_ files: [String: [UInt8]]) -> Bool {
        var hasher = Hasher()
        for (name, octets) in files.sorted(by: { $0.key < $1.key }) {
            hasher.combine(name)
            hasher.combine(octets)
        }
        let hash = hasher.finalize()
        return seen.withLock { $0.insert(hash).inserted }
    }
}

/// Tries what power cuts leave of a workload.
struct PowerCutTrial {
    /// What is wrong with a state.
    enum Verdict: Equatable {
        case right
        case lost
        case wrong
        case damaged(String)
        case notContinued(String)
    }

    let workload: Workload
    /// Random states at each operation, beside the least and the most that can be left.
    let statesAtEach: Int
    /// Each how many states the archive is also gone on with.
    var continuesEach = 9
    /// Spoils what a reader sees, for mutants.
    var seenThrough: ([String: [UInt8]]) -> [String: [UInt8]] = { $0 }

    /// Runs a workload and judges what every power cut would leave.
    ///
    /// - Parameters:
    ///   - folder: Where it runs; another one may stand between it and the archive.
    ///   - states: Those that were seen.
    ///   - run: Runs the workload; calls its argument with what is acknowledged.
    ///   - body: Takes each verdict that is not right; says whether to go on.
    func judge(
        _ folder: SimulatedFolder,
        _ states: CrashStates,
        run: (@escaping (Int64) -> Void) -> Void,
        onVerdict body: (Verdict, String) -> Bool
    ) {
        var snapshots: [(disk: SimulatedDisk, acknowledged: Int64)] = []
        var acknowledged: Int64 = 0
        folder.observe = { snapshots.append(($0, acknowledged)) }
        run {
            acknowledged = $0
            snapshots.append((folder.disk, acknowledged))
        }
        folder.observe = nil
        var generator = SeededGenerator(seed: workload.seed &+ 99)
        var count = 0
        for (index, snapshot) in snapshots.enumerated() {
            for choice in 0..<(2 + (snapshot.disk.pending > 0 ? statesAtEach : 0)) {
                let files =
                    choice == 0
                    ? snapshot.disk.leastLeft()
                    : choice == 1 ? snapshot.disk.mostLeft() : snapshot.disk.someLeft(&generator)
                guard states.isNew(files) else { continue }
                count += 1
                var verdict = judge(files, acknowledged: Int(snapshot.acknowledged))
                if verdict == .right, count % continuesEach == 0, snapshot.acknowledged > 0 {
                    verdict = goOn(files, acknowledged: Int(snapshot.acknowledged))
                }
                let place =
                    "seed \(workload.seed), operation \(index), choice \(choice), "
                    + "acknowledged \(snapshot.acknowledged), files \(files.mapValues(\.count))"
                if verdict != .right, !body(verdict, place) { return }
            }
        }
    }

    private func judge(_ files: [String: [UInt8]], acknowledged: Int) -> Verdict {
        let reading = workload.read(seenThrough(files))
        if reading.wrong > 0 { return .wrong }
        if reading.units.count < acknowledged { return .lost }
        guard acknowledged > 0, let damage = reading.damage.first else { return .right }
        return .damaged(damage.description)
    }

    /// Appends the rest of the workload to what is left, and checks the whole.
    private func goOn(_ files: [String: [UInt8]], acknowledged: Int) -> Verdict {
        let folder = SimulatedFolder(SimulatedDisk(files))
        do throws(ArchiveError) {
            var archive = try LiveArchive.open(Workload.name, in: folder, settings: workload.settings, now: 0)
            let start = Int(archive.committed.units)
            guard start >= acknowledged else { return .notContinued("\(start) of \(acknowledged) units are left") }
            for (packet, octets) in workload.packets[start...] {
                try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
            }
            try archive.finish()
        } catch {
            return .notContinued("\(error)")
        }
        let after = folder.disk.leastLeft()
        let reading = workload.read(after)
        guard reading.units == workload.packets.map(\.1), reading.wrong == 0, reading.damage.isEmpty else {
            return .notContinued("\(reading.units.count) units, \(reading.wrong) wrong, \(reading.damage)")
        }
        for (name, octets) in after where name.hasSuffix(".plar") {
            guard let report = try? ArchiveReader.verify(MemoryArchive(octets)), report.isUndamaged else {
                return .notContinued("\(name) does not hold")
            }
        }
        return .right
    }
}

@Suite struct PowerCutTests {
    private static let isFull = ProcessInfo.processInfo.environment["PERILUNE_FULL"] != nil
    private static let states = CrashStates()

    /// Workloads are tried until that many states were seen.
    private static let wanted = isFull ? 100_000 : 10_000

    @Test func noPowerCutLosesWhatWasAcknowledged() {
        let states = PowerCutTests.states
        var seed: UInt64 = 0
        var failures = 0
        while states.count < PowerCutTests.wanted, failures == 0 {
            seed += 1
            let workload = Workload(seed: seed)
            let trial = PowerCutTrial(workload: workload, statesAtEach: 6)
            let folder = SimulatedFolder()
            func record(_ verdict: PowerCutTrial.Verdict, _ place: String) -> Bool {
                Issue.record("\(verdict): \(place)")
                failures += 1
                return failures < 5
            }
            trial.judge(
                folder,
                states,
                run: { workload.run(in: folder, acknowledged: $0) },
                onVerdict: record
            )
        }
        print("power cuts: \(states.count) distinct states of \(seed) workloads")
        #expect(states.count >= PowerCutTests.wanted)
    }
}

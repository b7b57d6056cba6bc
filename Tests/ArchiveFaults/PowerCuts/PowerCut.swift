import TelemetryArchive

/// A loss of power, and what came of it.
public struct PowerCut: Sendable, CustomStringConvertible {
    /// What is wrong with what is left.
    public enum Verdict: Sendable, Equatable {
        /// Nothing.
        case right
        /// A unit that was acknowledged is not there.
        case lost
        /// A unit is returned that was never written.
        case wrong
        /// Something is called damaged.
        case damaged(String)
        /// A writer cannot go on with it, or what it makes of it is not right.
        case notContinued(String)
    }

    /// What is wrong.
    public var verdict = Verdict.right
    /// How far the workload had come.
    public let progress: Workload.Progress
    /// Units that are left.
    public private(set) var left = 0
    /// Whether the archive says that it did not end as it should.
    public private(set) var isEndTold = false

    private let seed: UInt64
    private let place: String
    private let sizes: [String: Int]

    /// Reads what is left.
    init(
        _ files: [String: [UInt8]],
        of workload: Workload,
        _ progress: Workload.Progress,
        place: String,
        seenThrough view: ([String: [UInt8]]) -> [String: [UInt8]]
    ) {
        self.progress = progress
        self.place = place
        seed = workload.seed
        sizes = files.mapValues(\.count)
        let reading = workload.read(view(files))
        left = reading.units.count
        isEndTold = reading.isEndTold
        if reading.wrong > 0 {
            verdict = .wrong
        } else if left < progress.acknowledged {
            verdict = .lost
        } else if progress.acknowledged > 0, let damage = reading.damage.first {
            verdict = .damaged(damage.description)
        }
    }

    /// Where it was, and what was left.
    public var description: String {
        "seed \(seed), \(place), acknowledged \(progress.acknowledged), files \(sizes): \(verdict)"
    }

    /// As one of many faults: lost are units that were appended and never acknowledged.
    public var judgement: FaultJudgement {
        var judgement = FaultJudgement()
        judgement.lost = max(0, Int(progress.appended) - left)
        judgement.isFound = isEndTold
        judgement.hold(verdict == .right, "\(verdict)")
        return judgement
    }
}

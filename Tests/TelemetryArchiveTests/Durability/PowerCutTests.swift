import ArchiveFaults
import Testing

/// What is left when the power goes.
///
/// `tools/benchmark archive-faults` tries the same and more of it, and counts.
@Suite struct PowerCutTests {
    /// Workloads are tried until that many states were seen.
    private static let wanted = Fully.isWanted ? 100_000 : 10_000

    @Test func noPowerCutLosesWhatWasAcknowledged() {
        let states = CrashStates()
        var seed: UInt64 = 0
        var cuts = FaultTally()
        while states.count < PowerCutTests.wanted, cuts.breaches.isEmpty {
            seed += 1
            var trial = PowerCutTrial(seed % 4 == 0 ? Workload(anyOf: seed) : Workload(seed: seed)) { $0 }
            trial.cutsAgainEach = 40
            trial.judge(SimulatedFolder(), states) { cut in
                cuts.add(cut.judgement, "\(cut)")
                return cuts.breaches.count < 5
            }
        }
        print("power cuts: \(states.count) distinct states of \(seed) workloads")
        #expect(cuts.breaches == [])
        #expect(cuts.survived >= PowerCutTests.wanted)
    }
}

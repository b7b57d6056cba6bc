import ArchiveFaults
import TelemetryArchive
import TestSupport
import Testing

/// Archives in which a bit is another.
///
/// `tools/benchmark archive-faults` tries the same and more of them, and counts.
@Suite struct FlipTests {
    @Test(arguments: CutTests.samples)
    func everyFlipIsFoundInTheOneMemberThatHasIt(
        content: SampleStream.Content,
        form: ArchiveSettings.Form,
        ending: SampleArchive.Ending
    ) throws {
        let sample = try CutTests.small(content, form, ending)
        let flips = flips(50, of: sample.octets, seed: 21) { sample.judge(flipping: $0) }
        #expect(flips.breaches == [])
        #expect(flips.found == flips.tried || ending == .journaled)
    }

    @Test(arguments: CutTests.samples.filter { $0.2 == .journaled })
    func aFlipInTheJournalTakesOneGroup(
        content: SampleStream.Content,
        form: ArchiveSettings.Form,
        ending: SampleArchive.Ending
    ) throws {
        let sample = try CutTests.small(content, form, ending)
        let flips = flips(100, of: sample.journal, seed: 22) { sample.judge(flippingJournal: $0) }
        #expect(flips.breaches == [])
    }

    @Test func aLargeArchiveLosesOneChunkToAFlip() throws {
        var settings = ArchiveSettings(chunkSize: 64 << 10)
        settings.chunksPerIndex = 4
        let sample = try SampleArchive(.frames, count: Fully.isWanted ? 2 << 20 : 600_000, settings: settings)
        let flips = flips(25, fully: 20_000, of: sample.octets, seed: 23) { sample.judge(flipping: $0) }
        #expect(flips.breaches == [])
        #expect(flips.found == flips.tried)
    }

    /// Judges bits at random, more of them in a full run.
    private func flips(
        _ count: Int,
        fully: Int = 4000,
        of octets: [UInt8],
        seed: UInt64,
        _ judge: (Int) -> FaultJudgement
    ) -> FaultTally {
        var generator = SeededGenerator(seed: seed)
        var flips = FaultTally()
        for _ in 0..<(Fully.isWanted ? fully : count) {
            let bit = Int(generator.next() % UInt64(8 * octets.count))
            flips.add(judge(bit), "bit \(bit)")
        }
        return flips
    }
}

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
        var generator = SeededGenerator(seed: 21)
        var flips = FaultTally()
        for _ in 0..<(Fully.isWanted ? 4000 : 50) {
            let bit = Int(generator.next() % UInt64(8 * sample.octets.count))
            flips.add(sample.judge(flipping: bit), "bit \(bit)")
        }
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
        var generator = SeededGenerator(seed: 22)
        var flips = FaultTally()
        for _ in 0..<(Fully.isWanted ? 4000 : 100) {
            let bit = Int(generator.next() % UInt64(8 * sample.journal.count))
            flips.add(sample.judge(flippingJournal: bit), "bit \(bit)")
        }
        #expect(flips.breaches == [])
    }

    @Test func aLargeArchiveLosesOneChunkToAFlip() throws {
        var settings = ArchiveSettings(chunkSize: 64 << 10)
        settings.chunksPerIndex = 4
        let sample = try SampleArchive(.frames, count: Fully.isWanted ? 2 << 20 : 600_000, settings: settings)
        var generator = SeededGenerator(seed: 23)
        var flips = FaultTally()
        for _ in 0..<(Fully.isWanted ? 20_000 : 25) {
            let bit = Int(generator.next() % UInt64(8 * sample.octets.count))
            flips.add(sample.judge(flipping: bit), "bit \(bit)")
        }
        #expect(flips.breaches == [])
        #expect(flips.found == flips.tried)
    }
}

import ArchiveFaults
import Foundation
import TelemetryArchive
import TestSupport
import Testing

/// Whether everything is tried, or enough of it for a minute.
enum Fully {
    static let isWanted = ProcessInfo.processInfo.environment["PERILUNE_FULL"] != nil
}

/// Archives that end early.
///
/// `tools/benchmark archive-faults` tries the same and more of them, and counts.
@Suite struct CutTests {
    /// Archives of some kilobytes with many members, of every content, form and ending.
    static let samples: [(SampleStream.Content, ArchiveSettings.Form, SampleArchive.Ending)] = [
        (.packets, .raw, .journaled), (.packets, .packed, .sealed), (.frames, .packed, .journaled),
        (.frames, .raw, .sealed), (.records, .packed, .journaled), (.records, .packed, .open),
    ]

    /// A small archive.
    static func small(
        _ content: SampleStream.Content,
        _ form: ArchiveSettings.Form,
        _ ending: SampleArchive.Ending
    ) throws -> SampleArchive {
        var settings = ArchiveSettings(chunkSize: 2500)
        settings.form = form
        settings.chunksPerIndex = 2
        return try SampleArchive(content, count: 9000, settings: settings, ending: ending)
    }

    @Test(arguments: samples)
    func samplesAreWhatTheyAreMeantToBe(
        content: SampleStream.Content,
        form: ArchiveSettings.Form,
        ending: SampleArchive.Ending
    ) throws {
        let sample = try CutTests.small(content, form, ending)
        #expect(sample.members.last?.range.upperBound == sample.octets.count)
        #expect(sample.members.contains { $0.kind == (form == .packed ? 3 : 2) })
        #expect(sample.members.last?.kind == (ending == .sealed ? 5 : sample.members.last?.kind))
        #expect(sample.groups.isEmpty == (ending != .journaled))
        #expect(sample.groups.filter(\.holdsUnits).count > 1 || ending != .journaled)
        #expect(sample.judge(cutAt: sample.octets.count).breaches.isEmpty)
        #expect(sample.units.count > 10)
    }

    @Test(arguments: samples)
    func whatIsBeforeACutAnywhereIsRead(
        content: SampleStream.Content,
        form: ArchiveSettings.Form,
        ending: SampleArchive.Ending
    ) throws {
        let sample = try CutTests.small(content, form, ending)
        var cuts = FaultTally()
        let step = Fully.isWanted ? 1 : 29
        let bounds = Set(sample.members.flatMap { [$0.range.upperBound - 1, $0.range.upperBound] })
        for length in 0...sample.octets.count where length % step == 0 || bounds.contains(length) {
            cuts.add(sample.judge(cutAt: length), "\(length) octets left")
        }
        #expect(cuts.breaches == [])
        #expect(cuts.tried > sample.octets.count / step)
    }

    @Test(arguments: samples.filter { $0.2 == .journaled })
    func whatIsBeforeACutOfTheJournalIsRead(
        content: SampleStream.Content,
        form: ArchiveSettings.Form,
        ending: SampleArchive.Ending
    ) throws {
        let sample = try CutTests.small(content, form, ending)
        var cuts = FaultTally()
        let step = Fully.isWanted ? 1 : 7
        for length in stride(from: 0, through: sample.journal.count, by: step) {
            cuts.add(sample.judge(journalCutAt: length), "\(length) octets of journal left")
        }
        #expect(cuts.breaches == [])
        #expect(cuts.tried > sample.journal.count / step)
    }

    @Test func aLargeArchiveIsCutAtRandom() throws {
        var settings = ArchiveSettings(chunkSize: 64 << 10)
        settings.chunksPerIndex = 4
        let sample = try SampleArchive(.packets, count: Fully.isWanted ? 20 << 20 : 600_000, settings: settings)
        var generator = SeededGenerator(seed: 5)
        var cuts = FaultTally()
        for _ in 0..<(Fully.isWanted ? 1000 : 25) {
            let length = Int(generator.next() % UInt64(sample.octets.count))
            cuts.add(sample.judge(cutAt: length), "\(length) octets left")
        }
        #expect(cuts.breaches == [])
        #expect(cuts.found == cuts.tried)
    }
}

import ArchiveFaults
import ArchiveForgery
import FuzzSupport
import SpaceLink
import TelemetryArchive

/// Spoils archives of every kind, mostly with checksums made right again, and does with them what can be done.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryArchive(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    let kind = choices.number(0...Samples.all.count)
    guard kind < Samples.all.count else {
        let octets = choices.rest()
        Explanation.print("octets of their own", octets)
        ArchiveTrial(archive: octets, journal: nil, isIndexRight: false, areTablesRight: false).run()
        return 0
    }
    let sample = Samples.all[kind]
    var archive = ForgedFile(Samples.opened[kind])
    var journal = ForgedFile(sample.journal)
    let isJournalSpoilt = !sample.journal.isEmpty && choices.flag()
    if choices.flag() { archive.cutIntoPieces() }
    while !choices.isEmpty {
        if isJournalSpoilt { journal.forge(&choices) } else { archive.forge(&choices) }
    }
    Explanation.print("sample \(kind), the archive", archive.octets)
    Explanation.print("sample \(kind), the journal", journal.octets)
    ArchiveTrial(
        archive: archive.octets,
        journal: sample.journal.isEmpty ? nil : journal.octets,
        isIndexRight: archive.isIndexRight,
        areTablesRight: archive.areSubfieldsRight
    ).run()
    return 0
}

/// Small archives whose deflate streams are stored blocks, so that what is in them lies open.
private enum Samples {
    static let all: [SampleArchive] = {
        var samples: [SampleArchive] = []
        for content in SampleStream.Content.allCases {
            // Lists are found in many packets only.
            let isMixture = content == .mixture
            for form in ArchiveSettings.Form.allCases {
                for ending in [SampleArchive.Ending.sealed, .journaled] {
                    var settings = ArchiveSettings(chunkSize: isMixture ? 8000 : 1500)
                    settings.form = form
                    settings.level = 0
                    settings.chunksPerIndex = 2
                    let count = isMixture ? 18_000 : 4000
                    do {
                        samples.append(try SampleArchive(content, count: count, settings: settings, ending: ending))
                    } catch {
                        expect(false, "a sample cannot be made: \(error)")
                    }
                }
            }
        }
        return samples
    }()

    /// The same with indexes that lie open; those of frames say more as they were written.
    static let opened = all.map { sample in
        sample.units.first?.kind == .packet ? ForgedArchive(sample).octets : sample.octets
    }
}

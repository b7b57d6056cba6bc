import ArchiveFaults
import TelemetryArchive

/// Archives of some kilobytes, of every content and form, whose every octet and bit is tried.
struct SmallArchives: Sendable {
    let archives: [SampleArchive]

    /// Writes one of each content and form.
    init(_ ending: SampleArchive.Ending) throws {
        archives = try SampleStream.Content.allCases.flatMap { content in
            try ArchiveSettings.Form.allCases.map { form in
                var settings = ArchiveSettings(chunkSize: 2500)
                settings.form = form
                settings.chunksPerIndex = 2
                return try SampleArchive(content, count: 9000, settings: settings, ending: ending)
            }
        }
    }

    /// Tries every number below what each of them has.
    ///
    /// - Parameters:
    ///   - most: How many are tried of all together; if there are more, some of them evenly.
    ///   - count: How many things one has.
    ///   - judge: Tries one.
    /// - Returns: What they came to.
    func tally(
        atMost most: Int = .max,
        each count: (SampleArchive) -> Int,
        _ judge: @escaping @Sendable (SampleArchive, Int) -> FaultJudgement
    ) -> FaultTally {
        let counts = archives.map(count)
        let all = counts.reduce(0, +)
        let step = most < all ? all / max(1, most) + 1 : 1
        let places = zip(archives.indices, counts).flatMap { archive, count in
            stride(from: 0, to: count, by: step).map { (archive, $0) }
        }
        return Workers.cores.tally(places.count) { [archives] number, _, tally in
            let (archive, place) = places[number]
            tally.add(judge(archives[archive], place), "archive \(archive), \(place)")
        }
    }
}

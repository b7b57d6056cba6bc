import ArgumentParser
import TelemetryArchive
import TelemetryPipeline

/// `perilune archive merge`.
struct ArchiveMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join archives in the order of time, and drop second copies.",
        discussion: """
            What does not overlap in time is taken over as it is, not packed again. Where archives overlap, frames or \
            packets are put in order one by one, and of two copies the one of better quality stays. Parts of one \
            archive (pass.plar, pass.0001.plar, ...) become one. The archives are not changed; a damaged one is \
            refused: repair it first.

            Example: perilune archive merge monday.plar tuesday.plar -o week.plar
            """
    )

    @Argument(help: "The archives: all of frames of one link, or all of packets.")
    var archives: [String]

    @Option(name: .shortAndLong, help: "The new archive.")
    var output: String

    @Flag(help: "Replace an archive of that name.")
    var force = false

    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        var job = ArchiveMergeJob(archives: archives, output: output, creator: "perilune \(Perilune.version)")
        job.replacing = force
        var bar = speech.bar("merging")
        let result = try job.run { octets, total in bar.update(octets: octets, of: total) }
        bar.finish()
        if speech.json {
            print(EventLine("done", MergeSummary(result)).text, terminator: "")
            return
        }
        let report = result.report
        let dropped = report.copies.units
        let copies = dropped > 0 ? "\(Quantity.count(dropped)) second copies dropped" : "no second copies"
        speech.say(
            """
            \(output): \(Quantity.count(report.kept.units)) units in \(Quantity.octets(Double(result.size))); \(copies); \
            \(Quantity.count(Int64(report.adoptedChunks))) chunks taken over as they were
            """
        )
    }
}

/// The totals of `merge`.
private struct MergeSummary: Encodable {
    let units: Int64
    let octets: Int64
    let size: Int64
    let copies: Int64
    let adoptedChunks: Int
    let mergedChunks: Int
    let droppedChunks: Int
    let clock: String?

    init(_ result: ArchiveMergeJob.Result) {
        units = result.report.kept.units
        octets = result.report.kept.octets
        size = result.size
        copies = result.report.copies.units
        adoptedChunks = result.report.adoptedChunks
        mergedChunks = result.report.mergedChunks
        droppedChunks = result.report.droppedChunks
        clock = result.report.clock?.rawValue
    }
}

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
            refused: repair it first. Archives that tell no times follow each other in the order given. Raw input that \
            the archives keep goes along, one recording behind the other in the order given, a second copy once.

            Example: perilune archive merge monday.plar tuesday.plar -o week.plar
            """
    )

    @Argument(help: "The archives: all of frames of one link, or all of packets.")
    var archives: [String]

    @Option(name: .shortAndLong, help: "The new archive.")
    var output: String

    @Flag(help: "Replace an archive of that name.")
    var force = false

    @Flag(help: "Leave raw input that the archives keep out; it stays in them.")
    var dropInput = false

    @Flag(help: "Write FILE.parity too, 7 % more, by which `repair` heals any mebioctet on end.")
    var parity = false

    @OptionGroup var jobs: MergingJobs
    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        var job = ArchiveMergeJob(archives: archives, output: output, creator: "perilune \(Perilune.version)")
        job.replacing = force
        job.keepsInput = !dropInput
        var bar = speech.bar("merging")
        let result = try await job.run(jobs: jobs.taskCount) { octets, total in bar.update(octets: octets, of: total) }
        bar.finish()
        let report = result.report
        let parity = try ParityWork(speech).settle(output, isWanted: parity, isNew: true)
        if report.clock == nil, report.inputs > 1 {
            Words.say(
                "\(output): not all archives tell times, so they follow each other in the order given, and only whole "
                    + "chunks were compared to find second copies; --mission at `archive create` gives packets their times"
            )
        }
        if speech.json {
            print(EventLine("done", MergeSummary(result, parity: parity)).text, terminator: "")
            return
        }
        let dropped = report.copies.units
        let copies = dropped > 0 ? "\(Quantity.count(dropped)) second copies dropped" : "no second copies"
        speech.say(
            """
            \(output): \(Quantity.count(report.kept.units)) units in \(Quantity.octets(Double(result.size))); \(copies); \
            \(Quantity.count(Int64(report.adoptedChunks))) chunks taken over as they were
            """
        )
        for input in report.keptInputs {
            speech.say("\(output): keeps the raw input \(input.name), \(Quantity.octets(Double(input.size ?? 0)))")
        }
        if report.droppedInput > 0 {
            let why = dropInput ? "stays in the old archives" : "is there already"
            speech.say("\(output): \(Quantity.octets(Double(report.droppedInput))) of raw input left out, which \(why)")
        }
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
    /// The raw inputs that it keeps.
    let inputs: [KeptInput]?
    /// Octets of raw input that were left out.
    let droppedInput: Int64?
    /// Octets of the parity that was made.
    let parity: Int64?

    init(_ result: ArchiveMergeJob.Result, parity: Int64?) {
        self.parity = parity
        let report = result.report
        inputs = report.keptInputs.isEmpty ? nil : KeptInput.list(report.keptInputs)
        droppedInput = report.droppedInput > 0 ? report.droppedInput : nil
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

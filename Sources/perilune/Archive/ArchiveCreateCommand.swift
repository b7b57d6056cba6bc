import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// `perilune archive create`.
struct ArchiveCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an archive: accepted frames if the input has frames, packets if it has packets.",
        discussion: """
            From a file, the archive appears under its name when it is whole. From a pipe (-), it grows under its \
            name, and with --json each event `committed` says what survives whatever comes.

            Example: perilune archive create pass.cadu -o pass.plar --mission luna-25
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var speech: SpeechOptions

    @Option(name: .shortAndLong, help: "The archive to make.")
    var output: String

    @Flag(help: "Replace an archive of that name.")
    var force = false

    @Option(help: ArgumentHelp("Octets of a chunk: larger packs better, smaller is found faster.", valueName: "octets"))
    var chunk = 1 << 20

    @Flag(help: "Keep everything readable by zcat, about two to four times the size.")
    var raw = false

    func validate() throws {
        guard (4096...(8 << 20)).contains(chunk) else {
            throw ValidationError("--chunk \(chunk): a chunk has 4096 to 8388608 octets")
        }
    }

    func run() async throws {
        var telemetry = try TelemetryInput(input.request())
        var job = ArchiveJob(output: output, creator: "perilune \(Perilune.version)")
        job.replacing = force
        job.settings = ArchiveSettings(chunkSize: chunk)
        if raw { job.settings.form = .raw }
        var bar = speech.bar("archiving")
        var committed = ArchiveTotals()
        let result = try job.run(&telemetry) { octets, total, safe in
            bar.update(octets: octets, of: total)
            guard safe != committed else { return }
            committed = safe
            if speech.json { print(EventLine("committed", safe).text, terminator: "") }
        }
        bar.finish()
        if speech.json {
            print(EventLine("done", CreateSummary(result)).text, terminator: "")
            return
        }
        let unit = telemetry.link.input == .packets ? "packets" : "frames"
        let ratio = Double(result.size) / Double(max(result.summary.octets, 1))
        speech.say(
            """
            \(output): \(Quantity.count(result.totals.units)) \(unit) in \(Quantity.octets(Double(result.size))), \
            \(Quantity.fixed(ratio * 100, 1)) % of the input's \(Quantity.octets(Double(result.summary.octets)))
            """
        )
    }
}

/// The totals of `create`.
private struct CreateSummary: Encodable {
    let units: Int64
    let octets: Int64
    let size: Int64
    let inputOctets: Int

    init(_ result: ArchiveJob.Result) {
        units = result.totals.units
        octets = result.totals.octets
        size = result.size
        inputOctets = result.summary.octets
    }
}

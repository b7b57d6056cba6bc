import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `perilune archive create`.
struct ArchiveCreateCommand: AsyncParsableCommand {
    /// What else is kept.
    enum Kept: String, CaseIterable, ExpressibleByArgument {
        case input
    }

    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an archive: accepted frames if the input has frames, packets if it has packets.",
        discussion: """
            From a file, the archive appears under its name when it is whole. From a pipe (-), it grows under its \
            name with a journal beside it, and with --json each event `committed` says what survives whatever comes.

            Examples:
              perilune archive create pass.cadu -o pass.plar --mission luna-25
              receiver | perilune archive create - -o live.plar --link hakuto-r --json
              perilune archive create pass.cadu -o pass.plar --mission luna-25 --jobs 0
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var speech: SpeechOptions

    @Option(name: .shortAndLong, help: "The archive to make.")
    var output: String

    @Flag(help: "Replace an archive of that name.")
    var force = false

    @Option(help: "Keep the raw input too, every octet of it; extract --to input gives it back.")
    var keep: Kept?

    @OptionGroup var jobs: PackingJobs
    @OptionGroup var growth: LiveOptions

    func run() async throws {
        let request = try input.request()
        var telemetry = try TelemetryInput(request)
        var job = ArchiveJob(output: output, creator: "perilune \(Perilune.version)")
        job.replacing = force
        if keep == .input {
            guard request.paths.count == 1 else {
                throw Failure("--keep input: \(request.paths.count) inputs are given; make an archive of each")
            }
            job.keptInput = request.paths[0]
        }
        growth.apply(to: &job)
        var printer = CommitPrinter(speech, "archiving")
        let result = try await job.run(&telemetry, jobs: jobs.taskCount) { octets, total, safe in
            printer.update(octets: octets, of: total, safe)
        }
        printer.finish()
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

/// Shows how far an archive has come, and tells what survives as soon as it does.
struct CommitPrinter: ~Copyable {
    private var bar: ProgressBar
    private let isJSON: Bool
    private var committed = ArchiveTotals()

    init(_ speech: SpeechOptions, _ title: String) {
        bar = speech.bar(title)
        isJSON = speech.json
    }

    mutating func update(octets: Int64, of total: Int64?, _ safe: ArchiveTotals) {
        bar.update(octets: octets, of: total)
        guard safe != committed else { return }
        committed = safe
        guard isJSON else { return }
        print(EventLine("committed", safe).text, terminator: "")
        fflush(nil)  // nil stands for all streams; whoever waits for the line shall not wait for a full buffer
    }

    mutating func finish() { bar.finish() }
}

/// The totals of `create` and `append`.
struct CreateSummary: Encodable {
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

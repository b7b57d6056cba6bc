import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// `perilune archive append`.
struct ArchiveAppendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Add recordings or a live pipe to an archive, sealed or left by a writer that stopped.",
        discussion: """
            What a writer left torn is cut off, and its journal is taken over. With --json each event `committed` says \
            what survives whatever comes, counted from the archive's beginning. The new seal replaces the old one.

            Example: perilune archive append tomorrow.cadu -o pass.plar --mission luna-25
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var speech: SpeechOptions

    @Option(name: .shortAndLong, help: "The archive to add to.")
    var output: String

    @OptionGroup var growth: LiveOptions

    func run() async throws {
        var telemetry = try TelemetryInput(input.request())
        var job = ArchiveJob(output: output, creator: "perilune \(Perilune.version)")
        growth.apply(to: &job)
        var printer = CommitPrinter(speech, "appending")
        let result = try job.append(&telemetry) { octets, total, safe in
            printer.update(octets: octets, of: total, safe)
        }
        printer.finish()
        let parity = try ParityWork(speech).settle(output, isWanted: growth.parity, isNew: false)
        if speech.json {
            print(EventLine("done", CreateSummary(result, parity: parity)).text, terminator: "")
            return
        }
        let unit = telemetry.link.input == .packets ? "packets" : "frames"
        speech.say(
            "\(output): \(Quantity.count(result.totals.units)) \(unit) in \(Quantity.octets(Double(result.size)))"
        )
    }
}

import ArgumentParser
import AttitudeMonitor
import LinkIO
import Missions
import SpaceLink
import TelemetryPipeline

/// `perilune replay`: a recording or archive, as it came, into a terminal or to another tool.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a recording or archive at any pace into the terminal, UDP, TCP or a file.",
        discussion: """
            What goes out is what came in: each packet octet for octet, one a datagram over UDP. Time is on-board \
            time, which the mission tells how to read. On a terminal a dashboard shows the pass with its alarms.

            Examples:
              perilune replay pass.cadu --mission luna-25 --speed 50
              perilune replay pass.plar --to udp://127.0.0.1:10015 --speed 10 --from 2023-08-19T11:05:00Z
              perilune replay pass.plar --to - --speed max > pass.packets
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var speech: SpeechOptions

    @Option(help: "Stream seconds for each real second, 0.1 to 1000, or max. On a terminal 1, elsewhere max if absent.")
    var speed: String?

    @Option(help: "Where to send: udp://HOST:PORT, tcp://HOST:PORT, a file, or - for standard output.")
    var to: String?

    @Option(help: "What a unit is: packets or frames.")
    var unit = ReplaySource.Layer.packets

    @Flag(help: "Without idle packets.")
    var noIdle = false

    @Flag(help: "Replace a file of that name.")
    var force = false

    func run() async throws {
        let pace = ReplayPace(speed: try wantedSpeed())
        let endpoint = try to.map { text throws(IOFailure) in try Endpoint(text) }
        let wanted = try selection.selection()
        var telemetry = try TelemetryInput(input.request())
        if telemetry.timeCode == nil, pace.speed != nil || wanted.hasTimeRange {
            throw PipelineFailure.missing(
                what: "\(telemetry.name): nothing says how its packets tell the time, so there is no pace",
                remedy: "name the --mission, or play it with --speed max"
            )
        }
        let source = ReplaySource(
            layer: unit,
            selection: wanted,
            timeCode: telemetry.timeCode,
            includesIdle: !noIdle
        )
        let toStandardOutput = endpoint == .path("-")
        var view = ReplayView(
            title: telemetry.name,
            pace: pace,
            style: toStandardOutput ? .silent : speech.json ? .json : Words.outputIsTerminal ? .dashboard : .lines,
            speech: speech
        )
        let detector = try Self.detector(telemetry.craft, telemetry.timeCode)
        var player = ReplayPlayer(source: source, detector: detector, pace: pace, view: view)
        defer { view.close() }
        try await player.play(&telemetry, to: endpoint, replacing: force)
        view = player.view
        view.close()
        let summary = player.summary
        if speech.json, !toStandardOutput {
            print(EventLine("done", summary).text, terminator: "")
        } else {
            speech.say(summary.words)
        }
    }

    private func wantedSpeed() throws -> Double? {
        guard let speed else { return Words.outputIsTerminal && to == nil ? 1 : nil }
        if speed == "max" { return nil }
        guard let number = Double(speed), (0.1...1000).contains(number) else {
            throw PipelineFailure.badValue(name: "--speed", text: speed, wanted: "a number of 0.1 to 1000, or max")
        }
        return number
    }

    private static func detector(_ craft: Craft?, _ timeCode: TimeCode?) throws -> TelemetryDetector? {
        guard let craft else { return nil }
        return try TelemetryDetector(
            database: craft.makeDatabase(),
            configuration: craft.monitorConfiguration,
            timeCode: timeCode
        )
    }
}

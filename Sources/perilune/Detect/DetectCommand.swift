import ArgumentParser
import AttitudeMonitor
import MissionDatabase
import Missions
import RigidBody
import SpaceLink
import TelemetryPipeline

/// `perilune detect`: whether the vehicle is still under control.
struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Name attitude anomalies: what, since when, by which evidence, and how much time is left.",
        discussion: """
            On a healthy craft standard output stays empty (with --json: nothing but `done`). What cannot be watched, \
            because telemetry or the vehicle does not tell enough, is said on standard error.

            Examples:
              perilune detect pass.cadu --mission luna-25
              perilune detect pass.plar --mission luna-25 --json --fail-on anomaly:critical
              perilune detect --table rates.csv --map gx=gyro.a.rate.x:deg/s --map t=time
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var speech: SpeechOptions

    @Option(help: "An XTCE database in place of the mission's.")
    var dictionary: String?

    @Option(help: "Roles of parameters beside the database's own, a JSON file.")
    var roles: String?

    @Option(help: "The vehicle, a JSON file, in place of the mission's.")
    var vehicle: String?

    @Option(help: "Judge a table of samples (CSV, a heading of roles and `time`) instead of telemetry.")
    var table: String?

    @Option(help: ArgumentHelp("Name a column of the table. Repeats.", valueName: "column=role[:unit]"))
    var map: [String] = []

    @Option(help: "The mildest severity to report: information, warning or critical.")
    var severity = Severity.warning

    @Option(
        help: ArgumentHelp(
            "Exit with 1 if there was an anomaly: anomaly, anomaly:warning or anomaly:critical.",
            valueName: "what"
        )
    )
    var failOn: String?

    func run() async throws {
        let failing = try FailCondition(failOn)
        var printer = EventPrinter(least: severity, json: speech.json, paint: speech.paint, failing: failing)
        if let table {
            try judgeTable(table, &printer)
        } else {
            try judgeTelemetry(&printer)
        }
        if printer.isBad { throw ExitCode(ExitStatus.badAnswer) }
    }

    private func judgeTable(_ path: String, _ printer: inout EventPrinter) throws {
        var configuration = MonitorConfiguration()
        if let craft = try InputRequest(paths: ["-"], mission: input.mission, craft: input.craft).namedCraft() {
            configuration = craft.monitorConfiguration
        }
        if let vehicle { configuration.vehicle = try JSONFile.read(Vehicle.self, path: vehicle) }
        var table = try DetectionTable(path: path, mappings: map.map { try DetectionTable.Mapping($0) })
        var monitor = AttitudeMonitor(configuration)
        var events: [AnomalyEvent] = []
        while try table.next(&monitor, { events.append($0) }) {
            for event in events { printer.show(event, scale: table.scale) }
            events.removeAll(keepingCapacity: true)
        }
        monitor.finish { events.append(copy $0) }
        for event in events { printer.show(event, scale: table.scale) }
        if table.badRows > 0 {
            speech.say("\(path): \(table.badRows) rows could not be read, the first at line \(table.firstBadLine ?? 0)")
        }
        if !table.unknownColumns.isEmpty {
            speech.say("\(path): no roles, passed over: \(table.unknownColumns.joined(separator: ", "))")
        }
        guard table.rows > 0 else {
            let place = table.firstBadLine.map { "; see line \($0): its cells or its time cannot be read" } ?? ""
            throw PipelineFailure.badFile(path: path, reason: "holds no row that can be judged\(place)")
        }
        finish(monitor, printer, DetectSummary(rows: table.rows, events: printer.counts, unwatched: monitor.unwatched))
    }

    private func judgeTelemetry(_ printer: inout EventPrinter) throws {
        var telemetry = try TelemetryInput(input.request())
        let craft = telemetry.craft
        guard let database = try dictionary.map({ try XTCEFile.read($0) }) ?? craft?.makeDatabase() else {
            throw PipelineFailure.missing(
                what: "\(telemetry.name): nothing says what its packets mean",
                remedy: "name --mission (see `perilune missions`) or --dictionary FILE.xml"
            )
        }
        var configuration = craft?.monitorConfiguration ?? MonitorConfiguration()
        if let vehicle { configuration.vehicle = try JSONFile.read(Vehicle.self, path: vehicle) }
        var detector = try TelemetryDetector(
            database: database,
            configuration: configuration,
            timeCode: telemetry.timeCode,
            overlay: roles.map { try JSONFile.read(RoleOverlay.self, path: $0) } ?? RoleOverlay(),
            selection: selection.selection()
        )
        var bar = speech.bar("judging")
        let summary = try telemetry.decode(into: &detector) { sink, octets, total in
            printer.show(sink.takeEvents(), origin: sink.origin)
            bar.update(octets: octets, of: total)
        }
        detector.finish()
        printer.show(detector.takeEvents(), origin: detector.origin)
        bar.finish()
        try telemetry.requireSomething(summary)
        try requireJudged(detector, telemetry.name)
        finish(
            detector.monitor,
            printer,
            DetectSummary(
                octets: summary.octets,
                packets: detector.packetsUsed,
                unknownPackets: detector.unknownPackets.values.reduce(0, +),
                doubtfulPackets: detector.doubtfulPackets,
                from: detector.origin?.display,
                until: detector.latest?.display,
                events: printer.counts,
                unwatched: detector.monitor.unwatched
            )
        )
    }

    private func requireJudged(_ detector: TelemetryDetector, _ name: String) throws {
        guard detector.packetsUsed == 0 else { return }
        throw PipelineFailure.missing(
            what: "\(name): no packet could be judged (\(detector.packetsWithoutTime) without a time, "
                + "\(detector.unknownPackets.values.reduce(0, +)) unknown to the database, "
                + "\(detector.doubtfulPackets) doubtful)",
            remedy: "is it this mission's telemetry? Bind its parameters with --roles if the database has none"
        )
    }

    private func finish(_ monitor: AttitudeMonitor, _ printer: EventPrinter, _ summary: DetectSummary) {
        if speech.json {
            print(EventLine("done", summary).text, terminator: "")
            return
        }
        let unwatched = monitor.unwatched
        if !unwatched.isEmpty {
            speech.say("not watched:")
            for item in unwatched {
                speech.say("  \(item.condition.rawValue)\(item.rule.map { " (\($0))" } ?? ""): \(item.reason)")
            }
        }
        let span = [summary.from, summary.until].compactMap(\.self).joined(separator: " to ")
        let anomalies = printer.counts.warning + printer.counts.critical
        speech.say("\(anomalies == 0 ? "no anomaly" : "\(anomalies) anomalies")\(span.isEmpty ? "" : " in \(span)")")
    }
}

/// What `detect` was asked to fail on.
struct FailCondition {
    let least: Severity?

    init(_ text: String?) throws {
        switch text {
        case nil: least = nil
        case "anomaly", "anomaly:warning": least = .warning
        case "anomaly:critical": least = .critical
        case "anomaly:information": least = .information
        case .some(let other):
            throw PipelineFailure.badValue(
                name: "--fail-on",
                text: other,
                wanted: "anomaly, anomaly:information, anomaly:warning or anomaly:critical"
            )
        }
    }
}

/// The totals of a run, as in its `done` event.
struct DetectSummary: Encodable {
    var octets: Int?
    var rows: Int?
    var packets: Int?
    var unknownPackets: Int?
    var doubtfulPackets: Int?
    var from: String?
    var until: String?
    var events: EventCounts
    var unwatched: [UnwatchedCondition]
}

/// How many causes there were of each severity, at their worst.
struct EventCounts: Encodable {
    var information = 0
    var warning = 0
    var critical = 0

    mutating func add(_ severity: Severity, _ count: Int = 1) {
        switch severity {
        case .information: information += count
        case .warning: warning += count
        case .critical: critical += count
        }
    }
}

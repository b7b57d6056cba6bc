import AttitudeMonitor
import SpaceLink
import TelemetryPipeline

/// Writes anomaly events to standard output, as text or NDJSON, as they come.
struct EventPrinter {
    private let least: Severity
    private let json: Bool
    private let paint: Paint
    private let failing: FailCondition
    private var worst: [Int: Severity] = [:]

    init(least: Severity, json: Bool, paint: Paint, failing: FailCondition) {
        self.least = least
        self.json = json
        self.paint = paint
        self.failing = failing
    }

    /// Causes by their worst severity.
    var counts: EventCounts {
        var counts = EventCounts()
        for severity in worst.values { counts.add(severity) }
        return counts
    }

    /// Whether an event met what the command was asked to fail on.
    var isBad: Bool { failing.least.map { least in worst.values.contains { $0 >= least } } ?? false }

    /// Shows the events of telemetry with its on-board time.
    mutating func show(_ events: [AnomalyEvent], origin: TAITime?) {
        guard let origin else { return }
        for event in events { show(event, scale: .utc(origin: origin)) }
    }

    /// Shows one event.
    mutating func show(_ event: AnomalyEvent, scale: TimeScale) {
        worst[event.id] = max(worst[event.id] ?? event.severity, event.severity)
        guard event.severity >= least else { return }
        if json {
            print(EventLine("anomaly", AnomalyReport(event, scale: scale)).text, terminator: "")
        } else {
            for line in EventText(event, scale: scale, paint: paint).lines { print(line) }
        }
    }
}

/// An anomaly event in words.
struct EventText {
    let lines: [String]

    init(_ event: AnomalyEvent, scale: TimeScale, paint: Paint) {
        let name = event.condition.rawValue + (event.rule.map { " (\($0))" } ?? "")
        let severity =
            switch event.severity {
            case .critical: paint.red("CRITICAL")
            case .warning: paint.yellow("WARNING")
            case .information: paint.dim("INFORMATION")
            }
        guard event.state != .cleared else {
            lines = ["\(scale.text(event.detected))  \(paint.green("CLEARED"))  #\(event.id) \(name)"]
            return
        }
        var lines = [
            "\(scale.text(event.detected))  \(severity)  #\(event.id) \(paint.bold(name))\(event.state == .updated ? " (more is known)" : "")",
            "  began      \(scale.text(event.onset)) (\(Quantity.fixed(event.detected - event.onset, 1)) s before it was seen)",
        ]
        for evidence in event.evidence {
            lines.append(
                "  evidence   \(evidence.channel) is \(Self.number(evidence.value)) \(evidence.unit), expected "
                    + "\(Self.number(evidence.expected)) within \(Self.number(evidence.limit))"
            )
        }
        if !event.isolation.isEmpty {
            let causes = event.isolation.map { "\($0.cause) (\(Int(($0.confidence * 100).rounded())) %)" }
            lines.append("  cause      " + causes.joined(separator: ", "))
        }
        if !event.believed.isEmpty || !event.doubted.isEmpty {
            var parts: [String] = []
            if !event.believed.isEmpty { parts.append("believed: \(event.believed.joined(separator: ", "))") }
            if !event.doubted.isEmpty { parts.append("doubted: \(event.doubted.joined(separator: ", "))") }
            lines.append("  sources    " + parts.joined(separator: "; "))
        }
        if !event.unavailable.isEmpty { lines.append("  not heard  " + event.unavailable.joined(separator: ", ")) }
        if let time = event.timeToLoss {
            let text =
                "\(Quantity.fixed(time.seconds, 0)) s (\(Quantity.fixed(time.lower, 0)) to \(Quantity.fixed(time.upper, 0)))"
            lines.append("  time left  " + paint.bold(text) + " until \(time.of)")
        }
        if !event.avoid.isEmpty { lines.append("  avoid      " + event.avoid.joined(separator: "; ")) }
        if event.state == .raised, !event.clearsWhen.isEmpty { lines.append("  clears     \(event.clearsWhen)") }
        self.lines = lines
    }

    /// A number to four digits.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        guard value != 0 else { return "0" }
        var decimals = 4
        var scale = value.magnitude
        while scale >= 10, decimals > 0 {
            scale /= 10
            decimals -= 1
        }
        while scale < 1, decimals < 12 {
            scale *= 10
            decimals += 1
        }
        let text = Quantity.fixed(value, max(decimals - 1, 0))
        guard text.contains(".") else { return text }
        let trimmed = String(text.reversed().drop { $0 == "0" }.reversed())
        return trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed
    }
}

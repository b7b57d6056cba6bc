import AttitudeMonitor
import LinkIO
import RigidBody
import SpaceLink
import TelemetryPipeline

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a person sees of a replay.
struct ReplayView {
    enum Style {
        case dashboard
        case lines
        case json
        case silent
    }

    /// How much of the input was read.
    var fraction: Double? {
        get { dashboard.fraction }
        set { dashboard.fraction = newValue }
    }

    private let style: Style
    private let speech: SpeechOptions
    private var dashboard = Dashboard()
    private var printer: EventPrinter?
    private var lastDrawn: ContinuousClock.Instant?
    private var isOpen = false
    private var packets: [Int: Int] = [:]
    private var names: [Int: String] = [:]
    private var time: TAITime?
    private var lastLine: TAITime?
    private var state = AttitudeState()
    private var streamSeconds = 0.0

    private static let radian = 57.29577951308232

    init(title: String, pace: ReplayPace, style: Style, speech: SpeechOptions) {
        self.style = style
        self.speech = speech
        dashboard.title = title
        dashboard.speedWanted = pace.speed
        let none = try? FailCondition(nil)
        printer = none.map { EventPrinter(least: .warning, json: style == .json, paint: speech.paint, failing: $0) }
    }

    /// Takes note of a unit that went out.
    mutating func note(_ unit: ReplayUnit, elapsed: Duration, since first: TAITime?) {
        guard style != .silent else { return }
        if let packet = unit.packet { packets[packet.apid, default: 0] += 1 }
        dashboard.framesGood = unit.frames.good
        dashboard.framesCorrected = unit.frames.corrected
        dashboard.framesBad = unit.frames.bad
        dashboard.framesMissing = unit.frames.missing
        guard let now = unit.time, let first else { return }
        time = now
        streamSeconds = Double(now.nanoseconds - first.nanoseconds) * 1e-9
        let seconds = elapsed / .seconds(1)
        dashboard.speedReached = seconds > 0.05 ? streamSeconds / seconds : 0
        if style == .lines || style == .json { tell(now) }
    }

    /// Takes what telemetry says of attitude.
    mutating func show(_ state: AttitudeState, mode: String?, names: [Int: String]) {
        self.names = names
        self.state = state
        dashboard.mode = mode ?? ""
        dashboard.attitude = state.eulerAngles
    }

    /// Shows alarms.
    mutating func show(_ events: [AnomalyEvent], origin: TAITime) {
        switch style {
        case .silent: return
        case .lines, .json: printer?.show(events, origin: origin)
        case .dashboard:
            for event in events where event.severity >= .warning { note(event, origin: origin) }
        }
    }

    /// One line for each cause, with what is known of it last.
    private mutating func note(_ event: AnomalyEvent, origin: TAITime) {
        let left = event.timeToLoss.map { ", \(Quantity.fixed($0.seconds, 0)) s until \($0.of)" } ?? ""
        let cause = event.isolation.first.map { ", \($0.cause)" } ?? ""
        let scale = TimeScale.utc(origin: origin)
        let end = event.state == .cleared ? ", cleared \(scale.text(event.detected))" : left
        let text = "\(scale.text(event.onset)) \(event.severity.rawValue) \(event.condition.rawValue)\(cause)\(end)"
        if let index = dashboard.alarms.firstIndex(where: { $0.id == event.id }) {
            dashboard.alarms[index].text = text
        } else {
            dashboard.alarms.append((event.id, text))
        }
    }

    /// Draws the dashboard, ten times a second at most.
    mutating func draw(force: Bool = false) {
        guard style == .dashboard else { return }
        let now = ContinuousClock.now
        if !force, let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        if let rate = state.rate { dashboard.addRate([rate.x, rate.y, rate.z].map { $0 * Self.radian }) }
        dashboard.onboardTime = time?.utc(fractionDigits: 1) ?? "no time yet"
        let seconds = max(streamSeconds, 1)
        dashboard.rows = packets.sorted { $0.key < $1.key }.map { apid, count in
            let name = apid == 2047 ? "idle" : names[apid] ?? ""
            return Dashboard.Row(apid: apid, name: name, packets: count, perSecond: Double(count) / seconds)
        }
        let size = Self.terminalSize()
        let lines = dashboard.lines(width: size.columns, height: size.rows, paint: speech.paint)
        let start = isOpen ? "\u{1B}[H" : "\u{1B}[?25l\u{1B}[2J\u{1B}[H"
        isOpen = true
        let shown = lines.prefix(max(size.rows - 1, 1))
        print(start + shown.joined(separator: "\u{1B}[K\n") + "\u{1B}[K\n\u{1B}[J", terminator: "")
        fflush(nil)
    }

    /// Draws a last time and gives the terminal back.
    mutating func close() {
        guard isOpen else { return }
        draw(force: true)
        print("\u{1B}[?25h", terminator: "")
        fflush(nil)
        isOpen = false
    }

    /// A line each ten seconds of stream.
    private mutating func tell(_ now: TAITime) {
        if let lastLine, now.nanoseconds - lastLine.nanoseconds < 10_000_000_000 { return }
        lastLine = now
        let all = packets.values.reduce(0, +)
        if style == .json {
            let event = ReplayProgress(time: now.utc, packets: all, speedReached: dashboard.speedReached)
            print(EventLine("progress", event).text, terminator: "")
            return
        }
        var text =
            "\(now.utc(fractionDigits: 1))  \(Quantity.count(all)) packets  frames \(dashboard.framesGood + dashboard.framesCorrected) good, \(dashboard.framesMissing) missing"
        if let rate = state.rate {
            let axes = [rate.x, rate.y, rate.z].map { Quantity.fixed($0 * Self.radian, 3) }.joined(separator: " ")
            text += "  rate \(axes) deg/s  mode \(dashboard.mode)"
        }
        print(text)
    }

    private static func terminalSize() -> (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}

private struct ReplayProgress: Encodable {
    let time: String
    let packets: Int
    let speedReached: Double
}

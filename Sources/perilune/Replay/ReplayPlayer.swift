import LinkIO
import SpaceLink
import TelemetryPipeline

/// Plays units at their pace: decodes ahead, waits, sends, shows.
struct ReplayPlayer {
    private(set) var view: ReplayView
    private var source: ReplaySource
    private var detector: TelemetryDetector?
    private var pace: ReplayPace
    private var lateness = LatenessHistogram()
    private var units = 0
    private var octets: Int64 = 0
    private var first: TAITime?
    private var last: TAITime?
    private var elapsed = Duration.zero

    init(source: ReplaySource, detector: TelemetryDetector?, pace: ReplayPace, view: ReplayView) {
        self.source = source
        self.detector = detector
        self.pace = pace
        self.view = view
    }

    /// Plays a whole input.
    mutating func play(_ telemetry: inout TelemetryInput, to endpoint: Endpoint?, replacing: Bool) async throws {
        var sender: UnitSender?
        if let endpoint { sender = try await UnitSender(to: endpoint, replacing: replacing) }
        var run = try telemetry.makeRun()
        var start: ContinuousClock.Instant?
        var more = true
        while more {
            more = try telemetry.step(&run, into: &source)
            for unit in source.takeUnits() {
                let begin = start ?? .now
                start = begin
                if let time = unit.time { try await wait(until: begin + pace.due(at: time.nanoseconds)) }
                try await sender?.send(unit.octets)
                note(unit, since: begin)
            }
            view.fraction = telemetry.total.map { Double(run.octets) / Double(max($0, 1)) }
        }
        try telemetry.requireSomething(run.decoder.summary)
        if let sender = sender.take() { try await sender.finish() }
        detector?.finish()
        if let detector = detector?.takeEvents(), let origin = self.detector?.origin {
            view.show(detector, origin: origin)
        }
        if let start { elapsed = .now - start }
    }

    private mutating func wait(until due: ContinuousClock.Instant) async throws {
        guard pace.speed != nil else { return }
        while true {
            try Interruption.check()
            let left = due - .now
            guard left > .zero else { break }
            // Short naps, so that an interrupt is seen and the dashboard lives.
            let nap = min(left, .milliseconds(50))
            try? await Task.sleep(until: .now + nap, tolerance: .zero, clock: .continuous)
            if left > .milliseconds(50) { view.draw() }
        }
        lateness.add(.now - due)
    }

    private mutating func note(_ unit: ReplayUnit, since begin: ContinuousClock.Instant) {
        units += 1
        octets += Int64(unit.octets.count)
        if first == nil { first = unit.time }
        last = unit.time ?? last
        view.note(unit, elapsed: .now - begin, since: first)
        guard let packet = unit.packet, var judge = detector else { return }
        detector = nil
        judge.packet(packet, octets: unit.octets.span)
        let events = judge.takeEvents()
        if !events.isEmpty, let origin = judge.origin { view.show(events, origin: origin) }
        view.show(judge.state, mode: judge.mode, names: judge.containerNames)
        detector = judge
        view.draw()
    }

    /// What was played.
    var summary: ReplaySummary {
        let seconds = elapsed / .seconds(1)
        var stream = 0.0
        if let first, let last { stream = Double(last.nanoseconds - first.nanoseconds) * 1e-9 }
        return ReplaySummary(
            units: units,
            octets: octets,
            streamSeconds: stream,
            seconds: seconds,
            speedReached: seconds > 0 ? stream / seconds : 0,
            pacingErrorP99Milliseconds: pace.speed == nil ? nil : lateness.percentile(0.99)
        )
    }
}

/// The totals of a replay.
struct ReplaySummary: Encodable {
    let units: Int
    let octets: Int64
    let streamSeconds: Double
    let seconds: Double
    let speedReached: Double
    let pacingErrorP99Milliseconds: Double?

    var words: String {
        var text =
            "\(Quantity.count(units)) units, \(Quantity.octets(Double(octets))), \(Quantity.fixed(streamSeconds, 1)) s of telemetry in \(Quantity.fixed(seconds, 2)) s: speed \(Quantity.fixed(speedReached, 1))"
        if let error = pacingErrorP99Milliseconds {
            text += ", 99 % of units within \(Quantity.fixed(error, 2)) ms of their time"
        }
        return text
    }
}

/// How late units went out, in steps of 0.05 ms up to a second.
struct LatenessHistogram {
    private static let step = 0.05
    private var counts = [Int](repeating: 0, count: 20_001)
    private var total = 0

    mutating func add(_ late: Duration) {
        let steps = (late / .milliseconds(1)).magnitude / Self.step
        counts[Int(min(steps, 20_000))] += 1
        total += 1
    }

    /// The lateness (ms) that a part of all units did not exceed.
    func percentile(_ part: Double) -> Double {
        var left = Int((Double(total) * part).rounded(.up))
        for (index, count) in counts.enumerated() {
            left -= count
            if left <= 0 { return Double(index + 1) * Self.step }
        }
        return 0
    }
}

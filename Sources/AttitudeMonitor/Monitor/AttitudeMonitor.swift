import RigidBody

/// Tells from telemetry whether a craft is still under control: samples in, anomalies out.
///
/// Push samples in the order of their time; each is judged once, in constant time, against what actuators and sensors
/// allow. Every limit follows from interval, kind, tag uncertainty and sensor figures, so the same monitor serves ten
/// samples a second and one. What the configuration or the samples leave out narrows what is watched:
/// ``unwatched`` says so. There is no clock and no chance in it: equal input gives equal events.
///
/// ```swift
/// var monitor = AttitudeMonitor(MonitorConfiguration(vehicle: vehicle))
/// for row in rows {
///     monitor.push(row: row.values.span, table: table, time: row.time) { event in print(event.condition) }
/// }
/// monitor.finish { event in print(event.condition) }
/// ```
public struct AttitudeMonitor: Sendable {
    let model: CraftModel
    var state = MonitorState()

    /// Makes a monitor that has seen nothing yet.
    public init(_ configuration: MonitorConfiguration) { model = CraftModel(configuration) }

    /// The octets of state that a monitor keeps between samples, whatever it has seen.
    public static var stateSize: Int { MemoryLayout<MonitorState>.size }

    /// Samples that were not used because their time was none, or lay before what was seen.
    public var rejectedSamples: Int { Int(state.clock.rejected) }

    /// Judges one row of a table; a value that is not a number was not heard.
    ///
    /// - Parameters:
    ///   - values: The row.
    ///   - table: What its columns are.
    ///   - time: Its on-board time (s).
    ///   - isDoubtful: Whether the link casts doubt on it, as ``AttitudeSample/isDoubtful`` says.
    ///   - sink: Takes each event.
    public mutating func push(
        row values: Span<Double>,
        table: RoleTable,
        time: Double,
        isDoubtful: Bool = false,
        into sink: (borrowing AnomalyEvent) -> Void
    ) {
        var sample = table.sample(of: values, time: time)
        sample.isDoubtful = isDoubtful
        push(sample, into: sink)
    }

    /// Notes the guidance mode in force from a time on; a label that settings and vehicle do not know has no limits.
    public mutating func push(mode label: String, time: Double) {
        var index: Int16 = -1
        for (candidate, mode) in model.modes.enumerated() where mode.label == label { index = Int16(candidate) }
        guard index != state.mode else { return }
        state.previousMode = state.mode
        state.mode = index
        state.modeSince = time.isFinite ? time : state.clock.time
    }

    /// Judges one sample.
    ///
    /// A doubtful one is passed over, its time too, which may be as wrong as the rest: a real kick lasts longer than the
    /// noise that makes samples doubtful.
    public mutating func push(_ sample: AttitudeSample, into sink: (borrowing AnomalyEvent) -> Void) {
        guard !sample.isDoubtful else { return }
        let dt: Double
        switch state.clock.take(sample.time) {
        case .rejected: return
        case .restarted:
            restart()
            dt = 0
        case .inOrder(let interval, let isGap):
            dt = interval
            noteGap(isGap, dt: interval, now: sample.time)
        }
        if let label = sample.mode { push(mode: label, time: sample.time) }
        if sample.isSlewing == true { state.slewingUntil = sample.time + model.settings.graceTime }
        if sample.mass.isFinite, sample.mass > 0, model.mass.isFinite {
            state.massRatio = min(max(sample.mass / model.mass, 0.2), 1.2)
        }
        judgeBurn(sample, dt: dt)
        let freshGyros = judgeGyros(sample, dt: dt)
        judgeStars(sample, dt: dt)
        judgeTorque(sample, freshGyros)
        judgeRates(sample, freshGyros)
        judgeContradictions(sample)
        report(now: sample.time, into: sink)
    }

    /// Ends the data: standing events stay as they are, nothing more is concluded from silence.
    public mutating func finish(into sink: (borrowing AnomalyEvent) -> Void) {
        report(now: state.clock.time, into: sink)
    }

    private mutating func restart() {
        for unit in 0..<4 { state.gyros[unit].restart() }
        for unit in 0..<5 { state.trackers[unit].restart() }
        state.stars.interrupt()
        state.torque.restart()
        state.rates.restart()
    }

    private mutating func noteGap(_ isGap: Bool, dt: Double, now: Double) {
        state.watches[WatchID.gap.index].decide(
            isGap,
            Residual(value: dt, expected: state.clock.interval, limit: state.clock.gap),
            onset: now - dt,
            now: now
        )
        guard isGap else { return }
        // Instantaneous rates say nothing of what happened meanwhile; accumulated ones do.
        for unit in 0..<4 where !state.gyros[unit].isMean { state.gyros[unit].restart() }
        state.stars.interrupt()
    }

    /// Adds a residual to a watch and alarms it when it is due.
    mutating func judge(
        _ id: WatchID,
        _ residual: Residual,
        from start: Double,
        dt: Double,
        horizon: Double,
        now: Double
    ) {
        if state.watches[id.index].add(residual, from: start, dt: dt, horizon: horizon, now: now) {
            state.watches[id.index].isAlarmed = true
        }
    }
}

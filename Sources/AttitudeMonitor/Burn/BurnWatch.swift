import RigidBody

/// Follows the engine: when it lit, how long it burned, and whether acceleration came with it.
struct BurnWatch: Sendable {
    /// What one sample says of the burn.
    struct Verdict {
        var acceleration: Residual?
        var overrun: Residual?
        var overrunOnset = 0.0
        var thrust: Residual?
        var notLit = false
        var onInCoast = false
        var isDisabled = false
        var ignition = 0.0
    }

    /// Whether the engine burns, by the last word of its telemetry.
    private(set) var isOn = false
    /// Whether anything ever told of the engine.
    private(set) var isHeard = false
    private(set) var accelerometerHeard = false
    /// The first sample (s) of this burn.
    private(set) var ignition = Double.nan
    private var lastHeard = Double.nan
    private var burned = 0.0
    private var plan = Double.nan
    private var plannedChange = Double.nan
    private var change = 0.0
    private var changeHeard = false
    private var missing = 0.0
    private var missingCount: Int32 = 0
    private var lastMissing = Double.nan
    private var base = Vector3.zero
    private var baseTime = Double.nan
    private var lastRaw = Vector3.absent
    private var repeats = RepeatCounter()
    private var commandedSince = Double.nan

    /// The measured acceleration of one sample.
    private struct Acceleration {
        var magnitude: Double
        var start: Double
        var end: Double
        var isMean: Bool
        var isFrozen: Bool
    }

    /// Takes one sample; `gap` is the interval (s) beyond which telemetry counts as interrupted.
    mutating func take(
        _ sample: borrowing AttitudeSample,
        gap: Double,
        inCoast: Bool,
        mass: Double,
        model: CraftModel
    ) -> Verdict {
        let now = sample.time
        var verdict = Verdict()
        noteEngine(sample.engine, now: now, gap: gap, model: model)
        let measured = measure(sample)
        verdict.ignition = ignition
        verdict.notLit = isNotLit(sample.engine, now: now)
        verdict.onInCoast = isOn && inCoast && sample.engine.isCommanded != true && burned > 3
        guard isOn else { return verdict }
        verdict.isDisabled = sample.accelerometer.isEnabled == false
        judgeAcceleration(sample, measured, mass: mass, model: model, &verdict)
        judgeDuration(now: now, model: model, &verdict)
        return verdict
    }

    private mutating func noteEngine(_ engine: EngineReading, now: Double, gap: Double, model: CraftModel) {
        guard let on = engine.isOn ?? engine.isCommanded else { return }
        isHeard = true
        if on, !isOn {
            isOn = true
            ignition = now
            (burned, change, missing, missingCount) = (0, 0, 0, 0)
            changeHeard = false
            lastMissing = .nan
            (plan, plannedChange) = planned(at: now, model)
        } else if on, lastHeard.isFinite {
            // A gap is not burn time: the engine may have stopped and started meanwhile.
            let dt = now - lastHeard
            if dt <= gap { burned += dt }
        } else if !on {
            isOn = false
        }
        if on, engine.elapsed.isFinite, engine.elapsed >= 0, engine.elapsed < 1e5 { burned = engine.elapsed }
        if on, engine.plannedDuration.isFinite, engine.plannedDuration > 0 { plan = engine.plannedDuration }
        if on, engine.plannedVelocityChange.isFinite, engine.plannedVelocityChange > 0 {
            plannedChange = engine.plannedVelocityChange
        }
        lastHeard = now
    }

    private func planned(at now: Double, _ model: CraftModel) -> (duration: Double, change: Double) {
        var best: BurnPlan?
        for candidate in model.burns {
            guard let start = candidate.start else {
                if best == nil { best = candidate }
                continue
            }
            if (start - now).magnitude < 60 { best = candidate }
        }
        return (best?.duration ?? .nan, best?.velocityChange ?? .nan)
    }

    private mutating func measure(_ sample: borrowing AttitudeSample) -> Acceleration? {
        let reading = sample.accelerometer
        let now = reading.time.isFinite ? reading.time : sample.time
        let isSum = !reading.acceleration.isFinite && reading.velocity.isFinite
        let raw = isSum ? reading.velocity : reading.acceleration
        guard raw.isFinite else { return nil }
        accelerometerHeard = true
        let isRepeat = raw == lastRaw
        lastRaw = raw
        repeats.add(isRepeat: isRepeat)
        let isFrozen = repeats.isProven(floor: 0.002)
        guard isSum else {
            return Acceleration(magnitude: raw.norm, start: now, end: now, isMean: false, isFrozen: isFrozen)
        }
        defer { (base, baseTime) = (raw, now) }
        guard baseTime.isFinite, now > baseTime else { return nil }
        let moved = (raw - base).norm
        return Acceleration(
            magnitude: moved / (now - baseTime),
            start: baseTime,
            end: now,
            isMean: true,
            isFrozen: isFrozen
        )
    }

    private mutating func isNotLit(_ engine: EngineReading, now: Double) -> Bool {
        guard engine.isCommanded == true, engine.isOn == false else {
            commandedSince = .nan
            return false
        }
        if commandedSince.isNaN { commandedSince = now }
        return now - commandedSince > 1
    }

    private mutating func judgeAcceleration(
        _ sample: borrowing AttitudeSample,
        _ measured: Acceleration?,
        mass: Double,
        model: CraftModel,
        _ verdict: inout Verdict
    ) {
        let force = sample.engine.thrust.isFinite && sample.engine.thrust > 0 ? sample.engine.thrust : model.thrust
        let expected = force / mass
        let half = expected.isFinite ? 0.25 * expected : 0.02
        if let measured, measured.end > ignition, !(measured.isMean && measured.start < ignition) {
            let dt = measured.isMean ? measured.end - measured.start : 0
            change += measured.magnitude * (dt > 0 ? dt : 0)
            changeHeard = changeHeard || measured.isMean
            if measured.magnitude < half || measured.isFrozen {
                missingCount += 1
                missing += measured.isMean ? dt : lastMissing.isFinite ? min(measured.end - lastMissing, 2) : 0
                lastMissing = measured.end
            } else {
                (missing, missingCount, lastMissing) = (0, 0, .nan)
                judgeThrust(measured.magnitude, expected, burnedFor: measured.start - ignition, model, &verdict)
            }
        } else if let measured, !measured.isMean, measured.end == ignition, measured.magnitude < half {
            // At the first sample of a burn the clock of an instantaneous accelerometer starts.
            lastMissing = measured.end
        }
        let withoutFlag = verdict.isDisabled && burned >= 0.3
        guard missing >= 0.45 || withoutFlag else { return }
        verdict.acceleration = Residual(
            value: measured?.magnitude ?? 0,
            expected: expected.isFinite ? expected : 0,
            limit: expected.isFinite ? expected - half : half,
            sigma: model.accelerometerNoise
        )
    }

    private func judgeThrust(
        _ magnitude: Double,
        _ expected: Double,
        burnedFor time: Double,
        _ model: CraftModel,
        _ verdict: inout Verdict
    ) {
        guard expected.isFinite, expected > 0, time > 2 else { return }
        let tolerance = max(model.thrustTolerance, 0.15) + 0.05
        verdict.thrust = Residual(
            value: magnitude,
            expected: expected,
            limit: tolerance * expected + 5 * model.accelerometerNoise,
            sigma: model.accelerometerNoise
        )
    }

    private mutating func judgeDuration(
        now: Double,
        model: CraftModel,
        _ verdict: inout Verdict
    ) {
        guard plan.isFinite else { return }
        var allowed = 1.02 * plan + 0.6
        // A weak engine that cuts off by velocity change may rightly burn longer, while it is measured to push.
        if changeHeard, missingCount == 0, plannedChange.isFinite, change < 0.98 * plannedChange {
            allowed = 1.02 * plan * (1 + max(model.thrustTolerance, 0.1)) + 0.6
        }
        guard burned > allowed else { return }
        verdict.overrun = Residual(value: burned, expected: plan, limit: allowed - plan, sigma: 0)
        verdict.overrunOnset = now - (burned - plan)
    }
}

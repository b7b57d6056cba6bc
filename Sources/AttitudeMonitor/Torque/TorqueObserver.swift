import RigidBody

/// Compares the angular momentum that a gyro shows with what commanded thrusters explain.
///
/// Over an interval T the unexplained torque is `(J·Δω − L)/T + ω×Jω`, with L the impulse of the thrusters by their
/// on-time counters. Noise and tag errors of the two ends telescope in a lag of τ seconds: one reading's noise counts
/// `J·σ·√(2/(2−k))/(T+τ)` with `k = T/(T+τ)`, whatever the telemetry rate.
struct TorqueObserver: Sendable {
    static let fastConstant = 0.5
    static let slowConstant = 15.0

    /// One step: the residuals of both lags.
    struct Step {
        var fast: Residual
        var slow: Residual
        var start: Double
        var now: Double
        var dt: Double
    }

    private var baseRate = Vector3.zero
    private var baseTime = Double.nan
    private var onTimes = InlineArray<33, Double>(repeating: .nan)
    private var fast = Lag()
    private var slow = Lag()
    private var fastCommanded = ScalarLag()
    private var slowCommanded = ScalarLag()
    private var fastGyroscopic = ScalarLag()
    private var slowGyroscopic = ScalarLag()
    private var fastTag = 0.0
    private var slowTag = 0.0
    private var engineUntil = -Double.infinity
    private var wasEngineOn = false

    // The excursion: since the residual first left its limit.
    private(set) var excursionStart = Double.nan
    private var firstInterval = 0.0
    private var impulse = Vector3.zero
    private var lateImpulse = Vector3.zero
    private var lateTime = 0.0
    private var lateCommanded = 0.0
    private var lateGyroscopic = 0.0
    private var startOnTimes = InlineArray<33, Double>(repeating: .nan)
    private var startRate = Vector3.zero
    private(set) var startOther = Vector3.absent

    /// The impulse (N·m·s) that nothing explains since the excursion began.
    var unexplained: Vector3 { impulse }

    /// Forgets motion and excursion.
    mutating func restart() { self = TorqueObserver() }

    /// Takes an accepted rate with the on-times of the same sample; `nil` while there is nothing to compare.
    mutating func step(
        rate: Vector3,
        at now: Double,
        sample: borrowing AttitudeSample,
        engineOn: Bool,
        sigma: Double,
        tag: Double,
        massRatio: Double,
        model: CraftModel
    ) -> Step? {
        defer { keep(rate, now, sample, model) }
        guard baseTime.isFinite, now > baseTime else { return nil }
        let dt = now - baseTime
        guard let pushed = thrusterImpulse(sample, dt: dt, tag: tag, model) else { return nil }
        noteEngine(engineOn, now: now, dt: dt)
        let inertia = model.inertia * massRatio
        let mean = (rate + baseRate) * 0.5
        let gyroscopic = mean.cross(inertia * mean)
        let torque = (inertia * (rate - baseRate) - pushed.impulse) * (1 / dt) + gyroscopic
        guard torque.isFinite else { return nil }

        fast.add(torque, dt: dt, constant: Self.fastConstant)
        slow.add(torque, dt: dt, constant: Self.slowConstant)
        fastCommanded.add(pushed.effort / dt, dt: dt, constant: Self.fastConstant)
        slowCommanded.add(pushed.effort / dt, dt: dt, constant: Self.slowConstant)
        fastGyroscopic.add(0.3 * gyroscopic.norm, dt: dt, constant: Self.fastConstant)
        slowGyroscopic.add(0.3 * gyroscopic.norm, dt: dt, constant: Self.slowConstant)
        fastTag = max(pushed.tag, fastTag * Self.fastConstant / (dt + Self.fastConstant))
        slowTag = max(pushed.tag, slowTag * Self.slowConstant / (dt + Self.slowConstant))
        follow(torque, dt: dt, pushed.effort, gyroscopic.norm)

        let noise = model.largestInertia * massRatio * sigma
        let engine = now <= engineUntil ? model.engineTorque : 0
        return Step(
            fast: residual(
                fast.value,
                floor: model.torqueFloor,
                constant: Self.fastConstant,
                dt: dt,
                noise: noise,
                systematic: model.torqueTolerance * fastCommanded.value + fastGyroscopic.value + engine,
                tag: fastTag
            ),
            slow: residual(
                slow.value,
                floor: 0.1 * model.torqueFloor,
                constant: Self.slowConstant,
                dt: dt,
                noise: noise,
                systematic: model.torqueTolerance * slowCommanded.value + slowGyroscopic.value + engine,
                tag: slowTag
            ),
            start: baseTime,
            now: now,
            dt: dt
        )
    }

    private func residual(
        _ torque: Vector3,
        floor: Double,
        constant: Double,
        dt: Double,
        noise: Double,
        systematic: Double,
        tag: Double
    ) -> Residual {
        let share = dt / (dt + constant)
        let sigma = noise * (2 / (2 - share)).squareRoot() / (dt + constant)
        let limit = floor + systematic + 2 * tag / (dt + constant) + 5 * sigma
        return Residual(value: torque.norm, limit: limit, sigma: sigma)
    }

    private mutating func noteEngine(_ isOn: Bool, now: Double, dt: Double) {
        if isOn { engineUntil = now + dt + 1 }
        guard isOn != wasEngineOn else { return }
        wasEngineOn = isOn
        // What the lags hold belongs to the phase before: left in, cut-off would look like a torque.
        engineUntil = now + dt + 1
        fast.reset()
        slow.reset()
    }

    private func thrusterImpulse(
        _ sample: borrowing AttitudeSample,
        dt: Double,
        tag: Double,
        _ model: CraftModel
    ) -> (impulse: Vector3, effort: Double, tag: Double)? {
        var impulse = Vector3.zero
        var effort = 0.0
        var tagged = 0.0
        for thruster in model.thrusters {
            let on = sample.thrusters[thruster.id].onTime - onTimes[thruster.id]
            // A counter that fell, or ran faster than time, began anew.
            guard on >= -1e-9, on < 1.5 * dt + 0.5 else { return nil }
            impulse += thruster.torque * on
            effort += thruster.strength * on
            tagged += thruster.strength * min(on, tag)
        }
        return (impulse, effort, tagged)
    }

    private mutating func keep(
        _ rate: Vector3,
        _ now: Double,
        _ sample: borrowing AttitudeSample,
        _ model: CraftModel
    ) {
        baseRate = rate
        baseTime = now
        for thruster in model.thrusters { onTimes[thruster.id] = sample.thrusters[thruster.id].onTime }
    }

    // MARK: Excursion

    /// Begins an excursion with the step just taken.
    mutating func begin(_ step: Step, rateBefore: Vector3, other: Vector3) {
        excursionStart = step.start
        firstInterval = step.dt
        impulse = lastTorque * step.dt
        lateImpulse = .zero
        lateTime = 0
        lateCommanded = 0
        lateGyroscopic = 0
        startRate = rateBefore
        startOther = other
        startOnTimes = onTimes
    }

    /// Ends the excursion.
    mutating func end() { excursionStart = .nan }

    private var lastTorque = Vector3.zero

    private mutating func follow(_ torque: Vector3, dt: Double, _ effort: Double, _ gyroscopic: Double) {
        lastTorque = torque
        guard excursionStart.isFinite else { return }
        impulse += torque * dt
        lateImpulse += torque * dt
        lateTime += dt
        lateCommanded += effort
        lateGyroscopic += 0.3 * gyroscopic * dt
    }

    /// The mean torque since the first interval of the excursion, and whether it stands by itself.
    ///
    /// A gyro that steps gives one impulse and then nothing; a torque goes on.
    func lasting(sigma: Double, tag: Double, now: Double, model: CraftModel) -> (torque: Vector3, isReal: Bool) {
        guard lateTime > 0 else { return (lastTorque, false) }
        let mean = lateImpulse * (1 / lateTime)
        let engine = now <= engineUntil ? model.engineTorque : 0
        let limit =
            model.torqueFloor + engine + 7 * model.largestInertia * sigma / lateTime
            + (model.torqueTolerance * lateCommanded + lateGyroscopic + 2 * fastTag) / lateTime
        return (mean, lateTime >= 0.75 && mean.norm > limit)
    }

    /// Whether another gyro saw the same change: `nil` while it is too small to tell.
    func confirmed(by other: Vector3, rate: Vector3, sigma: Double, model: CraftModel) -> Bool? {
        guard startOther.isFinite, other.isFinite else { return nil }
        let change = (model.inverseInertia * impulse).norm
        guard change > 8 * sigma else { return nil }
        let difference = ((rate - startRate) - (other - startOther)).norm
        if difference < 0.3 * change { return true }
        return difference > 0.6 * change ? false : nil
    }

    /// When the torque began, given its strength: the impulse so far tells for how long it has acted.
    func onset(of torque: Vector3, now: Double) -> Double {
        let square = torque.normSquared
        guard square > 0, lateTime > 0 else { return excursionStart + 0.5 * firstInterval }
        let estimate = now - impulse.dot(torque) / square
        return min(max(estimate, excursionStart), excursionStart + firstInterval)
    }

    /// How much of the excursion a thruster was commanded open, 0 to 1.
    func duty(_ id: Int, now: Double) -> Double {
        let span = now - excursionStart
        guard span > 0 else { return 0 }
        let on = onTimes[id] - startOnTimes[id]
        return on.isFinite ? min(max(on / span, 0), 1) : 0
    }

    /// The lagged torque (N·m) of the last fifteen seconds.
    var slowTorque: Vector3 { slow.value }
}

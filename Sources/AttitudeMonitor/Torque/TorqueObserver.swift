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
        /// Gain of the thrusters in one direction, when they fired enough.
        var response: Residual?
    }

    private(set) var response = ThrusterResponse()
    private var baseRate = Vector3.zero
    private var baseTime = Double.nan
    private var onTimes = InlineArray<33, Double>(repeating: .nan)
    private var lags = InlineArray<2, TorqueLag>(repeating: TorqueLag())
    private var engineUntil = -Double.infinity
    private var wasEngineOn = false
    private var lastHalf = Vector3.zero
    private var lastPlace = 0.0
    private var engineSince = Double.nan
    private var engineMean = Lag()
    private var lastRatio = 0.0

    // The excursion: since the residual first left its limit.
    private(set) var excursionStart = Double.nan
    private var firstInterval = 0.0
    private var impulse = Vector3.zero
    private var lateImpulse = Vector3.zero
    private var lateTime = 0.0
    private var skipped: Int8 = 0
    private var lateMoved = Vector3.zero
    private var lateEffort = 0.0
    private var lateGyroscopic = 0.0
    private var onSince = InlineArray<33, Float>(repeating: 0)
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
        isMean: Bool,
        massRatio: Double,
        model: CraftModel
    ) -> Step? {
        defer { keep(rate, now, sample, model) }
        guard baseTime.isFinite, now > baseTime else { return nil }
        let dt = now - baseTime
        guard var pushed = thrusterImpulse(sample, dt: dt, tag: tag, isMean: isMean, model) else { return nil }
        if isMean {
            // The change between two means sees half of what was pushed in each of the two intervals.
            let half = pushed.impulse * 0.5
            pushed.impulse = half + lastHalf
            lastHalf = half
            let place = pushed.place
            pushed.place = (place * place + lastPlace * lastPlace).squareRoot()
            lastPlace = place
        }
        noteEngine(engineOn, now: now, dt: dt)
        let inertia = model.inertia * massRatio
        let mean = (rate + baseRate) * 0.5
        let gyroscopic = mean.cross(inertia * mean)
        let torque = (inertia * (rate - baseRate) - pushed.impulse) * (1 / dt) + gyroscopic
        guard torque.isFinite else { return nil }

        let moved = inertia * (rate - baseRate) * (1 / dt)
        let free = torque - expectEngine(torque, dt: dt, now: now, model)
        for index in 0..<2 {
            lags[index].add(
                torque: free,
                moved: moved,
                pushed: pushed,
                gyroscopic: gyroscopic.norm,
                dt: dt,
                constant: index == 0 ? Self.fastConstant : Self.slowConstant
            )
        }
        follow(free, moved, pushed, dt: dt, gyroscopic.norm)

        let noise = model.largestInertia * massRatio * sigma
        let engine = engineAllowance(now, model)
        let scale = model.scaleTolerance * (isEngineLearnt(now) ? 0.5 : 1)
        let step = Step(
            fast: lags[0].residual(
                floor: model.torqueFloor + engine,
                dt: dt,
                constant: Self.fastConstant,
                noise: noise,
                scale: scale,
                model
            ),
            slow: lags[1].residual(
                floor: 0.1 * model.torqueFloor + engine,
                dt: dt,
                constant: Self.slowConstant,
                noise: noise,
                scale: scale,
                model
            ),
            start: baseTime,
            now: now,
            dt: dt
        )
        lastRatio = step.fast.ratio
        guard now > engineUntil else { return step }
        var judged = step
        judged.response = response.add(
            commanded: pushed.impulse,
            unexplained: torque * dt,
            dt: dt,
            sigma: noise,
            model: model
        )
        return judged
    }

    /// Learns the steady torque of a burning engine within what its line of thrust allows.
    private mutating func expectEngine(
        _ torque: Vector3,
        dt: Double,
        now: Double,
        _ model: CraftModel
    ) -> Vector3 {
        guard wasEngineOn, engineSince.isFinite else { return .zero }
        let burned = now - engineSince
        guard burned > 1 else { return .zero }
        let expected = engineMean.value
        if burned < 6 || lastRatio < 0.6 { engineMean.add(torque, dt: dt, constant: burned < 6 ? 2 : 20) }
        if engineMean.value.norm > model.engineTorque, model.engineTorque > 0 {
            engineMean.scale(by: model.engineTorque / engineMean.value.norm)
        }
        return burned < 6 ? .zero : expected
    }

    /// The torque (N·m) that the engine may leave unexplained now.
    private func engineAllowance(_ now: Double, _ model: CraftModel) -> Double {
        guard now <= engineUntil else { return 0 }
        return isEngineLearnt(now) ? 0.1 * model.engineTorque : model.engineTorque
    }

    /// Whether the steady torque of this burn is known: then it holds the scale errors of steady control as well.
    private func isEngineLearnt(_ now: Double) -> Bool { wasEngineOn && engineSince.isFinite && now - engineSince > 6 }

    private mutating func noteEngine(_ isOn: Bool, now: Double, dt: Double) {
        if isOn { engineUntil = now + dt + 1 }
        guard isOn != wasEngineOn else { return }
        wasEngineOn = isOn
        // What the lags hold belongs to the phase before: left in, cut-off would look like a torque.
        engineUntil = now + dt + 1
        engineSince = isOn ? now : .nan
        engineMean.reset()
        lags[0].resetTorque()
        lags[1].resetTorque()
    }

    private func thrusterImpulse(
        _ sample: borrowing AttitudeSample,
        dt: Double,
        tag: Double,
        isMean: Bool,
        _ model: CraftModel
    ) -> ThrusterPush? {
        var push = ThrusterPush()
        for thruster in model.thrusters {
            let on = sample.thrusters[thruster.id].onTime - onTimes[thruster.id]
            // A counter that fell, or ran faster than time, began anew.
            guard on >= -1e-9, on < 1.5 * dt + 0.5 else { return nil }
            guard on > 0 else { continue }
            let effort = thruster.strength * on
            push.impulse += thruster.torque * on
            push.effortSquared += effort * effort
            push.edge += thruster.strength * min(on, tag)
            // Where in the interval a pulse lay moves its weight in a mean; a thruster always on leaves no doubt.
            if isMean { push.place += 0.5 * effort * max(0, 1 - on / dt) }
        }
        return push
    }

    private mutating func keep(
        _ rate: Vector3,
        _ now: Double,
        _ sample: borrowing AttitudeSample,
        _ model: CraftModel
    ) {
        baseRate = rate
        baseTime = now
        for thruster in model.thrusters {
            let onTime = sample.thrusters[thruster.id].onTime
            let change = onTime - onTimes[thruster.id]
            if change > 0, change < 1e3 { onSince[thruster.id] += Float(change) }
            onTimes[thruster.id] = onTime
        }
    }

    // MARK: Excursion

    /// Begins an excursion with the step just taken.
    mutating func begin(_ step: Step, isMean: Bool, rateBefore: Vector3, other: Vector3) {
        excursionStart = step.start
        firstInterval = step.dt
        impulse = lastTorque * step.dt
        lateImpulse = .zero
        lateTime = 0
        // A step within an interval shows in two means.
        skipped = isMean ? 1 : 0
        lateMoved = .zero
        lateEffort = 0
        lateGyroscopic = 0
        startRate = rateBefore
        startOther = other
        onSince = InlineArray<33, Float>(repeating: 0)
    }

    /// Ends the excursion.
    mutating func end() { excursionStart = .nan }

    private var lastTorque = Vector3.zero

    private mutating func follow(
        _ torque: Vector3,
        _ moved: Vector3,
        _ pushed: ThrusterPush,
        dt: Double,
        _ gyroscopic: Double
    ) {
        lastTorque = torque
        guard excursionStart.isFinite else { return }
        impulse += torque * dt
        if skipped > 0 {
            skipped -= 1
            return
        }
        lateImpulse += torque * dt
        lateTime += dt
        lateMoved += moved * dt
        lateEffort += pushed.effortSquared.squareRoot()
        lateGyroscopic += 0.3 * gyroscopic * dt
    }

    /// The mean torque since the first interval of the excursion, and whether it stands by itself.
    ///
    /// A gyro that steps gives one impulse and then nothing; a torque goes on.
    func lasting(sigma: Double, now: Double, model: CraftModel) -> (torque: Vector3, isReal: Bool) {
        guard lateTime > 0 else { return (lastTorque, false) }
        let mean = lateImpulse * (1 / lateTime)
        let scale = model.scaleTolerance * (isEngineLearnt(now) ? 0.5 : 1) * lateEffort
        let mass = model.inertiaTolerance * lateMoved.norm
        let tags = lags[0].tagImpulse
        let noise = 7 * model.largestInertia * sigma
        let spread = (scale * scale + mass * mass + tags * tags + noise * noise).squareRoot()
        let limit = model.torqueFloor + engineAllowance(now, model) + (spread + lateGyroscopic) / lateTime
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

    /// Whether the torque is known only from the interval in which it began.
    var isPartial: Bool { lateTime == 0 }

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
        return min(Double(onSince[id]) / span, 1)
    }

    /// The lagged torque (N·m) of the last fifteen seconds.
    var slowTorque: Vector3 { lags[1].torque }
}

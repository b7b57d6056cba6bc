import RigidBody

/// One gyro unit over time: its accepted rate, its integral, its noise, and whether it repeats itself.
struct GyroChannel: Sendable {
    /// What a reading turned out to be.
    enum Outcome {
        /// Nothing was heard.
        case absent
        /// The reading before, told again, or one that still needs the next to be believed.
        case held
        /// A new rate; the interval that it ends.
        case fresh(dt: Double)
        /// A new start after a counter began anew or a long silence.
        case restarted
    }

    /// Accepted rate (rad/s), the mean over the last interval if ``isMean``.
    private(set) var rate = Vector3.zero
    /// The accepted rate before.
    private(set) var previousRate = Vector3.zero
    /// When the accepted reading was taken (s).
    private(set) var time = Double.nan
    /// The accepted interval before (s).
    private(set) var interval = Double.nan
    /// Whether the rate is a mean over the interval that ends at ``time``.
    private(set) var isMean = false
    /// Attitude against an arbitrary start, integrated from the readings.
    private(set) var integral = Quaternion.identity
    /// Angle (rad) by which the integral may be wrong for what happened between the readings.
    private(set) var integralError = 0.0
    /// Readings that were accepted.
    private(set) var count: Int32 = 0
    /// When anything was last heard of it (s), new or not.
    private(set) var heard = Double.nan
    var repeats = RepeatCounter()
    var zeros: Int32 = 0
    var saturated: Int32 = 0
    var invalid: Int32 = 0
    var hasBeenValid = false
    var hasTurned = false
    /// Whether an alarm stands against it.
    var isDoubted = false
    private var base = Vector3.zero
    private var last = Vector3.absent
    private var pending = Vector3.absent
    private var pendingBase = Vector3.zero
    private var pendingTime = Double.nan
    private var noise = MedianTracker()
    private var learns = true
    private var doubt = 0.0

    /// Whether a rate was accepted.
    var hasRate: Bool { count > 0 }

    /// The instant (s) that the rate speaks of.
    var effectiveTime: Double { isMean ? time - 0.5 * interval : time }

    /// The standard deviation (rad/s) of one reading: the larger of the figures and of what the data show.
    func sigma(_ figures: CraftModel.GyroFigures, dt: Double) -> Double {
        let seen = 1.4826 * noise.median
        guard figures.isKnown else { return max(seen, 1e-7) }
        // A rate at an instant has the noise of some band inside the unit; 50 Hz stands for what is not known.
        let band = isMean ? 1 / max(dt, 1e-3) : 50
        let walk = figures.randomWalk * figures.randomWalk * band
        let quantum = isMean ? figures.resolution / max(dt, 1e-3) : figures.resolution
        let stated = (walk + quantum * quantum / 6).squareRoot()
        return max(stated, min(seen, 20 * stated))
    }

    /// Takes one reading.
    ///
    /// `isQuiet` says that no thruster fired lately: only then does the scatter of the readings show their noise.
    /// `push` is the largest angular acceleration (rad/s²) that actuators could give; a rate beyond it waits for the
    /// next reading: a corrupt one is then dropped, a real kick kept.
    mutating func take(
        _ reading: GyroReading,
        at sampleTime: Double,
        figures: CraftModel.GyroFigures,
        push: Double,
        isQuiet: Bool
    ) -> Outcome {
        learns = isQuiet || !figures.isKnown
        doubt = sigma(figures, dt: max(interval.isFinite ? interval : 1, 1e-3))
        let isAngle = !reading.rate.isFinite && reading.angle.isFinite
        let raw = isAngle ? reading.angle : reading.rate
        guard raw.isFinite, raw.largestMagnitude < 1e9 else { return .absent }
        heard = sampleTime
        let now = reading.time.isFinite ? reading.time : sampleTime
        if now == time { return .held }
        guard time.isNaN || now > time else { return .absent }
        let isRepeat = raw == last
        repeats.add(isRepeat: isRepeat)
        last = raw
        zeros = (isAngle ? isRepeat && count > 0 : raw == .zero) ? min(zeros + 1, 1 << 20) : 0
        if !isAngle, raw.largestMagnitude > 0.995 * figures.range {
            saturated = min(saturated + 1, 1 << 20)
        } else if !isRepeat {
            saturated = 0
        }
        if isRepeat, repeats.run > 0, !isAngle || repeats.run > 1 { return .held }
        return isAngle
            ? takeAngle(raw, now, figures, push)
            : takeRate(raw, now, isAveraged: reading.isAveraged, figures, push)
    }

    private mutating func takeRate(
        _ raw: Vector3,
        _ now: Double,
        isAveraged: Bool,
        _ figures: CraftModel.GyroFigures,
        _ push: Double
    ) -> Outcome {
        isMean = isAveraged
        guard hasRate else {
            start(rate: raw, at: now)
            return .restarted
        }
        let dt = now - time
        guard isPlausible(raw, after: rate, dt: dt, figures, push) else {
            let isConfirmed =
                pending.isFinite && isPlausible(raw, after: pending, dt: now - pendingTime, figures, push)
            guard isConfirmed else {
                (pending, pendingTime) = (raw, now)
                return .held
            }
            return accept(raw, at: now, dt: dt, turn: (rate + raw) * (0.5 * dt))
        }
        return accept(raw, at: now, dt: dt, turn: (isAveraged ? raw : (rate + raw) * 0.5) * dt)
    }

    private mutating func takeAngle(
        _ raw: Vector3,
        _ now: Double,
        _ figures: CraftModel.GyroFigures,
        _ push: Double
    ) -> Outcome {
        isMean = true
        guard time.isFinite else {
            (base, time) = (raw, now)
            return .restarted
        }
        let dt = now - time
        let turn = raw - base
        let mean = turn * (1 / dt)
        guard hasRate else {
            guard mean.norm < 20 else {
                (base, time) = (raw, now)
                return .restarted
            }
            base = raw
            start(rate: mean, at: now)
            interval = dt
            return .restarted
        }
        guard isPlausible(mean, after: rate, dt: dt, figures, push) else {
            let step = now - pendingTime
            let since = (raw - pendingBase) * (1 / max(step, 1e-6))
            guard pending.isFinite, step > 0 else {
                (pending, pendingBase, pendingTime) = (mean, raw, now)
                return .held
            }
            if isPlausible(since, after: pending, dt: step, figures, push) {
                base = raw
                return accept(since, at: now, dt: dt, turn: turn)
            }
            if isPlausible(since, after: rate, dt: dt, figures, push) {
                // The counter began anew: what lies between is not known.
                base = raw
                (pending, time, interval, rate) = (.absent, now, step, since)
                return .restarted
            }
            (pending, pendingBase, pendingTime) = (mean, raw, now)
            return .held
        }
        base = raw
        return accept(mean, at: now, dt: dt, turn: turn)
    }

    private func isPlausible(
        _ new: Vector3,
        after old: Vector3,
        dt: Double,
        _ figures: CraftModel.GyroFigures,
        _ push: Double
    ) -> Bool {
        let spin = 0.5 * max(old.normSquared, 0)
        let quantum = isMean ? figures.resolution / max(dt, 1e-3) : figures.resolution
        let allowed = (push + spin) * max(dt, 0.02) + 8 * sigma(figures, dt: dt) + 2 * quantum + 5e-4
        return (new - old).norm <= allowed
    }

    private mutating func start(rate new: Vector3, at now: Double) {
        rate = new
        previousRate = new
        time = now
        interval = .nan
        count = 1
    }

    private mutating func accept(_ new: Vector3, at now: Double, dt: Double, turn: Vector3) -> Outcome {
        let change = new - rate
        if learns, count > 1, interval.isFinite, dt < 1.3 * interval, interval < 1.3 * dt {
            // The second difference is blind to steady rates and steady torque; √6 of the noise of one reading.
            let second = change - (rate - previousRate)
            noise.add(second.x.magnitude / 2.449_49)
            noise.add(second.y.magnitude / 2.449_49)
            noise.add(second.z.magnitude / 2.449_49)
        }
        if !isMean { integralError += 0.5 * max(0, change.norm - 4 * doubt) * dt }
        integral = integral.turned(byBodyRotation: turn)
        (previousRate, rate, time, interval, pending) = (rate, new, now, dt, .absent)
        if count < 1 << 30 { count += 1 }
        if rate != .zero { hasTurned = true }
        return .fresh(dt: dt)
    }

    /// The chance that all three axes repeat a reading, by quantum and noise; a few thousandths where not known.
    func chanceOfRepeat(_ figures: CraftModel.GyroFigures) -> Double {
        guard figures.isKnown, figures.resolution > 0 else { return 0.002 }
        let span = interval.isFinite ? interval : 1
        let noise = isMean ? sigma(figures, dt: span) * span : sigma(figures, dt: span)
        let axis = min(1, figures.resolution / (3.5 * noise))
        return min(max(axis * axis * axis, 1e-5), 0.995)
    }

    /// Adds an angle (rad) to what the integral may be wrong by.
    mutating func doubtIntegral(by angle: Double) { integralError += angle }

    /// The integral at a time near the last reading, by the rate.
    func integral(at instant: Double) -> Quaternion {
        integral.turned(byBodyRotation: rate * (instant - time))
    }

    /// The angle (rad) by which carrying the integral to another time may be wrong: the rate may go on changing.
    func doubt(at instant: Double) -> Double { (rate - previousRate).norm * (instant - time).magnitude }

    /// Forgets motion, keeps what was learnt of the sensor.
    mutating func restart() {
        count = 0
        time = .nan
        interval = .nan
        pending = .absent
    }
}

import RigidBody

/// Sets the rotation by the stars against that by each gyro, from one new attitude of a tracker to the next.
struct StarParity: Sendable {
    /// What a new attitude showed.
    enum Outcome {
        /// Nothing to compare yet.
        case none
        /// Compared; ``residuals`` are new.
        case compared(dt: Double, start: Double)
        /// One rotation out of all proportion: the next attitude decides.
        case suspicious
        /// The attitude jumped and stayed, gyros saw nothing.
        case jumped(Residual, start: Double)
    }

    /// The tracker in use; −1 for none.
    private(set) var tracker: Int8 = -1
    /// Residual of each gyro; its limit is zero where there is none.
    private(set) var residuals = InlineArray<4, Residual>(repeating: Residual(value: 0, limit: 0))
    private var parity = InlineArray<4, RateParity>(repeating: RateParity())
    private var references = InlineArray<4, Quaternion>(repeating: .identity)
    private var errors = InlineArray<4, Double>(repeating: 0)
    private var isReferenced = InlineArray<4, Bool>(repeating: false)
    private var quaternion = Quaternion.identity
    private var time = Double.nan
    private var rate = 0.0
    private var suspicion = Vector3.absent
    private var suspicionTime = 0.0
    private var noise = MedianTracker()

    /// Takes a new attitude of a tracker, with the gyros as they stand.
    mutating func take(
        _ attitude: Quaternion,
        at now: Double,
        of unit: Int,
        figures: CraftModel.TrackerFigures,
        jitter: Double,
        gyros: InlineArray<4, GyroChannel>,
        primary: Int,
        model: CraftModel
    ) -> Outcome {
        guard Int(tracker) == unit, time.isFinite, now > time, now - time < 30 else {
            tracker = Int8(unit)
            refer(attitude, now, gyros)
            return .none
        }
        let dt = now - time
        let turn = quaternion.conjugate * attitude
        // The gyro tells the rate for the tags; that of two attitudes has their noise.
        var speed = turn.rotationVector.norm / dt
        if primary >= 0, isReferenced[primary] {
            speed = (references[primary].conjugate * gyros[primary].integral(at: now)).rotationVector.norm / dt
        }
        let factor = noiseFactor(figures)
        let sigma = figures.sigma * factor
        var rotations = InlineArray<4, Vector3>(repeating: .absent)
        var allowances = InlineArray<4, Double>(repeating: 0)
        for unit in 0..<4 where isReferenced[unit] && gyros[unit].hasRate && (gyros[unit].time - now).magnitude < 2 {
            let gyro = references[unit].conjugate * gyros[unit].integral(at: now)
            rotations[unit] = (turn.conjugate * gyro).rotationVector
            // Tags: jitter at any rate, a steady latency only where the rate changed.
            allowances[unit] =
                (figures.tagError + jitter) * max(speed, rate) + (jitter > 0 ? 0.3 : 0) * (speed - rate).magnitude
                + max(0, gyros[unit].integralError + gyros[unit].doubt(at: now) - errors[unit])
        }
        if primary >= 0, rotations[primary].isFinite {
            let gyroSigma = gyros[primary].sigma(model.gyros[primary], dt: dt)
            let single = worst(
                rotations[primary],
                sigma,
                gyroSigma * dt + 0.02 * speed * dt + allowances[primary] + 2e-5
            )
            if single.ratio > 1 {
                guard suspicion.isFinite else {
                    suspicion = rotations[primary]
                    suspicionTime = now
                    return .suspicious
                }
                let since = worst(rotations[primary] - suspicion, sigma, gyroSigma * dt + allowances[primary] + 2e-5)
                if since.ratio < 1 {
                    let start = suspicionTime
                    let isSeenByOthers = othersAgree(with: primary, rotations, sigma, allowances)
                    suspicion = .absent
                    refer(attitude, now, gyros)
                    return isSeenByOthers ? .none : .jumped(single, start: start)
                }
            }
        }
        suspicion = .absent
        for unit in 0..<4 where rotations[unit].isFinite {
            let residual = parity[unit].add(
                rotations[unit],
                dt: dt,
                sigma: sigma,
                error: allowances[unit],
                turn: turn.rotationVector,
                rate: speed,
                gyroSigma: meanSigma(gyros[unit], model.gyros[unit], dt: dt),
                figures: model.gyros[unit]
            )
            residuals[unit] = residual ?? Residual(value: 0, limit: 0)
            if unit == primary, residual.map({ $0.ratio < 1 }) ?? true {
                for axis in 0..<3 { noise.add(rotations[unit][axis].magnitude / (1.414_21 * sigma[axis]) * factor) }
            }
        }
        let start = time
        rate = speed
        refer(attitude, now, gyros)
        return .compared(dt: dt, start: start)
    }

    /// The noise (rad/s) of a gyro's mean rate over an interval of the tracker.
    private func meanSigma(_ gyro: GyroChannel, _ figures: CraftModel.GyroFigures, dt: Double) -> Double {
        let span = gyro.interval.isFinite ? gyro.interval : dt
        return gyro.sigma(figures, dt: span) * min(1, span / dt).squareRoot()
    }

    /// A gyro that another gyro contradicts is to blame, not the stars.
    private func othersAgree(
        with primary: Int,
        _ rotations: InlineArray<4, Vector3>,
        _ sigma: Vector3,
        _ allowances: InlineArray<4, Double>
    ) -> Bool {
        for unit in 0..<4 where unit != primary && rotations[unit].isFinite {
            if worst(rotations[unit], sigma, allowances[unit] + 2e-4).ratio < 1 { return true }
        }
        return false
    }

    /// How much noisier than its figures the tracker is seen to be.
    private func noiseFactor(_ figures: CraftModel.TrackerFigures) -> Double {
        let seen = 1.4826 * noise.median
        if figures.isKnown { return min(max(seen, 1), 3) }
        return noise.count > 30 ? min(max(seen, 5e-3), 100) : 1
    }

    private func worst(_ rotation: Vector3, _ sigma: Vector3, _ allowance: Double) -> Residual {
        var worst = Residual(value: 0, limit: 1)
        for axis in 0..<3 {
            let noise = 1.414_21 * sigma[axis]
            let residual = Residual(value: rotation[axis], limit: 7 * noise + allowance, sigma: noise)
            if residual.ratio > worst.ratio { worst = residual }
        }
        return worst
    }

    private mutating func refer(_ attitude: Quaternion, _ now: Double, _ gyros: InlineArray<4, GyroChannel>) {
        quaternion = attitude
        time = now
        for unit in 0..<4 {
            isReferenced[unit] = gyros[unit].hasRate && (gyros[unit].time - now).magnitude < 2
            guard isReferenced[unit] else { continue }
            references[unit] = gyros[unit].integral(at: now)
            errors[unit] = gyros[unit].integralError - gyros[unit].doubt(at: now)
        }
    }

    /// Starts again at the next attitude, as after a gap.
    mutating func interrupt() {
        time = .nan
        suspicion = .absent
    }
}

import RigidBody

extension AttitudeMonitor {
    /// Judges the believed rate and the attitude error by the guidance mode.
    mutating func judgeRates(_ sample: borrowing AttitudeSample, _ fresh: InlineArray<4, Bool>) {
        judgeAttitudeError(sample)
        guard let dt = takeRate(sample, fresh) else { return }
        let now = sample.time
        let rate = state.rates.rate
        let speed = rate.norm
        judgeTumble(speed, dt: dt, now: now)
        judgeDivergence(sample, rate, dt: dt, now: now)
        judgeRateLimit(sample, rate, dt: dt, now: now)
    }

    /// Feeds the best source of rate there is: a gyro, the on-board estimate, the change of attitude.
    private mutating func takeRate(_ sample: borrowing AttitudeSample, _ fresh: InlineArray<4, Bool>) -> Double? {
        if state.primary >= 0 {
            guard fresh[Int(state.primary)] else { return nil }
            let gyro = state.gyros[Int(state.primary)]
            return state.rates.take(gyro.rate, at: gyro.time)
        }
        let isAnyGyroHeard = (0..<4).contains { state.gyros[$0].repeats.isTrained }
        if !isAnyGyroHeard, sample.attitude.rate.isFinite, sample.attitude.rate.largestMagnitude < 1e3 {
            return state.rates.takeDerived(sample.attitude.rate, at: sample.time)
        }
        for unit in 0..<5 where state.trackers[unit].isFresh(at: sample.time) {
            let tracker = state.trackers[unit]
            guard tracker.rate.isFinite else { continue }
            return state.rates.takeDerived(tracker.rate, at: tracker.time)
        }
        return nil
    }

    private func limits(_ index: Int16) -> CraftModel.Mode? {
        index >= 0 && Int(index) < model.modes.count ? model.modes[Int(index)] : nil
    }

    private func isInGrace(_ now: Double) -> Bool {
        now - state.modeSince < model.settings.graceTime || now < state.slewingUntil
    }

    private func kind(_ mode: CraftModel.Mode?, now: Double) -> ModeKind? {
        guard let kind = mode?.kind else { return nil }
        return kind == .hold && now < state.slewingUntil ? .slew : kind
    }

    private mutating func judgeTumble(_ speed: Double, dt: Double, now: Double) {
        var threshold = model.settings.tumbleRate
        let mode = limits(state.mode)
        let before = isInGrace(now) ? limits(state.previousMode) : nil
        for candidate in [mode, before] {
            if let rate = candidate?.rate { threshold = max(threshold, 1.5 * rate) }
        }
        // A craft that spins from the first sample on is taken to do so on purpose.
        if mode?.kind == nil || mode?.kind == .spin || mode?.kind == .detumble {
            threshold = max(threshold, 1.5 * state.rates.firstLevel)
        }
        let residual = Residual(value: speed, expected: 0.9 * threshold, limit: 0.1 * threshold)
        let signed = speed > residual.expected ? residual : Residual(value: 0, limit: 1)
        judge(.tumble, signed, from: now - dt, dt: dt, horizon: 0.5, now: now)
    }

    private mutating func judgeDivergence(
        _ sample: borrowing AttitudeSample,
        _ rate: Vector3,
        dt: Double,
        now: Double
    ) {
        let speed = rate.norm
        let mode = limits(state.mode)
        var threshold = 0.75 * model.settings.tumbleRate
        switch kind(mode, now: now) {
        case .hold, .burn, .surface:
            threshold = isInGrace(now) ? 1.3 * model.settings.slewRate : max(4 * (mode?.rate ?? 0.006_5), 0.026)
        case .slew: threshold = max(3 * (mode?.rate ?? 0), 1.3 * model.settings.slewRate)
        case .spin, .detumble, .safe, .descent: threshold = max(threshold, 1.2 * (mode?.rate ?? 0))
        case nil: threshold = max(threshold, 1.2 * state.rates.firstLevel)
        }
        var ratio = 0.0
        let growth = speed > 0 ? rate.dot(state.rates.acceleration) / speed : 0
        let left = model.settings.lossRate - speed
        if speed > threshold, growth > 1e-4, state.rates.span > 3 {
            ratio = left > 0 ? 60 * growth / left : 11
        }
        judge(
            .divergence,
            Residual(value: growth, limit: ratio > 0 ? growth / ratio : 1),
            from: now - dt,
            dt: dt,
            horizon: 1.5,
            now: now
        )
    }

    private mutating func judgeRateLimit(
        _ sample: borrowing AttitudeSample,
        _ rate: Vector3,
        dt: Double,
        now: Double
    ) {
        guard let mode = limits(state.mode), let limit = mode.rate else { return }
        let target = sample.attitude.targetRate
        guard let kind = self.kind(mode, now: now), kind == .hold || kind == .burn || target.isFinite || kind == .spin
        else {
            return
        }
        guard !isInGrace(now) else { return }
        let reference = target.isFinite ? target : Vector3.zero
        var off = (rate - reference).norm
        // The stars are a witness of their own: what they do not see is the gyro's affair.
        for unit in 0..<4 where state.trackers[unit].isFresh(at: now) && state.trackers[unit].rate.isFinite {
            off = min(off, (state.trackers[unit].rate - reference).norm)
        }
        judge(.rateExceeded, Residual(value: off, limit: limit), from: now - dt, dt: dt, horizon: 3, now: now)
    }

    private mutating func judgeAttitudeError(_ sample: borrowing AttitudeSample) {
        guard let mode = limits(state.mode), let kind = self.kind(mode, now: sample.time) else { return }
        guard kind == .hold || kind == .burn, let limit = mode.attitude ?? limits(holdMode)?.attitude.map({ 3 * $0 })
        else { return }
        guard !isInGrace(sample.time), let error = self.attitudeError(sample) else { return }
        state.errorSeen = true
        let dt = min(state.clock.interval, 2)
        judge(
            .attitudeError,
            Residual(value: error, limit: limit),
            from: sample.time - dt,
            dt: dt,
            horizon: 4,
            now: sample.time
        )
    }

    private var holdMode: Int16 {
        for (index, mode) in model.modes.enumerated() where mode.kind == .hold { return Int16(index) }
        return -1
    }

    private func attitudeError(_ sample: borrowing AttitudeSample) -> Double? {
        if sample.attitude.error.isFinite, sample.attitude.error.largestMagnitude < 10 {
            return sample.attitude.error.norm
        }
        guard sample.attitude.targetQuaternion.isFinite, let target = sample.attitude.targetQuaternion.normalized
        else { return nil }
        for unit in 0..<5 where state.trackers[unit].time == sample.time {
            return state.trackers[unit].quaternion.angle(to: target)
        }
        return nil
    }
}

import RigidBody

extension AttitudeMonitor {
    /// Takes the attitudes of one sample.
    mutating func judgeStars(_ sample: borrowing AttitudeSample, dt: Double) {
        for unit in 0..<4 {
            let reading = sample.starTrackers[unit]
            judgeTracker(
                unit,
                reading.quaternion,
                isValid: reading.isValid,
                tag: reading.time,
                sample,
                figures: model.trackers[unit],
                dt: dt
            )
        }
        let hasTracker = (0..<4).contains { state.trackers[$0].count > 0 }
        let estimate = sample.attitude
        judgeTracker(
            4,
            estimate.quaternion,
            isValid: hasTracker ? nil : true,
            tag: estimate.time,
            sample,
            figures: CraftModel.TrackerFigures(),
            dt: dt
        )
    }

    private mutating func judgeTracker(
        _ unit: Int,
        _ quaternion: Quaternion,
        isValid: Bool?,
        tag: Double,
        _ sample: borrowing AttitudeSample,
        figures: CraftModel.TrackerFigures,
        dt: Double
    ) {
        let now = sample.time
        var norm = 0.0
        let outcome = state.trackers[unit].take(quaternion, isValid: isValid, tag: tag, at: now, norm: &norm)
        judgeNorm(unit, norm, isNew: quaternion.isFinite && norm != 0, now: now)
        switch outcome {
        case .absent, .held: judgeSilence(unit, figures, now: now, dt: dt)
        case .fresh:
            state.watches[WatchID.lost(unit).index].decide(false, Residual(value: 0, limit: 1), onset: now, now: now)
            guard isReference(unit, now: now) else { return }
            compare(unit, hasTag: tag.isFinite, figures, now: now)
        }
    }

    /// The first tracker that is fresh is the one to compare with; the estimate only where there is no tracker.
    private func isReference(_ unit: Int, now: Double) -> Bool {
        for better in 0..<unit where state.trackers[better].count > 0 {
            if unit == 4 || state.trackers[better].isFresh(at: now) { return false }
        }
        return true
    }

    private mutating func compare(_ unit: Int, hasTag: Bool, _ figures: CraftModel.TrackerFigures, now: Double) {
        // Without a tag of its own a tracker is only known to lie between two rows.
        let jitter = hasTag ? 0 : 0.5 * min(state.clock.interval, 1)
        let outcome = state.stars.take(
            state.trackers[unit].quaternion,
            at: state.trackers[unit].time,
            of: unit,
            figures: figures,
            jitter: jitter,
            gyros: state.gyros,
            primary: Int(state.primary),
            model: model
        )
        let jump = WatchID.jump(unit).index
        switch outcome {
        case .none, .suspicious: break
        case .jumped(let residual, let start):
            // A gyro that has stopped giving new readings is no witness against the stars.
            let gyro = state.gyros[max(0, Int(state.primary))]
            if gyro.interval.isFinite, state.trackers[unit].time - gyro.time > 1.2 * gyro.interval { break }
            state.watches[jump].decide(true, residual, onset: start, now: now)
        case .compared(let dt, let start):
            state.watches[jump].decide(false, Residual(value: 0, limit: 1), onset: now, now: now)
            judgeParity(dt: dt, start: start, now: now)
        }
    }

    private mutating func judgeParity(dt: Double, start: Double, now: Double) {
        var speakers = 0
        var off = 0
        for gyro in 0..<4 where state.stars.residuals[gyro].limit > 0 {
            speakers += 1
            if state.stars.residuals[gyro].ratio > 1 { off += 1 }
        }
        for gyro in 0..<4 where state.stars.residuals[gyro].limit > 0 {
            // Two gyros that both leave the stars, and agree, doubt the tracker.
            if off > 1, off == speakers, state.watches[WatchID.disagreement.index].integrator == 0 { continue }
            judge(
                .gyroBias(gyro),
                state.stars.residuals[gyro],
                from: start,
                dt: dt,
                horizon: 2,
                now: now
            )
        }
    }

    private mutating func judgeNorm(_ unit: Int, _ norm: Double, isNew: Bool, now: Double) {
        guard isNew else { return }
        let isOff = norm.magnitude > model.settings.normTolerance
        let count = isOff ? min(state.trackers[unit].normCount + 1, 1 << 20) : 0
        state.trackers[unit].normCount = count
        if count == 1 { state.trackers[unit].normSince = now }
        state.watches[WatchID.norm(unit).index].decide(
            count >= 2,
            Residual(value: norm + 1, expected: 1, limit: model.settings.normTolerance),
            onset: state.trackers[unit].normSince,
            now: now
        )
    }

    private mutating func judgeSilence(_ unit: Int, _ figures: CraftModel.TrackerFigures, now: Double, dt: Double) {
        let speed = state.rates.rate.norm
        guard unit < 4, dt < state.clock.gap, speed < 0.8 * figures.maximumRate, !state.burn.isOn else { return }
        state.trackers[unit].wait(dt)
        let silence = state.trackers[unit].silence
        let limit = model.settings.trackerOutage
        guard silence > limit else { return }
        state.watches[WatchID.lost(unit).index].decide(
            true,
            Residual(value: silence, expected: 0, limit: limit),
            onset: now - silence,
            now: now
        )
    }
}

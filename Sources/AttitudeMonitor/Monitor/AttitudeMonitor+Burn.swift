import RigidBody

extension AttitudeMonitor {
    /// Judges the burn: acceleration, duration, thrust.
    mutating func judgeBurn(_ sample: borrowing AttitudeSample, dt: Double) {
        let mode = state.mode >= 0 && Int(state.mode) < model.modes.count ? model.modes[Int(state.mode)].kind : nil
        let inCoast = mode == .hold || mode == .slew || mode == .spin
        let verdict = state.burn.take(
            sample,
            gap: state.clock.gap,
            inCoast: inCoast,
            mass: model.mass * state.massRatio,
            model: model
        )
        guard state.burn.isHeard else { return }
        let now = sample.time
        let none = Residual(value: 0, limit: 1)
        state.watches[WatchID.acceleration.index].decide(
            verdict.acceleration != nil,
            verdict.acceleration ?? none,
            onset: verdict.ignition,
            now: now
        )
        state.watches[WatchID.overrun.index].decide(
            verdict.overrun != nil,
            verdict.overrun ?? none,
            onset: verdict.overrunOnset,
            now: now
        )
        state.watches[WatchID.engineInCoast.index].decide(
            verdict.onInCoast,
            Residual(value: 1, expected: 0, limit: 0.5),
            onset: verdict.ignition,
            now: now
        )
        if verdict.notLit {
            state.watches[WatchID.thrust.index].decide(
                true,
                Residual(value: 0, expected: 1, limit: 0.5),
                onset: now - 1,
                now: now
            )
        } else if let thrust = verdict.thrust {
            judge(.thrust, thrust, from: now - dt, dt: dt, horizon: 0.6, now: now)
        } else if !state.burn.isOn {
            judge(.thrust, none, from: now, dt: dt, horizon: 0.6, now: now)
        }
    }

    /// Judges statements that exclude each other.
    mutating func judgeContradictions(_ sample: borrowing AttitudeSample) {
        judgeValves(sample)
        judgeStale(now: sample.time)
        guard sample.altitude.isFinite else { return }
        let isBelow = sample.altitude < model.settings.minimumAltitude
        state.altitudeCount = isBelow ? min(state.altitudeCount + 1, 1 << 20) : 0
        state.watches[WatchID.altitude.index].decide(
            state.altitudeCount >= 2,
            Residual(value: sample.altitude, expected: 0, limit: max(-model.settings.minimumAltitude, 1e-3)),
            onset: sample.time,
            now: sample.time
        )
    }

    /// A gyro that used to come and went silent while samples go on.
    private mutating func judgeStale(now: Double) {
        var silence = 0.0
        for unit in 0..<4 where state.gyros[unit].repeats.isTrained && state.gyros[unit].heard.isFinite {
            silence = max(silence, now - state.gyros[unit].heard)
        }
        let limit = max(30, 10 * state.clock.interval)
        state.watches[WatchID.stale.index].decide(
            silence > limit,
            Residual(value: silence, limit: limit),
            onset: now - silence,
            now: now
        )
    }

    /// A valve that reports open while nobody commands it, in two samples and for half a second.
    private mutating func judgeValves(_ sample: borrowing AttitudeSample) {
        var open: Int8 = -1
        var isHeard = false
        for unit in 0..<33 {
            let thruster = sample.thrusters[unit]
            guard let isOpen = thruster.isOpen, let isCommanded = thruster.isCommanded else { continue }
            isHeard = true
            if isOpen, !isCommanded, open < 0 { open = Int8(unit) }
        }
        guard isHeard else { return }
        if open >= 0, open == state.valveUnit {
            state.valveCount = min(state.valveCount + 1, 1 << 20)
        } else {
            (state.valveUnit, state.valveCount, state.valveSince) = (open, open >= 0 ? 1 : 0, sample.time)
        }
        let isLasting = state.valveCount >= 3 && sample.time - state.valveSince >= 0.5
        state.watches[WatchID.valve.index].decide(
            open >= 0 && isLasting,
            Residual(value: 1, expected: 0, limit: 0.5),
            onset: state.valveSince,
            now: sample.time
        )
    }
}

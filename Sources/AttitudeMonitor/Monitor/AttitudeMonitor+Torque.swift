import RigidBody

extension AttitudeMonitor {
    /// Runs the rigid-body observer where rate and on-times came together.
    mutating func judgeTorque(_ sample: borrowing AttitudeSample, _ fresh: InlineArray<4, Bool>) {
        guard model.hasVehicle, !model.thrusters.isEmpty else { return }
        let primary = Int(state.primary)
        guard primary >= 0, fresh[primary], hasOnTimes(sample) else { return }
        state.onTimesSeen = true
        let gyro = state.gyros[primary]
        let span = gyro.interval.isFinite ? gyro.interval : state.clock.interval
        let sigma = gyro.sigma(model.gyros[primary], dt: span)
        let tag = model.settings.tagUncertainty
        let step = state.torque.step(
            rate: gyro.rate,
            at: gyro.effectiveTime,
            sample: sample,
            engineOn: state.burn.isOn,
            sigma: sigma,
            tag: tag,
            isMean: gyro.isMean,
            massRatio: state.massRatio,
            model: model
        )
        guard let step else { return }
        judgeFast(step, gyro, sigma: sigma, tag: tag, now: sample.time)
        judgeSlow(step, now: sample.time)
        // While a torque is in question, thrusters that work against it look as if they gave nothing.
        if let response = step.response, state.watches[WatchID.torque.index].integrator == 0 {
            judge(.response, response, from: step.start, dt: min(step.dt, 0.5), horizon: 1.5, now: sample.time)
        }
    }

    private func hasOnTimes(_ sample: borrowing AttitudeSample) -> Bool {
        for thruster in model.thrusters where !sample.thrusters[thruster.id].onTime.isFinite { return false }
        return true
    }

    private mutating func judgeFast(
        _ step: TorqueObserver.Step,
        _ gyro: GyroChannel,
        sigma: Double,
        tag: Double,
        now: Double
    ) {
        let index = WatchID.torque.index
        let other = otherRate(now: now)
        let isDue = state.watches[index].add(step.fast, from: step.start, dt: step.dt, horizon: 0.6, now: now)
        if state.watches[index].integrator == 0 {
            state.torque.end()
            return
        }
        if !state.torque.excursionStart.isFinite {
            state.torque.begin(
                step,
                isMean: gyro.isMean,
                rateBefore: gyro.previousRate,
                other: otherPreviousRate(now: now)
            )
        }
        guard isDue else { return }
        let lasting = state.torque.lasting(sigma: sigma, now: step.now, model: model)
        if state.watches[index].isAlarmed {
            // What goes on is known better than what began.
            if !state.torque.isPartial { state.torqueVector = lasting.torque }
            return
        }
        let confirmation = state.torque.confirmed(
            by: other,
            rate: gyro.rate,
            sigma: otherSigma(sigma),
            model: model
        )
        // One gyro alone may step: its torque must go on; two that agree are believed at once.
        guard confirmation == true || (confirmation == nil && lasting.isReal) else { return }
        var torque = lasting.torque
        if state.torque.isPartial, torque.norm > 0, torque.norm < model.weakestThruster {
            // Seen for part of an interval only: at full strength it is at least that of the weakest thruster.
            torque = torque * (model.weakestThruster / torque.norm)
        }
        state.torqueVector = torque
        state.watches[index].isAlarmed = true
        state.watches[index].onset = state.torque.onset(of: torque, now: step.now)
        let causes = state.torque.causes(of: torque, sigma: step.fast.limit * 0.1, now: step.now, model: model)
        state.torqueIsResponse = causes.first.map { $0.confidence > 0.6 && $0.cause.hasSuffix("shut") } ?? false
    }

    private mutating func judgeSlow(_ step: TorqueObserver.Step, now: Double) {
        let index = WatchID.slowTorque.index
        if state.watches[WatchID.torque.index].isAlarmed {
            // The slow lag holds up what the fast one has found: a thruster that controls against it hides neither.
            if step.slow.ratio > 1 { state.watches[WatchID.torque.index].lastAbove = now }
            return
        }
        let isDue = state.watches[index].add(step.slow, from: step.start, dt: step.dt, horizon: 6, now: now)
        guard isDue, !state.watches[index].isAlarmed else { return }
        state.watches[index].isAlarmed = true
        // The lag reached its limit some time after the torque began.
        let ratio = max(step.slow.ratio, 1)
        state.watches[index].onset -= TorqueObserver.slowConstant / ratio
        state.torqueVector = state.torque.slowTorque
    }

    /// The rate of the second gyro, if it is of this sample.
    private func otherRate(now: Double) -> Vector3 {
        guard state.secondary >= 0 else { return .absent }
        let gyro = state.gyros[Int(state.secondary)]
        return (gyro.time - now).magnitude < 0.6 * state.clock.interval ? gyro.rate : .absent
    }

    private func otherPreviousRate(now: Double) -> Vector3 {
        guard state.secondary >= 0 else { return .absent }
        let gyro = state.gyros[Int(state.secondary)]
        return (gyro.time - now).magnitude < 0.6 * state.clock.interval ? gyro.previousRate : gyro.rate
    }

    private func otherSigma(_ sigma: Double) -> Double {
        guard state.secondary >= 0 else { return sigma }
        let unit = Int(state.secondary)
        return max(sigma, state.gyros[unit].sigma(model.gyros[unit], dt: state.clock.interval))
    }
}

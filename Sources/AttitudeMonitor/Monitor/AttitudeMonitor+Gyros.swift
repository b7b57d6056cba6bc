import RigidBody

extension AttitudeMonitor {
    /// What a gyro was found to do when it no longer follows the craft.
    enum StuckKind: UInt8 {
        case frozen
        case zero
        case saturated
        case invalid
    }

    /// Takes the gyros of one sample; tells which are new.
    mutating func judgeGyros(_ sample: borrowing AttitudeSample, dt: Double) -> InlineArray<4, Bool> {
        var fresh = InlineArray<4, Bool>(repeating: false)
        let push = largestPush(sample)
        noteEffort(sample, dt: dt)
        for unit in 0..<4 {
            let reading = sample.gyros[unit]
            let outcome = state.gyros[unit].take(
                reading,
                at: sample.time,
                figures: model.gyros[unit],
                push: push,
                isQuiet: state.quietSamples >= 3
            )
            switch outcome {
            case .fresh, .restarted: fresh[unit] = state.gyros[unit].hasRate
            case .absent, .held: break
            }
            judgeStuck(unit, reading, now: sample.time, dt: dt)
        }
        choosePrimary(now: sample.time)
        judgePair(sample, fresh)
        return fresh
    }

    /// Follows what thrusters were commanded to do since the sample before.
    ///
    /// Without on-times nobody knows: then all samples count as quiet for the noise, and the ripple of short pulses
    /// is allowed for.
    private mutating func noteEffort(_ sample: borrowing AttitudeSample, dt: Double) {
        var sum = 0.0
        for thruster in model.thrusters { sum += thruster.strength * sample.thrusters[thruster.id].onTime }
        if sum.isNaN, state.onTimesSeen { return }
        let effort = sum.isNaN ? 0.1 * model.weakestThruster : max(0, sum - state.effortSum)
        let isQuiet = (sum.isNaN || effort == 0) && !state.burn.isOn
        state.quietSamples = isQuiet ? min(state.quietSamples + 1, 1 << 20) : 0
        state.effortSum = sum
        let inertia = model.hasVehicle ? model.smallestInertia * state.massRatio : .infinity
        // What the rate may have done between readings: pulses, and the engine against them.
        state.stir = min(effort / inertia, 1)
        for unit in 0..<4 where !state.gyros[unit].isMean {
            state.gyros[unit].doubtIntegral(by: 0.5 * state.stir * min(dt, 2))
        }
    }

    /// The largest angular acceleration (rad/s²) that actuators could give, doubled for what is not known.
    private func largestPush(_ sample: borrowing AttitudeSample) -> Double {
        guard model.hasVehicle else { return 0.5 }
        let engine = state.burn.isOn ? model.engineTorque : 0
        return max(2 * (model.authority + engine) / (model.smallestInertia * state.massRatio), 0.02)
    }

    private mutating func judgeStuck(_ unit: Int, _ reading: GyroReading, now: Double, dt: Double) {
        let isHeard = reading.rate.isFinite || reading.angle.isFinite
        guard isHeard || reading.isValid != nil else { return }
        if reading.isValid == true { state.gyros[unit].hasBeenValid = true }
        let isInvalid = reading.isValid == false && state.gyros[unit].hasBeenValid
        state.gyros[unit].invalid = isInvalid ? min(state.gyros[unit].invalid + 1, 1 << 20) : 0
        var kind: StuckKind?
        let gyro = state.gyros[unit]
        let chance = gyro.chanceOfRepeat(model.gyros[unit])
        if gyro.saturated >= 2 {
            kind = .saturated
        } else if gyro.repeats.isProven(floor: chance) {
            kind = gyro.zeros > 0 ? .zero : .frozen
        } else if gyro.repeats.isProven(gyro.zeros, floor: chance) {
            kind = .zero
        } else if gyro.invalid >= 3, gyro.hasTurned {
            kind = .invalid
        }
        let id = WatchID.gyroStuck(unit)
        let isReporting = state.watches[id.index].isAlarmed
        if let kind { state.stuckKinds[unit] = kind.rawValue }
        let run = max(gyro.repeats.run, gyro.saturated, gyro.invalid)
        let span = Double(run) * state.clock.interval
        state.watches[id.index].decide(
            kind != nil,
            Residual(
                value: kind == .saturated ? gyro.rate.largestMagnitude : Double(run),
                expected: kind == .saturated ? 0 : 0,
                limit: kind == .saturated ? model.gyros[unit].range : 3
            ),
            onset: isReporting ? now : now - span,
            now: now
        )
        state.gyros[unit].isDoubted =
            state.watches[id.index].isAlarmed || state.watches[WatchID.gyroBias(unit).index].isAlarmed
    }

    /// The first gyro that works and is believed, and the next one.
    private mutating func choosePrimary(now: Double) {
        var chosen: (Int8, Int8) = (-1, -1)
        for unit in 0..<4 {
            let gyro = state.gyros[unit]
            guard gyro.hasRate, now - gyro.time < max(state.clock.gap, 3) else { continue }
            guard gyro.saturated == 0, gyro.invalid == 0, !gyro.isDoubted else { continue }
            if chosen.0 < 0 {
                chosen.0 = Int8(unit)
            } else if chosen.1 < 0 {
                chosen.1 = Int8(unit)
            }
        }
        if chosen.0 != state.primary { state.torque.restart() }
        if chosen != (state.primary, state.secondary) { state.pair.reset() }
        (state.primary, state.secondary) = chosen
    }

    private mutating func judgePair(_ sample: borrowing AttitudeSample, _ fresh: InlineArray<4, Bool>) {
        let now = sample.time
        guard state.primary >= 0, state.secondary >= 0 else { return }
        let (first, second) = (Int(state.primary), Int(state.secondary))
        guard fresh[first], fresh[second] else { return }
        let (one, other) = (state.gyros[first], state.gyros[second])
        let dt = other.interval
        guard dt.isFinite, dt > 0 else { return }
        // The first is carried to the tag of the second; what it did within the interval is bounded by the actuators.
        let tags = one.effectiveTime - other.effectiveTime
        let span = max(one.interval.isFinite ? one.interval : dt, 1e-3)
        let change = one.rate - one.previousRate
        let carried = one.rate - change * min(max(tags / span, 0), 1)
        let doubt = model.settings.tagUncertainty + tags.magnitude
        let residual = state.pair.add(
            carried,
            other.rate,
            change: min(
                change.norm,
                0.5 * largestPush(sample) * doubt,
                model.hasVehicle ? state.stir + 0.02 * change.norm : 1
            ),
            dt: dt,
            sigmas: (one.sigma(model.gyros[first], dt: span), other.sigma(model.gyros[second], dt: dt)),
            figures: (model.gyros[first], model.gyros[second])
        )
        guard let residual else { return }
        judge(.disagreement, residual, from: now - dt, dt: dt, horizon: 1.5, now: now)
    }
}

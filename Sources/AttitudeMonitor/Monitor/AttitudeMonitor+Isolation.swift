import RigidBody

extension AttitudeMonitor {
    /// Possible causes of an event, the likeliest first.
    func isolation(_ leader: WatchID, _ members: [WatchID], now: Double) -> [AnomalyEvent.Isolation] {
        switch leader.index {
        case 0, 1: return state.torque.causes(of: state.torqueVector, sigma: 0.05, now: now, model: model)
        case 38:
            let axis = ThrusterResponse.axis(Int(state.torque.response.judged))
            let names = model.thrusters.filter { $0.torque.dot(axis) > 0.5 * $0.strength }.map(\.id)
            return names.prefix(4).map {
                AnomalyEvent.Isolation(cause: "thruster \($0) weak or shut", confidence: 0.9 / Double(names.count))
            }
        case 2...5:
            // Without on-times the torque is still seen in the growth of the rate.
            guard model.hasVehicle, !model.thrusters.isEmpty else { return [] }
            let torque = model.inertia * state.rates.acceleration * state.massRatio
            guard torque.norm > 0.3 * model.weakestThruster else { return [] }
            return state.torque.causes(of: torque, sigma: 0.2 * torque.norm, now: now, model: model)
        case 6:
            let isOff = state.watches[leader.index].value == 0
            return [
                AnomalyEvent.Isolation(cause: "accelerometer not enabled", confidence: isOff ? 0.9 : 0.5),
                AnomalyEvent.Isolation(cause: "engine did not light", confidence: isOff ? 0.1 : 0.5),
            ]
        case 7:
            let isBlind = state.causes[Cause.acceleration].id != 0
            return [
                AnomalyEvent.Isolation(
                    cause: isBlind ? "cut-off by velocity change cannot come" : "cut-off failed",
                    confidence: 0.9
                )
            ]
        case 9...16:
            return [AnomalyEvent.Isolation(cause: "gyro \(RoleSlot.gyroNames[leader.unit])", confidence: 0.95)]
        case 17: return gyroBlame()
        case 18...32:
            let name = leader.unit == 4 ? "attitude estimate" : "star tracker \(leader.unit + 1)"
            return [AnomalyEvent.Isolation(cause: name, confidence: 0.9)]
        case 34:
            return [AnomalyEvent.Isolation(cause: "thruster \(max(0, Int(state.valveUnit))) open", confidence: 0.5)]
        default: return []
        }
    }

    /// Which of two gyros is wrong: by the stars where they are seen, else both alike.
    private func gyroBlame() -> [AnomalyEvent.Isolation] {
        guard state.primary >= 0, state.secondary >= 0 else { return [] }
        let units = [Int(state.primary), Int(state.secondary)]
        let ratios = units.map { state.stars.residuals[$0].ratio }
        let sum = ratios[0] + ratios[1]
        let share = sum > 0.5 ? min(max(ratios[0] / sum, 0.03), 0.97) : 0.5
        let blame = [
            AnomalyEvent.Isolation(cause: "gyro \(RoleSlot.gyroNames[units[0]])", confidence: share),
            AnomalyEvent.Isolation(cause: "gyro \(RoleSlot.gyroNames[units[1]])", confidence: 1 - share),
        ]
        return share >= 0.5 ? blame : blame.reversed()
    }

    /// How long until the rate of loss, from the present rate and what drives it.
    func timeToLoss(_ cause: Int, now: Double) -> AnomalyEvent.TimeToLoss? {
        let loss = model.settings.lossRate
        let rate = state.rates.rate
        guard cause == Cause.dynamics, state.rates.time.isFinite, rate.norm < 1e3 else { return nil }
        let seen = state.rates.acceleration
        var driven = Vector3.zero
        if state.causes[cause].members & 0b11 != 0, model.hasVehicle {
            driven = model.inverseInertia * state.torqueVector * (1 / state.massRatio)
        }
        // Where control answers, the slope that is seen is smaller than what drives; until it shows, the worse counts.
        let main = seen.norm > 0.3 * driven.norm ? seen : driven
        let strongest = max(seen.norm, driven.norm)
        guard let seconds = Self.time(from: rate, by: main, to: loss) else { return nil }
        let direction = main.normalized ?? .zero
        let early = Self.time(from: rate, by: direction * (1.25 * strongest), to: loss) ?? seconds
        var weakest = 0.75 * main.norm
        if driven != .zero, now - state.causes[cause].onset < 5 {
            // Control has hardly begun to answer: it may yet take most of the torque away.
            let left = max(state.torqueVector.norm - opposing(state.torqueVector), 0.1 * state.torqueVector.norm)
            weakest = min(weakest, driven.norm * left / max(state.torqueVector.norm, 1e-9))
        }
        let late = Self.time(from: rate, by: direction * weakest, to: loss) ?? 86_400
        return AnomalyEvent.TimeToLoss(
            seconds: seconds,
            lower: min(early, seconds),
            upper: max(late, seconds),
            of: "rate above \(Int((loss * 57.295_779_5).rounded())) deg/s"
        )
    }

    /// The torque (N·m) that all thrusters together can set against one.
    private func opposing(_ torque: Vector3) -> Double {
        guard let direction = torque.normalized else { return 0 }
        return model.thrusters.reduce(0) { $0 + max(0, -$1.torque.dot(direction)) }
    }

    /// When |ω + α·t| reaches a rate; `nil` beyond a day.
    private static func time(from rate: Vector3, by acceleration: Vector3, to loss: Double) -> Double? {
        let a = acceleration.normSquared
        let b = rate.dot(acceleration)
        let c = rate.normSquared - loss * loss
        if c >= 0 { return 0 }
        guard a > 1e-16 else { return nil }
        let time = (-b + (b * b - a * c).squareRoot()) / a
        return time.isFinite && time < 86_400 ? max(0, time) : nil
    }
}

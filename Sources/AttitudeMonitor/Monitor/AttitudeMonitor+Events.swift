import RigidBody

extension AttitudeMonitor {
    /// Writes the event of a cause as it stands.
    func makeEvent(_ cause: Int, _ change: AnomalyEvent.State, now: Double) -> AnomalyEvent {
        let standing = state.causes[cause]
        let leader = WatchID(index: max(0, Int(standing.leader)))
        let condition = self.condition(of: leader)
        let members = WatchID.order.filter { standing.members & (1 << UInt64($0.index)) != 0 }
        let severity = members.map { self.severity(of: $0) }.max() ?? condition.severity
        let sources = self.sources(cause, leader)
        return AnomalyEvent(
            id: Int(standing.id),
            state: change,
            condition: condition,
            rule: rule(of: leader),
            severity: severity,
            onset: standing.onset,
            detected: now,
            evidence: ([leader] + members.filter { $0 != leader }).map { evidence(of: $0) },
            integrator: state.watches[leader.index].integrator,
            believed: sources.believed,
            doubted: sources.doubted,
            isolation: self.isolation(leader, members, now: now),
            unavailable: self.unavailable(cause),
            timeToLoss: change == .cleared ? nil : self.timeToLoss(cause, now: now),
            clearsWhen: clearing(condition),
            avoid: avoidance(cause, leader)
        )
    }

    /// The condition that a watch stands for now.
    func condition(of id: WatchID) -> Condition {
        switch id.index {
        case 0: state.torqueIsResponse ? .thrusterResponse : .uncommandedTorque
        case 1: .slowTorque
        case 2: .tumble
        case 3: .divergence
        case 4: .rateExceeded
        case 5: .attitudeError
        case 6: .accelerationMissingInBurn
        case 7: .burnOverrun
        case 8: .thrustAnomaly
        case 9...12:
            switch StuckKind(rawValue: state.stuckKinds[id.unit]) {
            case .frozen: .gyroFrozen
            case .saturated: .gyroSaturated
            case .zero, .invalid, nil: .gyroZero
            }
        case 13...16: .gyroBias
        case 17: .gyroDisagreement
        case 18...22: .starTrackerJump
        case 23...27: .starTrackerLost
        case 28...32: .quaternionNorm
        case 33, 34, 35: .contradiction
        case 36: .telemetryGap
        case 38: .thrusterResponse
        default: .telemetryStale
        }
    }

    private func rule(of id: WatchID) -> String? {
        switch id.index {
        case 33: "engineOnInCoast"
        case 34: "valveOpenNotCommanded"
        case 35: "altitudeBelowSurface"
        default: nil
        }
    }

    private func severity(of id: WatchID) -> Severity {
        let condition = self.condition(of: id)
        if condition == .gyroBias || condition == .gyroDisagreement {
            let hasStars = (0..<4).contains { state.trackers[$0].isFresh(at: state.clock.time) }
            return hasStars ? .warning : .critical
        }
        if condition == .attitudeError, state.causes[Cause.dynamics].members & 0b1101 != 0 { return .critical }
        return condition.severity
    }

    private func evidence(of id: WatchID) -> AnomalyEvent.Evidence {
        let watch = state.watches[id.index]
        let (channel, unit) = self.channel(of: id)
        return AnomalyEvent.Evidence(
            channel: channel,
            value: Double(watch.value),
            expected: Double(watch.expected),
            limit: Double(watch.limit),
            sigma: Double(watch.sigma),
            unit: unit
        )
    }

    private func channel(of id: WatchID) -> (String, String) {
        let gyro = "gyro." + RoleSlot.gyroNames[min(id.unit, 3)]
        let tracker = id.unit == 4 ? "attitude" : "starTracker.\(id.unit + 1)"
        switch id.index {
        case 0, 1: return ("unexplained torque", "N·m")
        case 2, 4: return ("rate", "rad/s")
        case 3: return ("growth of rate", "rad/s²")
        case 5: return ("attitude error", "rad")
        case 6: return ("accelerometer.acceleration", "m/s²")
        case 7: return ("engine.elapsed", "s")
        case 8: return ("accelerometer.acceleration", "m/s²")
        case 9...12:
            switch StuckKind(rawValue: state.stuckKinds[id.unit]) {
            case .saturated: return (gyro + ".rate", "rad/s")
            case .invalid: return (gyro + ".valid", "samples")
            case .frozen, .zero, nil: return (gyro + ".rate, equal readings", "samples")
            }
        case 13...16: return (gyro + ".rate less that of the stars", "rad/s")
        case 17: return ("gyro.a.rate less gyro.b.rate", "rad/s")
        case 18...22: return (tracker + ".quaternion less gyro", "rad")
        case 23...27: return (tracker + ".quaternion, time without", "s")
        case 28...32: return (tracker + ".quaternion, norm", "1")
        case 33: return ("engine.on", "1")
        case 34: return ("thruster.\(max(0, Int(state.valveUnit))).open", "1")
        case 35: return ("navigation.altitude", "m")
        case 36: return ("time", "s")
        case 38: return ("gain of thrusters", "1")
        default: return ("time since heard", "s")
        }
    }

    private func sources(_ cause: Int, _ leader: WatchID) -> (believed: [String], doubted: [String]) {
        var believed: [String] = []
        var doubted: [String] = []
        for unit in 0..<4 where state.gyros[unit].repeats.isTrained || state.gyros[unit].hasRate {
            let name = "gyro" + RoleSlot.gyroNames[unit].uppercased()
            let isHere = cause == Cause.gyro(unit) || state.gyros[unit].isDoubted
            let isEither = cause == Cause.disagreement && (unit == Int(state.primary) || unit == Int(state.secondary))
            if isHere || (isEither && !isClearedByStars(unit)) {
                doubted.append(name)
            } else if state.gyros[unit].hasRate {
                believed.append(name)
            }
        }
        if (Cause.tracker(0)...Cause.tracker(4)).contains(cause) {
            doubted.append(leader.unit == 4 ? "attitude" : "starTracker\(leader.unit + 1)")
        } else if (0..<4).contains(where: { state.trackers[$0].isFresh(at: state.clock.time) }) {
            believed.append("starTracker")
        }
        if cause == Cause.acceleration { doubted.append("accelerometer") }
        return (believed, doubted)
    }

    /// Whether the stars speak for this gyro and against another.
    private func isClearedByStars(_ unit: Int) -> Bool {
        let own = state.stars.residuals[unit]
        guard own.limit > 0, own.ratio < 0.7 else { return false }
        return (0..<4).contains { $0 != unit && state.stars.residuals[$0].ratio > 1 }
    }

    private func unavailable(_ cause: Int) -> [String] {
        var missing: [String] = []
        let hasStars = (0..<4).contains { state.trackers[$0].isFresh(at: state.clock.time) }
        switch cause {
        case Cause.dynamics, Cause.disagreement, Cause.gyro(0)...Cause.gyro(3):
            if !hasStars { missing.append("starTracker") }
            if state.secondary < 0 { missing.append("second gyro") }
            if cause == Cause.dynamics, !state.onTimesSeen { missing.append("thruster.N.onTime") }
        case Cause.overrun:
            if !state.burn.accelerometerHeard { missing.append("accelerometer") }
        default: break
        }
        return missing
    }

    private func clearing(_ condition: Condition) -> String {
        let time = Int(model.settings.clearTime.rounded())
        switch condition {
        case .burnOverrun, .accelerationMissingInBurn:
            return "the engine is off, or what was missing is measured, for \(time) s"
        case .gyroFrozen, .gyroZero, .gyroSaturated: return "new readings within range for \(time) s"
        case .starTrackerLost, .telemetryStale, .telemetryGap: return "it is heard again for \(time) s"
        default: return "all its evidence stays within limits for \(time) s"
        }
    }

    private func avoidance(_ cause: Int, _ leader: WatchID) -> [String] {
        switch cause {
        case Cause.gyro(0)...Cause.gyro(3):
            let name = RoleSlot.gyroNames[cause - Cause.gyro(0)].uppercased()
            return ["switching to gyro \(name)", "switching off the other gyros"]
        case Cause.disagreement: return ["switching off either gyro before the stars have told which is right"]
        case Cause.dynamics:
            return state.causes[cause].members & 0b11 != 0
                ? ["commands that fire thrusters before the open one is shut off", "switching off gyros"]
                : ["switching off gyros", "a mode change that trusts one sensor alone"]
        case Cause.acceleration: return ["waiting for a cut-off by velocity change"]
        case Cause.overrun: return ["waiting for a cut-off by velocity change"]
        case Cause.tracker(0)...Cause.tracker(4): return ["resetting the attitude to this star tracker"]
        default: return []
        }
    }
}

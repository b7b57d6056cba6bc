extension AttitudeMonitor {
    /// The conditions that are not watched, each with the reason: by this version, by the configuration, or by what
    /// the samples so far have brought.
    public var unwatched: [UnwatchedCondition] {
        var list = Self.unwatchedByVersion
        let hasGyro = (0..<4).contains { state.gyros[$0].repeats.isTrained || state.gyros[$0].hasRate }
        let hasTracker = (0..<4).contains { state.trackers[$0].count > 0 }
        let hasEstimate = state.trackers[4].count > 0
        func add(_ reason: String, _ conditions: Condition...) {
            list += conditions.map { UnwatchedCondition(condition: $0, rule: nil, reason: reason) }
        }
        if !model.hasVehicle {
            add("the vehicle's inertia is not known", .uncommandedTorque, .slowTorque, .thrusterResponse)
        } else if model.thrusters.isEmpty {
            add("the vehicle's thrusters are not known", .uncommandedTorque, .slowTorque, .thrusterResponse)
        } else if !state.onTimesSeen {
            add(
                "no on-times of all thrusters in one sample with a rate",
                .uncommandedTorque,
                .slowTorque,
                .thrusterResponse
            )
        }
        if !hasGyro { add("no gyro", .gyroFrozen, .gyroZero, .gyroSaturated, .gyroBias, .starTrackerJump) }
        if hasGyro, !(0..<4).contains(where: { model.gyros[$0].range.isFinite }) {
            add("the gyros' range is not known", .gyroSaturated)
        }
        if state.secondary < 0 { add("fewer than two working gyros", .gyroDisagreement) }
        if !hasTracker, !hasEstimate {
            add("no star tracker and no attitude", .starTrackerJump, .starTrackerLost, .quaternionNorm)
        } else if !hasTracker {
            add("no star tracker", .starTrackerLost)
        }
        if hasGyro, !hasTracker, !hasEstimate { add("no star tracker and no attitude", .gyroBias) }
        if !hasGyro, !hasTracker, !hasEstimate { add("no rate and no attitude", .tumble, .divergence) }
        let limits = state.mode >= 0 && Int(state.mode) < model.modes.count ? model.modes[Int(state.mode)] : nil
        if limits?.rate == nil { add("no rate limit for the guidance mode", .rateExceeded) }
        if limits?.attitude == nil {
            add("no pointing limit for the guidance mode", .attitudeError)
        } else if !state.errorSeen {
            add("no attitude error and no target so far", .attitudeError)
        }
        if !state.burn.isHeard {
            add("nothing is heard of an engine", .burnOverrun, .accelerationMissingInBurn, .thrustAnomaly)
        } else if !state.burn.accelerometerHeard {
            add("no accelerometer", .accelerationMissingInBurn, .thrustAnomaly)
        }
        return list
    }

    /// What no configuration can make this version watch.
    private static let unwatchedByVersion: [UnwatchedCondition] = [
        UnwatchedCondition(condition: .nutation, rule: nil, reason: "not part of this version"),
        UnwatchedCondition(condition: .wheelSaturation, rule: nil, reason: "not part of this version"),
        UnwatchedCondition(condition: .linkModulation, rule: nil, reason: "not part of this version"),
        UnwatchedCondition(condition: .telemetryStale, rule: nil, reason: "only for gyros"),
        UnwatchedCondition(
            condition: .thrusterResponse,
            rule: nil,
            reason: "judged for each direction of each axis; which thruster of a direction it is stays open"
        ),
        UnwatchedCondition(
            condition: .starTrackerJump,
            rule: nil,
            reason: "only on the first fresh star tracker, against a gyro"
        ),
        UnwatchedCondition(
            condition: .contradiction,
            rule: "sunAgainstQuaternion",
            reason: "not part of this version"
        ),
        UnwatchedCondition(condition: .contradiction, rule: "timeJump", reason: "not part of this version"),
        UnwatchedCondition(
            condition: .contradiction,
            rule: "accelerationInCoast",
            reason: "not part of this version"
        ),
        UnwatchedCondition(condition: .contradiction, rule: "wheelMomentum", reason: "not part of this version"),
    ]
}

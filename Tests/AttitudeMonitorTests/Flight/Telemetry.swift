import AttitudeMonitor
import RigidBody

extension Flight {
    /// What the craft tells at this instant.
    mutating func sample() -> AttitudeSample {
        var sample = AttitudeSample(time: time)
        fillGyros(&sample)
        if settings.hasTracker, starTag.isFinite {
            sample.starTrackers[0].quaternion = starAttitude
            sample.starTrackers[0].time = starTag
            sample.starTrackers[0].isValid = !(settings.fault == .trackerLost && isFaulty)
        }
        sample.attitude.targetQuaternion = targetAttitude
        sample.attitude.targetRate = wantedRate
        let isOff = settings.fault == .accelerometerOff && isFaulty
        let pull = Vector3(0, 0, engineOn ? engineForce / 1330 : 0)
        sample.accelerometer.isEnabled = !isOff
        sample.accelerometer.acceleration = isOff ? .zero : pull + random.vector() * 0.001
        sample.engine.isOn = engineOn
        sample.engine.isCommanded = engineOn
        if mode == "burn" { sample.engine.plannedDuration = plannedBurn }
        for index in 0..<12 { sample.thrusters[index + 1].onTime = onTimes[index] }
        sample.mode = mode
        return sample
    }

    private mutating func fillGyros(_ sample: inout AttitudeSample) {
        var reading = measured(random.vector() * 2.9e-5)
        if settings.isAccumulating { reading = accumulated }
        let isFailed = isFaulty
        switch settings.fault {
        case .gyroZero where isFailed:
            sample.gyros[0].rate = .zero
            reading = .absent
        case .gyroFrozen where isFailed: reading = freeze(reading)
        case .gyroSaturated where isFailed: reading.y = 1.05
        case .gyroInvalid where isFailed: sample.gyros[0].isValid = false
        default: freezeLater(reading)
        }
        if sample.gyros[0].isValid == nil { sample.gyros[0].isValid = true }
        if settings.isAccumulating {
            sample.gyros[0].angle = reading
        } else if reading.isFinite {
            sample.gyros[0].rate = reading
        }
        if settings.hasSecondGyro {
            sample.gyros[1].rate = other
            sample.gyros[1].time = otherTag
        }
    }

    static let vehicleJSON = """
        {"mass": 1330,
         "inertia": {"xx": 1150, "yy": 1080, "zz": 880, "xy": 8, "xz": -5, "yz": 4, "uncertainty": 0.05},
         "thrusters": [\(torques.enumerated().map { index, torque in
            "{\"id\": \(index + 1), \"torque\": [\(torque.x), \(torque.y), \(torque.z)], \"scaleTolerance\": 0.1}"
         }.joined(separator: ", "))],
         "engines": [{"id": "main", "thrust": 4860, "direction": [0, 0, 1], "offset": 0.0025, "thrustTolerance": 0.15}],
         "gyros": {"a": {"angularRandomWalk": 2.9e-6, "bias": 1.5e-6, "scale": 0.0003, "resolution": 1e-6, "range": 1.05},
                   "b": {"angularRandomWalk": 3e-5, "bias": 1.2e-5, "scale": 0.001, "resolution": 1e-6, "range": 7}},
         "starTrackers": {"1": {"across": 2.9e-5, "about": 1.9e-4, "boresight": [0, 0, 1], "maximumRate": 0.026,
                                "timeTagError": 0.05}},
         "accelerometer": {"noise": 0.001, "bias": 0.0003},
         "modes": {"hold": {"rate": 0.0044, "attitude": 0.014}, "slew": {"rate": 0.0087, "attitude": 0.044},
                   "burn": {"rate": 0.01, "attitude": 0.05}, "spin": {"rate": 0.17}}}
        """
}

extension Vector3 {
    static let absent = Vector3(.nan, .nan, .nan)
}

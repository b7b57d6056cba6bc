import RigidBody

/// The place in a sample that one column fills.
struct RoleSlot: Sendable {
    enum Field: UInt8 {
        case unknown
        case unused
        case mode
        case time
        case gyroRate
        case gyroMeanRate
        case gyroAngle
        case gyroValid
        case gyroTime
        case trackerQuaternion
        case trackerValid
        case trackerTime
        case attitudeQuaternion
        case attitudeRate
        case attitudeTime
        case targetQuaternion
        case targetRate
        case attitudeError
        case acceleration
        case velocity
        case accelerometerEnabled
        case accelerometerTime
        case engineCommanded
        case engineOn
        case engineThrust
        case chamberPressure
        case plannedDuration
        case engineElapsed
        case plannedVelocityChange
        case thrusterOnTime
        case thrusterCommanded
        case thrusterOpen
        case altitude
        case mass
        case slewing
    }

    var field = Field.unknown
    var unit = 0
    var axis = 0

    /// Reads a role; what it does not know becomes `.unknown`.
    init(role: String, kind: ChannelKind) {
        let parts = role.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first else { return }
        let rest = Array(parts.dropFirst())
        switch first {
        case "gyro": readGyro(rest, kind)
        case "starTracker": readTracker(rest)
        case "attitude": readAttitude(rest)
        case "accelerometer": readAccelerometer(rest, kind)
        case "engine": readEngine(rest)
        case "thruster": readThruster(rest)
        case "time": readTime(rest)
        default: readOthers(role, first)
        }
    }

    private mutating func readGyro(_ parts: [String], _ kind: ChannelKind) {
        guard let name = parts.first, let unit = Self.gyroNames.firstIndex(of: name) else { return }
        self.unit = unit
        if parts.count == 2, parts[1] == "valid" {
            field = .gyroValid
            return
        }
        guard parts.count == 3, let axis = Self.axis(parts[2], of: "xyz") else { return }
        self.axis = axis
        switch (parts[1], kind) {
        case ("rate", .instant): field = .gyroRate
        case ("rate", .averaged): field = .gyroMeanRate
        case ("rate", .accumulated), ("angle", _): field = .gyroAngle
        default: field = .unknown
        }
    }

    private mutating func readTracker(_ parts: [String]) {
        guard let name = parts.first, let number = Int(name), (1...4).contains(number) else { return }
        unit = number - 1
        if parts.count == 2, parts[1] == "valid" {
            field = .trackerValid
            return
        }
        guard parts.count == 3, parts[1] == "quaternion", let axis = Self.axis(parts[2], of: "xyzw") else { return }
        self.axis = axis
        field = .trackerQuaternion
    }

    private mutating func readAttitude(_ parts: [String]) {
        guard let last = parts.last, let axis = Self.axis(last, of: "xyzw") else { return }
        self.axis = axis
        switch parts.dropLast().joined(separator: ".") {
        case "quaternion": field = .attitudeQuaternion
        case "target.quaternion": field = .targetQuaternion
        case "rate" where axis < 3: field = .attitudeRate
        case "target.rate" where axis < 3: field = .targetRate
        case "error" where axis < 3: field = .attitudeError
        default: field = .unknown
        }
    }

    private mutating func readAccelerometer(_ parts: [String], _ kind: ChannelKind) {
        if parts == ["enabled"] {
            field = .accelerometerEnabled
            return
        }
        guard parts.count == 2, let axis = Self.axis(parts[1], of: "xyz") else { return }
        self.axis = axis
        switch (parts[0], kind) {
        case ("acceleration", .instant), ("acceleration", .averaged): field = .acceleration
        case ("acceleration", .accumulated), ("velocity", _): field = .velocity
        default: field = .unknown
        }
    }

    private mutating func readEngine(_ parts: [String]) {
        switch parts {
        case ["commanded"]: field = .engineCommanded
        case ["on"]: field = .engineOn
        case ["thrust"]: field = .engineThrust
        case ["chamberPressure"]: field = .chamberPressure
        case ["plannedDuration"]: field = .plannedDuration
        case ["elapsed"]: field = .engineElapsed
        case ["plannedVelocityChange"]: field = .plannedVelocityChange
        default: field = .unknown
        }
    }

    private mutating func readThruster(_ parts: [String]) {
        guard parts.count == 2, let number = Int(parts[0]), (0...32).contains(number) else { return }
        unit = number
        switch parts[1] {
        case "onTime": field = .thrusterOnTime
        case "commanded": field = .thrusterCommanded
        case "open": field = .thrusterOpen
        default: field = .unknown
        }
    }

    private mutating func readTime(_ parts: [String]) {
        guard parts.first == "tag" else {
            if parts.isEmpty { field = .time }
            return
        }
        let group = Array(parts.dropFirst())
        switch group.first {
        case "gyro" where group.count == 2:
            guard let unit = Self.gyroNames.firstIndex(of: group[1]) else { return }
            self.unit = unit
            field = .gyroTime
        case "starTracker" where group.count == 2:
            guard let number = Int(group[1]), (1...4).contains(number) else { return }
            unit = number - 1
            field = .trackerTime
        case "attitude" where group.count == 1: field = .attitudeTime
        case "accelerometer" where group.count == 1: field = .accelerometerTime
        default: field = .unused
        }
    }

    private mutating func readOthers(_ role: String, _ first: String) {
        switch role {
        case "guidance.mode": field = .mode
        case "guidance.slewing": field = .slewing
        case "spacecraft.mass": field = .mass
        case "navigation.altitude": field = .altitude
        default:
            let groups = ["wheel", "sunSensor", "tank", "battery", "array", "navigation", "counter", "link"]
            field = groups.contains(first) ? .unused : .unknown
        }
    }

    /// Writes one finite or infinite value where it belongs.
    func write(_ value: Double, to sample: inout AttitudeSample) {
        switch field {
        case .unknown, .unused, .mode, .time: break
        case .gyroRate: sample.gyros[unit].rate[axis] = value
        case .gyroMeanRate:
            sample.gyros[unit].rate[axis] = value
            sample.gyros[unit].isAveraged = true
        case .gyroAngle: sample.gyros[unit].angle[axis] = value
        case .gyroValid: sample.gyros[unit].isValid = value != 0
        case .gyroTime: sample.gyros[unit].time = value
        case .trackerQuaternion: sample.starTrackers[unit].quaternion.set(axis, value)
        case .trackerValid: sample.starTrackers[unit].isValid = value != 0
        case .trackerTime: sample.starTrackers[unit].time = value
        case .attitudeQuaternion: sample.attitude.quaternion.set(axis, value)
        case .attitudeRate: sample.attitude.rate[axis] = value
        case .attitudeTime: sample.attitude.time = value
        case .targetQuaternion: sample.attitude.targetQuaternion.set(axis, value)
        case .targetRate: sample.attitude.targetRate[axis] = value
        case .attitudeError: sample.attitude.error[axis] = value
        case .acceleration: sample.accelerometer.acceleration[axis] = value
        case .velocity: sample.accelerometer.velocity[axis] = value
        case .accelerometerEnabled: sample.accelerometer.isEnabled = value != 0
        case .accelerometerTime: sample.accelerometer.time = value
        case .engineCommanded: sample.engine.isCommanded = value != 0
        case .engineOn: sample.engine.isOn = value != 0
        case .engineThrust: sample.engine.thrust = value
        case .chamberPressure: sample.engine.chamberPressure = value
        case .plannedDuration: sample.engine.plannedDuration = value
        case .engineElapsed: sample.engine.elapsed = value
        case .plannedVelocityChange: sample.engine.plannedVelocityChange = value
        case .thrusterOnTime: sample.thrusters[unit].onTime = value
        case .thrusterCommanded: sample.thrusters[unit].isCommanded = value != 0
        case .thrusterOpen: sample.thrusters[unit].isOpen = value != 0
        case .altitude: sample.altitude = value
        case .mass: sample.mass = value
        case .slewing: sample.isSlewing = value != 0
        }
    }

    /// The names of the gyro units, in the order of their slots.
    static let gyroNames = ["a", "b", "c", "d"]

    private static func axis(_ name: String, of axes: String) -> Int? {
        guard name.count == 1 else { return nil }
        return axes.firstIndex(of: Character(name)).map { axes.distance(from: axes.startIndex, to: $0) }
    }
}

extension Quaternion {
    /// Sets component 0, 1, 2 (vector part) or 3 (scalar part).
    fileprivate mutating func set(_ component: Int, _ value: Double) {
        switch component {
        case 0: x = value
        case 1: y = value
        case 2: z = value
        default: w = value
        }
    }
}

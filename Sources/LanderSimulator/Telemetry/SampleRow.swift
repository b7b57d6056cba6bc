import RigidBody

/// What the telemetry can say at one instant, by role, or by parameter name where there is no role.
struct SampleRow: Sendable {
    /// How a value stands in a packet.
    enum Kind: Sendable {
        /// In the parameter's unit, not a number where there is none yet.
        case number
        /// Seconds from the start here, and from the epoch of the on-board time in a packet.
        case instant
        /// A bit or a plain count.
        case count
        /// The guidance mode, by its label.
        case mode
    }

    /// The names, in the order of the values; filled by the first reading only.
    private(set) var names: [String] = []
    /// The kinds, in the same order.
    private(set) var kinds: [Kind] = []
    /// The values.
    private(set) var values: [Double] = []
    /// The guidance mode.
    private(set) var mode = GuidanceMode.hold
    private var isNaming = true

    /// Reads a craft in flight.
    mutating func read(_ flight: borrowing LanderFlight) {
        values.removeAll(keepingCapacity: true)
        readFast(flight)
        readAttitude(flight)
        readBus(flight)
        readNavigation(flight)
        isNaming = false
    }

    private mutating func add(_ name: @autoclosure () -> String, _ value: Double, _ kind: Kind = .number) {
        if isNaming {
            names.append(name())
            kinds.append(kind)
        }
        values.append(value)
    }

    private mutating func add(_ name: String, _ vector: Vector3) {
        add(name + ".x", vector.x)
        add(name + ".y", vector.y)
        add(name + ".z", vector.z)
    }

    private mutating func add(_ name: String, _ quaternion: Quaternion) {
        add(name + ".x", quaternion.x)
        add(name + ".y", quaternion.y)
        add(name + ".z", quaternion.z)
        add(name + ".w", quaternion.w)
    }

    private mutating func add(_ name: String, _ flag: Bool) { add(name, flag ? 1 : 0, .count) }

    private mutating func readFast(_ flight: borrowing LanderFlight) {
        let software = flight.software
        mode = software.mode
        add("guidance.mode", Double(GuidanceMode.allCases.firstIndex(of: mode) ?? 0), .mode)
        add("guidance.slewing", mode == .slew)
        add("gyro.a.valid", true)
        add("gyro.b.valid", true)
        let fix = flight.starTracker.fix
        let none = Quaternion(.nan, .nan, .nan, .nan)
        add("starTracker.1.valid", fix?.isValid ?? false)
        add("time.tag.starTracker.1", fix?.time ?? .nan, .instant)
        add("starTracker.1.quaternion", fix?.attitude ?? none)
        add("gyro.a.angle", flight.gyroA.angle)
        add("gyro.a.rate", flight.gyroA.rate)
        add("gyro.b.rate", flight.gyroB.rate)
        add("accelerometer.enabled", flight.accelerometers.isEnabled)
        add("accelerometer.velocity", flight.accelerometers.counted)
        for thruster in flight.thrusters.thrusters { add("thruster.\(thruster.id).onTime", thruster.onTime) }
        add("engine.commanded", flight.engine.isCommanded)
        add("engine.on", flight.engine.isOn)
        add("engine.elapsed", software.elapsed(at: flight.time))
        add("engine.plannedDuration", software.burn?.plannedDuration ?? 0)
        add("engine.plannedVelocityChange", software.burn?.velocityChange ?? 0)
        add("engine.chamberPressure", flight.bus.chamberPressure)
        add("CONTROL_CYCLE", Double(software.cycles), .count)
    }

    private mutating func readAttitude(_ flight: borrowing LanderFlight) {
        let software = flight.software
        add("attitude.quaternion", software.estimator.attitude)
        add("attitude.rate", software.estimator.rate)
        add("attitude.target.quaternion", software.reference.attitude)
        add("attitude.target.rate", software.reference.rate)
        add("attitude.error", software.controller.error)
        add("GYRO_A_BIAS_X", software.estimator.bias.x)
        add("GYRO_A_BIAS_Y", software.estimator.bias.y)
        add("GYRO_A_BIAS_Z", software.estimator.bias.z)
    }

    private mutating func readBus(_ flight: borrowing LanderFlight) {
        let bus = flight.bus
        add("tank.1.pressure", bus.tankPressure)
        add("tank.2.pressure", bus.tankPressure * 0.996)
        add("spacecraft.mass", flight.mass)
        add("TANK_1_TEMPERATURE", 289.4)
        add("TANK_2_TEMPERATURE", 290.1)
        add("battery.voltage", bus.batteryVoltage)
        add("array.current", bus.arrayCurrent)
        add("LOAD_CURRENT", bus.loadCurrent)
        add("BATTERY_CHARGE", bus.batteryCharge * 100)
        add("BATTERY_TEMPERATURE", 288.2)
        add("COMPUTER_TEMPERATURE", 301.5)
        add("GYRO_A_TEMPERATURE", 303.0)
        add("STAR_TRACKER_1_TEMPERATURE", 268.3)
        add("ENGINE_TEMPERATURE", bus.engineTemperature)
        add("TRANSMITTER_TEMPERATURE", 307.7)
        add("RADIATOR_TEMPERATURE", 262.9)
        add("DECK_TEMPERATURE", 279.6)
        add("ARRAY_TEMPERATURE", bus.arrayTemperature)
        add("COMPUTER_UPTIME", flight.time.rounded(.down) + 431_000, .count)
        add("COMPUTER_RESETS", 2, .count)
        add("COMPUTER_LOAD", flight.software.mode == .hold ? 31 : 37)
        add("MEMORY_CORRECTIONS", (flight.time / 97).rounded(.down) + 12, .count)
        add("COMMANDS_EXECUTED", flight.software.burnPhase == .waiting ? 211 : 212, .count)
        add("BURN_COUNT", flight.engine.isCommanded || flight.cutoff != nil ? 5 : 4, .count)
    }

    private mutating func readNavigation(_ flight: borrowing LanderFlight) {
        let navigation = flight.navigation
        add("NAVIGATION_POSITION_X", navigation.position.x)
        add("NAVIGATION_POSITION_Y", navigation.position.y)
        add("NAVIGATION_POSITION_Z", navigation.position.z)
        add("navigation.velocity", navigation.velocity)
        add("navigation.altitude", navigation.altitude)
    }
}

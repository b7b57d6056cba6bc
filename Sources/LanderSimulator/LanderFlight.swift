import Missions
import RigidBody

/// The craft in flight: body, actuators, sensors and flight software, a hundredth of a second at a time.
struct LanderFlight: Sendable {
    /// Length of a step (s).
    static let step = 0.01
    /// Rate (rad/s) beyond which a spin is past saving: 20 degrees a second.
    static let lossRate = 0.3490658503988659

    let plan: FlightPlan
    let craft: String
    private(set) var dynamics: AttitudeDynamics
    private(set) var attitude: Quaternion
    private(set) var rate: Vector3
    private(set) var orbit: LunarOrbit
    /// The orbit as the computer propagates it with what its accelerometers say.
    private(set) var navigation: LunarOrbit
    private(set) var mass: Double
    private(set) var thrusters: ThrusterBank
    private(set) var engine: BurnEngine
    private(set) var gyroA: GyroUnit
    private(set) var gyroB: GyroUnit
    private(set) var starTracker: StarTracker
    private(set) var accelerometers: AccelerometerUnit
    private(set) var software: FlightSoftware
    private(set) var bus: BusModel
    /// Steps flown.
    private(set) var steps = 0
    /// Velocity change (m/s) that the engine truly gave.
    private(set) var engineVelocity = 0.0
    /// When the engine was told to stop.
    private(set) var cutoff: Double?
    private(set) var pointOfNoReturn: PassTruth.PointOfNoReturn?
    /// When each fault first showed in the actuators, for those that need a firing.
    private(set) var firstFirings: [Double?]

    private let model: LanderModel
    private let initialMass: Double
    private let initialDynamics: AttitudeDynamics
    private let stepsInCycle: Int
    private var gyroNoise: RandomStream
    private var meanAcceleration = Vector3.zero
    private var navigatedVelocity = Vector3.zero
    private var isFaultActive: [Bool]

    /// Builds a craft that stands at the start of its plan.
    init(craft: Craft, plan: FlightPlan, seed: UInt64, factor: Double) throws(SimulationError) {
        var model: LanderModel
        do { model = try LanderModel.read(craft) } catch { throw .mission(error) }
        model.disperse(by: factor)
        let vehicle = craft.vehicle
        func part<Part>(_ part: Part?, _ name: String) throws(SimulationError) -> Part {
            guard let part else { throw .missingPart(craft: craft.id, part: name) }
            return part
        }
        var draw = RandomStream(seed: seed, .dispersion)
        let tensor = try part(vehicle.inertia, "inertia").matrix
        dynamics = try part(AttitudeDynamics(inertia: tensor), "inertia that has an inverse")
        initialDynamics = dynamics
        initialMass = try part(vehicle.mass, "mass")
        thrusters = try part(
            ThrusterBank(
                vehicle: try part(vehicle.thrusters, "thrusters"),
                model: model,
                step: Self.step,
                seed: seed,
                draw: &draw
            ),
            "thrusters that turn it both ways about each axis"
        )
        engine = BurnEngine(
            engine: try part(vehicle.engines?.first, "engines"),
            model: model,
            step: Self.step,
            draw: &draw
        )
        gyroA = GyroUnit(try part(vehicle.gyros?["a"], "gyros.a"), model: model, step: Self.step, draw: &draw)
        gyroB = GyroUnit(try part(vehicle.gyros?["b"], "gyros.b"), model: model, step: Self.step, draw: &draw)
        starTracker = StarTracker(
            try part(vehicle.starTrackers?["1"], "starTrackers.1"),
            model: model,
            step: Self.step,
            seed: seed
        )
        accelerometers = AccelerometerUnit(
            try part(vehicle.accelerometer, "accelerometer"),
            model: model,
            step: Self.step,
            seed: seed,
            draw: &draw
        )
        software = FlightSoftware(
            attitude: plan.attitude,
            slew: plan.slew,
            burn: plan.burn,
            inertia: tensor,
            control: model.control
        )
        bus = BusModel(seed: seed, chamberPressure: model.engineChamberPressure, sun: plan.sun)
        self.plan = plan
        self.craft = craft.id
        self.model = model
        attitude = plan.attitude
        rate = plan.rate
        orbit = plan.orbit
        navigation = plan.orbit
        mass = initialMass
        stepsInCycle = Int((model.control.period / Self.step).rounded())
        gyroNoise = RandomStream(seed: seed, .gyros)
        isFaultActive = plan.faults.map { _ in false }
        firstFirings = plan.faults.map { _ in nil }
    }

    /// Seconds from the start.
    var time: Double { Double(steps) / 100 }

    /// Angular momentum (N·m·s) in the inertial frame.
    var angularMomentum: Vector3 { attitude.rotate(dynamics.angularMomentum(rate: rate)) }

    /// Runs the computer if a control cycle begins at this instant; to be called once before each step.
    mutating func runComputer() {
        applyFaults()
        starTracker.advance(step: steps, time: time, attitude: attitude, rate: rate)
        guard steps % stepsInCycle == 0 else { return }
        let wasCommanded = engine.isCommanded
        let onTimes = thrusters.thrusters.map(\.onTime)
        software.cycle(
            time: time,
            gyro: gyroA,
            fix: starTracker.fix,
            accelerometers: &accelerometers,
            thrusters: &thrusters,
            engine: &engine
        )
        if wasCommanded, !engine.isCommanded { cutoff = time }
        noteFirings(since: onTimes)
        bus.update(
            period: model.control.period,
            attitude: attitude,
            engineLevel: engine.level,
            mass: mass,
            dryMass: model.dryMass
        )
    }

    /// Flies for one step.
    mutating func advance() {
        let burn = engine.advance()
        let firing = thrusters.advance(by: Self.step)
        var torque = firing.torque + burn.torque + model.solarTorque
        torque += orbit.gravityGradient(attitude: attitude, inertia: dynamics.inertia)
        for (index, fault) in plan.faults.enumerated() where isFaultActive[index] && fault.type == .leakTorque {
            torque += fault.direction * fault.size
        }
        let before = rate
        let specificForce = burn.force * (1 / mass)
        meanAcceleration += attitude.rotate(specificForce) * (1 / Double(stepsInCycle))
        engineVelocity += specificForce.norm * Self.step
        dynamics.advance(attitude: &attitude, rate: &rate, torque: torque, by: Self.step)
        useUp(flow: burn.flow, effort: firing.effort)
        let mean = (before + rate) * 0.5
        gyroA.advance(trueRate: mean, by: Self.step, random: &gyroNoise)
        gyroB.advance(trueRate: mean, by: Self.step, random: &gyroNoise)
        accelerometers.advance(specificForce: specificForce, by: Self.step)
        steps += 1
        if steps % stepsInCycle == 0 { fly() }
        watch()
    }

    /// Flies the orbit for one control cycle, the true one and the one that the computer believes.
    private mutating func fly() {
        orbit.advance(by: model.control.period, acceleration: meanAcceleration)
        meanAcceleration = .zero
        let counted = accelerometers.counted
        let gained = software.estimator.attitude.rotate(counted - navigatedVelocity)
        navigatedVelocity = counted
        navigation.advance(by: model.control.period, acceleration: gained * (1 / model.control.period))
    }

    private mutating func useUp(flow: Double, effort: Double) {
        guard flow > 0 || effort > 0 else { return }
        let small = effort / model.thrusterLeverArm / (model.thrusterSpecificImpulse * 9.80665)
        mass = max(model.dryMass, mass - (flow + small) * Self.step)
        dynamics = initialDynamics.scaled(by: mass / initialMass)
    }

    private mutating func watch() {
        guard pointOfNoReturn == nil else { return }
        if rate.norm > Self.lossRate {
            pointOfNoReturn = PassTruth.PointOfNoReturn(
                time: time,
                reason: "rate above 20 deg/s",
                how: "norm of the true rate, looked at every 0.01 s"
            )
        } else if engine.level > 0, steps % stepsInCycle == 0, orbit.periluneAltitude < 0 {
            pointOfNoReturn = PassTruth.PointOfNoReturn(
                time: time,
                reason: "perilune below the surface",
                how: "osculating two-body orbit against the mean sphere of 1737.4 km"
            )
        }
    }

    private mutating func noteFirings(since onTimes: [Double]) {
        for (index, fault) in plan.faults.enumerated() where isFaultActive[index] && firstFirings[index] == nil {
            guard let place = thrusters.thrusters.firstIndex(where: { $0.id == fault.thruster }),
                thrusters.thrusters[place].onTime > onTimes[place]
            else { continue }
            firstFirings[index] = time
        }
    }
}

extension LanderFlight {
    /// Brings faults in at their onset and takes them out at their end.
    private mutating func applyFaults() {
        for (index, fault) in plan.faults.enumerated() {
            let isDue = time >= fault.onset - 1e-9 && (fault.end.map { time < $0 } ?? true)
            guard isDue != isFaultActive[index] else { continue }
            isFaultActive[index] = isDue
            apply(fault, isActive: isDue)
        }
    }

    private mutating func apply(_ fault: FlightPlan.Fault, isActive: Bool) {
        switch fault.type {
        case .thrusterOpen: setThruster(fault, isActive ? .open : .none)
        case .thrusterShut: setThruster(fault, isActive ? .shut : .none)
        case .thrusterWeak: setThruster(fault, isActive ? .scaled(fault.size) : .none)
        case .thrusterReversed: setThruster(fault, isActive ? .scaled(-1) : .none)
        case .leakTorque: break
        case .engineWeak: engine.fault = isActive ? .scaled(fault.size) : .none
        case .engineDoesNotStart: engine.fault = isActive ? .doesNotStart : .none
        case .engineDoesNotStop: engine.fault = isActive ? .doesNotStop : .none
        case .gyroZero: setGyro(fault, isActive ? .zero : .none)
        case .gyroFrozen: setGyro(fault, isActive ? .frozen : .none)
        case .gyroBias: setGyro(fault, isActive ? .bias(fault.direction * fault.size) : .none)
        case .gyroScale: setGyro(fault, isActive ? .scale(fault.size) : .none)
        case .gyroNoise: setGyro(fault, isActive ? .noise(fault.size) : .none)
        case .accelerometerOff: accelerometers.isDead = isActive
        case .starTrackerLost: starTracker.fault = isActive ? .lost : .none
        case .starTrackerJump: starTracker.fault = isActive ? .jump(fault.direction * fault.size) : .none
        }
    }

    private mutating func setThruster(_ fault: FlightPlan.Fault, _ state: ThrusterBank.Fault) {
        guard let index = thrusters.thrusters.firstIndex(where: { $0.id == fault.thruster }) else { return }
        thrusters.thrusters[index].fault = state
    }

    private mutating func setGyro(_ fault: FlightPlan.Fault, _ state: GyroUnit.Fault) {
        if fault.target == "gyro.b" { gyroB.fault = state } else { gyroA.fault = state }
    }
}

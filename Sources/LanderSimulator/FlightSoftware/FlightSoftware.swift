import RigidBody

/// What the guidance does.
enum GuidanceMode: String, Sendable, CaseIterable, Codable {
    case safe
    case detumble
    case hold
    case slew
    case burn
    case descent
    case spin
}

/// The on-board computer's part: estimate, mode, control, burn.
///
/// It sees what the sensors say and nothing else; every fault acts through them and through the actuators.
struct FlightSoftware: Sendable {
    /// The burn as the computer knows it.
    struct Burn: Sendable {
        /// When the command array is carried out (s).
        let ignition: Double
        /// Velocity change (m/s) at which the engine is cut.
        let velocityChange: Double
        /// Planned duration (s).
        let plannedDuration: Double
        /// Time (s) after which a timer cuts the engine.
        let backupTimer: Double
    }

    /// Where the burn is.
    enum BurnPhase: Sendable, Equatable {
        case none
        case waiting
        case burning(since: Double, velocityAtStart: Vector3)
        case settling(until: Double, elapsed: Double)
        case done
    }

    /// What the guidance does now.
    private(set) var mode = GuidanceMode.hold
    /// The attitude filter.
    private(set) var estimator: AttitudeEstimator
    /// The controller.
    private(set) var controller: AttitudeController
    /// What is wanted now.
    private(set) var reference: (attitude: Quaternion, rate: Vector3, acceleration: Vector3)
    /// Where the burn is.
    private(set) var burnPhase: BurnPhase
    /// Cycles since the start.
    private(set) var cycles = 0
    /// The burn planned, if any.
    let burn: Burn?

    private let slew: SlewProfile?
    private let inertia: Matrix3
    private let settlingTime = 3.0

    /// Starts the computer in hold.
    init(attitude: Quaternion, slew: SlewProfile?, burn: Burn?, inertia: Matrix3, control: LanderModel.Control) {
        estimator = AttitudeEstimator(attitude: attitude, control: control)
        controller = AttitudeController(control: control)
        reference = (slew?.from ?? attitude, .zero, .zero)
        self.slew = slew
        self.burn = burn
        burnPhase = burn == nil ? .none : .waiting
        self.inertia = inertia
    }

    /// Runs one control cycle.
    mutating func cycle(
        time: Double,
        gyro: GyroUnit,
        fix: StarTracker.Fix?,
        accelerometers: inout AccelerometerUnit,
        thrusters: inout ThrusterBank,
        engine: inout BurnEngine
    ) {
        cycles += 1
        estimator.update(time: time, gyroAngle: gyro.angle, fix: fix)
        guide(time: time)
        runBurn(time: time, accelerometers: &accelerometers, engine: &engine)
        controller.update(
            estimate: (estimator.attitude, estimator.rate),
            reference: reference,
            inertia: inertia,
            thrusters: &thrusters
        )
    }

    /// Seconds since ignition, held after the cut-off.
    func elapsed(at time: Double) -> Double {
        switch burnPhase {
        case .none, .waiting, .done: 0
        case .burning(let start, _): time - start
        case .settling(_, let elapsed): elapsed
        }
    }

    private mutating func guide(time: Double) {
        mode = .hold
        guard let slew, time >= slew.start else { return }
        reference = slew.reference(at: time)
        mode = time < slew.start + slew.duration ? .slew : .hold
    }

    private mutating func runBurn(time: Double, accelerometers: inout AccelerometerUnit, engine: inout BurnEngine) {
        guard let burn else { return }
        switch burnPhase {
        case .none, .done: return
        case .waiting:
            guard time >= burn.ignition else { return }
            // One command array: accelerometers on, engine on.
            accelerometers.enable(true)
            engine.isCommanded = true
            burnPhase = .burning(since: time, velocityAtStart: accelerometers.counted)
        case .burning(let start, let velocityAtStart):
            let gained = (accelerometers.counted - velocityAtStart).norm
            guard gained >= burn.velocityChange || time - start >= burn.backupTimer - 1e-9 else { break }
            engine.isCommanded = false
            burnPhase = .settling(until: time + settlingTime, elapsed: time - start)
        case .settling(let end, _):
            guard time >= end else { break }
            accelerometers.enable(false)
            burnPhase = .done
            return
        }
        mode = .burn
    }
}

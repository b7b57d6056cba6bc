import RigidBody

/// The engine of the orbital burns.
struct BurnEngine: Sendable {
    /// What can be wrong with it.
    enum Fault: Sendable, Hashable {
        case none
        case scaled(Double)
        case doesNotStart
        case doesNotStop
    }

    /// Thrust (N) by the drawings.
    let nominalThrust: Double
    /// Thrust (N) as built.
    let thrust: Double
    /// Direction of the force, body frame.
    let direction: Vector3
    /// Where the line of thrust passes the centre of mass (m, body frame).
    let offset: Vector3
    /// What is wrong.
    var fault: Fault = .none
    /// Whether the flight software wants it to burn.
    var isCommanded = false
    /// Chamber level, 0 to 1.
    private(set) var level = 0.0
    private let approach: Double
    private let exhaustSpeed: Double

    /// Builds the engine of a vehicle, with thrust and line of thrust drawn.
    init(engine: Vehicle.Engine, model: LanderModel, step: Double, draw: inout RandomStream) {
        nominalThrust = engine.thrust
        thrust = engine.thrust * (1 + model.engineThrustScale * draw.gaussian())
        direction = engine.direction.normalized ?? Vector3(0, 0, 1)
        let away = draw.direction()
        offset = (away - direction * away.dot(direction)) * model.engineLineOfThrust
        approach = 1 - Elementary.exponential(-step / model.engineRiseTime)
        exhaustSpeed = model.engineSpecificImpulse * 9.80665
    }

    /// Whether the valves are open.
    var isOn: Bool {
        switch fault {
        case .doesNotStart: false
        case .doesNotStop: isCommanded || level > 0.5
        case .none, .scaled: isCommanded
        }
    }

    /// Burns for one step.
    ///
    /// - Returns: Force (N) and torque (N·m) in the body frame, and the flow (kg/s).
    mutating func advance() -> (force: Vector3, torque: Vector3, flow: Double) {
        level += ((isOn ? 1 : 0) - level) * approach
        if level < 1e-6, !isOn { level = 0 }
        guard level > 0 else { return (.zero, .zero, 0) }
        var magnitude = thrust * level
        if case .scaled(let scale) = fault { magnitude *= scale }
        let force = direction * magnitude
        return (force, offset.cross(force), magnitude / exhaustSpeed)
    }
}

import RigidBody

/// Accelerometers of three axes that sum velocity while they are enabled.
struct AccelerometerUnit: Sendable {
    /// Whether the unit refuses to be enabled.
    var isDead = false
    /// Whether the unit feeds its counters.
    private(set) var isEnabled = false
    /// Velocity change (m/s, body frame) since the start.
    private(set) var velocity = Vector3.zero

    private let noise: Double
    private let bias: Vector3
    private let scale: Vector3
    private var random: RandomStream

    private static let quantum = 1e-6

    /// Builds the unit with its errors drawn; the noise of a reading is that over a tenth of a second.
    init(_ unit: Vehicle.Accelerometer, model: LanderModel, step: Double, seed: UInt64, draw: inout RandomStream) {
        noise = (unit.noise ?? 0) * (0.1 * step).squareRoot()
        bias = draw.gaussianVector() * (unit.bias ?? 0)
        scale = draw.gaussianVector() * model.accelerometerScale
        random = RandomStream(seed: seed, .accelerometer)
    }

    /// Switches the unit on or off.
    mutating func enable(_ wanted: Bool) { isEnabled = wanted && !isDead }

    /// Takes in the force for mass (m/s²) of one step.
    mutating func advance(specificForce force: Vector3, by step: Double) {
        if isDead { isEnabled = false }
        let walk = random.gaussianVector() * noise
        guard isEnabled else { return }
        let errors = Vector3(force.x * scale.x, force.y * scale.y, force.z * scale.z)
        velocity += (force + errors + bias) * step + walk
    }

    /// The counters as they are read, in whole quanta.
    var counted: Vector3 {
        func whole(_ value: Double) -> Double { (value / Self.quantum).rounded() * Self.quantum }
        return Vector3(whole(velocity.x), whole(velocity.y), whole(velocity.z))
    }
}

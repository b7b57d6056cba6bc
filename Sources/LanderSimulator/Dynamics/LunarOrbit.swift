import RigidBody

/// Flight about the Moon as a point mass, in an inertial frame with the Moon's centre as origin.
struct LunarOrbit: Sendable {
    /// Gravitational parameter of the Moon (m³/s²), from GRAIL.
    static let gravity = 4.902800118e12
    /// Radius (m) of the mean sphere.
    static let surface = 1_737_400.0

    /// Position (m).
    var position: Vector3
    /// Velocity (m/s).
    var velocity: Vector3

    /// A circular orbit.
    init(position: Vector3, velocity: Vector3) {
        self.position = position
        self.velocity = velocity
    }

    /// A circular orbit of a height, a plane and a place in it.
    init(altitude: Double, inclination: Double, node: Double, latitude: Double) {
        let radius = Self.surface + altitude
        let speed = (Self.gravity / radius).squareRoot()
        let toNode = Vector3(Elementary.cosine(node), Elementary.sine(node), 0)
        let ahead = Vector3(
            -Elementary.sine(node) * Elementary.cosine(inclination),
            Elementary.cosine(node) * Elementary.cosine(inclination),
            Elementary.sine(inclination)
        )
        let (sine, cosine) = (Elementary.sine(latitude), Elementary.cosine(latitude))
        position = (toNode * cosine + ahead * sine) * radius
        velocity = (ahead * cosine - toNode * sine) * speed
    }

    /// Height (m) above the mean sphere.
    var altitude: Double { position.norm - Self.surface }

    /// Height (m) of the lowest point of the osculating orbit; below zero, the craft will hit the Moon.
    var periluneAltitude: Double {
        let momentum = position.cross(velocity)
        let eccentricity = velocity.cross(momentum) * (1 / Self.gravity) - position * (1 / position.norm)
        return momentum.normSquared / Self.gravity / (1 + eccentricity.norm) - Self.surface
    }

    /// Flies for one step, by RK4, under an acceleration (m/s²) that is constant over it.
    mutating func advance(by step: Double, acceleration: Vector3) {
        func pull(_ position: Vector3) -> Vector3 {
            let square = position.normSquared
            return position * (-Self.gravity / (square * square.squareRoot())) + acceleration
        }
        let half = step / 2
        let v1 = velocity
        let a1 = pull(position)
        let v2 = velocity + a1 * half
        let a2 = pull(position + v1 * half)
        let v3 = velocity + a2 * half
        let a3 = pull(position + v2 * half)
        let v4 = velocity + a3 * step
        let a4 = pull(position + v3 * step)
        position += (v1 + (v2 + v3) * 2 + v4) * (step / 6)
        velocity += (a1 + (a2 + a3) * 2 + a4) * (step / 6)
    }

    /// Torque (N·m, body frame) of the Moon's gravity gradient.
    func gravityGradient(attitude: Quaternion, inertia: Matrix3) -> Vector3 {
        let radius = position.norm
        let down = attitude.rotateBack(position * (1 / radius))
        return down.cross(inertia * down) * (3 * Self.gravity / (radius * radius * radius))
    }
}

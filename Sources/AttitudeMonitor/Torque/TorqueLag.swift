import RigidBody

/// What thrusters were commanded to give over one interval.
struct ThrusterPush: Sendable {
    /// Impulse (N·m·s) by the vehicle's table.
    var impulse = Vector3.zero
    /// Sum of the squares of each thruster's impulse: errors of scale are independent.
    var effortSquared = 0.0
    /// Impulse that may belong to the next interval, for the time tags.
    var edge = 0.0
    /// Impulse whose place within the interval matters, for rates that are means.
    var place = 0.0
}

/// The unexplained torque in one lag, with all that may excuse it in the same lag.
struct TorqueLag: Sendable {
    private var unexplained = Lag()
    private var moved = Lag()
    private var effort = ScalarLag()
    private var gyroscopic = ScalarLag()
    private var edge = 0.0
    private var place = 0.0

    /// The unexplained torque (N·m).
    var torque: Vector3 { unexplained.value }

    /// The impulse (N·m·s) that tags and places of pulses may explain.
    var tagImpulse: Double { (4 * edge * edge + 1.5 * place * place).squareRoot() }

    /// Takes one interval.
    mutating func add(
        torque: Vector3,
        moved change: Vector3,
        pushed: ThrusterPush,
        gyroscopic spin: Double,
        dt: Double,
        constant: Double
    ) {
        unexplained.add(torque, dt: dt, constant: constant)
        moved.add(change, dt: dt, constant: constant)
        effort.add(pushed.effortSquared.squareRoot() / dt, dt: dt, constant: constant)
        gyroscopic.add(0.3 * spin, dt: dt, constant: constant)
        let fade = constant / (dt + constant)
        edge = max(pushed.edge, edge * fade)
        place = max(pushed.place, place * fade)
    }

    /// The residual: the floor, and in quadrature scale, inertia, tags and noise, each at its bound.
    func residual(
        floor: Double,
        dt: Double,
        constant: Double,
        noise: Double,
        scale tolerance: Double,
        _ model: CraftModel
    ) -> Residual {
        let share = dt / (dt + constant)
        let sigma = noise * (2 / (2 - share)).squareRoot() / (dt + constant)
        let scale = tolerance * effort.value
        let mass = model.inertiaTolerance * moved.value.norm
        let tags = tagImpulse / (dt + constant)
        let spread = (scale * scale + mass * mass + tags * tags + 25 * sigma * sigma).squareRoot()
        return Residual(value: torque.norm, limit: floor + gyroscopic.value + spread, sigma: sigma)
    }

    /// Forgets the torque, keeps what excuses.
    mutating func resetTorque() { unexplained.reset() }
}

public import RigidBody

/// How a rigid body turns: Euler's equations by RK4, the attitude by the exponential map.
///
/// The rotation over a step is the fourth-order Magnus expansion of the body rate (Simpson's mean and the coning term),
/// so that the inertial angular momentum of a torque-free body holds as well as its energy.
public struct AttitudeDynamics: Sendable {
    /// Inertia (kg·m²) about the centre of mass, body frame.
    public private(set) var inertia: Matrix3
    private var inverse: Matrix3

    /// Makes the dynamics of a body.
    ///
    /// Returns `nil` for a tensor that has no inverse.
    public init?(inertia: Matrix3) {
        guard let inverse = inertia.inverse else { return nil }
        self.inertia = inertia
        self.inverse = inverse
    }

    /// The same body with all moments scaled by a factor, as propellant leaves it.
    public func scaled(by factor: Double) -> AttitudeDynamics {
        var scaled = self
        scaled.inertia = inertia * factor
        scaled.inverse = inverse * (1 / factor)
        return scaled
    }

    /// Angular acceleration (rad/s²) in the body frame.
    public func acceleration(rate: Vector3, torque: Vector3) -> Vector3 {
        inverse * (torque - rate.cross(inertia * rate))
    }

    /// Angular momentum (N·m·s) in the body frame.
    public func angularMomentum(rate: Vector3) -> Vector3 { inertia * rate }

    /// Kinetic energy (J) of the rotation.
    public func energy(rate: Vector3) -> Double { rate.dot(inertia * rate) / 2 }

    /// Turns the body for one step under a torque that is constant in the body frame.
    ///
    /// - Parameters:
    ///   - attitude: Body to inertial.
    ///   - rate: Rate (rad/s) in the body frame.
    ///   - torque: Torque (N·m) in the body frame.
    ///   - step: Length of the step (s).
    public func advance(attitude: inout Quaternion, rate: inout Vector3, torque: Vector3, by step: Double) {
        let half = step / 2
        let k1 = acceleration(rate: rate, torque: torque)
        let k2 = acceleration(rate: rate + k1 * half, torque: torque)
        let k3 = acceleration(rate: rate + k2 * half, torque: torque)
        let k4 = acceleration(rate: rate + k3 * step, torque: torque)
        let before = rate
        rate += (k1 + (k2 + k3) * 2 + k4) * (step / 6)
        let end = acceleration(rate: rate, torque: torque)
        // Hermite's mean of the rate over the step, then the coning term.
        let mean = (before + rate) * half + (k1 - end) * (step * step / 12)
        attitude = attitude.turned(byBodyRotation: mean + before.cross(rate) * (step * step / 12))
    }
}

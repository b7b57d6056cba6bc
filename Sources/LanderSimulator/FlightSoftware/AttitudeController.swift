import RigidBody

/// Proportional and derivative control with a dead band, by pulses: what is too small to fire is kept for later.
struct AttitudeController: Sendable {
    /// Attitude error (rad, body frame) of the last cycle: what to turn by.
    private(set) var error = Vector3.zero
    private let control: LanderModel.Control
    private var owed = Vector3.zero

    /// Makes a controller at rest.
    init(control: LanderModel.Control) { self.control = control }

    /// Fires what one cycle needs.
    mutating func update(
        estimate: (attitude: Quaternion, rate: Vector3),
        reference: (attitude: Quaternion, rate: Vector3, acceleration: Vector3),
        inertia: Matrix3,
        thrusters: inout ThrusterBank
    ) {
        error = (estimate.attitude.conjugate * reference.attitude).rotationVector
        let rateError = reference.rate - estimate.rate
        let frequency = control.frequency
        let forward = inertia * reference.acceleration
        let wanted = inertia * (error * (frequency * frequency) + rateError * (2 * control.damping * frequency))
        for axis in 0..<3 {
            let isQuiet = error[axis].magnitude < control.deadBand && rateError[axis].magnitude < control.rateDeadBand
            if isQuiet, forward[axis] == 0 {
                owed[axis] = 0
                continue
            }
            // Whatever one cycle cannot deliver is forgotten, or the debt of a long saturation would be paid back.
            let most = thrusters.authority(axis: axis) * control.maximumDuty * control.period
            let impulse = ((isQuiet ? 0 : wanted[axis]) + forward[axis]) * control.period
            owed[axis] = min(max(owed[axis] + impulse, -most), most)
            let longest = control.maximumDuty * control.period
            owed[axis] -= thrusters.fire(axis: axis, impulse: owed[axis], longest: longest)
        }
    }
}

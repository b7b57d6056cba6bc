import RigidBody

/// The on-board attitude filter: the gyro carries the attitude, the star tracker corrects it and the gyro's bias.
struct AttitudeEstimator: Sendable {
    /// Body to inertial.
    private(set) var attitude: Quaternion
    /// Rate (rad/s, body frame), bias taken off.
    private(set) var rate = Vector3.zero
    /// Bias (rad/s) of the gyro.
    private(set) var bias = Vector3.zero

    private let gain: Double
    private let biasGain: Double
    private let period: Double
    // What was believed at the last cycles, because a star tracker's fix is late.
    private var past: [(time: Double, attitude: Quaternion)] = []
    private var lastAngle = Vector3.zero
    private var lastFix = -Double.infinity

    private static let remembered = 16
    // A jump beyond this (rad) is not believed at once; a filter that follows it would throw the craft about.
    private static let largestCorrection = 0.5

    /// Starts from an attitude.
    init(attitude: Quaternion, control: LanderModel.Control) {
        self.attitude = attitude
        gain = control.starTrackerGain
        biasGain = control.biasGain
        period = control.period
    }

    /// Takes in one control cycle.
    mutating func update(time: Double, gyroAngle: Vector3, fix: StarTracker.Fix?) {
        let turn = gyroAngle - lastAngle - bias * period
        lastAngle = gyroAngle
        rate = turn * (1 / period)
        attitude = attitude.turned(byBodyRotation: turn)
        past.append((time, attitude))
        if past.count > Self.remembered { past.removeFirst() }
        guard let fix, fix.isValid, fix.time > lastFix,
            let then = past.min(by: { ($0.time - fix.time).magnitude < ($1.time - fix.time).magnitude })
        else { return }
        lastFix = fix.time
        let innovation = (then.attitude.conjugate * fix.attitude).rotationVector
        guard innovation.norm < Self.largestCorrection else { return }
        let correction = innovation * gain
        attitude = attitude.turned(byBodyRotation: correction)
        for index in past.indices { past[index].attitude = past[index].attitude.turned(byBodyRotation: correction) }
        bias -= innovation * biasGain
    }
}

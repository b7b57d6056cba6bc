import RigidBody

/// How far one gyro's rotation differs from that of the stars, as a rate, against its own past.
struct RateParity: Sendable {
    static let constant = 8.0

    private var difference = Lag()
    private var baseline = Lag()
    private var motion = ScalarLag()
    private var error = ScalarLag()
    private var span = 0.0
    private var learntMotion = Vector3.zero
    private var learntDifference = Vector3.zero

    /// Takes the rotation (rad) by which gyro and stars differ over `dt`.
    ///
    /// `turn` is the rotation by the stars, `sigma` is the noise (rad) of one attitude for each axis, `error` the angle that time tags and the course of
    /// the rate between readings may explain.
    mutating func add(
        _ rotation: Vector3,
        dt: Double,
        sigma: Vector3,
        error allowance: Double,
        turn: Vector3,
        rate: Double,
        gyroSigma: Double,
        figures: CraftModel.GyroFigures
    ) -> Residual? {
        let mean = rotation * (1 / dt)
        difference.add(mean, dt: dt, constant: Self.constant)
        motion.add(rate, dt: dt, constant: 3 * Self.constant)
        error.add(allowance / dt, dt: dt, constant: Self.constant)
        let share = dt / (dt + Self.constant)
        let scale = figures.isKnown ? 4 * figures.scale + 6e-4 : 0.03
        // The bias at switch-on is part of the baseline once that was learnt; before, it widens the limit.
        let unlearnt = max(0, 1 - span / 60)
        let bias = figures.isKnown ? 4 * figures.bias * (0.25 + unlearnt) : 0
        var worst = Residual(value: 0, limit: 1)
        for axis in 0..<3 {
            let noise = sigma[axis] * (2 / (2 - share)).squareRoot() / (dt + Self.constant)
            let gyro = gyroSigma * (share / (2 - share)).squareRoot()
            let limit =
                5 * (noise * noise + gyro * gyro).squareRoot() + error.value + scale * motion.value + bias + 1e-7
            let residual = Residual(
                value: difference.value[axis],
                expected: baseline.value[axis],
                limit: limit,
                sigma: noise
            )
            if residual.ratio > worst.ratio { worst = residual }
        }
        let isLearning = !figures.isKnown && span < 20
        // What pulses and tags may have done is no bias to be learnt.
        let isClean = worst.ratio < 1 && error.value < 0.5 * (worst.limit - error.value)
        if isClean || isLearning {
            baseline.add(difference.value, dt: dt, constant: isLearning ? 4 : min(400, 10 + span))
            span += dt
        }
        if isLearning {
            learntMotion += turn
            learntDifference += rotation
            return nil
        }
        // Angles that do not follow the rates from the start tell of another frame or time base, not of a fault.
        let isRelated = figures.isKnown || learntDifference.norm < 0.2 * learntMotion.norm + 6 * sigma.norm
        return isRelated ? worst : nil
    }
}

import RigidBody

/// The difference of two gyros, against its own past.
struct GyroPair: Sendable {
    private var difference = Lag()
    private var baseline = Lag()
    private var motion = ScalarLag()
    private var error = ScalarLag()
    private var span = 0.0

    /// Takes the rates (rad/s) of both in one sample.
    mutating func add(
        _ first: Vector3,
        _ second: Vector3,
        change: Double,
        dt: Double,
        sigmas: (Double, Double),
        figures: (CraftModel.GyroFigures, CraftModel.GyroFigures)
    ) -> Residual? {
        let constant = 5.0
        difference.add(first - second, dt: dt, constant: constant)
        motion.add(first.norm, dt: dt, constant: 3 * constant)
        error.add(change, dt: dt, constant: constant)
        let share = dt / (dt + constant)
        let white = (sigmas.0 * sigmas.0 + sigmas.1 * sigmas.1).squareRoot()
        let sigma = white * (share / (2 - share)).squareRoot()
        let isKnown = figures.0.isKnown && figures.1.isKnown
        let scale = isKnown ? 4 * (figures.0.scale + figures.1.scale) + 2e-3 : 0.03
        let unlearnt = max(0, 1 - span / 60)
        let bias = isKnown ? 4 * (figures.0.bias + figures.1.bias) * (0.25 + unlearnt) : 0
        let limit = 5.5 * sigma + scale * motion.value + error.value + bias + 1e-7
        let residual = Residual(
            value: (difference.value - baseline.value).norm,
            limit: limit,
            sigma: sigma
        )
        let isLearning = !isKnown && span < 20
        if residual.ratio < 1 || isLearning {
            baseline.add(difference.value, dt: dt, constant: isLearning ? 4 : min(400, 10 + span))
            span += dt
        }
        return isLearning ? nil : residual
    }

    /// Forgets all.
    mutating func reset() { self = GyroPair() }
}

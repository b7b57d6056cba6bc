import RigidBody

/// A first-order lag of a vector: a mean that forgets with a time constant.
struct Lag: Sendable {
    private(set) var value = Vector3.zero

    /// Moves towards the mean of an interval of `dt`.
    mutating func add(_ mean: Vector3, dt: Double, constant: Double) {
        value += (mean - value) * (dt / (dt + constant))
    }

    /// Shortens or lengthens the mean.
    mutating func scale(by factor: Double) { value = value * factor }

    /// Forgets all.
    mutating func reset() { value = .zero }
}

/// A first-order lag of a number.
struct ScalarLag: Sendable {
    private(set) var value = 0.0

    /// Moves towards the mean of an interval of `dt`.
    mutating func add(_ mean: Double, dt: Double, constant: Double) {
        value += (mean - value) * (dt / (dt + constant))
    }
}

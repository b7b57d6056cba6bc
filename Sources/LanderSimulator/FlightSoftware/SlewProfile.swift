import RigidBody

/// A turn about one axis: speed up, turn evenly, slow down.
struct SlewProfile: Sendable {
    /// Where it begins, body to inertial.
    let from: Quaternion
    /// Axis, in the body frame.
    let axis: Vector3
    /// Angle (rad).
    let angle: Double
    /// Even rate (rad/s).
    let rate: Double
    /// Angular acceleration (rad/s²).
    let acceleration: Double
    /// When it begins (s).
    let start: Double

    /// Seconds from begin to end.
    var duration: Double {
        angle < rate * rate / acceleration
            ? 2 * (angle / acceleration).squareRoot() : angle / rate + rate / acceleration
    }

    /// Where the turn leads.
    var target: Quaternion { from.turned(byBodyRotation: axis * angle) }

    /// Attitude, rate and angular acceleration wanted at a time.
    func reference(at time: Double) -> (attitude: Quaternion, rate: Vector3, acceleration: Vector3) {
        let elapsed = max(time - start, 0)
        if elapsed >= duration { return (target, .zero, .zero) }
        let rise = min(rate / acceleration, duration / 2)
        let top = acceleration * rise
        let (turned, speed, change): (Double, Double, Double)
        if elapsed < rise {
            (turned, speed, change) = (acceleration * elapsed * elapsed / 2, acceleration * elapsed, acceleration)
        } else if elapsed < duration - rise {
            (turned, speed, change) = (top * (elapsed - rise / 2), top, 0)
        } else {
            let left = duration - elapsed
            (turned, speed, change) = (angle - acceleration * left * left / 2, acceleration * left, -acceleration)
        }
        return (from.turned(byBodyRotation: axis * turned), axis * speed, axis * change)
    }
}

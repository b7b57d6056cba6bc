public import RigidBody

/// What telemetry said of attitude last, for people to look at; nothing is judged by it.
public struct AttitudeState: Sendable {
    /// One number of it.
    enum Quantity: Sendable {
        case rate(axis: Int, rank: Int)
        case attitude(component: Int, rank: Int)

        /// The number that a role stands for. A craft's own estimate ranks before a single sensor.
        init?(role: String) {
            guard let axis = "xyzw".firstIndex(of: role.last ?? " ") else { return nil }
            let number = "xyzw".distance(from: "xyzw".startIndex, to: axis)
            switch role.dropLast(2) {
            case "attitude.rate": self = .rate(axis: number, rank: 0)
            case "gyro.a.rate": self = .rate(axis: number, rank: 1)
            case "gyro.b.rate": self = .rate(axis: number, rank: 2)
            case "attitude.quaternion": self = .attitude(component: number, rank: 0)
            case "starTracker.1.quaternion": self = .attitude(component: number, rank: 1)
            case "starTracker.2.quaternion": self = .attitude(component: number, rank: 2)
            default: return nil
            }
        }
    }

    /// Nothing was heard.
    public init() {}

    private var rates = InlineArray<3, Vector3>(repeating: Vector3(.nan, .nan, .nan))
    private var attitudes = InlineArray<3, Quaternion>(repeating: Quaternion(.nan, .nan, .nan, .nan))

    /// Body rate (rad/s): of the gyros, because they are what was measured, else the craft's estimate.
    public var rate: Vector3? {
        for rank in [1, 0, 2] where rates[rank].isFinite { return rates[rank] }
        return nil
    }

    /// Attitude, body to inertial: the craft's estimate, else a star tracker.
    public var attitude: Quaternion? {
        for rank in 0..<3 where attitudes[rank].isFinite { return attitudes[rank].normalized }
        return nil
    }

    /// Roll, pitch and yaw (deg): turns about x, then y, then z lead from the inertial to the body frame last to first.
    public var eulerAngles: (roll: Double, pitch: Double, yaw: Double)? {
        guard let q = attitude else { return nil }
        let degrees = 57.29577951308232
        let roll = Elementary.arcTangent(2 * (q.w * q.x + q.y * q.z), 1 - 2 * (q.x * q.x + q.y * q.y))
        let pitch = Elementary.arcSine(2 * (q.w * q.y - q.z * q.x))
        let yaw = Elementary.arcTangent(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z))
        return (roll * degrees, pitch * degrees, yaw * degrees)
    }

    mutating func take(_ quantity: Quantity, _ value: Double) {
        guard value.isFinite else { return }
        switch quantity {
        case .rate(let axis, let rank): rates[rank][axis] = value
        case .attitude(let component, let rank):
            switch component {
            case 0: attitudes[rank].x = value
            case 1: attitudes[rank].y = value
            case 2: attitudes[rank].z = value
            default: attitudes[rank].w = value
            }
        }
    }
}

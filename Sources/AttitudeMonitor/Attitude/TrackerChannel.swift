import RigidBody

/// One star tracker, or the on-board estimate, over time: new attitudes, jumps, silence.
struct TrackerChannel: Sendable {
    /// What a reading turned out to be.
    enum Outcome {
        case absent
        case held
        /// A new attitude, and how long (s) since the one before.
        case fresh(dt: Double)
    }

    private(set) var quaternion = Quaternion.identity
    private(set) var time = Double.nan
    /// How long (s) it has been without a new attitude while telemetry came and the rate was fit for it.
    private(set) var silence = 0.0
    private(set) var count: Int32 = 0
    /// Rate (rad/s) by the last two attitudes.
    private(set) var rate = Vector3.absent
    var normCount: Int32 = 0
    var normSince = Double.nan
    private var last = Quaternion.absent

    /// Whether it has an attitude not older than a few of its own intervals.
    func isFresh(at now: Double) -> Bool { count > 1 && now - time < 5 }

    /// Takes a reading; `norm` is the deviation of its norm from one, for the caller to judge.
    mutating func take(
        _ reading: Quaternion,
        isValid: Bool?,
        tag: Double,
        at sampleTime: Double,
        norm: inout Double
    ) -> Outcome {
        guard isValid != false, reading.isFinite else { return .absent }
        let now = tag.isFinite ? tag : sampleTime
        guard reading != last else { return .held }
        guard time.isNaN || now > time else { return .held }
        last = reading
        norm = reading.norm - 1
        guard let unit = reading.normalized, norm.magnitude < 0.2 else { return .absent }
        let dt = time.isFinite ? now - time : .nan
        if dt.isFinite { rate = (quaternion.conjugate * unit).rotationVector * (1 / dt) }
        (quaternion, time, silence) = (unit, now, 0)
        if count < 1 << 30 { count += 1 }
        return .fresh(dt: dt)
    }

    /// Counts time without a new attitude.
    mutating func wait(_ dt: Double) { if count > 1 { silence += dt } }

    /// Forgets motion.
    mutating func restart() {
        time = .nan
        rate = .absent
        silence = 0
    }
}

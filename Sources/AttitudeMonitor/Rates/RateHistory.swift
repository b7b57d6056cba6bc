import RigidBody

/// The believed rate and its slope, whatever source they come from.
struct RateHistory: Sendable {
    private static let quick = 0.7
    private static let slow = 2.2

    /// The last believed rate (rad/s).
    private(set) var rate = Vector3.zero
    /// When it was measured (s).
    private(set) var time = Double.nan
    private var quickLag = Vector3.zero
    private var slowLag = Vector3.zero
    private(set) var span = 0.0
    /// Largest rate (rad/s) of the first stretch of data.
    private(set) var firstLevel = 0.0
    private var spike = Vector3.absent

    /// Angular acceleration (rad/s²) over the last seconds.
    var acceleration: Vector3 { span > 0 ? (quickLag - slowLag) * (1 / (Self.slow - Self.quick)) : .zero }

    /// Takes a rate that its source has already accepted; the interval since the one before, or `nil` at a start.
    mutating func take(_ new: Vector3, at now: Double) -> Double? {
        guard time.isFinite, now > time, now - time < 30 else {
            guard time.isNaN || now > time else { return nil }
            (rate, time, quickLag, slowLag, span) = (new, now, new, new, 0)
            firstLevel = max(firstLevel, new.norm)
            return nil
        }
        let dt = now - time
        quickLag += (new - quickLag) * (dt / (dt + Self.quick))
        slowLag += (new - slowLag) * (dt / (dt + Self.slow))
        (rate, time) = (new, now)
        span += dt
        if span < 10 { firstLevel = max(firstLevel, new.norm) }
        return dt
    }

    /// Takes a rate made of two attitudes: what differs wildly from the one before waits for the next.
    mutating func takeDerived(_ new: Vector3, at now: Double) -> Double? {
        guard time.isFinite, now - time < 30 else { return take(new, at: now) }
        let allowed = 0.2 * (now - time) + 0.01
        let isSteady = (new - rate).norm < allowed
        let isConfirmed = spike.isFinite && (new - spike).norm < allowed
        guard isSteady || isConfirmed else {
            spike = new
            return nil
        }
        spike = .absent
        return take(new, at: now)
    }

    /// Forgets motion.
    mutating func restart() {
        time = .nan
        span = 0
        spike = .absent
    }
}

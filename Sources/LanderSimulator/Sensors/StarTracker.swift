import RigidBody

/// A star tracker: an attitude now and then, dated, late, and lost when the craft turns too fast.
struct StarTracker: Sendable {
    /// One fix as it leaves the unit.
    struct Fix: Sendable, Hashable {
        /// When the stars were seen (s from the start).
        var time: Double
        /// Body to inertial, scalar not below zero.
        var attitude: Quaternion
        /// Whether the stars were recognised.
        var isValid: Bool
    }

    /// What can be wrong with it.
    enum Fault: Sendable, Hashable {
        case none
        case lost
        case jump(Vector3)
    }

    /// What is wrong.
    var fault: Fault = .none
    /// The last fix that left the unit; `nil` before the first.
    private(set) var fix: Fix?

    private let across: Double
    private let about: Double
    private let boresight: Vector3
    private let maximumRate: Double
    private let period: Int
    private let delay: Int
    private var waiting: [(due: Int, fix: Fix)] = []
    private var random: RandomStream

    /// Builds a star tracker.
    init(_ tracker: Vehicle.StarTracker, model: LanderModel, step: Double, seed: UInt64) {
        across = tracker.across ?? 0
        about = tracker.about ?? 0
        boresight = tracker.boresight?.normalized ?? Vector3(0, 0, 1)
        maximumRate = tracker.maximumRate ?? .infinity
        period = max(1, Int((model.starTrackerPeriod / step).rounded()))
        delay = max(1, Int((model.starTrackerDelay / step).rounded()))
        random = RandomStream(seed: seed, .starTracker)
    }

    /// Looks at the sky at one step, and hands out what is due.
    mutating func advance(step: Int, time: Double, attitude: Quaternion, rate: Vector3) {
        if let first = waiting.first, first.due <= step {
            waiting.removeFirst()
            var fix = first.fix
            // A lost unit repeats its last attitude, with the flag down.
            if !fix.isValid, let last = self.fix { fix.attitude = last.attitude }
            self.fix = fix
        }
        guard step % period == 0 else { return }
        let noise = random.gaussianVector() * across
        let roll = random.gaussian() * about
        var turn = noise - boresight * noise.dot(boresight) + boresight * roll
        if case .jump(let jump) = fault { turn += jump }
        var seen = attitude.turned(byBodyRotation: turn)
        if seen.w < 0 { seen = -seen }
        let isValid = rate.norm < maximumRate && fault != .lost
        waiting.append((step + delay, Fix(time: time, attitude: seen, isValid: isValid)))
    }
}

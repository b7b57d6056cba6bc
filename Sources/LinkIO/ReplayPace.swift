/// When the next unit of a replay is due.
///
/// A pure account of time: stream time comes in, the delay since the first unit comes out, so that errors never add
/// up. Who waits, and by which clock, is the caller's affair.
public struct ReplayPace: Sendable {
    /// How much faster than real time; `nil` for as fast as the machine goes.
    public let speed: Double?
    private var start: Int64?
    private var latest: Int64 = .min

    /// Makes a pace.
    ///
    /// - Parameter speed: Stream seconds for each real second, or `nil` for no waiting; must be above zero.
    public init(speed: Double?) {
        precondition(speed.map { $0 > 0 && $0.isFinite } ?? true, "a pace is a positive number")
        self.speed = speed
    }

    /// Takes the time of the next unit.
    ///
    /// Stream time that runs backwards (stored telemetry, played late) is due at once: it never makes a replay wait
    /// twice for the same stretch.
    ///
    /// - Parameter nanoseconds: The unit's time (ns, any epoch).
    /// - Returns: How long after the first unit it is due, in real time.
    public mutating func due(at nanoseconds: Int64) -> Duration {
        guard let start else {
            start = nanoseconds
            latest = nanoseconds
            return .zero
        }
        latest = max(latest, nanoseconds)
        guard let speed else { return .zero }
        let elapsed = latest.subtractingReportingOverflow(start)
        return elapsed.overflow ? .zero : .seconds(Double(elapsed.partialValue) * 1e-9 / speed)
    }
}

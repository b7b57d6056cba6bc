public import AttitudeMonitor
public import SpaceLink

/// How the times of a run are written: as UTC from an origin, or as the seconds that the input itself has.
public enum TimeScale: Sendable {
    /// Seconds count from this time.
    case utc(origin: TAITime)
    /// Seconds are the input's own.
    case seconds

    /// A time as text.
    public func text(_ seconds: Double) -> String {
        switch self {
        case .seconds: return String((seconds * 1000).rounded() / 1000)
        case .utc(let origin):
            guard let nanoseconds = Int64(exactly: (seconds * 1e9).rounded()) else { return "unknown" }
            let sum = origin.nanoseconds.addingReportingOverflow(nanoseconds)
            return sum.overflow ? "unknown" : TAITime(nanoseconds: sum.partialValue).display
        }
    }
}

/// An anomaly event as it stands in NDJSON: the monitor's fields, times in the scale of the input.
public struct AnomalyReport: Encodable {
    private let event: AnomalyEvent
    private let scale: TimeScale

    /// Takes an event and the scale of its times.
    public init(_ event: AnomalyEvent, scale: TimeScale) {
        self.event = event
        self.scale = scale
    }

    private enum Keys: String, CodingKey {
        case onset
        case detected
    }

    /// Writes the event's own keys, then the times again in the scale.
    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        guard case .utc = scale else { return }
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encode(scale.text(event.onset), forKey: .onset)
        try keys.encode(scale.text(event.detected), forKey: .detected)
    }
}

/// Guards the order of time: late, repeated and impossible tags, gaps, and the usual interval.
struct SampleClock: Sendable {
    /// What a time tag turned out to be.
    enum Outcome {
        /// Not to be used.
        case rejected
        /// In order; the interval since the sample before, and whether telemetry was interrupted.
        case inOrder(dt: Double, isGap: Bool)
        /// The clock went to another time and stayed there.
        case restarted
    }

    private(set) var time = Double.nan
    private(set) var rejected: Int32 = 0
    private var strange = Double.nan
    private var strangeCount: Int32 = 0
    private var intervals = MedianTracker()

    /// The usual interval (s) between samples.
    var interval: Double { intervals.median > 0 ? intervals.median : 1 }

    /// The interval (s) beyond which telemetry counts as interrupted.
    var gap: Double { max(4.5 * interval, 3) }

    /// Takes the time tag of one sample.
    mutating func take(_ now: Double) -> Outcome {
        guard now.isFinite, now.magnitude < 1e13 else {
            rejected &+= 1
            return .rejected
        }
        guard time.isFinite else {
            time = now
            return .restarted
        }
        let dt = now - time
        if dt >= 0, dt < 600 {
            let isGap = dt > gap
            if dt > 0, !isGap || intervals.count < 5 { intervals.add(dt) }
            time = now
            strangeCount = 0
            return .inOrder(dt: dt, isGap: isGap)
        }
        // Backwards, or far ahead: one such tag is garbage or a late copy, a row of them in order is a new time.
        let follows = strange.isFinite && now > strange && now - strange < 600
        strangeCount = follows ? strangeCount + 1 : 1
        strange = now
        if strangeCount >= (dt > 0 ? 2 : 8) {
            (time, strangeCount) = (now, 0)
            return .restarted
        }
        rejected &+= 1
        return .rejected
    }
}

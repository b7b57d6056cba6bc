/// An instant: whole nanoseconds of atomic time since 1958-01-01T00:00:00 TAI.
///
/// It reaches from 1665 to 2250. UTC is only its text: ``utc`` and ``init(utc:leapSeconds:)`` know the leap seconds, so
/// that `2016-12-31T23:59:60Z` is an instant of its own.
public struct TAITime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Nanoseconds since 1958-01-01T00:00:00 TAI.
    public var nanoseconds: Int64

    /// Makes an instant.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The text that ``utc`` gives.
    public var description: String { utc }

    /// Orders instants in time.
    public static func < (left: TAITime, right: TAITime) -> Bool { left.nanoseconds < right.nanoseconds }

    static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// The instant of a UTC day and time of day, or nothing if the day has no such time or it is out of range.
    init?(day: Int, nanosecondOfDay: Int64, leapSeconds: LeapSeconds) {
        guard nanosecondOfDay >= 0, abs(day) < 200_000,
            nanosecondOfDay < Int64(leapSeconds.seconds(inDay: day)) * Self.nanosecondsPerSecond
        else { return nil }
        let seconds = Int64(day) * 86_400 + Int64(leapSeconds.difference(onDay: day))
        let (scaled, isTooFar) = seconds.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
        let (sum, isBeyond) = scaled.addingReportingOverflow(nanosecondOfDay)
        guard !isTooFar, !isBeyond else { return nil }
        nanoseconds = sum
    }

    /// The UTC day since 1958-01-01 and the time of that day; 86400 s and more lie in a leap second.
    func utcDay(leapSeconds: LeapSeconds) -> (day: Int, nanosecondOfDay: Int64) {
        let second = Int(floorDivide(nanoseconds, by: Self.nanosecondsPerSecond))
        let fraction = nanoseconds - Int64(second) * Self.nanosecondsPerSecond
        let index = leapSeconds.steps.lastIndex { second >= $0.day * 86_400 + $0.difference }
        let utcSecond = second - (index.map { leapSeconds.steps[$0].difference } ?? 0)
        var day = Int(floorDivide(Int64(utcSecond), by: 86_400))
        if let index, index + 1 < leapSeconds.steps.count {
            // Behind the last regular second of a step and before the next one begins: the inserted second.
            day = min(day, leapSeconds.steps[index + 1].day - 1)
        }
        return (day, Int64(utcSecond - day * 86_400) * Self.nanosecondsPerSecond + fraction)
    }

    private func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

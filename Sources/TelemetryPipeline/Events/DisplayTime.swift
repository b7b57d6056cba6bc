public import SpaceLink

extension TAITime {
    /// The time for people: UTC to the millisecond, rounded, because on-board time is cut off just below what was meant.
    public var display: String {
        let rest = nanoseconds % 1_000_000
        let rounded = nanoseconds.addingReportingOverflow(rest >= 500_000 ? 1_000_000 - rest : -rest)
        return TAITime(nanoseconds: rounded.overflow ? nanoseconds : rounded.partialValue).utc(fractionDigits: 3)
    }
}

/// A running median of magnitudes, moved by a fixed share for each value: a few wild values cannot carry it away.
struct MedianTracker: Sendable {
    private(set) var median = 0.0
    private(set) var count: Int32 = 0

    /// Takes one value.
    mutating func add(_ magnitude: Double) {
        guard magnitude.isFinite else { return }
        if count < 1 << 30 { count += 1 }
        if median == 0 {
            median = magnitude
            return
        }
        // Quick at first, then slow: about a hundred values of memory.
        let step = count < 60 ? 1.15 : 1.02
        median = magnitude > median ? median * step : median / step
    }
}

import RigidBody

/// How often a reading repeats itself, against how often it may by chance.
///
/// A reading frozen for n repeats is proven when n·ln(1/p) exceeds ln(1/P), with p the share of repeats while all was
/// well: a coarse quantum, or telemetry faster than the sensor, makes p large and the proof long.
struct RepeatCounter: Sendable {
    /// Repeats in the present run.
    private(set) var run: Int32 = 0
    private var longest: Int32 = 0
    private var repeats = 0.0
    private var readings = 0.0

    /// Takes one reading, told whether it equals the one before.
    mutating func add(isRepeat: Bool) {
        if isRepeat {
            if run < 1 << 30 { run += 1 }
            return
        }
        // A run counts as healthy once it has ended by itself and was not long enough to be proven frozen.
        if !isProven(floor: 0.002) {
            longest = max(longest, run)
            repeats += Double(run)
            readings += Double(run) + 1
        }
        run = 0
    }

    /// Whether enough readings were seen to judge.
    var isTrained: Bool { readings >= 20 }

    /// Whether the present run cannot be chance; `floor` is the chance of one repeat by noise and quantum.
    func isProven(floor: Double) -> Bool { isProven(run, floor: floor) }

    /// Whether a run of a given length cannot be chance.
    func isProven(_ length: Int32, floor: Double) -> Bool {
        guard isTrained, length >= 2 else { return false }
        let share = min(max((repeats + 0.02) / (readings + 1), floor), 0.995)
        return Double(length) * -Elementary.logarithm(share) > 20 && length > 3 * longest
    }
}

import BenchmarkShim

/// Which clock a figure is by.
enum BenchmarkClock: String, CaseIterable, Codable {
    /// What a person waits for; right on a quiet machine.
    case wall
    /// What the work took of a core; comparable when others use the machine too.
    case processor
}

/// What several repetitions of the same work took, in seconds.
struct Timing {
    private(set) var wall: [Double] = []
    private(set) var processor: [Double] = []

    /// Adds a repetition.
    mutating func add(wall: Double, processor: Double) {
        self.wall.append(wall)
        self.processor.append(processor)
    }

    /// Adds all repetitions of another.
    mutating func add(_ other: Timing) {
        wall += other.wall
        processor += other.processor
    }

    /// The fastest repetition by a clock.
    func best(_ clock: BenchmarkClock) -> Double { (clock == .wall ? wall : processor).min() ?? .nan }

    /// The median by a clock.
    func seconds(_ clock: BenchmarkClock) -> Double { Self.median(clock == .wall ? wall : processor) }

    /// How far the slowest repetition lies above the fastest, as a part of the median.
    func spread(_ clock: BenchmarkClock) -> Double {
        let all = clock == .wall ? wall : processor
        let middle = Self.median(all)
        return middle > 0 ? ((all.max() ?? 0) - (all.min() ?? 0)) / middle : 0
    }

    /// The value that half of all do not exceed.
    static func median(_ values: [Double]) -> Double { percentile(values, 0.5) }

    /// The value that a part of all does not exceed.
    static func percentile(_ values: [Double], _ part: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * part).rounded(.down)))]
    }

    /// Times work that needs nothing prepared.
    static func measure(work: () throws -> Void) rethrows -> Timing { try measure(prepare: {}, work: work) }

    /// Times work in this thread: one run to warm up, then up to five, three at least, within about three seconds.
    ///
    /// - Parameters:
    ///   - prepare: Called before each run, untimed.
    ///   - work: What is timed.
    /// - Returns: What the runs took.
    static func measure(prepare: () throws -> Void, work: () throws -> Void) rethrows -> Timing {
        try prepare()
        try work()
        var timing = Timing()
        while timing.wall.count < 3 || timing.wall.count < 5 && timing.wall.reduce(0, +) < 3 {
            try prepare()
            let wall = bench_wall_seconds()
            let processor = bench_processor_seconds()
            try work()
            timing.add(
                wall: bench_wall_seconds() - wall,
                processor: bench_processor_seconds() - processor
            )
        }
        return timing
    }
}

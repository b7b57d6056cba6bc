/// The counts of a TM master channel in a segment, apart from frames that may turn out to be repetitions.
struct MasterChain: Sendable, Equatable, Codable {
    /// Frames in a row.
    struct Run: Sendable, Equatable, Codable {
        /// The one frame of this run, if it may turn out to be a repetition, which is not counted.
        var frame: Int?
        var first: Int
        var last: Int
        var frames = 1
        var gaps = 0
        var missing = 0

        /// Adds a run that follows.
        mutating func append(_ next: Run) {
            let step = (next.first - last - 1) & 0xFF
            gaps += next.gaps + (step > 0 ? 1 : 0)
            missing += next.missing + step
            frames += next.frames
            last = next.last
        }
    }

    private(set) var runs: [Run] = []

    /// Takes the next frame's count; the frame's index only if it may be a repetition.
    mutating func follow(_ count: Int, frame: Int?) {
        append(Run(frame: frame, first: count, last: count))
    }

    /// Takes the counts of the segment that follows.
    mutating func append(_ next: MasterChain) {
        for run in next.runs { append(run) }
    }

    private mutating func append(_ run: Run) {
        if run.frame == nil, let last = runs.indices.last, runs[last].frame == nil {
            runs[last].append(run)
        } else {
            runs.append(run)
        }
    }

    /// Leaves out a frame that is a repetition.
    mutating func remove(frame: Int) {
        guard runs.contains(where: { $0.frame == frame }) else { return }
        let old = runs
        runs = []
        for run in old where run.frame != frame { append(run) }
    }

    /// Counts a frame that is none, or all of them.
    mutating func settle(frame: Int?) {
        let old = runs
        runs = []
        for var run in old {
            if frame == nil || run.frame == frame { run.frame = nil }
            append(run)
        }
    }

    /// The counts, if no frame is a repetition.
    var total: Run? {
        var copy = self
        copy.settle(frame: nil)
        return copy.runs.first
    }

    /// Puts all places behind a segment.
    mutating func shift(frames: Int) {
        for index in runs.indices where runs[index].frame != nil { runs[index].frame? += frames }
    }
}

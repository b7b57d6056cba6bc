/// Since when things wait, by the caller's clock.
struct LiveTimers {
    var now: Int64
    private var commitSince: Int64?
    private var chunkSince: Int64?
    private var partSince: Int64

    init(now: Int64) {
        self.now = now
        partSince = now
    }

    mutating func startCommit() { commitSince = commitSince ?? now }

    mutating func stopCommit() { commitSince = nil }

    mutating func startChunk() { chunkSince = chunkSince ?? now }

    mutating func stopChunk() { chunkSince = nil }

    mutating func startPart() { partSince = now }

    func isCommitDue(_ settings: LiveArchiveSettings) -> Bool { hasPassed(settings.commitInterval, since: commitSince) }

    func isChunkDue(_ settings: LiveArchiveSettings) -> Bool { hasPassed(settings.chunkAge, since: chunkSince) }

    func isRotationDue(_ settings: LiveArchiveSettings) -> Bool {
        settings.rotationInterval.map { hasPassed($0, since: partSince) } ?? false
    }

    /// The earliest of what waits.
    func due(_ settings: LiveArchiveSettings, isRotating: Bool) -> Int64? {
        let commit = settings.durability == .none ? nil : commitSince.map { $0.saturatingSum(settings.commitInterval) }
        let chunk = chunkSince.map { $0.saturatingSum(settings.chunkAge) }
        let part = isRotating ? settings.rotationInterval.map { partSince.saturatingSum($0) } : nil
        return [commit, chunk, part].compactMap(\.self).min()
    }

    /// A clock that was set back leaves nothing waiting for hours.
    private func hasPassed(_ interval: Int64, since start: Int64?) -> Bool {
        guard let start else { return false }
        return now < start || now >= start.saturatingSum(interval)
    }
}

extension Int64 {
    /// The sum, or the greatest number if there is none.
    fileprivate func saturatingSum(_ other: Int64) -> Int64 {
        let sum = addingReportingOverflow(other)
        return sum.overflow ? .max : sum.partialValue
    }
}

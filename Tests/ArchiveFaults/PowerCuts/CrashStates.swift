import Synchronization

/// States that a loss of power left, each counted once.
public final class CrashStates: Sendable {
    private let seen = Mutex<Set<Int>>([])

    /// None seen yet.
    public init() {}

    /// How many were seen.
    public var count: Int { seen.withLock { $0.count } }

    func isNew(_ files: [String: [UInt8]]) -> Bool {
        var hasher = Hasher()
        for (name, octets) in files.sorted(by: { $0.key < $1.key }) {
            hasher.combine(name)
            hasher.combine(octets)
        }
        let hash = hasher.finalize()
        return seen.withLock { $0.insert(hash).inserted }
    }
}

/// How much an event matters, mildest first.
public enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Worth knowing; no cause for action.
    case information
    /// Something is wrong; there is time.
    case warning
    /// Control of the craft is in danger.
    case critical

    private var rank: Int {
        switch self {
        case .information: 0
        case .warning: 1
        case .critical: 2
        }
    }

    /// Whether the left matters less than the right.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// What a fault came to.
public struct FaultJudgement: Sendable {
    /// Rules that did not hold.
    public var breaches: [String] = []
    /// Units that the fault took away.
    public var lost = 0
    /// Whether the archive says that something was done to it.
    public var isFound = false

    /// Nothing wrong yet.
    init() {}

    /// A fault that could not be tried.
    public init(breach: String) { breaches = [breach] }

    mutating func hold(_ rule: Bool, _ breach: @autoclosure () -> String) {
        if !rule { breaches.append(breach()) }
    }
}

/// Faults of one kind, added up.
public struct FaultTally: Sendable {
    /// How many were tried.
    public private(set) var tried = 0
    /// Those after which every rule held.
    public private(set) var survived = 0
    /// Those of which the archive says that something was done to it.
    public private(set) var found = 0
    /// The units that they took away, all together.
    public private(set) var lost = 0
    /// The first rules that did not hold, with the fault.
    public private(set) var breaches: [String] = []

    /// Nothing tried yet.
    public init() {}

    /// Adds one.
    ///
    /// - Parameters:
    ///   - judgement: What it came to.
    ///   - name: What was done.
    public mutating func add(_ judgement: FaultJudgement, _ name: @autoclosure () -> String) {
        tried += 1
        survived += judgement.breaches.isEmpty ? 1 : 0
        found += judgement.isFound ? 1 : 0
        lost += judgement.lost
        guard breaches.count < 10 else { return }
        breaches += judgement.breaches.map { "\(name()): \($0)" }
    }

    /// Adds all that another one counted.
    public mutating func add(_ other: FaultTally) {
        tried += other.tried
        survived += other.survived
        found += other.found
        lost += other.lost
        breaches += other.breaches
    }
}

/// One cause for concern, as it is first seen, grows and ends.
///
/// Events of one ``id`` are one cause: raised once, updated when another ``Condition`` joins or takes over, cleared
/// when all that made it has been quiet for a while. Times are seconds in the scale of the samples; the edge of the
/// system formats them.
public struct AnomalyEvent: Sendable, Hashable, Codable {
    /// Where the event stands in its life.
    public enum State: String, Sendable, Hashable, Codable {
        /// First seen.
        case raised
        /// More was learnt.
        case updated
        /// Gone.
        case cleared
    }

    /// The number of the cause, from 1, in the order in which causes were raised.
    public var id: Int
    /// Where it stands.
    public var state: State
    /// What is wrong.
    public var condition: Condition
    /// Which rule of a ``Condition/contradiction`` is broken.
    public var rule: String?
    /// How much it matters now.
    public var severity: Severity
    /// When it began, as estimated (s).
    public var onset: Double
    /// When the state became known (s): the time of the sample that decided it.
    public var detected: Double
    /// What speaks for it, the first witness first.
    public var evidence: [Evidence]
    /// The leaky integrator (s) of the condition that leads.
    public var integrator: Double
    /// Sources that are believed.
    public var believed: [String]
    /// Sources that are doubted.
    public var doubted: [String]
    /// Possible causes, the most likely first.
    public var isolation: [Isolation]
    /// What would help to decide and was not heard.
    public var unavailable: [String]
    /// How long there is to act.
    public var timeToLoss: TimeToLoss?
    /// What ends the event.
    public var clearsWhen: String
    /// What should not be done now.
    public var avoid: [String]

    /// One measured value against what was expected of it.
    public struct Evidence: Sendable, Hashable, Codable {
        /// The channel, by role, or the quantity computed from several.
        public var channel: String
        /// The value.
        public var value: Double
        /// What was expected.
        public var expected: Double
        /// The largest difference that is still nominal.
        public var limit: Double
        /// The standard deviation of the difference.
        public var sigma: Double
        /// The unit of all four.
        public var unit: String
    }

    /// One possible cause.
    public struct Isolation: Sendable, Hashable, Codable {
        /// The cause in words.
        public var cause: String
        /// How likely it is among those listed, 0 to 1.
        public var confidence: Double
    }

    /// How long until a state from which there is no return.
    public struct TimeToLoss: Sendable, Hashable, Codable {
        /// The estimate (s).
        public var seconds: Double
        /// The earliest (s) that the uncertainty allows.
        public var lower: Double
        /// The latest (s) that the uncertainty allows.
        public var upper: Double
        /// Which state.
        public var of: String
    }
}

/// A condition that is not watched, and why.
public struct UnwatchedCondition: Sendable, Hashable, Codable {
    /// The condition.
    public var condition: Condition
    /// The rule, where the condition is a contradiction.
    public var rule: String?
    /// What is missing.
    public var reason: String
}

/// What a combination came to.
public struct CombiningReport: Sendable, Hashable, Codable {
    /// What one input had.
    public struct Input: Sendable, Hashable, Codable {
        /// Frames that passed their checks, or have none.
        public var frames = 0
        /// Of these, frames that the block code corrected.
        public var corrected = 0
        /// Frames that failed their code or error control.
        public var bad = 0
        /// Frames of the result that this input alone had in order.
        public var alone = 0
        /// Frames of the result that another input had in order too.
        public var shared = 0
        /// Frames of the result that this input lacks, or had bad.
        public var lacking = 0
        /// Frames that came again and were left out.
        public var repeated = 0

        /// Makes a count of nothing.
        public init() {}
    }

    /// One virtual channel of the result.
    public struct Channel: Sendable, Hashable, Codable {
        /// Who sends.
        public var spacecraft: Int
        /// The virtual channel.
        public var virtualChannel: Int
        /// Its frames.
        public var frames: Int
        /// The count of the first.
        public var firstCount: Int
        /// The count of the last.
        public var lastCount: Int
        /// Gaps that are left: no input has these frames.
        public var gaps: Int
        /// How many frames they leave out.
        public var missing: Int
        /// Steps of the count that are too far for a gap.
        public var resets: Int
    }

    /// What each input had, in their order.
    public var inputs: [Input]
    /// Frames of the result.
    public var frames = 0
    /// Frames that all inputs had in order.
    public var common = 0
    /// Frames of the result whose best copy had no error.
    public var good = 0
    /// Frames of the result whose best copy was corrected.
    public var corrected = 0
    /// Frames of the result that no check speaks for.
    public var unchecked = 0
    /// Frames that no input could read alone, put together from several copies.
    public var recovered = 0
    /// Frames of the result that are bad in all inputs; there are some only if they were asked for.
    public var bad = 0
    /// How often the look ahead was used up before the inputs met, so that counts alone decided on the order.
    public var unaligned = 0
    /// The channels of the result, in order of spacecraft and virtual channel.
    public var channels: [Channel] = []
}

/// Why recordings cannot be combined.
public enum CombiningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are too few inputs or too many.
    case inputs(Int)
    /// The frames of an input have another protocol or length than those of the first.
    case format(input: Int, found: String, expected: String)
    /// An input has no frame in common with those before it.
    case unrelated(input: Int, window: Int)

    /// A whole sentence.
    public var description: String {
        switch self {
        case .inputs(let count):
            "\(count) recordings cannot be combined: name 2 to \(FrameCombiner.mostInputs)."
        case .format(let input, let found, let expected):
            "The frames of recording \(input + 1) are \(found), those of the first \(expected): it is another downlink."
        case .unrelated(let input, let window):
            """
            Recording \(input + 1) has no frame in common with those before it, as far as \(window) frames of look \
            ahead can tell: it is another downlink, or it starts too far from them.
            """
        }
    }
}

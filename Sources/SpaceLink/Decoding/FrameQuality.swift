/// How far a frame, and what is in it, can be believed.
public enum FrameQuality: Sendable, Hashable {
    /// The block code or the frame error control found no error.
    case good
    /// The block code corrected so many symbols.
    case corrected(Int)
    /// There is neither a block code nor a frame error control.
    case unchecked
    /// The block code could not correct it.
    case uncorrectable
    /// The frame error control field does not hold.
    case crcFailed

    private var rank: Int {
        switch self {
        case .good: 0
        case .corrected: 1
        case .unchecked: 2
        case .crcFailed: 3
        case .uncorrectable: 4
        }
    }

    /// The worse of two qualities; corrected symbols add up.
    ///
    /// - Parameter other: The quality of another frame.
    /// - Returns: The quality of what lies in both.
    public func worst(_ other: FrameQuality) -> FrameQuality {
        if case .corrected(let own) = self, case .corrected(let others) = other { return .corrected(own + others) }
        return rank >= other.rank ? self : other
    }
}

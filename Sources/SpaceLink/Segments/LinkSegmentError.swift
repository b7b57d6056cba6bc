/// Why segments cannot be merged.
public enum LinkSegmentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// They were decoded by different links.
    case differentLinks
    /// Together they have more channels than a decoder follows.
    case tooManyChannels(limit: Int)
    /// Their numbers contradict each other: no decoder wrote them.
    case inconsistent

    /// A whole sentence.
    public var description: String {
        switch self {
        case .differentLinks: "The segments were decoded by different links."
        case .tooManyChannels(let limit):
            "The segments together have more than \(limit) virtual channels; name the spacecraft of the link."
        case .inconsistent: "The numbers of a segment contradict each other: no decoder wrote them."
        }
    }
}

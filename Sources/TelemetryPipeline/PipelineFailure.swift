/// Why the stages could not be put together, or came to nothing, as a sentence with the place and what to try.
public enum PipelineFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is nothing in the input.
    case empty(path: String)
    /// No layer was recognised.
    case unrecognized(path: String, octets: Int, tried: String)
    /// The link gave no frame and no packet.
    case nothingDecoded(path: String, octets: Int64, link: String, reasons: String)
    /// The link gave frames that nothing vouches for: no check holds, no count goes on.
    case incoherent(path: String, frames: Int, link: String)
    /// An archive ends in the middle.
    case archiveCutShort(path: String, offset: Int64, units: Int64)
    /// A text that should have been something else.
    case badValue(name: String, text: String, wanted: String)
    /// A description of a link that breaks a rule, or is none.
    case badLink(origin: String, reason: String)
    /// A file that could not be understood.
    case badFile(path: String, reason: String)
    /// What was asked for needs something that was not given.
    case missing(what: String, remedy: String)

    /// The failure as a sentence.
    public var description: String {
        switch self {
        case .empty(let path):
            "\(path): is empty (0 octets); there is nothing to decode. Check that the recording was written"
        case .unrecognized(let path, let octets, let tried):
            """
            \(path): no layer recognised in its first \(octets) octets (tried \(tried)). Name the link with --link \
            (a preset or a JSON file), or describe it: --input frames --frame aos --frame-length 1115
            """
        case .nothingDecoded(let path, let octets, let link, let reasons):
            """
            \(path): not one frame or packet in \(octets) octets with the \(link) (\(reasons)). It is probably \
            another link: try `perilune inspect` without --link and --mission, which recognises it
            """
        case .incoherent(let path, let frames, let link):
            """
            \(path): the \(frames) frames found with the \(link) have no check and their counts do not go on: this is \
            another link's recording. Try `perilune inspect` without --link, which recognises it
            """
        case .archiveCutShort(let path, let offset, let units):
            """
            \(path): is cut short in the member at offset \(offset); \(units) units before it can be read. Add \
            --partial to work with those, or see `perilune archive verify`
            """
        case .badValue(let name, let text, let wanted):
            "\(name): '\(text)' is not \(wanted)"
        case .badLink(let origin, let reason):
            """
            \(origin): \(reason.hasSuffix(".") ? String(reason.dropLast()) : reason). A right one, to edit: \
            `perilune inspect INPUT --link PRESET --print-link`
            """
        case .badFile(let path, let reason):
            "\(path): \(reason)"
        case .missing(let what, let remedy):
            "\(what); \(remedy)"
        }
    }
}

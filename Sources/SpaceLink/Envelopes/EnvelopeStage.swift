/// Takes units out of what a station wraps around them.
enum EnvelopeStage: Sendable {
    case kiss(KISSDeframer)
    case capture(CaptureReader)

    /// Makes the stage of a description; none if its units lie back to back.
    init?(_ envelope: LinkDescription.Envelope) {
        switch envelope {
        case .none, .octets: return nil
        case .kiss: self = .kiss(KISSDeframer())
        case .pcap: self = .capture(CaptureReader())
        }
    }

    /// Takes the next octets of input.
    mutating func push(_ octets: Span<UInt8>, _ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        switch self {
        case .kiss(var deframer):
            // The buffer moves out and back, so that it is never copied.
            self = .kiss(KISSDeframer())
            deframer.push(octets, body)
            self = .kiss(deframer)
        case .capture(var reader):
            self = .capture(CaptureReader())
            reader.push(octets, body)
            self = .capture(reader)
        }
    }

    /// Ends the input.
    mutating func finish(_ body: (EnvelopePiece, Span<UInt8>) -> Void) {
        switch self {
        case .kiss(var deframer):
            deframer.finish(body)
            self = .kiss(deframer)
        case .capture(var reader):
            reader.finish(body)
            self = .capture(reader)
        }
    }
}

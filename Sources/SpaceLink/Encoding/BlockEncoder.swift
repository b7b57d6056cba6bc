import ChannelCoding

/// The block code of a link at the sender's end.
enum BlockEncoder: Sendable {
    case none
    case reedSolomon(ReedSolomon.Encoder)
    case lowDensityParityCheck(LowDensityParityCheck.Encoder)
    case turbo(Turbo.Encoder)

    /// Makes the encoder of a description that ``LinkDescription/validate()`` has passed.
    init(_ link: LinkDescription) throws(LinkDescriptionError) {
        if let code = try link.reedSolomonCode() {
            self = .reedSolomon(ReedSolomon.Encoder(code))
        } else if let code = try link.parityCheckCode() {
            self = .lowDensityParityCheck(LowDensityParityCheck.Encoder(code))
        } else if let code = try link.turboCode() {
            self = .turbo(Turbo.Encoder(code))
        } else {
            self = .none
        }
    }

    /// The codeblock of a frame.
    func encoded(_ frame: [UInt8]) -> [UInt8] {
        switch self {
        case .none: frame
        case .reedSolomon(let encoder): encoder.encoded(frame.span)
        case .lowDensityParityCheck(let encoder): encoder.encoded(frame.span)
        case .turbo(let encoder): encoder.encoded(frame.span)
        }
    }
}

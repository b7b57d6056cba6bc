import ChannelCoding

/// A block code that is decoded from soft symbols, with its randomiser.
struct SoftBlockDecoder: Sendable {
    private var parityCheck: LowDensityParityCheck.Decoder?
    private var turbo: Turbo.Decoder?
    /// What the randomiser adds to a codeblock.
    private let sequence: [UInt8]
    /// The symbols of a codeblock; whoever has them soft puts them here.
    var symbols: [Int8]

    /// How sure a hard bit is.
    private static let certain: Int8 = 32

    /// Makes the decoder of a link, if its code is one of these.
    ///
    /// - Parameters:
    ///   - link: A description that ``LinkDescription/validate()`` has passed.
    ///   - iterationLimit: The iterations after which a codeblock is given up, or nothing for as many as are of use.
    /// - Throws: `.impossible` if the standard has no such code.
    init?(_ link: LinkDescription, iterationLimit: Int? = nil) throws(LinkDescriptionError) {
        let symbolCount: Int
        switch link.block {
        case .reedSolomon, .none: return nil
        case .lowDensityParityCheck:
            guard let found = try link.parityCheckCode() else { return nil }
            symbolCount = found.codewordBits
            parityCheck = LowDensityParityCheck.Decoder(found, iterationLimit: iterationLimit ?? 50)
        case .turbo:
            guard let found = try link.turboCode() else { return nil }
            symbolCount = found.codewordBits
            turbo = Turbo.Decoder(found, iterationLimit: iterationLimit ?? 12)
        }
        symbols = [Int8](repeating: 0, count: symbolCount)
        var octets = [UInt8](repeating: 0, count: link.codeblockLength ?? 0)
        var span = octets.mutableSpan
        link.randomizer.sequence?.apply(to: &span)
        sequence = octets
    }

    /// Decodes hard bits.
    ///
    /// - Parameters:
    ///   - codeblock: The codeblock, still randomised.
    ///   - frame: Takes the frame.
    /// - Returns: What became of it.
    mutating func decode(_ codeblock: Span<UInt8>, into frame: inout MutableSpan<UInt8>) -> FrameQuality {
        for index in symbols.indices where index / 8 < codeblock.count {
            let isOne = codeblock[index / 8] << UInt8(index % 8) & 0x80 != 0
            symbols[index] = isOne ? Self.certain : -Self.certain
        }
        return decodeSymbols(into: &frame)
    }

    /// Decodes ``symbols``, which are still randomised.
    mutating func decodeSymbols(into frame: inout MutableSpan<UInt8>) -> FrameQuality {
        // The symbols step aside, so that they and a decoder can be used together; no copy.
        var received: [Int8] = []
        swap(&received, &symbols)
        defer { swap(&received, &symbols) }
        for index in received.indices where sequence[index / 8] << UInt8(index % 8) & 0x80 != 0 {
            received[index] = -received[index]
        }
        if let outcome = parityCheck?.decode(received.span, into: &frame) {
            return outcome.quality
        }
        return turbo?.decode(received.span, into: &frame).quality ?? .uncorrectable
    }
}

extension SoftDecodingOutcome {
    /// What that makes of a frame.
    fileprivate var quality: FrameQuality {
        guard isCorrectable else { return .uncorrectable }
        return correctedBits == 0 ? .good : .corrected(correctedBits)
    }
}

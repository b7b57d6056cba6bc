import ChannelCoding

/// Codeblocks in, frames out: randomiser and block code.
struct CodeblockStage: Sendable {
    private let randomizer: PseudoRandomizer?
    private var decoder: ReedSolomon.Decoder?
    /// The codeblock as decoded; the frame is its start.
    private(set) var octets: [UInt8]
    /// The octets of a frame.
    let frameLength: Int

    /// Makes the stage of a description that ``LinkDescription/validate()`` has passed.
    init(_ link: LinkDescription) throws(LinkDescriptionError) {
        randomizer = link.randomizer.sequence
        decoder = try link.reedSolomonCode().map { ReedSolomon.Decoder($0) }
        octets = [UInt8](repeating: 0, count: link.codeblockLength ?? 0)
        frameLength = link.frameLength ?? 0
    }

    /// Decodes a codeblock into ``octets``.
    ///
    /// - Returns: What the block code says, or nothing if there is none.
    mutating func decode(_ codeblock: Span<UInt8>) -> FrameQuality? {
        // The buffer steps aside, so that it and the decoder can change together; no copy.
        var buffer: [UInt8] = []
        swap(&buffer, &octets)
        defer { swap(&buffer, &octets) }
        var span = buffer.mutableSpan
        if let randomizer {
            randomizer.apply(codeblock, into: &span)
        } else {
            for index in 0..<min(span.count, codeblock.count) { span[index] = codeblock[index] }
        }
        guard let outcome = decoder?.decode(&span) else { return nil }
        if outcome.isClean { return .good }
        return outcome.isCorrectable ? .corrected(outcome.correctedSymbols) : .uncorrectable
    }
}

extension LinkDescription.Randomizer {
    /// The sequence, if there is one.
    var sequence: PseudoRandomizer? {
        switch self {
        case .short: .short
        case .long: .long
        case .none: nil
        }
    }
}

extension LinkDescription {
    /// The Reed-Solomon code, or nothing if there is no block code.
    func reedSolomonCode() throws(LinkDescriptionError) -> ReedSolomon.Code? {
        switch block {
        case .none: return nil
        case .lowDensityParityCheck: throw .unsupported(feature: "An LDPC code")
        case .turbo: throw .unsupported(feature: "A Turbo code")
        case .reedSolomon(let code):
            do throws(CodingError) {
                return try ReedSolomon.Code(
                    errors: code.errors,
                    interleave: code.interleave,
                    basis: code.basis,
                    virtualFill: code.virtualFill
                )
            } catch {
                throw .impossible(rule: error.description)
            }
        }
    }

    /// Refuses what may be described but cannot be done yet.
    func requireSupport() throws(LinkDescriptionError) {
        switch envelope {
        case .none: break
        case .kiss, .pcap:
            // Units are whole octets; there is no stream of symbols through them.
            guard input != .symbols, input != .bits, !(nrzm && hasMarkers) else {
                throw .unsupported(feature: "A KISS or pcap envelope around channel symbols")
            }
        case .octets:
            guard input == .frames || input == .codeblocks else {
                throw .unsupported(feature: "An envelope of octets around \(input.rawValue)")
            }
        }
        if isCoded { _ = try reedSolomonCode() }
    }

    /// The synchroniser of this link, with a check that tells codeblocks from noise where the link has one.
    func makeSynchronizer() throws(LinkDescriptionError) -> FrameSynchronizer {
        let settings = FrameSynchronizer.Settings(
            marker: marker.pattern,
            codeblockLength: codeblockLength ?? 0,
            searchTolerance: marker.searchTolerance,
            lockTolerance: marker.lockTolerance,
            verify: marker.verify,
            flywheel: marker.flywheel,
            slipWindow: marker.slipWindow,
            inverted: marker.inverted,
            recovery: marker.recovery == .research ? .research : .flywheel
        )
        do throws(CodingError) {
            return try FrameSynchronizer(settings, check: try makeCheck())
        } catch {
            throw .impossible(rule: error.description)
        }
    }

    private func makeCheck() throws(CodingError) -> (@Sendable (Span<UInt8>) -> Bool)? {
        let sequence = randomizer.sequence
        let hasErrorControl = frame.fecf
        var decoder: ReedSolomon.Decoder?
        if case .reedSolomon(let block) = block {
            let code = try ReedSolomon.Code(
                errors: block.errors,
                interleave: block.interleave,
                basis: block.basis,
                virtualFill: block.virtualFill
            )
            decoder = ReedSolomon.Decoder(code)
        }
        guard decoder != nil || hasErrorControl else { return nil }
        return { [decoder] codeblock in
            var octets: [UInt8] = []
            octets.append(codeblock)
            var span = octets.mutableSpan
            sequence?.apply(to: &span)
            if let decoder { return decoder.isCorrectable(span.span) }
            return CRC16.checksum(span.span) == 0
        }
    }
}

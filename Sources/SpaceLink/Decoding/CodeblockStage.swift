import ChannelCoding

/// Codeblocks in, frames out: randomiser and block code.
struct CodeblockStage: Sendable {
    private let randomizer: PseudoRandomizer?
    private var decoder: ReedSolomon.Decoder?
    private var softDecoder: SoftBlockDecoder?
    /// The codeblock as decoded; the frame is its start.
    private(set) var octets: [UInt8]
    /// The octets of a frame.
    let frameLength: Int
    /// By how many octets a codeblock may be off and still be decoded, to another frame than was sent: the code is cyclic
    /// and has nothing behind it that would tell.
    let slipLimit: Int

    /// Makes the stage of a description that ``LinkDescription/validate()`` has passed.
    init(_ link: LinkDescription) throws(LinkDescriptionError) {
        randomizer = link.randomizer.sequence
        decoder = try link.reedSolomonCode().map { ReedSolomon.Decoder($0) }
        softDecoder = try SoftBlockDecoder(link)
        octets = [UInt8](repeating: 0, count: link.codeblockLength ?? 0)
        frameLength = link.frameLength ?? 0
        if case .reedSolomon(let code) = link.block, code.virtualFill == 0, !link.frame.fecf {
            slipLimit = code.errors * code.interleave
        } else {
            slipLimit = 0
        }
    }

    /// Whether a codeblock that had to be corrected may as well be another that is some octets off.
    ///
    /// If octets were inserted near its start, or lost there, what follows is a codeblock that begins too late or too
    /// early, and the code mends its first or last octets, nearly all of them. It cannot be one at all if the next
    /// codeblock has taken more of it than the code can mend.
    ///
    /// - Parameters:
    ///   - codeblock: As received; ``octets`` is what became of it.
    ///   - slip: The bits by which the next marker is off its place.
    /// - Returns: Whether it must not be believed.
    func isDoubtful(_ codeblock: Span<UInt8>, slipBehind slip: Int?) -> Bool {
        guard let slip, slip != 0, slipLimit > 0 else { return false }
        if slip < -8 * slipLimit { return true }
        guard slip % 8 == 0, slip <= 8 * slipLimit, codeblock.count == octets.count else { return false }
        var received = [UInt8](repeating: 0, count: codeblock.count)
        var span = received.mutableSpan
        if let randomizer {
            randomizer.apply(codeblock, into: &span)
        } else {
            for index in 0..<codeblock.count { span[index] = codeblock[index] }
        }
        let count = abs(slip) / 8
        let edge = slip > 0 ? 0..<count : codeblock.count - count..<codeblock.count
        return edge.count { received[$0] != octets[$0] } * 4 >= 3 * count
    }

    /// Decodes a codeblock into ``octets``.
    ///
    /// - Parameters:
    ///   - codeblock: The codeblock in hard bits.
    ///   - history: The symbols behind them, if they were soft.
    ///   - bit: The place of the codeblock's first bit.
    ///   - isInverted: Whether the stream is inverted there.
    /// - Returns: What the block code says, or nothing if there is none.
    mutating func decode(
        _ codeblock: Span<UInt8>,
        history: SoftHistory? = nil,
        from bit: Int64 = 0,
        isInverted: Bool = false
    ) -> FrameQuality? {
        // The buffer steps aside, so that it and the decoder can change together; no copy.
        var buffer: [UInt8] = []
        swap(&buffer, &octets)
        defer { swap(&buffer, &octets) }
        var span = buffer.mutableSpan
        if softDecoder != nil {
            return decodeSoft(codeblock, history, from: bit, isInverted, into: &span)
        }
        if let randomizer {
            randomizer.apply(codeblock, into: &span)
        } else {
            for index in 0..<min(span.count, codeblock.count) { span[index] = codeblock[index] }
        }
        guard let outcome = decoder?.decode(&span) else { return nil }
        if outcome.isClean { return .good }
        return outcome.isCorrectable ? .corrected(outcome.correctedSymbols) : .uncorrectable
    }

    private mutating func decodeSoft(
        _ codeblock: Span<UInt8>,
        _ history: SoftHistory?,
        from bit: Int64,
        _ isInverted: Bool,
        into frame: inout MutableSpan<UInt8>
    ) -> FrameQuality? {
        guard var decoder = softDecoder.take() else { return nil }
        defer { softDecoder = decoder }
        if let history, history.copy(from: bit, isInverted: isInverted, into: &decoder.symbols) {
            return decoder.decodeSymbols(into: &frame)
        }
        return decoder.decode(codeblock, into: &frame)
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
    /// Refuses what may be described but cannot be done yet.
    func requireSupport() throws(LinkDescriptionError) {
        guard !hasVariableFrames || !hasMarkers else {
            throw .unsupported(feature: "A link of markers and frames that say their length themselves")
        }
        switch envelope {
        case .none: break
        case .kiss, .pcap:
            // Units are whole octets; there is no stream of symbols through them.
            guard input != .symbols, input != .bits, !(nrzm && hasMarkers) else {
                throw .unsupported(feature: "A KISS or pcap envelope around channel symbols")
            }
        case .octets:
            // Units are whole octets; there is no stream of symbols through them.
            guard input != .symbols, input != .bits, !(hasMarkers && (nrzm || unsentBits > 0)) else {
                throw .unsupported(feature: "An envelope of octets around channel symbols")
            }
        }
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
            recovery: marker.recovery == .research ? .research : .flywheel,
            unsentBits: unsentBits
        )
        let corrections = try makeCorrections()
        do throws(CodingError) {
            guard let corrections else { return try FrameSynchronizer(settings) }
            return try FrameSynchronizer(settings, corrections: corrections)
        } catch {
            throw .impossible(rule: error.description)
        }
    }

    /// A codeblock of few errors needs no more; where there are many, markers decide.
    private static let checkIterations = 10

    /// How many symbols of a codeblock must be corrected, where the link can tell.
    private func makeCorrections() throws(LinkDescriptionError) -> (@Sendable (Span<UInt8>) -> Int?)? {
        let sequence = randomizer.sequence
        let format = FrameFormat(self)
        let frameLength = frameLength ?? 0
        if let soft = try SoftBlockDecoder(self, iterationLimit: Self.checkIterations) {
            return { codeblock in
                var decoder = soft
                var frame = [UInt8](repeating: 0, count: frameLength)
                var span = frame.mutableSpan
                return decoder.decode(codeblock, into: &span) != .uncorrectable ? 0 : nil
            }
        }
        let decoder = try reedSolomonCode().map { ReedSolomon.Decoder($0) }
        guard decoder != nil || format.hasErrorControl else { return nil }
        return { [decoder] codeblock in
            var octets: [UInt8] = []
            octets.append(codeblock)
            var span = octets.mutableSpan
            sequence?.apply(to: &span)
            var errors = 0
            if var decoder {
                let outcome = decoder.decode(&span)
                guard outcome.isCorrectable else { return nil }
                errors = outcome.correctedSymbols
            }
            return format.isPlausible(span.span.extracting(0..<frameLength)) ? errors : nil
        }
    }
}

import ChannelCoding
public import SpaceLink

/// What a recording was recognised as.
public struct Recognition: Sendable {
    /// The description that decodes it best.
    public let link: LinkDescription
    /// In a few words, what was seen.
    public let evidence: String
}

/// Finds out the layer and the parameters of a recording from its first octets.
///
/// Nothing on a downlink says how it is coded, so descriptions are tried, and judged by what cannot come right by
/// chance: Reed-Solomon syndromes, frame checks, counts that go on, packet lengths that fit their frames.
public struct LinkRecognizer {
    /// How many octets of a recording are enough to look at.
    public static let lookAhead = 1 << 18

    /// What is tried, for messages.
    public static let attempts = "sync markers, chains of space packets, AOS and TM frames of 16 to 4096 octets"

    let octets: [UInt8]
    let isWhole: Bool
    let size: Int64?

    /// Takes the start of a recording.
    ///
    /// - Parameters:
    ///   - octets: Its first octets, at most ``lookAhead``.
    ///   - size: The size of the whole, if known.
    public init(octets: [UInt8], size: Int64?) {
        self.octets = octets
        self.size = size
        isWhole = size.map { $0 <= Int64(octets.count) } ?? (octets.count < Self.lookAhead)
    }

    /// Tries all it knows.
    ///
    /// - Returns: The best description, or `nil` if none fits.
    public func recognize() -> Recognition? {
        if let period = OctetPatterns.markerPeriod(octets), let found = recognizeCADUs(period: period) { return found }
        if OctetPatterns.isPacketChain(octets, isWhole: isWhole) {
            var link = LinkDescription()
            link.input = .packets
            return Recognition(link: link, evidence: "space packets one behind the other")
        }
        return recognizeFrames() ?? recognizeSingleFrame()
    }

    // MARK: CADUs

    private struct Candidate {
        var score: Int
        var link: LinkDescription
        var words: String
    }

    private func recognizeCADUs(period: Int) -> Recognition? {
        let length = period - SyncMarker.standard.count
        guard length >= 16 else { return nil }
        let samples = codeblocks(length: length)
        guard !samples.isEmpty else { return nil }
        var best: [Candidate] = []
        for randomizer in LinkDescription.Randomizer.allCases {
            let plain = samples.map { derandomized($0, randomizer) }
            let candidates =
                blockCandidates(length: length, randomizer, plain) + uncoded(length: length, randomizer, plain)
            for candidate in candidates where candidate.score > 0 && candidate.score >= (best.first?.score ?? 0) {
                if candidate.score > (best.first?.score ?? 0) { best = [] }
                best.append(candidate)
            }
        }
        // Several may hold: the randomiser's sequence is itself a codeword of some codes. Frames decide.
        for candidate in best {
            let words = "sync markers every \(period) octets, \(candidate.words)"
            if let found = bestFrame(candidate.link, types: [.aos, .tm], evidence: words) { return found }
        }
        return nil
    }

    private func codeblocks(length: Int) -> [[UInt8]] {
        let settings = FrameSynchronizer.Settings(codeblockLength: length, searchTolerance: 0)
        guard var synchronizer = try? FrameSynchronizer(settings) else { return [] }
        var found: [[UInt8]] = []
        synchronizer.push(octets.span) { _, codeblock in
            if found.count < 24 { found.append(codeblock.indices.map { codeblock[$0] }) }
        }
        return found
    }

    private func derandomized(_ codeblock: [UInt8], _ randomizer: LinkDescription.Randomizer) -> [UInt8] {
        guard let sequence = PseudoRandomizer(rawValue: randomizer.rawValue) else { return codeblock }
        var plain = codeblock
        var span = plain.mutableSpan
        sequence.apply(to: &span)
        return plain
    }

    /// Reed-Solomon codes that could fill a codeblock, by how many of the samples they accept.
    private func blockCandidates(
        length: Int,
        _ randomizer: LinkDescription.Randomizer,
        _ plain: [[UInt8]]
    ) -> [Candidate] {
        var candidates: [Candidate] = []
        for interleave in [1, 2, 3, 4, 5, 8] where length.isMultiple(of: interleave) {
            for errors in [16, 8] {
                for basis in ReedSolomon.Code.Basis.allCases {
                    var block = LinkDescription.ReedSolomonBlock()
                    block.errors = errors
                    block.interleave = interleave
                    block.basis = basis
                    block.virtualFill = 255 - length / interleave
                    guard let score = score(block, plain) else { continue }
                    let sent = 255 - block.virtualFill
                    let words =
                        "Reed-Solomon (\(sent),\(sent - 2 * errors)) \(basis.rawValue) basis, interleaved by \(interleave)"
                    candidates.append(
                        Candidate(
                            score: score,
                            link: link(randomizer, .reedSolomon(block)),
                            words: named(randomizer, words)
                        )
                    )
                }
            }
        }
        return candidates
    }

    private func score(_ block: LinkDescription.ReedSolomonBlock, _ plain: [[UInt8]]) -> Int? {
        let code = try? ReedSolomon.Code(
            errors: block.errors,
            interleave: block.interleave,
            basis: block.basis,
            virtualFill: block.virtualFill
        )
        guard let code else { return nil }
        let decoder = ReedSolomon.Decoder(code)
        // A clean codeblock says more than one that can be made clean: with E = 8 those occur by chance.
        let clean = plain.count { decoder.isCodeblock($0.span) }
        return clean > 0 ? clean * 2 : block.errors == 16 ? plain.count { decoder.isCorrectable($0.span) } : 0
    }

    /// Without a block code only the frame check can tell.
    private func uncoded(
        length: Int,
        _ randomizer: LinkDescription.Randomizer,
        _ plain: [[UInt8]]
    ) -> [Candidate] {
        let checked = plain.count { CRC16.checksum($0.span) == 0 }
        guard checked * 2 > plain.count else { return [] }
        let link = link(randomizer, .none(length: length))
        return [Candidate(score: checked, link: link, words: named(randomizer, "no block code, frame check right"))]
    }

    private func link(_ randomizer: LinkDescription.Randomizer, _ block: LinkDescription.Block) -> LinkDescription {
        var link = LinkDescription()
        link.randomizer = randomizer
        link.block = block
        return link
    }

    private func named(_ randomizer: LinkDescription.Randomizer, _ words: String) -> String {
        "\(randomizer == .none ? "no" : randomizer.rawValue) randomiser, \(words)"
    }

    // MARK: Frames

    private func recognizeFrames() -> Recognition? {
        for period in OctetPatterns.framePeriods(octets, size: size).prefix(6) {
            var link = LinkDescription()
            link.input = .frames
            link.block = .none(length: nil)
            link.frame.length = period.length
            let words = "\(period.type.rawValue.uppercased()) frames of \(period.length) octets"
            if let found = bestFrame(link, types: [period.type], evidence: words) { return found }
        }
        return nil
    }

    /// The insert zones that are tried.
    static let insertZones = [0, 2, 4, 6, 8, 10, 12, 16]

    /// Tries what a frame may hold besides packets, and takes what gives the most packets with the least loss.
    func bestFrame(
        _ base: LinkDescription,
        types: [LinkDescription.Frame.Kind],
        evidence: String
    ) -> Recognition? {
        var best: (score: Double, link: LinkDescription)?
        for type in types {
            for fecf in [true, false] {
                for insertZone in type == .aos ? Self.insertZones : [0] {
                    for ocf in type == .aos ? [false, true] : [false] {
                        var link = base
                        link.frame.type = type
                        link.frame.fecf = fecf
                        link.frame.insertZone = insertZone
                        link.frame.ocf = ocf
                        guard let score = score(link), score > (best?.score ?? 0) + 0.005 else { continue }
                        best = (score, link)
                    }
                }
            }
        }
        guard let best else { return nil }
        return Recognition(link: best.link, evidence: "\(evidence), \(Self.words(best.link.frame))")
    }

    private static func words(_ frame: LinkDescription.Frame) -> String {
        var parts = [frame.type.rawValue.uppercased()]
        if frame.insertZone > 0 { parts.append("insert zone of \(frame.insertZone)") }
        if frame.ocf { parts.append("operational control field") }
        if frame.fecf { parts.append("frame error control field") }
        return parts.joined(separator: ", ")
    }

    /// The part of the input that became packets or idle data, less what contradicts itself; `nil` for no frame.
    func score(_ link: LinkDescription) -> Double? {
        guard var decoder = try? LinkDecoder(link) else { return nil }
        var sink = IgnoringSink()
        decoder.push(octets.span, into: &sink)
        decoder.finish(into: &sink)
        let summary = decoder.summary
        guard summary.channels.contains(where: { $0.frames > 0 }), summary.octets > 0 else { return nil }
        let lost = Self.contradictions.reduce(0) { $0 + summary.discarded[$1, default: 0] }
        let packets = summary.channels.reduce(0) { $0 + $1.packetOctets }
        return Double(packets - 2 * lost) / Double(summary.octets) + 0.05
    }

    private static let contradictions: [DiscardReason] = [
        .interruptedPacket, .packetVersion, .packetLength, .frameVersion, .frameHeader, .frameCheck, .uncorrectable,
    ]
}

/// A sink that wants only the summary.
package struct IgnoringSink: LinkSink {
    /// Makes it.
    package init() {}
}

import ChannelCoding

/// What a decoder knows of a piece of an input: its counts, its ledger, and what is open at both ends.
///
/// An input is cut into pieces at the boundaries of frames (of packets, where it is packets). The pieces are decoded
/// apart, in any order, on any machine. Merged, their segments give the packets, counts, gaps, discards and summary that one
/// pass over the whole gives: each piece hands its sink what does not depend on the others, and merging hands on the
/// rest.
/// ```swift
/// var decoder = try LinkDecoder(link, asSegment: true)
/// decoder.push(piece.span, into: &sink)
/// let segment = decoder.segment(into: &sink)
/// …
/// let summary = try first.merged(with: second, into: &sink).merged(with: third, into: &sink).finish(into: &sink)
/// ```
/// Merging is associative: neighbours may be merged in any order. It does not commute.
///
/// For each channel a segment holds the octets of its first and last frame, those before the first header pointer, the first
/// packet, and the start of the last one. So its size is bounded by the channels, not by the input.
///
/// What cannot be told from the pieces differs from one pass, and only there:
/// - A cut of CADUs at a damaged place. Cut before a marker whose codeblock, and the one before it, can be decoded.
/// - A file of packets that is damaged inside: in one pass the packets of earlier pieces help to find the next ones.
/// - More than 1,024 channels, which are refused, and more repetitions or gaps than that on a channel before its first
///   data in a piece.
/// - A USLP channel on which frames with and without a count are mixed.
/// - More octets without a first header pointer than the longest packet has, which no sender makes.
public struct LinkSegment: Sendable, Equatable {
    /// The link, the same for all segments of an input.
    public let link: LinkDescription
    var ledger: Ledger
    var units: Int
    var frames: LinkSummary.Frames
    var channels: [VirtualChannel]
    var chains: [Int: MasterChain]
    var packets: WalkerSegment?

    /// The frames of the piece, or its packets where the input is packets: so many places lie before the next piece's.
    public var unitCount: Int { packets?.count ?? units }
    /// The octets of the piece.
    public var octets: Int64 { ledger.octets }

    init(_ link: LinkDescription, _ units: UnitStage, _ walker: PacketWalker) {
        self.link = link
        ledger = units.ledger
        self.units = units.index
        frames = units.frames.counts
        channels = units.frames.channels.sorted { $0.place < $1.place }
        chains = units.frames.masterChains
        packets = link.input == .packets ? WalkerSegment(walker) : nil
    }

    /// Joins this segment and the one that follows it in the input.
    ///
    /// - Parameters:
    ///   - next: The segment that follows.
    ///   - sink: Takes the packets that span the cut, the gaps and the discards that are known now. All places are
    ///     counted from the start of this segment.
    /// - Returns: The segment of both.
    /// - Throws: ``LinkSegmentError`` if the two are not of one link, or too large.
    public func merged(
        with next: LinkSegment,
        into sink: inout (some LinkSink & ~Copyable)
    ) throws(LinkSegmentError) -> LinkSegment {
        guard link == next.link else { throw .differentLinks }
        var joint = self
        joint.ledger.append(next.ledger)
        joint.units += next.units
        joint.frames.append(next.frames, behind: units)
        for (spacecraft, chain) in next.chains {
            var shifted = chain
            shifted.shift(frames: units)
            joint.chains[spacecraft, default: MasterChain()].append(shifted)
        }
        for channel in next.channels {
            var shifted = channel
            shifted.shift(frames: units, octets: octets)
            guard let place = joint.channels.firstIndex(where: { $0.place == channel.place }) else {
                joint.channels.append(shifted)
                continue
            }
            joint.append(shifted, at: place, into: &sink)
        }
        guard joint.channels.count <= FrameStage.channelsKept else {
            throw .tooManyChannels(limit: FrameStage.channelsKept)
        }
        joint.channels.sort { $0.place < $1.place }
        if let others = next.packets { joint.packets?.append(others, behind: octets, into: &sink) }
        guard joint.isWithinBounds, joint.ledger.balances else { throw .inconsistent }
        return joint
    }

    private mutating func append(
        _ channel: VirtualChannel,
        at place: Int,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        let spacecraft = channel.spacecraft
        var chain = chains[spacecraft] ?? MasterChain()
        channels[place].append(channel, ledger: &ledger, chain: &chain, into: &sink)
        if chains[spacecraft] != nil { chains[spacecraft] = chain }
    }

    /// Takes the segment for the whole input: nothing comes before it, nothing follows.
    ///
    /// - Parameter sink: Takes the packets and discards that are known now.
    /// - Returns: What was in the input.
    public consuming func finish(into sink: inout (some LinkSink & ~Copyable)) -> LinkSummary {
        var closed: [VirtualChannel] = []
        for channel in channels {
            var whole = VirtualChannel(
                spacecraft: channel.spacecraft,
                virtualChannel: channel.virtualChannel,
                keepPartial: channel.keepPartial
            )
            var chain = MasterChain()
            whole.append(channel, ledger: &ledger, chain: &chain, into: &sink)
            whole.finish(ledger: &ledger, into: &sink)
            closed.append(whole)
        }
        packets?.finish(into: &sink)
        return LinkSummary(
            octets: Int(ledger.octets),
            used: Int(ledger.used),
            discarded: ledger.discarded.filter { $0.value > 0 }.mapValues { Int($0) },
            frames: frames,
            channels: packets?.summaries ?? closed.map(\.summary)
        )
    }

    /// The frame counts of TM master channels, in order of spacecraft, if nothing comes before.
    public var masterChannels: [MasterChannelCount] {
        chains.sorted { $0.key < $1.key }
            .compactMap { spacecraft, chain in chain.total.map { MasterChannelCount(spacecraft: spacecraft, $0) } }
    }
}

extension VirtualChannel {
    /// Spacecraft and virtual channel as one number, to be ordered by.
    var place: Int { spacecraft << 6 | virtualChannel }
}

extension LinkSummary.Frames {
    /// Adds the counts of frames that follow so many units.
    fileprivate mutating func append(_ next: LinkSummary.Frames, behind units: Int) {
        total += next.total
        good += next.good
        unchecked += next.unchecked
        corrected += next.corrected
        correctedSymbols += next.correctedSymbols
        uncorrectable += next.uncorrectable
        crcFailed += next.crcFailed
        rejected += next.rejected
        let room = FrameStage.indicesKept - crcFailedIndices.count
        if room > 0 { crcFailedIndices += next.crcFailedIndices.prefix(room).map { $0 + units } }
    }
}

extension LinkDescription {
    /// Refuses links whose input has no boundaries to be cut at.
    func requireSegments() throws(LinkDescriptionError) {
        guard input != .symbols, input != .bits, convolutional == nil, !(nrzm && hasMarkers) else {
            throw .unsupported(feature: "A segment of channel symbols, which have no boundaries of frames,")
        }
    }
}

import ChannelCoding

/// Decodes a link: octets in; frames, packets, gaps and discards out.
///
/// It puts the stages that a ``LinkDescription`` asks for behind each other:
/// ```
/// octets ─▶ symbols ─▶ synchroniser ─▶ randomiser ─▶ block code ─▶ frames ─▶ channels ─▶ packets
///           symbols    cadu, bits      codeblocks                  frames               packets
/// ```
/// An envelope, KISS or pcap, comes before all of them; each of its units holds CADUs, codeblocks, frames or packets, whole.
///
/// Octets are pushed in any cut: what the sink gets, and the ledger, depend only on the octets. Memory is bounded by a
/// few codeblocks and, for each virtual channel, by the longest packet and a frame.
///
/// Nothing is lost unseen: every octet of the input is either used or discarded for a reason that the sink is told, and
/// ``summary`` adds up. What is dropped on a gap, at a first header pointer and at the end is told by
/// ``DiscardReason``.
///
/// ```swift
/// struct Printer: LinkSink {
///     mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) { print(packet.apid, octets.count) }
/// }
/// var decoder = try LinkDecoder(link)
/// var printer = Printer()
/// decoder.push(octets.span, into: &printer)
/// decoder.finish(into: &printer)
/// ```
public struct LinkDecoder: Sendable {
    enum Road {
        case cadus
        case codeblocks
        case frames
        case packets
    }

    let road: Road
    private let link: LinkDescription
    private let isSegment: Bool
    var received: Int64 = 0
    var isFinished = false
    private(set) var envelope: EnvelopeStage?
    var channel: ChannelStage
    var synchronizer: FrameSynchronizer?
    var cutter: UnitCutter
    private var variableCutter: VariableFrameCutter?
    private(set) var wrappedCutter: WrappedUnitCutter?
    var units: UnitStage
    private var walker: PacketWalker

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - link: The link.
    ///   - keepBad: Whether frames that fail their code or error control are handed to the sink, marked.
    ///   - keepPartial: Whether the octets before a gap of a packet that it breaks off are handed to the sink, marked. They
    ///     lie in accepted frames and are delivered, so the ledger has them as used; the channel does not count them as a
    ///     packet.
    ///   - asSegment: Whether the octets are a piece of the input, cut at the boundaries of frames, or of packets where
    ///     the input is packets. What depends on the pieces beside it is kept for ``segment(into:)``.
    /// - Throws: What ``LinkDescription/validate()`` throws, or `.unsupported`.
    public init(
        _ link: LinkDescription,
        keepBad: Bool = false,
        keepPartial: Bool = false,
        asSegment: Bool = false
    ) throws(LinkDescriptionError) {
        try link.validate()
        try link.requireSupport()
        if asSegment { try link.requireSegments() }
        self.link = link
        isSegment = asSegment
        envelope = EnvelopeStage(link.envelope)
        var wrapping = (header: 0, trailer: 0)
        if case .octets(let header, let trailer) = link.envelope { wrapping = (header, trailer) }
        let codeblockLength = link.codeblockLength ?? 0
        let unitLength: Int
        switch link.input {
        case .cadu, .bits, .symbols:
            road = .cadus
            unitLength = wrapping.header + link.marker.pattern.count + codeblockLength + wrapping.trailer
            if wrapping.header + wrapping.trailer > 0 {
                wrappedCutter = WrappedUnitCutter(link.marker, header: wrapping.header, unitLength: unitLength)
            } else {
                synchronizer = try link.makeSynchronizer()
            }
            wrapping.header += link.marker.pattern.count
        case .codeblocks:
            road = .codeblocks
            unitLength = wrapping.header + codeblockLength + wrapping.trailer
        case .frames:
            road = .frames
            unitLength = link.hasVariableFrames ? 0 : wrapping.header + (link.frameLength ?? 0) + wrapping.trailer
        case .packets:
            road = .packets
            unitLength = 1
        }
        if link.hasVariableFrames {
            variableCutter = VariableFrameCutter(
                FrameFormat(link),
                header: wrapping.header,
                trailer: wrapping.trailer
            )
        }
        walker = PacketWalker(header: wrapping.header, trailer: wrapping.trailer)
        walker.holdsFirst = asSegment
        channel = ChannelStage(link)
        cutter = UnitCutter(length: unitLength)
        units = UnitStage(
            codeblocks: road == .cadus || road == .codeblocks ? try CodeblockStage(link) : nil,
            frames: FrameStage(link, keepBad: keepBad, keepPartial: keepPartial, isSegment: asSegment),
            headerLength: wrapping.header,
            trailerLength: wrapping.trailer,
            frameLength: link.frameLength ?? 0,
            unitLength: unitLength,
            marker: road == .cadus ? link.marker : nil,
            scale: channel.scale
        )
        units.history = SoftHistory(link)
    }

    /// Takes the next octets of the input.
    ///
    /// - Parameters:
    ///   - octets: Octets that follow those pushed before, in any number; none are taken after ``finish(into:)``.
    ///   - sink: Takes what they complete.
    public mutating func push(_ octets: Span<UInt8>, into sink: inout (some LinkSink & ~Copyable)) {
        guard !isFinished else { return }
        received += Int64(octets.count)
        defer { assert(units.ledger.balances) }
        if envelope != nil {
            let isPackets = road == .packets
            envelope?.push(octets) { Self.take($0, $1, &walker, &units, isPackets: isPackets, into: &sink) }
            return
        }
        switch road {
        case .cadus where wrappedCutter != nil: wrappedCutter?.push(octets) { units.push($0, $1, into: &sink) }
        case .cadus: synchronize(octets, into: &sink)
        case .codeblocks: cutter.push(octets) { units.push(codeblock: $0, into: &sink) }
        case .frames where variableCutter != nil: variableCutter?.push(octets) { units.push($0, $1, into: &sink) }
        case .frames: cutter.push(octets) { units.push(frame: $0, into: &sink) }
        case .packets: walker.push(octets, ledger: &units.ledger, into: &sink)
        }
    }

    /// Takes one whole frame that was cut out of its stream before; the link's input is frames without envelopes.
    ///
    /// - Parameters:
    ///   - octets: The frame, whatever length the link gives to frames.
    ///   - sink: Takes what it completes.
    package mutating func push(frame octets: Span<UInt8>, into sink: inout (some LinkSink & ~Copyable)) {
        guard !isFinished else { return }
        received += Int64(octets.count)
        defer { assert(units.ledger.balances) }
        units.push(frame: octets, into: &sink)
    }

    /// Ends the input: what is incomplete is discarded.
    ///
    /// - Parameter sink: Takes what is left.
    public mutating func finish(into sink: inout (some LinkSink & ~Copyable)) {
        guard !isFinished else { return }
        precondition(!isSegment, "a segment ends with segment(into:)")
        finishUnits(into: &sink)
        units.frames.finish(ledger: &units.ledger, into: &sink)
        assert(units.ledger.balances && units.ledger.octets == received)
    }

    /// Ends a segment of the input: what is open at its start and its end is kept.
    ///
    /// The decoder was made for a segment.
    ///
    /// - Parameter sink: Takes what is left and depends on no other segment.
    /// - Returns: What is known of the segment.
    public consuming func segment(into sink: inout (some LinkSink & ~Copyable)) -> LinkSegment {
        precondition(isSegment, "the decoder was not made for a segment")
        finishUnits(into: &sink)
        return LinkSegment(link, units, walker)
    }

    private mutating func finishUnits(into sink: inout (some LinkSink & ~Copyable)) {
        isFinished = true
        if envelope != nil {
            let isPackets = road == .packets
            envelope?.finish { Self.take($0, $1, &walker, &units, isPackets: isPackets, into: &sink) }
        } else {
            finishRoad(into: &sink)
        }
    }

    /// Takes a piece of an envelope; the stages are named, because the envelope itself is at work.
    private static func take(
        _ piece: EnvelopePiece,
        _ octets: Span<UInt8>,
        _ walker: inout PacketWalker,
        _ units: inout UnitStage,
        isPackets: Bool,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        switch piece.content {
        case .unit where isPackets: walker.push(piece, octets, ledger: &units.ledger, into: &sink)
        case .malformed:
            walker.isBehindGap = true
            units.push(piece, octets, into: &sink)
        case .unit, .overhead: units.push(piece, octets, into: &sink)
        }
    }

    private mutating func finishRoad(into sink: inout (some LinkSink & ~Copyable)) {
        switch road {
        case .cadus where wrappedCutter != nil: wrappedCutter?.finish { units.push($0, $1, into: &sink) }
        case .cadus:
            channel.finish { bits in
                synchronizer?.push(bits) { units.push($0, $1, received: received, into: &sink) }
            }
            synchronizer?.finish { units.push($0, $1, received: received, into: &sink) }
            let isTruncated = synchronizer?.trailingBitsAreTruncatedFrame ?? false
            discardRest(isTruncated ? .truncatedFrame : .unsynchronized, &sink)
        case .frames where variableCutter != nil: variableCutter?.finish { units.push($0, $1, into: &sink) }
        case .codeblocks, .frames: discardRest(.truncatedFrame, &sink)
        case .packets: walker.finish(ledger: &units.ledger, into: &sink)
        }
    }

    /// What was seen so far; complete after ``finish(into:)``.
    public var summary: LinkSummary {
        var discarded: [DiscardReason: Int] = [:]
        for (reason, count) in units.ledger.discarded { discarded[reason] = Int(count) }
        return LinkSummary(
            octets: Int(isFinished ? received : units.ledger.octets),
            used: Int(units.ledger.used),
            discarded: discarded,
            frames: units.frames.counts,
            channels: road == .packets ? walker.summaries : units.frames.summaries
        )
    }

    /// The frame counts of TM master channels, in order of spacecraft.
    public var masterChannels: [MasterChannelCount] {
        units.frames.masterChannels.values.sorted { $0.spacecraft < $1.spacecraft }
    }

    private mutating func synchronize(_ octets: Span<UInt8>, into sink: inout (some LinkSink & ~Copyable)) {
        guard units.history != nil else { return slice(octets, into: &sink) }
        var start = 0
        while start < octets.count {
            let part = octets.extracting(start..<min(octets.count, start + SoftHistory.step))
            start += part.count
            units.history?.append(part)
            slice(part, into: &sink)
            units.history?.trim(before: synchronizer?.firstHeldBit ?? 0)
        }
    }

    private mutating func slice(_ octets: Span<UInt8>, into sink: inout (some LinkSink & ~Copyable)) {
        channel.push(octets) { bits in
            synchronizer?.push(bits) { units.push($0, $1, received: received, into: &sink) }
        }
    }

    private mutating func discardRest(_ reason: DiscardReason, _ sink: inout (some LinkSink & ~Copyable)) {
        let entry = Discard(
            offset: units.ledger.octets,
            length: Int(received - units.ledger.octets),
            reason: reason,
            rule: reason == .truncatedFrame
                ? "The input ends before the frame does." : "No marker was found in these octets.",
            frame: nil,
            spacecraft: nil,
            virtualChannel: nil
        )
        units.ledger.discard(entry, into: &sink)
    }
}

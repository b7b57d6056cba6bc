/// The start and the end of a segment.
extension PacketExtractor {
    static let misfit = "The packet does not end where the first header pointer says that the next one starts."
    static let brokenPointer = "The first header pointer behind the packet lies outside the packet zone."
    private static let tooLong = "No packet is as long as the octets that follow without a first header pointer."

    /// Makes an extractor for a segment.
    ///
    /// - Parameters:
    ///   - firstFrame: The index of the channel's first frame.
    ///   - gap: The frame of a gap that came since, if one did.
    ///   - keepPartial: Whether the start of a packet that is broken off is handed on.
    init(openingAt firstFrame: Int, behindGap gap: Int? = nil, keepPartial: Bool) {
        self.init(keepPartial: keepPartial)
        var opening = PacketOpening(firstFrame: firstFrame)
        if let gap {
            opening.closing = .earlierGap
            opening.closingFrame = gap
        }
        self.opening = opening
        isUndetermined = gap == nil
        holdsFirst = true
    }

    /// Keeps a zone, or finds the place from where on the segment before does not matter.
    mutating func deferZone(
        _ octets: Span<UInt8>,
        _ pointer: FirstHeaderPointer,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard pointer != .onlyIdleData, let first = opening?.firstFrame else { return }
        guard zone.frame != first, case .offset(let offset) = pointer else {
            opening?.zones.append(DeferredZone(octets: octets.copied, pointer: pointer, zone: zone))
            if let opening, opening.octets > PacketOpening.longest { close(.tooLong, frame: zone.frame) }
            return
        }
        guard offset < octets.count else {
            close(.brokenPointer, frame: zone.frame)
            skipBehindBrokenPointer(octets, offset, zone, &ledger, &sink)
            return endFrame(zone, &ledger, &sink)
        }
        var rest: DeferredZone?
        if offset > 0 {
            rest = DeferredZone(octets: octets.extracting(0..<offset).copied, pointer: .none, zone: zone)
        }
        close(.pointer, frame: zone.frame, rest: rest)
        walk(octets, from: offset, to: octets.count, zone, &ledger, &sink)
        endFrame(zone, &ledger, &sink)
    }

    /// Ends what depends on the segment before.
    mutating func close(_ closing: PacketOpening.Closing, frame: Int, rest: DeferredZone? = nil) {
        opening?.closing = closing
        opening?.closingFrame = frame
        opening?.rest = rest
        isUndetermined = false
        state = closing == .pointer ? .betweenPackets : .searching
    }

    /// Keeps the first packet, unless it is known to come behind a gap.
    mutating func holdFirst(
        _ record: PacketRecord,
        _ octets: Span<UInt8>,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        holdsFirst = false
        guard !record.gapBefore else { return sink.packet(record, octets: octets) }
        opening?.first = DeferredPacket(record: record, octets: octets.copied)
    }

    /// Goes on with the segment that follows.
    ///
    /// - Parameters:
    ///   - next: The extractor of the same channel and access point there.
    ///   - wasInUse: Whether this one saw anything: only then does a gap that came before the other's start matter.
    ///   - ledger: The ledger of both.
    ///   - sink: Takes what is known now.
    mutating func append(
        _ next: PacketExtractor,
        wasInUse: Bool,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        guard let start = next.opening else { return }
        if start.closing == .earlierGap, wasInUse { gap(frame: start.closingFrame, ledger: &ledger, into: &sink) }
        for kept in start.zones {
            push(kept.octets.span, pointer: kept.pointer, zone: kept.zone, ledger: &ledger, into: &sink)
        }
        guard let closing = start.closing else { return }
        close(closing, start, &ledger, &sink)
        if start.hasSkipped, statistics.packets > 0 { isBehindGap = true }
        if start.hasSkipped, statistics.packets == 0, holdsFirst { opening?.hasSkipped = true }
        if let packet = start.first { deliver(packet, &sink) }
        state = next.state
        held = next.held
        self.start = next.start
        heldOffset = next.heldOffset
        heldOwn = next.heldOwn
        heldFrame = next.heldFrame
        isBehindGap = next.isBehindGap || next.holdsFirst && isBehindGap
        holdsFirst = holdsFirst && next.holdsFirst
        statistics.append(next.statistics)
    }

    /// Comes to the place from where on this segment does not matter for the next one.
    private mutating func close(
        _ closing: PacketOpening.Closing,
        _ start: PacketOpening,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let frame = start.closingFrame
        if closing == .gap { return gap(frame: frame, ledger: &ledger, into: &sink) }
        guard !isUndetermined else { return close(closing, frame: frame, rest: start.rest) }
        switch closing {
        case .pointer:
            if let rest = start.rest {
                endPacket(rest.octets.span, at: rest.octets.count, rest.zone, &ledger, &sink)
            }
            drop(.interruptedPacket, Self.misfit, frame, &ledger, &sink)
        case .brokenPointer: drop(.interruptedPacket, Self.brokenPointer, frame, &ledger, &sink)
        case .tooLong: drop(.interruptedPacket, Self.tooLong, frame, &ledger, &sink)
        case .gap, .earlierGap: break
        }
    }

    private mutating func deliver(_ packet: DeferredPacket, _ sink: inout (some LinkSink & ~Copyable)) {
        var record = packet.record
        record.gapBefore = isBehindGap
        if holdsFirst { return holdFirst(record, packet.octets.span, &sink) }
        sink.packet(record, octets: packet.octets.span)
    }

    /// Puts all places behind a segment.
    mutating func shift(frames: Int, octets: Int64) {
        opening?.shift(frames: frames, octets: octets)
        start.shift(frames: frames, octets: octets)
        heldOffset += octets
        heldFrame += frames
    }
}

extension Span<UInt8> {
    /// A copy of the octets.
    var copied: [UInt8] {
        var copy: [UInt8] = []
        copy.append(self)
        return copy
    }
}

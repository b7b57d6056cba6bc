/// The packets of a segment of packets.
struct WalkerSegment: Sendable, Equatable {
    var count: Int
    var statistics: PacketStatistics
    var isBehindGap: Bool
    /// The first packet, unless it is known to come behind a gap.
    var first: DeferredPacket?
    /// Whether no packet came.
    var holdsFirst: Bool

    init(_ walker: PacketWalker) {
        count = walker.packets
        statistics = walker.statistics
        isBehindGap = walker.isBehindGap
        first = walker.first
        holdsFirst = walker.holdsFirst
    }

    init(count: Int, statistics: PacketStatistics, isBehindGap: Bool, first: DeferredPacket?, holdsFirst: Bool) {
        self.count = count
        self.statistics = statistics
        self.isBehindGap = isBehindGap
        self.first = first
        self.holdsFirst = holdsFirst
    }

    /// Goes on with the segment that follows so many octets.
    mutating func append(
        _ next: WalkerSegment,
        behind octets: Int64,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        if var packet = next.first {
            packet.record.shift(frames: count, octets: octets)
            packet.record.gapBefore = isBehindGap
            if holdsFirst, !isBehindGap {
                first = packet
            } else {
                sink.packet(packet.record, octets: packet.octets.span)
            }
        }
        isBehindGap = next.isBehindGap || next.holdsFirst && isBehindGap
        holdsFirst = holdsFirst && next.holdsFirst
        count += next.count
        statistics.append(next.statistics)
    }

    /// Hands on the first packet: nothing comes before it.
    mutating func finish(into sink: inout (some LinkSink & ~Copyable)) {
        guard let packet = first.take() else { return }
        sink.packet(packet.record, octets: packet.octets.span)
    }

    /// The counts of the one channel that a file of packets is.
    var summaries: [LinkSummary.Channel] {
        var walker = PacketWalker()
        walker.packets = count
        walker.statistics = statistics
        return walker.summaries
    }
}

extension PacketWalker {
    /// Keeps the first packet of a segment, unless it is known to come behind a gap.
    mutating func holdFirst(
        _ record: PacketRecord,
        _ octets: Span<UInt8>,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        holdsFirst = false
        guard !record.gapBefore else { return sink.packet(record, octets: octets) }
        first = DeferredPacket(record: record, octets: octets.copied)
    }
}

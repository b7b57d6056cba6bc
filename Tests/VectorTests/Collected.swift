import SpaceLink

/// What a decoder makes of some octets.
struct Collected: LinkSink, Equatable {
    struct Packet: Equatable {
        let record: PacketRecord
        let octets: [UInt8]
    }

    private(set) var frames: [FrameRecord] = []
    private(set) var packets: [Packet] = []
    private(set) var discards: [Discard] = []
    private(set) var gaps: [ChannelGap] = []
    private(set) var summary: LinkSummary
    private(set) var masterChannels: [MasterChannelCount] = []

    /// Decodes octets, in one piece or several.
    init(_ octets: [UInt8], _ link: LinkDescription, pieces: [Range<Int>]? = nil) throws {
        var decoder = try LinkDecoder(link)
        summary = decoder.summary
        for piece in pieces ?? [octets.indices] { decoder.push(octets.span.extracting(piece), into: &self) }
        decoder.finish(into: &self)
        summary = decoder.summary
        masterChannels = decoder.masterChannels
    }

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) { frames.append(frame) }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        packets.append(Packet(record: packet, octets: octets.array))
    }

    mutating func discard(_ discard: Discard) { discards.append(discard) }

    mutating func gap(_ gap: ChannelGap) { gaps.append(gap) }

    /// The packets of a channel, idle ones or not.
    func packets(onChannel channel: Int, idle: Bool) -> [[UInt8]] {
        packets.filter { $0.record.virtualChannel == channel && $0.record.isIdle == idle }.map(\.octets)
    }
}

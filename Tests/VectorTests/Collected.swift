import SpaceLink

/// What a decoder makes of some octets.
struct Collected: LinkSink {
    private(set) var frames: [FrameRecord] = []
    private(set) var packets: [(record: PacketRecord, octets: [UInt8])] = []
    private(set) var summary: LinkSummary
    private(set) var masterChannels: [MasterChannelCount] = []

    init(_ octets: [UInt8], _ link: LinkDescription) throws {
        var decoder = try LinkDecoder(link)
        summary = decoder.summary
        decoder.push(octets.span, into: &self)
        decoder.finish(into: &self)
        summary = decoder.summary
        masterChannels = decoder.masterChannels
    }

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) { frames.append(frame) }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) { packets.append((packet, octets.array)) }

    /// The packets of a channel, idle ones or not.
    func packets(onChannel channel: Int, idle: Bool) -> [[UInt8]] {
        packets.filter { $0.record.virtualChannel == channel && $0.record.isIdle == idle }.map(\.octets)
    }
}

public import SpaceLink

/// All that a decoder said of an input, in order.
public struct LinkTrace: LinkSink, Equatable {
    /// One thing that it said.
    public enum Event: Equatable {
        /// A frame with its octets.
        case frame(FrameRecord, [UInt8])
        /// A packet with its octets.
        case packet(PacketRecord, [UInt8])
        /// An entry of the ledger.
        case discard(Discard)
        /// A step in a frame count.
        case gap(ChannelGap)
    }

    /// What it said while it was fed.
    public private(set) var events: [Event] = []
    /// What it says at the end.
    public internal(set) var summary: LinkSummary?
    /// The counts of master channels.
    public internal(set) var masterChannels: [MasterChannelCount] = []

    /// The packets, as they came.
    public var packets: [[UInt8]] {
        events.compactMap { if case .packet(_, let octets) = $0 { octets } else { nil } }
    }

    /// Notes a frame.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        events.append(.frame(frame, Array(copying: octets)))
    }

    /// Notes a packet.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        events.append(.packet(packet, Array(copying: octets)))
    }

    /// Notes an entry.
    public mutating func discard(_ discard: Discard) { events.append(.discard(discard)) }

    /// Notes a gap.
    public mutating func gap(_ gap: ChannelGap) { events.append(.gap(gap)) }
}

extension Array where Element == UInt8 {
    fileprivate init(copying octets: Span<UInt8>) { self = (0..<octets.count).map { octets[$0] } }
}

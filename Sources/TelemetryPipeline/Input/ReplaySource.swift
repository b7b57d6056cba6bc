public import SpaceLink

/// One packet or frame on its way to a receiver.
public struct ReplayUnit: Sendable {
    /// Its octets, exactly as they were decoded.
    public let octets: [UInt8]
    /// Its on-board time; that of the unit before where it tells none.
    public let time: TAITime?
    /// What is known of the packet; `nil` for frames.
    public let packet: PacketRecord?
    /// Frames that had come before it, by what became of them.
    public let frames: ReplayFrames
}

/// Frames by what became of them.
public struct ReplayFrames: Sendable {
    /// Without an error, or without a check.
    public var good = 0
    /// Corrected by the block code.
    public var corrected = 0
    /// Beyond correction.
    public var bad = 0
    /// Left out by the frame counts.
    public var missing = 0
}

/// Gathers units for a replay, a piece of input at a time.
public struct ReplaySource: LinkSink {
    /// What is replayed.
    public enum Layer: String, Sendable, CaseIterable {
        /// Packets.
        case packets
        /// Accepted transfer frames.
        case frames
    }

    /// Units that wait to be sent.
    public private(set) var units: [ReplayUnit] = []
    private var frames = ReplayFrames()

    private let layer: Layer
    private let selection: PacketSelection
    private let timeCode: TimeCode?
    private let includesIdle: Bool
    private var latest: TAITime?

    /// Describes a replay.
    public init(layer: Layer, selection: PacketSelection, timeCode: TimeCode?, includesIdle: Bool) {
        self.layer = layer
        self.selection = selection
        self.timeCode = timeCode
        self.includesIdle = includesIdle
    }

    /// Hands over the units gathered since the last call.
    public mutating func takeUnits() -> [ReplayUnit] {
        defer { units = [] }
        return units
    }

    /// Counts a frame, and gathers it where frames are replayed.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        switch frame.quality {
        case .good, .unchecked: frames.good += 1
        case .corrected: frames.corrected += 1
        case .uncorrectable, .crcFailed: frames.bad += 1
        }
        guard layer == .frames else { return }
        let channel = PacketSelection.Channel(spacecraft: frame.spacecraft, virtualChannel: frame.virtualChannel)
        guard selection.channels.isEmpty || selection.channels.contains(channel), isInRange(latest) else { return }
        units.append(ReplayUnit(octets: octets.indices.map { octets[$0] }, time: latest, packet: nil, frames: frames))
    }

    /// Counts a packet, and gathers it where packets are replayed.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        let own = packet.isIdle ? nil : timeCode?.time(ofPacket: octets)
        latest = own ?? latest
        guard layer == .packets, includesIdle || !packet.isIdle, selection.contains(packet, time: latest) else {
            return
        }
        units.append(
            ReplayUnit(octets: octets.indices.map { octets[$0] }, time: latest, packet: packet, frames: frames)
        )
    }

    /// Counts missing frames.
    public mutating func gap(_ gap: ChannelGap) { frames.missing += gap.missing }

    private func isInRange(_ time: TAITime?) -> Bool {
        guard selection.hasTimeRange else { return true }
        guard let time else { return false }
        return selection.from.map { time >= $0 } ?? true && selection.until.map { time < $0 } ?? true
    }
}

package import SpaceLink

/// Decodes kept frames to packets, and gives each packet the quality and places that its frames had at first.
struct PacketRebuilder {
    private var decoder: LinkDecoder
    private var collector: PacketCollector
    private var frames = FrameHistory()
    private let selection: ArchiveSelection

    init(_ link: LinkDescription, selection: ArchiveSelection) throws(ArchiveError) {
        do throws(LinkDescriptionError) {
            decoder = try LinkDecoder(link.decoded)
        } catch {
            throw .link(reason: "\(error)")
        }
        collector = PacketCollector(apids: selection.apids)
        self.selection = selection
    }

    /// Whether the last frame was accepted and says where a packet begins in it.
    var isEntry: Bool { collector.isEntry }

    /// Takes the next frame.
    ///
    /// - Returns: Whether packets may have become complete.
    mutating func push(_ unit: ArchiveUnit, _ octets: Span<UInt8>) -> Bool {
        collector.isEntry = false
        guard unit.quality != .uncorrectable, unit.quality != .crcFailed else { return false }
        frames.append(unit)
        decoder.push(frame: octets, into: &collector)
        return !collector.records.isEmpty
    }

    mutating func clear() {
        for record in collector.records { _ = frames.restore(record) }
        collector.clear()
    }

    mutating func deliver(
        _ onboardTime: (PacketRecord, Span<UInt8>) -> TAITime?,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) -> ArchiveStep {
        defer { collector.clear() }
        var start = 0
        for (record, length, isHeld) in collector.records {
            let restored = frames.restore((record, length, isHeld))
            guard isHeld else { continue }
            let octets = collector.octets.span.extracting(start..<(start + length))
            start += length
            var unit = restored
            unit.onboardTime = onboardTime(record, octets)
            if selection.matches(unit), body(unit, octets) == .stop { return .stop }
        }
        return .next
    }
}

/// Gathers the packets that one frame completes.
private struct PacketCollector: LinkSink {
    /// A packet, its length, and whether its octets were kept.
    typealias Entry = (record: PacketRecord, length: Int, isHeld: Bool)

    let apids: Set<Int>?
    private(set) var records: [Entry] = []
    private(set) var octets: [UInt8] = []
    /// Whether a frame came that says where a packet begins in it.
    var isEntry = false

    init(apids: Set<Int>?) { self.apids = apids }

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        if case .offset? = frame.firstHeaderPointer { isEntry = true }
    }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        let isHeld = apids?.contains(packet.apid) ?? true
        records.append((packet, octets.count, isHeld))
        if isHeld { self.octets.append(span: octets) }
    }

    mutating func clear() {
        records.removeAll(keepingCapacity: true)
        octets.removeAll(keepingCapacity: true)
    }
}

/// What the frames were on which a packet can still depend.
private struct FrameHistory {
    private struct Channel {
        /// Frames in the order of the decoder, with the index that it gave them.
        var frames: [(index: Int, unit: ArchiveUnit)] = []
    }

    /// No packet of CCSDS 133.0-B spans more frames than it has octets.
    private static let limit = 1 << 16

    private var channels: [ChannelKey: Channel] = [:]
    private var count = 0

    mutating func append(_ unit: ArchiveUnit) {
        let key = ChannelKey(unit)
        channels[key, default: Channel()].frames.append((count, unit))
        if let frames = channels[key]?.frames, frames.count >= 2 * FrameHistory.limit {
            channels[key]?.frames.removeFirst(FrameHistory.limit)
        }
        count += 1
    }

    /// The packet as it was when its frames were first decoded.
    mutating func restore(_ entry: PacketCollector.Entry) -> ArchiveUnit {
        var unit = ArchiveUnit(packet: entry.record, length: entry.length)
        let key = ChannelKey(unit)
        guard let frames = channels[key]?.frames else { return unit }
        let first = frames.firstIndex { $0.index >= entry.record.firstFrame } ?? frames.startIndex
        var end = first
        var worst: FrameQuality?
        while end < frames.endIndex, frames[end].index <= entry.record.lastFrame {
            let unit = frames[end].unit
            if !unit.isIdle { worst = worst?.worst(unit.quality) ?? unit.quality }
            end += 1
        }
        guard end > first else { return unit }
        let last = frames[end - 1].unit
        unit.firstFrame = frames[first].unit.firstFrame
        unit.lastFrame = last.lastFrame
        unit.inputOffset = frames[first].unit.inputOffset
        unit.receptionTime = last.receptionTime
        unit.ordinal = last.ordinal
        unit.quality = worst ?? unit.quality
        // The next packet of this channel begins in the last of these frames at the earliest.
        channels[key]?.frames.removeFirst(end - 1)
        return unit
    }
}

extension LinkDescription {
    /// The description of the same frames, decoded already.
    package var decoded: LinkDescription {
        var link = self
        link.frame.length = frameLength
        link.input = .frames
        link.envelope = .none
        link.nrzm = false
        link.convolutional = nil
        link.randomizer = .none
        link.block = .none(length: nil)
        return link
    }
}

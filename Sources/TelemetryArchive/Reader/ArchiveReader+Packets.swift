public import SpaceLink

extension ArchiveReader {
    /// Visits packets in the order in which they became complete, as a decode of the whole gives them.
    ///
    /// An archive of packets gives what it keeps. From an archive of frames they are rebuilt: the index tells which
    /// chunks can hold wanted packets and from which frame on those can be rebuilt; only these chunks are read.
    ///
    /// - Parameters:
    ///   - selection: Which packets.
    ///   - link: The link description of the metadata; needed for an archive of frames. Its coding is not used, because
    ///     frames are kept decoded.
    ///   - onboardTime: Tells the time of a packet rebuilt from frames, as it was told when the archive was written.
    ///   - onDamage: Called for each chunk that is damaged, which is then left out. Without it the damage is thrown.
    ///   - body: Takes each packet and its octets.
    /// - Throws: `.link` if the description does not fit, `.damaged`, or a failure of the source.
    public func forEachPacket(
        _ selection: ArchiveSelection = ArchiveSelection(),
        link: LinkDescription?,
        onboardTime: (PacketRecord, Span<UInt8>) -> TAITime? = { _, _ in nil },
        onDamage: ((ArchiveDamage) -> Void)? = nil,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) {
        guard metadata.content == .frames else { return try forEachUnit(selection, onDamage: onDamage, body) }
        var visit = try ArchiveVisit(ofPacketsIn: self, selection, link: link)
        while let index = visit.next() {
            let reading = try read(index, for: selection)
            if try visit.take(reading, onboardTime: onboardTime, onDamage: onDamage, body) == .stop { return }
        }
    }

    /// Which chunks are decoded in one go, and from which frame on.
    func runs(for selection: ArchiveSelection) -> [ChunkRun] {
        var runs: [ChunkRun] = []
        // A writer that was told of no packet at all says nothing of them: they may be anywhere.
        let isNoted = chunks.contains { $0.keys?.contains { $0.isPackets } ?? false }
        for (index, entry) in chunks.enumerated() where selection.mayMatch(entry) {
            var needed: UInt64 = 0
            if isNoted, let keys = entry.keys {
                let matching = keys.filter { $0.isPackets && selection.mayMatch($0) }
                guard let least = matching.map(\.needed).min() else { continue }
                needed = least
            }
            let first = firstChunk(holding: needed, upTo: index)
            if let last = runs.last, first <= last.chunks.upperBound {
                runs[runs.count - 1].chunks = last.chunks.lowerBound...index
                runs[runs.count - 1].wanted.insert(index)
                if first < last.chunks.lowerBound {
                    runs[runs.count - 1].chunks = first...index
                }
                runs[runs.count - 1].firstOrdinal = min(last.firstOrdinal, Int64(clamping: needed))
            } else {
                runs.append(ChunkRun(firstOrdinal: Int64(clamping: needed), chunks: first...index, wanted: [index]))
            }
        }
        return runs
    }

    /// The chunk with a unit, or the last before it; `index` if it lies behind.
    private func firstChunk(holding ordinal: UInt64, upTo index: Int) -> Int {
        var low = 0
        var high = index
        while low < high {
            let middle = (low + high + 1) / 2
            if chunks[middle].firstOrdinal <= ordinal { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

/// Chunks of frames that are decoded in one go.
struct ChunkRun {
    var firstOrdinal: Int64
    var chunks: ClosedRange<Int>
    /// Those of them in which wanted packets can become complete.
    var wanted: Set<Int>
}

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

    /// Takes the next frame.
    ///
    /// - Returns: Whether packets may have become complete.
    mutating func push(_ unit: ArchiveUnit, _ octets: Span<UInt8>) -> Bool {
        guard unit.quality != .uncorrectable, unit.quality != .crcFailed else { return false }
        frames.append(unit)
        decoder.push(octets, into: &collector)
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

    init(apids: Set<Int>?) { self.apids = apids }

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

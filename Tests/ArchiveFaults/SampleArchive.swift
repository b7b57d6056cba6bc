import SpaceLink
public import TelemetryArchive

/// An archive in memory with everything that must be known of it to judge what is read when it was spoilt.
public struct SampleArchive: Sendable {
    /// How its writing ended.
    public enum Ending: String, Sendable, CaseIterable {
        /// With a seal.
        case sealed
        /// With a chunk, but without a seal, and without units in the journal.
        case open
        /// With the newest units in the journal.
        case journaled
    }

    /// A member, as its header tells without any check.
    public struct Member: Sendable, Equatable {
        /// Its octets in the file.
        public var range: Range<Int>
        /// The number of its kind.
        public var kind: UInt8
        /// The ordinals of its units.
        public var units: Range<Int>

        /// Whether it is a chunk, or a journal's group, of units.
        public var holdsUnits: Bool { !units.isEmpty }
    }

    /// The archive's file.
    public let octets: [UInt8]
    /// The journal beside it; none if it was sealed.
    public let journal: [UInt8]
    /// Every unit, as it was written.
    public let units: [ArchiveUnit]
    /// Their octets back to back.
    public let stream: [UInt8]
    /// Where each unit begins in the stream, and the end.
    public let bounds: [Int]
    /// The members of the archive.
    public let members: [Member]
    /// The members of the journal.
    public let groups: [Member]

    /// Writes an archive.
    ///
    /// - Parameters:
    ///   - content: What is in it.
    ///   - count: About how many octets of units.
    ///   - settings: How it is written.
    ///   - ending: How writing ended.
    ///   - seed: Whence all octets follow.
    /// - Throws: What the writer throws.
    public init(
        _ content: SampleStream.Content,
        count: Int,
        settings: ArchiveSettings,
        ending: Ending = .sealed,
        seed: UInt64 = 1
    ) throws {
        let input = try SampleStream.octets(content, count: count, seed: seed)
        let kept = content == .frames ? ArchiveContent.frames : .packets
        var live = LiveArchiveSettings()
        live.archive = settings
        live.commitOctets = max(1, settings.chunkSize / 4)
        let folder = MemoryFolder()
        let archive = try LiveArchive.create(
            "a.plar",
            in: folder,
            metadata: ArchiveMetadata(content: kept, creator: "tests", identity: [1, 2, 3, 4]),
            settings: live,
            now: 0
        )
        var recorder = Recorder(content: kept, ArchiveSink(archive, content: kept, onboardTime: SampleStream.time))
        var decoder = try LinkDecoder(SampleStream.link(content))
        for start in stride(from: 0, to: input.count, by: 1000) {
            let time = TAITime(nanoseconds: 2_000_000_000_000_000_000 + Int64(start) * 1000)
            recorder.receive(input.span.extracting(start..<min(input.count, start + 1000)), at: time, &decoder)
        }
        decoder.finish(into: &recorder)
        units = recorder.units
        stream = recorder.stream
        bounds = recorder.bounds
        try recorder.end(ending)
        octets = folder.files["a.plar"] ?? []
        let journal = folder.files.first { $0.key != "a.plar" }?.value ?? []
        self.journal = ending == .open ? [] : journal
        members = SampleArchive.members(octets)
        groups = SampleArchive.members(self.journal)
    }

    /// The least and greatest member that an octet can be in.
    public static func members(_ octets: [UInt8]) -> [Member] {
        func number(_ place: Int, _ width: Int) -> Int {
            (0..<width).reduce(0) { $0 | Int(octets[place + $1]) << (8 * $1) }
        }
        var members: [Member] = []
        var offset = 0
        while octets.count - offset > 128 {
            let first = number(offset + 36, 8)
            let size = number(offset + 20, 8)
            let units = first..<(first + number(offset + 44, 4))
            members.append(Member(range: offset..<(offset + size), kind: octets[offset + 17], units: units))
            offset += size
        }
        return members
    }
}

/// Keeps what a decoder finds, beside the archive that keeps it too.
private struct Recorder: ~Copyable, LinkSink {
    private let content: ArchiveContent
    private var sink: ArchiveSink<LiveArchive<MemoryFolder>>
    var units: [ArchiveUnit] = []
    var stream: [UInt8] = []
    var bounds = [0]

    init(content: ArchiveContent, _ sink: consuming ArchiveSink<LiveArchive<MemoryFolder>>) {
        self.content = content
        self.sink = sink
    }

    mutating func receive(_ octets: Span<UInt8>, at time: TAITime, _ decoder: inout LinkDecoder) {
        sink.receptionTime = time
        decoder.push(octets, into: &self)
    }

    consuming func end(_ ending: SampleArchive.Ending) throws(ArchiveError) {
        var sink = sink
        if let failure = sink.failure { throw failure }
        switch ending {
        case .sealed: try sink.finish()
        case .open: try sink.flush()
        case .journaled:
            var archive = sink.takeWriter()
            try archive.commit()
        }
    }

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        sink.frame(frame, octets: octets)
        guard content == .frames else { return }
        keep(ArchiveUnit(frame: frame, length: octets.count, receptionTime: sink.receptionTime), octets)
    }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        sink.packet(packet, octets: octets)
        guard content == .packets else { return }
        let time = SampleStream.time(packet, octets)
        keep(
            ArchiveUnit(
                packet: packet,
                length: octets.count,
                onboardTime: time,
                receptionTime: sink.receptionTime
            ),
            octets
        )
    }

    private mutating func keep(_ unit: ArchiveUnit, _ octets: Span<UInt8>) {
        var unit = unit
        unit.ordinal = Int64(units.count)
        units.append(unit)
        // The pointer is read only during the call and only over its own count.
        unsafe octets.withUnsafeBufferPointer { unsafe stream.append(contentsOf: $0) }
        bounds.append(stream.count)
    }
}

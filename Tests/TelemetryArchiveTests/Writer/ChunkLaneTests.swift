import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Chunks that are packed elsewhere: the writer's part of writing on several cores.
@Suite struct ChunkLaneTests {
    private static let packetLink: LinkDescription = {
        var link = LinkDescription()
        link.input = .packets
        return link
    }()

    /// Writes an archive with chunks dealt to lanes.
    private struct Edge {
        var content: ArchiveContent
        var settings: ArchiveSettings
        var laneCount: Int

        func archive(_ octets: [UInt8], by link: LinkDescription) throws -> [UInt8] {
            let storage = FailingStorage()
            var sink = ArchiveSink(
                try ArchiveWriter(
                    storage,
                    metadata: ArchiveMetadata(content: content, creator: "tests"),
                    settings: settings
                ),
                content: content,
                onboardTime: Streams.time
            )
            sink.packElsewhere()
            var decoder = try LinkDecoder(link)
            var jobs: [ChunkJob] = []
            var packed: [Int] = []
            var start = 0
            while start < octets.count {
                let end = min(octets.count, start + 997)
                sink.receptionTime = TAITime(nanoseconds: 2_000_000_000_000_000_000 + Int64(start) * 1000)
                decoder.push(octets.span.extracting(start..<end), into: &sink)
                start = end
                jobs += sink.takeJobs()
            }
            decoder.finish(into: &sink)
            sink.cut()
            jobs += sink.takeJobs()
            var results: [Int: PackedChunk] = [:]
            // One lane after the other, the last one first: the order of packing must not matter.
            for number in (0..<laneCount).reversed() {
                var lane = ChunkLane(content: content, settings: settings)
                for job in jobs where job.number % laneCount == number {
                    results[job.number] = try lane.pack(job)
                    packed.append(job.number)
                }
            }
            #expect(packed.sorted() == Array(0..<jobs.count))
            for job in jobs {
                guard let result = results[job.number] else { continue }
                try sink.append(result)
            }
            try sink.finish()
            return storage.octets
        }
    }

    private static func settings(_ size: Int, _ form: ArchiveSettings.Form) -> ArchiveSettings {
        var settings = Streams.settings(size, form)
        settings.chunksPerIndex = 2
        return settings
    }

    @Test(arguments: ArchiveContent.allCases, ArchiveSettings.Form.allCases)
    func laneCountsChangeNoUnit(content: ArchiveContent, form: ArchiveSettings.Form) throws {
        let octets =
            try content == .packets
            ? Array(Streams.steady(seed: 5, count: 900).joined())
            : Streams.frames(seed: 5, packets: 700, isSteady: true)
        let link = content == .packets ? Self.packetLink : Streams.link
        let settings = Self.settings(3000, form)
        let inline = FailingStorage()
        var sink = ArchiveSink(
            try ArchiveWriter(
                inline,
                metadata: ArchiveMetadata(content: content, creator: "tests"),
                settings: settings
            ),
            content: content,
            onboardTime: Streams.time
        )
        var decoder = try LinkDecoder(link)
        var start = 0
        while start < octets.count {
            let end = min(octets.count, start + 997)
            sink.receptionTime = TAITime(nanoseconds: 2_000_000_000_000_000_000 + Int64(start) * 1000)
            decoder.push(octets.span.extracting(start..<end), into: &sink)
            start = end
        }
        decoder.finish(into: &sink)
        try sink.finish()
        let units = try Streams.read(inline.octets)
        #expect(units.count > 60)
        for laneCount in [1, 2, 3, 7] {
            let edge = Edge(content: content, settings: settings, laneCount: laneCount)
            let archive = try edge.archive(octets, by: link)
            #expect(try Streams.read(archive) == units, "\(laneCount) lanes")
            #expect(try ArchiveReader(MemoryArchive(archive)).verify().isWhole)
            if laneCount == 1 { #expect(archive == inline.octets) }
        }
    }

    @Test func longTablesOfUnitsAreCutAlike() throws {
        // The table of units with times that follow no rule is longer than a header takes.
        let storage = FailingStorage()
        let other = FailingStorage()
        let metadata = ArchiveMetadata(content: .packets, creator: "tests")
        let settings = Self.settings(1 << 20, .packed)
        var inline = try ArchiveWriter(storage, metadata: metadata, settings: settings)
        var apart = try ArchiveWriter(other, metadata: metadata, settings: settings)
        apart.packElsewhere()
        var generator = SeededGenerator(seed: 8)
        let packet = Array(Streams.steady(seed: 1, count: 1).joined())
        let record = try #require(Recorder.records(of: [packet]).first)
        for _ in 0..<20_000 {
            let time = TAITime(nanoseconds: Int64(bitPattern: generator.next()) >> 1)
            try inline.append(packet: record, onboardTime: time, octets: packet.span)
            try apart.append(packet: record, onboardTime: time, octets: packet.span)
        }
        try inline.finish()
        apart.cut()
        var lane = ChunkLane(content: .packets, settings: settings)
        for job in apart.takeJobs() {
            let packed = try lane.pack(job)
            try apart.append(packed)
        }
        try apart.finish()
        #expect(storage.octets == other.octets)
        // readme, metadata, at least two parts of the table, chunk, index, seal
        #expect(try ArchiveReader(MemoryArchive(other.octets)).memberCount > 6)
        #expect(try Streams.read(other.octets).count == 20_000)
    }

    @Test func finishPacksWhatNobodyTook() throws {
        let packets = Streams.steady(seed: 3, count: 400)
        let storage = FailingStorage()
        var writer = try ArchiveWriter(
            storage,
            metadata: ArchiveMetadata(content: .packets, creator: "tests"),
            settings: Self.settings(2000, .packed)
        )
        writer.packElsewhere()
        for (record, packet) in zip(try Recorder.records(of: packets), packets) {
            try writer.append(packet: record, onboardTime: nil, octets: packet.span)
        }
        #expect(writer.committed.units == 0)
        try writer.flush()
        #expect(writer.committed.units == 400)
        try writer.finish()
        #expect(try Streams.read(storage.octets).map(\.octets) == packets)
    }

    @Test func whatIsCommittedIsWhatCameBack() throws {
        let packets = Streams.steady(seed: 4, count: 300)
        var writer = try ArchiveWriter(
            FailingStorage(),
            metadata: ArchiveMetadata(content: .packets, creator: "tests"),
            settings: Self.settings(1500, .packed)
        )
        writer.packElsewhere()
        for (record, packet) in zip(try Recorder.records(of: packets), packets) {
            try writer.append(packet: record, onboardTime: nil, octets: packet.span)
        }
        let jobs = writer.takeJobs()
        #expect(jobs.map(\.number) == Array(0..<jobs.count))
        #expect(jobs.count > 2)
        #expect(writer.takeJobs().isEmpty)
        var lane = ChunkLane(content: .packets, settings: Self.settings(1500, .packed))
        var before: Int64 = 0
        for job in jobs {
            let packed = try lane.pack(job)
            #expect(writer.committed.units == before)
            try writer.append(packed)
            #expect(writer.committed.units > before)
            before = writer.committed.units
        }
        #expect(before < writer.appended.units)
        try writer.finish()
        #expect(writer.committed == writer.appended)
    }
}

/// Keeps what a link decoder says of packets.
private struct Recorder: LinkSink {
    private var records: [PacketRecord] = []

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) { records.append(packet) }

    static func records(of packets: [[UInt8]]) throws -> [PacketRecord] {
        var recorder = Recorder()
        var link = LinkDescription()
        link.input = .packets
        var decoder = try LinkDecoder(link)
        let stream = Array(packets.joined())
        decoder.push(stream.span, into: &recorder)
        decoder.finish(into: &recorder)
        #expect(recorder.records.count == packets.count)
        return recorder.records
    }
}

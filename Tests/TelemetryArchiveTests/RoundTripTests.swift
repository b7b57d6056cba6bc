import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct RoundTripTests {
    static let chunkSizes = [1, 100, 4096, 50_000, 1 << 20]

    @Test(arguments: chunkSizes, ArchiveSettings.Form.allCases)
    func framesComeBackAsTheyWere(chunkSize: Int, form: ArchiveSettings.Form) throws {
        let stream = try Streams.frames(seed: 1, packets: 2000)
        let archive = try Streams.archive(
            stream,
            by: Streams.link,
            content: .frames,
            settings: Streams.settings(chunkSize, form)
        )
        let expected = try Streams.decode(stream, by: Streams.link).frames
        let read = try Streams.read(archive)
        #expect(read.map(\.essence) == expected.map(\.essence))
        #expect(read.map(\.unit.ordinal) == Array(0..<Int64(expected.count)))
        #expect(read.allSatisfy { $0.unit.receptionTime != nil })
    }

    @Test(arguments: chunkSizes, ArchiveSettings.Form.allCases)
    func packetsComeBackAsTheyWere(chunkSize: Int, form: ArchiveSettings.Form) throws {
        let stream = Array(Streams.packets(seed: 2, count: 1500).joined())
        var link = LinkDescription()
        link.input = .packets
        let archive = try Streams.archive(
            stream,
            by: link,
            content: .packets,
            settings: Streams.settings(chunkSize, form)
        )
        let expected = try Streams.decode(stream, by: link).packets
        #expect(try Streams.read(archive).map(\.essence) == expected.map(\.essence))
        #expect(Array(try Streams.read(archive).map(\.octets).joined()) == stream)
    }

    @Test func anEmptyArchiveIsWhole() throws {
        let storage = FailingStorage()
        var writer = try ArchiveWriter(storage, metadata: ArchiveMetadata(content: .packets, creator: "tests"))
        try writer.finish()
        let reader = try ArchiveReader(MemoryArchive(storage.octets))
        #expect(reader.end == .sealed)
        #expect(reader.totals == ArchiveTotals())
        #expect(try reader.verify().isWhole)
    }

    @Test func metadataSaysWhatWasSaidLast() throws {
        var metadata = ArchiveMetadata(content: .frames, creator: "perilune 1", mission: "luna-25")
        metadata.link = Array(#"{"input":"frames"}"#.utf8)
        metadata.timeCode = Array(#"{"code":"cuc"}"#.utf8)
        let storage = FailingStorage()
        var writer = try ArchiveWriter(storage, metadata: metadata)
        metadata.origin = ArchiveMetadata.Origin(
            name: "pass.cadu",
            size: 70_000,
            sha256: [UInt8](repeating: 7, count: 32)
        )
        metadata.durability = "durable"
        try writer.write(metadata: metadata)
        #expect(try ArchiveReader(MemoryArchive(storage.octets)).metadata == metadata)
        try writer.finish()
        #expect(try ArchiveReader(MemoryArchive(storage.octets)).metadata == metadata)
    }

    @Test(arguments: [
        FrameQuality.good, .unchecked, .uncorrectable, .crcFailed, .corrected(0), .corrected(1), .corrected(80),
    ])
    func everyQualityIsKept(quality: FrameQuality) throws {
        let stream = try Streams.frames(seed: 3, packets: 20)
        var frames: [(FrameRecord, [UInt8])] = []
        var decoder = try LinkDecoder(Streams.link)
        var sink = RecordSink()
        decoder.push(stream.span, into: &sink)
        frames = sink.frames
        let storage = FailingStorage()
        var writer = try ArchiveWriter(storage, metadata: ArchiveMetadata(content: .frames, creator: "tests"))
        for (frame, octets) in frames {
            var frame = frame
            frame.quality = quality
            try writer.append(frame: frame, octets: octets.span)
        }
        try writer.finish()
        #expect(try Streams.read(storage.octets).allSatisfy { $0.unit.quality == quality })
    }

    @Test func aWriterRefusesWhatDoesNotBelong() throws {
        var writer = try ArchiveWriter(
            FailingStorage(),
            metadata: ArchiveMetadata(content: .packets, creator: "tests")
        )
        var sink = RecordSink()
        var decoder = try LinkDecoder(Streams.link)
        let stream = try Streams.frames(seed: 4, packets: 50)
        decoder.push(stream.span, into: &sink)
        let (frame, octets) = sink.frames[0]
        let huge = [UInt8](repeating: 0, count: (8 << 20) + 1)
        let packet = sink.packets[0].0
        let errors: [ArchiveError?] = [
            failure(of: &writer) { writer throws(ArchiveError) in
                try writer.append(frame: frame, octets: octets.span)
            },
            failure(of: &writer) { writer throws(ArchiveError) in
                try writer.append(packet: packet, onboardTime: nil, octets: huge.span)
            },
            failure(of: &writer) { writer throws(ArchiveError) in try writer.finish() },
            failure(of: &writer) { writer throws(ArchiveError) in try writer.flush() },
            failure(of: &writer) { writer throws(ArchiveError) in try writer.finish() },
        ]
        let expected: [ArchiveError?] = [
            .wrongContent(expected: .packets),
            .limit(what: "length of a unit", value: (8 << 20) + 1, limit: 8 << 20),
            nil,
            .writerFinished,
            .writerFinished,
        ]
        #expect(errors == expected)
    }

    /// The error of one call; a writer cannot be captured by the closures of `#expect(throws:)`.
    private func failure(
        of writer: inout ArchiveWriter<FailingStorage>,
        _ call: (inout ArchiveWriter<FailingStorage>) throws(ArchiveError) -> Void
    ) -> ArchiveError? {
        do throws(ArchiveError) {
            try call(&writer)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [0, -1, 9 << 20])
    func impossibleChunkSizesAreRefused(size: Int) {
        #expect(throws: ArchiveError.limit(what: "chunk size", value: Int64(size), limit: 8 << 20)) {
            _ = try ArchiveWriter(
                FailingStorage(),
                metadata: ArchiveMetadata(content: .packets, creator: "tests"),
                settings: ArchiveSettings(chunkSize: size)
            )
        }
    }

    @Test func aTableOfUnitsTooLongForOneHeaderIsSplit() throws {
        // Times at random cost eight octets each: more than a gzip header holds.
        var generator = SeededGenerator(seed: 5)
        var link = LinkDescription()
        link.input = .packets
        var sink = RecordSink()
        var decoder = try LinkDecoder(link)
        let stream = Array(Streams.packets(seed: 5, count: 30_000).joined())
        decoder.push(stream.span, into: &sink)
        let storage = FailingStorage()
        var settings = ArchiveSettings(chunkSize: 8 << 20)
        settings.level = 1
        var writer = try ArchiveWriter(
            storage,
            metadata: ArchiveMetadata(content: .packets, creator: "tests"),
            settings: settings
        )
        var times: [TAITime] = []
        for (packet, octets) in sink.packets {
            times.append(TAITime(nanoseconds: Int64(generator.next() >> 2)))
            try writer.append(packet: packet, onboardTime: nil, receptionTime: times.last, octets: octets.span)
        }
        try writer.finish()
        let kept = try Streams.read(storage.octets)
        #expect(kept.map(\.unit.receptionTime) == times)
        #expect(kept.map(\.octets) == sink.packets.map(\.1))
        #expect(try ArchiveReader(MemoryArchive(storage.octets)).verify().isWhole)
        #expect(try ArchiveReader(MemoryArchive(storage.octets)).memberCount > 6)
    }
}

/// Keeps records as the decoder gave them.
struct RecordSink: LinkSink {
    var frames: [(FrameRecord, [UInt8])] = []
    var packets: [(PacketRecord, [UInt8])] = []

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) { frames.append((frame, octets.copied)) }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) { packets.append((packet, octets.copied)) }
}

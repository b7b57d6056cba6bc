import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct PackedTests {
    /// An archive of units that are whatever they are.
    static func archive(_ units: [[UInt8]], content: ArchiveContent, settings: ArchiveSettings) throws -> [UInt8] {
        var decoder = try LinkDecoder(Streams.link)
        var sink = RecordSink()
        let stream = try Streams.frames(seed: 61, packets: 60)
        decoder.push(stream.span, into: &sink)
        let frame = sink.frames[0].0
        let packet = sink.packets[0].0
        let storage = FailingStorage()
        var archiveSink = ArchiveSink(
            try ArchiveWriter(
                storage,
                metadata: ArchiveMetadata(content: content, creator: "tests"),
                settings: settings
            ),
            content: content,
            onboardTime: { _, _ in nil }
        )
        for unit in units where content == .frames { archiveSink.frame(frame, octets: unit.span) }
        for unit in units where content == .packets { archiveSink.packet(packet, octets: unit.span) }
        try archiveSink.finish()
        return storage.octets
    }

    /// Kinds of the members of an archive.
    static func kinds(_ archive: [UInt8]) -> [UInt8] {
        var kinds: [UInt8] = []
        var offset = 0
        while offset + 28 <= archive.count {
            kinds.append(archive[offset + 17])
            offset += (0..<8).reduce(0) { $0 | Int(archive[offset + 20 + $1]) << (8 * $1) }
        }
        return kinds
    }

    /// Units of many shapes: noise, short ones, packets with counters and floats, headers that lie.
    private static func units(_ generator: inout SeededGenerator) -> [[UInt8]] {
        let noise = Int(generator.next() % 4)
        let count = 1 + Int(generator.next() % 120)
        let lengths = (0..<(1 + Int(generator.next() % 6))).map { _ in Int(generator.next() % 90) }
        return (0..<count).map { index in
            let length = lengths[Int(generator.next() % UInt64(lengths.count))]
            var unit = generator.octets(length)
            for place in 0..<length where Int(generator.next() % 4) >= noise {
                unit[place] = UInt8(truncatingIfNeeded: place * 7 + index * (place % 5))
            }
            guard length > 6, generator.next() % 8 != 0 else { return unit }
            unit.replaceSubrange(0..<2, with: [UInt8(length & 1), UInt8(length)])
            unit.replaceSubrange(4..<6, with: [UInt8((length - 7) >> 8), UInt8((length - 7) & 0xFF)])
            return unit
        }
    }

    @Test(arguments: [ArchiveContent.packets, .frames], 0..<60)
    func unitsOfAnyShapeComeBack(content: ArchiveContent, seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 6200)
        let units = PackedTests.units(&generator)
        let settings = Streams.settings([300, 2000, 1 << 20][seed % 3], .packed)
        let archive = try PackedTests.archive(units, content: content, settings: settings)
        #expect(try Streams.read(archive).map(\.octets) == units)
        #expect(try ArchiveReader(MemoryArchive(archive)).verify().isWhole)
    }

    @Test(arguments: [ArchiveContent.packets, .frames])
    func noiseIsWrittenRaw(content: ArchiveContent) throws {
        var generator = SeededGenerator(seed: 63)
        let units = (0..<200).map { _ in generator.octets(Int(generator.next() % 400)) }
        let settings = Streams.settings(20_000, .packed)
        let archive = try PackedTests.archive(units, content: content, settings: settings)
        #expect(try Streams.read(archive).map(\.octets) == units)
        #expect(!PackedTests.kinds(archive).contains(3))
    }

    @Test func theSameUnitsGiveTheSameArchive() throws {
        let stream = try Streams.frames(seed: 64, packets: 900, isSteady: true)
        let settings = Streams.settings(30_000, .packed)
        let first = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
        let second = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
        #expect(first == second)
        #expect(PackedTests.kinds(first).contains(3))
    }

    @Test(arguments: [ArchiveContent.packets, .frames])
    func countersAndChecksumsCostNextToNothing(content: ArchiveContent) throws {
        let stream =
            content == .frames
            ? try Streams.frames(seed: 65, packets: 2000, isSteady: true)
            : Array(Streams.steady(seed: 65, count: 2000).joined())
        var link = Streams.link
        if content == .packets { link.input = .packets }
        func size(_ form: ArchiveSettings.Form) throws -> Int {
            try Streams.archive(stream, by: link, content: content, settings: Streams.settings(1 << 20, form)).count
        }
        #expect(try size(.packed) < size(.raw) / 2)
    }

    @Test func everyBitOfAPackedChunkCounts() throws {
        let stream = Array(Streams.steady(seed: 66, count: 40).joined())
        var link = LinkDescription()
        link.input = .packets
        let archive = try Streams.archive(stream, by: link, content: .packets)
        #expect(PackedTests.kinds(archive).contains(3))
        let place = (0..<archive.count - 20).first {
            archive[$0] == 0x1F && archive[$0 + 1] == 0x8B && archive[$0 + 12] == 0x50 && archive[$0 + 17] == 3
        }
        let start = try #require(place)
        let length = (0..<8).reduce(0) { $0 | Int(archive[start + 20 + $1]) << (8 * $1) }
        for bit in (start * 8)..<((start + length) * 8) {
            var damaged = archive
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let report = try ArchiveReader.verify(MemoryArchive(damaged))
            #expect(!report.isUndamaged, "bit \(bit)")
            #expect(report.readable.units == 0, "bit \(bit)")
        }
    }
}

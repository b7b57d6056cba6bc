import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct QueryTests {
    private func selection(_ generator: inout SeededGenerator, count: Int) -> ArchiveSelection {
        var selection = ArchiveSelection()
        if generator.next() % 2 == 0 {
            selection.apids = Set(
                (0...(generator.next() % 3)).map { _ in [3, 17, 256, 1000, 2047][Int(generator.next() % 5)] }
            )
        }
        if generator.next() % 3 == 0 {
            selection.channels = [ArchiveChannel(spacecraft: 91, virtualChannel: generator.next() % 2 == 0 ? 1 : 5)]
        }
        if generator.next() % 2 == 0 {
            let from = Int64(generator.next() % UInt64(10 * count))
            let until = from + Int64(generator.next() % UInt64(2 * count))
            selection.from = TAITime(nanoseconds: (2_000_000_000 + from) * 1_000_000_000)
            selection.until = TAITime(nanoseconds: (2_000_000_000 + until) * 1_000_000_000)
        }
        if generator.next() % 4 == 0 { selection.includesIdle = false }
        return selection
    }

    @Test(arguments: [(900, true), (900, false), (20_000, true), (1 << 20, true)])
    func aQueryEqualsTheFilteredDecode(chunkSize: Int, isSealed: Bool) throws {
        let count = 1500
        var generator = SeededGenerator(seed: 21)
        let stream = try Streams.frames(seed: 20, packets: count)
        var settings = ArchiveSettings(chunkSize: chunkSize)
        settings.chunksPerIndex = 10
        let archive = try Streams.archive(
            stream,
            by: Streams.link,
            content: .frames,
            settings: settings,
            isSealed: isSealed
        )
        let whole = try Streams.decode(stream, by: Streams.link).packets
        #expect(try Streams.kept(archive, ArchiveSelection()).map(\.essence) == whole.map(\.essence))
        for round in 0..<60 {
            let selection = selection(&generator, count: count)
            let expected = whole.filter { selection.matches($0.unit) }
            let found = try Streams.kept(archive, selection)
            #expect(found.map(\.essence) == expected.map(\.essence), "round \(round): \(selection)")
        }
    }

    @Test func onlyTheChunksThatAreNeededAreRead() throws {
        let stream = try Streams.frames(seed: 22, packets: 4000, lost: 0)
        let archive = try Streams.archive(
            stream,
            by: Streams.link,
            content: .frames,
            settings: ArchiveSettings(chunkSize: 4096)
        )
        let source = CountingSource(octets: archive)
        let reader = try ArchiveReader(source)
        let opened = source.count
        var selection = ArchiveSelection()
        selection.apids = [256]
        selection.from = TAITime(nanoseconds: 2_000_020_000 * 1_000_000_000)
        selection.until = TAITime(nanoseconds: 2_000_020_200 * 1_000_000_000)
        var found = 0
        try reader.forEachPacket(selection, link: Streams.link, onboardTime: Streams.time) { _, _ in
            found += 1
            return .next
        }
        #expect(found > 0)
        #expect(source.count - opened < archive.count / 10)
    }

    @Test func qualityAndPlacesOfTheFirstDecodeComeBack() throws {
        let stream = try Streams.frames(seed: 23, packets: 600)
        var frames = RecordSink()
        var decoder = try LinkDecoder(Streams.link)
        decoder.push(stream.span, into: &frames)
        let storage = FailingStorage()
        var writer = try ArchiveWriter(storage, metadata: ArchiveMetadata(content: .frames, creator: "tests"))
        // As if each fifth frame had been corrected, and came 1000 octets apart in the input.
        for (index, (frame, octets)) in frames.frames.enumerated() {
            var frame = frame
            frame.quality = index % 5 == 0 ? .corrected(index % 7) : .good
            frame.index = 3 * index + 2
            frame.inputOffset = Int64(1000 * index)
            try writer.append(frame: frame, octets: octets.span)
        }
        try writer.finish()
        let found = try Streams.kept(storage.octets, ArchiveSelection())
        let whole = frames.packets
        #expect(found.count == whole.count)
        for (kept, (packet, _)) in zip(found, whole) {
            #expect(kept.unit.firstFrame == 3 * packet.firstFrame + 2)
            #expect(kept.unit.lastFrame == 3 * packet.lastFrame + 2)
            #expect(kept.unit.inputOffset == Int64(1000 * packet.firstFrame))
            let indices = (packet.firstFrame...packet.lastFrame).filter {
                frames.frames[$0].0.virtualChannel == packet.virtualChannel
            }
            let corrected = indices.filter { $0 % 5 == 0 }
            let expected: FrameQuality =
                corrected.isEmpty ? .good : .corrected(corrected.reduce(0) { $0 + $1 % 7 })
            #expect(kept.unit.quality == expected)
        }
        var selection = ArchiveSelection()
        selection.qualities = .corrected
        #expect(try Streams.kept(storage.octets, selection) == found.filter { $0.unit.quality != .good })
    }

    @Test func badFramesAreKeptAndNotDecoded() throws {
        let stream = try Streams.frames(seed: 24, packets: 300, lost: 0)
        var frames = RecordSink()
        var decoder = try LinkDecoder(Streams.link)
        decoder.push(stream.span, into: &frames)
        let storage = FailingStorage()
        var writer = try ArchiveWriter(storage, metadata: ArchiveMetadata(content: .frames, creator: "tests"))
        var rest: [UInt8] = []
        for (index, (frame, octets)) in frames.frames.enumerated() {
            var frame = frame
            if index % 10 == 4 { frame.quality = .crcFailed } else { rest += octets }
            try writer.append(frame: frame, octets: octets.span)
        }
        try writer.finish()
        let expected = try Streams.decode(rest, by: Streams.link).packets
        #expect(try Streams.kept(storage.octets, ArchiveSelection()).map(\.octets) == expected.map(\.octets))
    }

    @Test func aPacketArchiveIsQueriedByEachKey() throws {
        let stream = Array(Streams.packets(seed: 25, count: 2000).joined())
        var link = LinkDescription()
        link.input = .packets
        let archive = try Streams.archive(
            stream,
            by: link,
            content: .packets,
            settings: ArchiveSettings(chunkSize: 3000)
        )
        let whole = try Streams.read(archive)
        var generator = SeededGenerator(seed: 26)
        for _ in 0..<60 {
            var wanted = selection(&generator, count: 2000)
            if wanted.channels != nil { wanted.channels = [ArchiveChannel(spacecraft: 0, virtualChannel: 0)] }
            if generator.next() % 3 == 0 {
                wanted.ordinals = Int64(generator.next() % 1000)..<Int64(1000 + generator.next() % 1000)
            }
            if generator.next() % 5 == 0 {
                wanted.clock = .reception
                wanted.from = TAITime(nanoseconds: 2_000_000_000_010_000_000)
                wanted.until = TAITime(nanoseconds: 2_000_000_000_050_000_000)
            }
            #expect(try Streams.kept(archive, wanted) == whole.filter { wanted.matches($0.unit) })
        }
    }

    @Test func aWrongLinkIsRefused() throws {
        let archive = try Streams.archive(
            try Streams.frames(seed: 27, packets: 30),
            by: Streams.link,
            content: .frames
        )
        let reader = try ArchiveReader(MemoryArchive(archive))
        var other = Streams.link
        other.frame.length = 300
        #expect(throws: ArchiveError.link(reason: "frame 0 has 220 octets, the link 300")) {
            try reader.forEachPacket(link: other) { _, _ in .next }
        }
        #expect(throws: ArchiveError.link(reason: "none was given")) {
            try reader.forEachPacket(link: nil) { _, _ in .next }
        }
    }

    @Test(arguments: [true, false]) func framesOfAnyLengthAreDecoded(hasErrorControl: Bool) throws {
        var link = LinkDescription()
        link.input = .frames
        link.block = .none(length: nil)
        link.frame.type = .uslp
        link.frame.fecf = hasErrorControl
        var encoder = try LinkEncoder(link, spacecraft: 40_000)
        var generator = SeededGenerator(seed: 30)
        var stream: [UInt8] = []
        var lengths: Set<Int> = []
        for packet in Streams.packets(seed: 30, count: 900) {
            encoder.push(packet: packet.span, virtualChannel: 1) { _, frame in
                guard generator.next() % 20 != 0 else { return }
                stream += frame.copied
                lengths.insert(frame.count)
            }
        }
        encoder.flush(virtualChannel: 1) { _, frame in stream += frame.copied }
        #expect(lengths.count > 3)
        let archive = try Streams.archive(
            stream,
            by: link,
            content: .frames,
            settings: ArchiveSettings(chunkSize: 4000)
        )
        let whole = try Streams.decode(stream, by: link).packets
        for apid in [nil, 17, 256] {
            var selection = ArchiveSelection()
            selection.apids = apid.map { [$0] }
            var found: [Kept] = []
            try ArchiveReader(MemoryArchive(archive)).forEachPacket(
                selection,
                link: link,
                onboardTime: Streams.time
            ) { unit, octets in
                found.append(Kept(unit: unit, octets: octets.copied))
                return .next
            }
            #expect(!found.isEmpty)
            #expect(found.map(\.essence) == whole.filter { selection.matches($0.unit) }.map(\.essence))
        }
    }

    @Test func theVisitorCanStop() throws {
        let archive = try Streams.archive(
            try Streams.frames(seed: 28, packets: 300),
            by: Streams.link,
            content: .frames
        )
        let reader = try ArchiveReader(MemoryArchive(archive))
        var count = 0
        try reader.forEachPacket(link: Streams.link) { _, _ in
            count += 1
            return count == 7 ? .stop : .next
        }
        #expect(count == 7)
    }

    @Test func infoCountsWhatADecodeCounts() throws {
        let stream = try Streams.frames(seed: 29, packets: 1200)
        var settings = ArchiveSettings(chunkSize: 5000)
        settings.chunksPerIndex = 7
        let archive = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
        let info = try ArchiveReader(MemoryArchive(archive)).info()
        let whole = try Streams.decode(stream, by: Streams.link)
        for content in info.contents {
            let units = (content.apid == nil ? whole.frames : whole.packets).filter {
                $0.unit.virtualChannel == content.channel.virtualChannel
                    && (content.apid == nil || $0.unit.apid == content.apid)
            }
            #expect(content.count == Int64(units.count))
            #expect(content.octets == Int64(units.reduce(0) { $0 + $1.octets.count }))
            let times = units.compactMap(\.unit.onboardTime)
            #expect(content.onboard?.lowerBound == times.min())
            #expect(content.onboard?.upperBound == times.max())
        }
        let channels = Set(whole.frames.map(\.unit.virtualChannel))
        let applications = Set(whole.packets.map { [$0.unit.virtualChannel, $0.unit.apid] })
        #expect(info.contents.count == channels.count + applications.count)
        #expect(info.totals.units == Int64(whole.frames.count))
        #expect(info.unindexedChunks == 0)
    }
}

/// Counts the octets that are read.
final class CountingSource: ArchiveSource {
    private let memory: MemoryArchive
    private(set) var count = 0
    var size: Int64 { memory.size }

    init(octets: [UInt8]) { memory = MemoryArchive(octets) }

    func read(at offset: Int64, into buffer: inout [UInt8], count: Int) throws(ArchiveError) {
        try memory.read(at: offset, into: &buffer, count: count)
        self.count += buffer.count
    }
}

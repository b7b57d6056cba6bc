import ArchiveFaults
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Archives that are joined.
@Suite struct ArchiveMergeTests {
    /// An archive of a stretch of a stream, as if that had been recorded alone.
    private func archive(
        _ units: ArraySlice<[UInt8]>,
        _ content: ArchiveContent,
        chunkSize: Int = 2000,
        form: ArchiveSettings.Form = .packed,
        name: String = "a"
    ) throws -> [UInt8] {
        var metadata = ArchiveMetadata(content: content, creator: "tests")
        metadata.origin = ArchiveMetadata.Origin(name: name)
        let storage = FailingStorage()
        var settings = Streams.settings(chunkSize, form)
        settings.chunksPerIndex = 5
        let writer = try ArchiveWriter(storage, metadata: metadata, settings: settings)
        var sink = ArchiveSink(writer, content: content, onboardTime: Streams.time)
        var decoder = try LinkDecoder(content == .packets ? Self.packetLink : Streams.link)
        decoder.push(Array(units.joined()).span, into: &sink)
        decoder.finish(into: &sink)
        try sink.finish()
        return storage.octets
    }

    private static let packetLink: LinkDescription = {
        var link = LinkDescription()
        link.input = .packets
        return link
    }()

    private func merge(
        _ archives: [[UInt8]],
        journals: [[[UInt8]]] = [],
        chunkSize: Int = 2000
    ) throws -> (MergeReport, [UInt8]) {
        let readers = try archives.enumerated().map { index, octets in
            let beside = index < journals.count ? journals[index] : []
            return try ArchiveReader(MemoryArchive(octets), journals: beside.map { MemoryArchive($0) })
        }
        let merge = try ArchiveMerge(readers, link: Streams.link, onboardTime: Streams.time)
        let merged = try merge.run(into: MemoryArchive(), settings: Streams.settings(chunkSize, .packed))
        let report = merged.report
        let octets = merged.takeStorage().octets
        let check = try ArchiveReader.verify(MemoryArchive(octets))
        #expect(check.isWhole, "\(check.damage)")
        #expect(check.readable == report.kept)
        return (report, octets)
    }

    /// The deflate streams of all members that hold units, found by nothing but sizes.
    private func payloads(_ archive: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var offset = 0
        while offset + 128 <= archive.count {
            let head = 12 + Int(archive[offset + 10]) + Int(archive[offset + 11]) << 8
            let size = (0..<8).reduce(0) { $0 | Int(archive[offset + 20 + $1]) << (8 * $1) }
            if [2, 3].contains(archive[offset + 17]) {
                found.append(Array(archive[(offset + head)..<(offset + size)]))
            }
            offset += size
        }
        return found
    }

    /// Cuts a stream into pieces, some of which begin before the one before ends, and some of which are whole copies.
    private func pieces(_ count: Int, _ generator: inout SeededGenerator) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var end = 0
        while end < count {
            let back = generator.next() % 3 == 0 ? Int(generator.next() % 120) : 0
            let start = max(0, end - back)
            end = min(count, end + 60 + Int(generator.next() % 300))
            ranges.append(start..<end)
            if generator.next() % 4 == 0 { ranges.append(start..<end) }
        }
        for index in ranges.indices { ranges.swapAt(index, Int(generator.next() % UInt64(ranges.count))) }
        return ranges
    }

    // MARK: Packets

    @Test func whatDoesNotOverlapIsTakenOverAsItIs() throws {
        let packets = Streams.steady(seed: 81, count: 1200)
        let parts = [packets[0..<500], packets[500..<620], packets[620..<1200]]
        let archives = try parts.map { try archive($0, .packets) }
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let (report, merged) = try merge(order.map { archives[$0] })
            #expect(try Streams.read(merged).map(\.octets) == packets)
            #expect(try Streams.read(merged).map(\.unit.ordinal) == Array(0..<1200))
            #expect(payloads(merged) == archives.flatMap { payloads($0) })
            #expect(report.mergedChunks == 0 && report.copies.units == 0 && report.clock == .onboard)
            #expect(report.adoptedChunks == payloads(merged).count)
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>) func piecesInAnyOrderMakeTheWhole(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 900 + seed)
        let packets = Streams.steady(seed: seed, count: 1500)
        let pieces = pieces(packets.count, &generator)
        let archives = try pieces.map {
            try archive(packets[$0], .packets, chunkSize: 500 + Int(generator.next() % 3000))
        }
        let (report, merged) = try merge(archives)
        #expect(try Streams.read(merged).map(\.octets) == packets, "\(pieces)")
        let given = pieces.reduce(0) { $0 + $1.count }
        #expect(report.copies.units == Int64(given - packets.count))
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func latePacketsAreKeptOnceToo(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 950 + seed)
        let packets = Streams.packets(seed: seed, count: 900)
        let archives = try pieces(packets.count, &generator).map {
            try archive(packets[$0], .packets, form: seed % 2 == 0 ? .raw : .packed)
        }
        let (_, merged) = try merge(archives)
        let units = try Streams.read(merged).map(\.octets)
        #expect(units.count == packets.count)
        #expect(Set(units) == Set(packets))
    }

    @Test func aCopyOfAnArchiveIsDroppedWithoutBeingUnpacked() throws {
        let packets = Streams.packets(seed: 82, count: 900)
        let whole = try archive(packets[...], .packets)
        let (report, merged) = try merge([whole, whole, whole])
        #expect(payloads(merged) == payloads(whole))
        #expect(report.droppedChunks == 2 * payloads(whole).count && report.mergedChunks == 0)
        #expect(try Streams.read(merged) == Streams.read(whole))
    }

    @Test func theIndexOfTheResultFindsWhatIsThere() throws {
        let packets = Streams.packets(seed: 83, count: 2000)
        let archives = try [packets[0..<700], packets[600..<2000]].map { try archive($0, .packets) }
        let (_, merged) = try merge(archives)
        let reader = try ArchiveReader(MemoryArchive(merged))
        #expect(try reader.info().unindexedChunks == 0)
        for apid in [3, 17, 256, 1000, 2047] {
            var selection = ArchiveSelection()
            selection.apids = [apid]
            let wanted = packets.filter { Int($0[0] & 7) << 8 | Int($0[1]) == apid }
            #expect(Set(try Streams.read(merged, selection).map(\.octets)) == Set(wanted))
        }
    }

    // MARK: Frames

    private func frames(_ seed: UInt64, packets: Int, lost: Int = 17) throws -> [[UInt8]] {
        let octets = try Streams.frames(seed: seed, packets: packets, lost: lost, isSteady: true)
        return stride(from: 0, to: octets.count, by: 220).map { Array(octets[$0..<$0 + 220]) }
    }

    private func channel(_ frame: [UInt8]) -> UInt8 { frame[1] & 0x3F }

    @Test(arguments: [true, false]) func framesThatDoNotOverlapDecodeAsIfRecordedInOneGo(isOneChannel: Bool) throws {
        let frames = try frames(84, packets: 3000).filter { !isOneChannel || channel($0) == 5 }
        // Packets go on over both seams.
        let parts = [frames[0..<130], frames[130..<200], frames[200...]]
        let archives = try parts.map { try archive($0, .frames, chunkSize: 4400) }
        let (report, merged) = try merge([archives[2], archives[0], archives[1]])
        // A channel whose packets take longer to fill makes two chunks overlap at a seam.
        #expect(report.mergedChunks <= (isOneChannel ? 0 : 4))
        if isOneChannel { #expect(payloads(merged) == archives.flatMap { payloads($0) }) }
        #expect(try Streams.read(merged).map(\.octets) == frames)
        let whole = try Streams.decode(Array(frames.joined()), by: Streams.link).packets
        #expect(try Streams.kept(merged).map(\.octets) == whole.map(\.octets))
        #expect(try Streams.kept(merged).map(\.unit.gapBefore) == whole.map(\.unit.gapBefore))
        var generator = SeededGenerator(seed: 85)
        for _ in 0..<40 {
            var selection = ArchiveSelection()
            if generator.next() % 2 == 0 { selection.apids = [generator.next() % 2 == 0 ? 17 : 77] }
            let from = 0x7735_0000 + Int64(generator.next() % 3000)
            selection.from = TAITime(nanoseconds: from * 1_000_000_000)
            selection.until = TAITime(nanoseconds: (from + Int64(generator.next() % 200)) * 1_000_000_000)
            let expected = whole.filter { selection.matches($0.unit) }
            #expect(try Streams.kept(merged, selection).map(\.octets) == expected.map(\.octets))
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func overlappingFramesStayInTheirChannelsOrder(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 970 + seed)
        let frames = try frames(seed, packets: 4000, lost: 23)
        let pieces = pieces(frames.count, &generator)
        // Each recording lacks some frames of its own; those that all lack are lost.
        let recordings = pieces.map { piece in
            Array(frames[piece].filter { _ in generator.next() % 9 != 0 })
        }
        let archives = try recordings.map { try archive($0[...], .frames, chunkSize: 3300) }
        let (_, merged) = try merge(archives)
        let units = try Streams.read(merged).map(\.octets)
        let received = Set(recordings.joined())
        let expected = frames.filter { received.contains($0) }
        for channel: UInt8 in [1, 5] {
            let own = units.filter { self.channel($0) == channel }
            #expect(own == expected.filter { self.channel($0) == channel }, "channel \(channel) of \(pieces)")
        }
        let decoded = try Streams.decode(Array(units.joined()), by: Streams.link).packets
        #expect(try Streams.kept(merged).map(\.octets) == decoded.map(\.octets))
    }

    @Test func theCopyOfBetterQualityStays() throws {
        let frames = try frames(86, packets: 600, lost: 0)
        func recording(_ isGood: (Int) -> Bool) throws -> [UInt8] {
            var sink = RecordSink()
            var decoder = try LinkDecoder(Streams.link)
            decoder.push(Array(frames.joined()).span, into: &sink)
            let storage = FailingStorage()
            var writer = try ArchiveWriter(storage, metadata: ArchiveMetadata(content: .frames, creator: "tests"))
            for (index, (frame, octets)) in sink.frames.enumerated() {
                var frame = frame
                frame.quality = isGood(index) ? .good : .corrected(5)
                let time = TAITime(nanoseconds: 1_000_000_000_000_000_000 + Int64(index) * 10_000_000)
                try writer.append(frame: frame, receptionTime: time, octets: octets.span)
            }
            try writer.finish()
            return storage.octets
        }
        let (report, merged) = try merge([try recording { $0 % 2 == 0 }, try recording { $0 % 3 == 0 }])
        let units = try Streams.read(merged)
        #expect(report.clock == .reception)
        #expect(units.map(\.octets) == frames)
        for (index, kept) in units.enumerated() {
            #expect(kept.unit.quality == (index % 2 == 0 || index % 3 == 0 ? .good : .corrected(5)), "frame \(index)")
        }
    }

    // MARK: Parts, journals, refusals

    @Test func partsAndTheirJournalBecomeOneArchive() throws {
        let workload = Workload(seed: 9, count: 120)
        var settings = LiveArchiveSettings()
        settings.rotationSize = 5000
        settings.archive = ArchiveSettings(chunkSize: 100)
        let folder = SimulatedFolder()
        var live = try Workload.begin(in: folder, settings)
        for (packet, octets) in workload.packets {
            try live.append(packet: packet, onboardTime: nil, octets: octets.span)
            try live.tick(now: 0)
        }
        try live.commit()
        let files = folder.disk.visible
        let parts = files.keys.filter { $0.hasSuffix(".plar") }.sorted().reversed()
        #expect(parts.count > 2)
        let journals = parts.map { part in files.keys.filter { $0.hasPrefix("\(part).j") }.compactMap { files[$0] } }
        let (report, merged) = try merge(parts.compactMap { files[$0] }, journals: journals)
        #expect(try Streams.read(merged).map(\.octets) == workload.packets.map(\.1))
        #expect(report.copies.units == 0)
        let metadata = try ArchiveReader(MemoryArchive(merged)).metadata
        #expect(metadata.part == nil && metadata.identity == nil)
    }

    @Test func originsAreListed() throws {
        let packets = Streams.steady(seed: 87, count: 300)
        let first = try archive(packets[0..<100], .packets, name: "one")
        let second = try archive(packets[100..<200], .packets, name: "two")
        let third = try archive(packets[200..<300], .packets, name: "three")
        let (_, both) = try merge([first, second])
        #expect(try ArchiveReader(MemoryArchive(both)).metadata.origins == ["one", "two"])
        let (_, all) = try merge([both, third])
        let metadata = try ArchiveReader(MemoryArchive(all)).metadata
        #expect(metadata.origins == ["one", "two", "three"] && metadata.origin == nil)
        let (_, alone) = try merge([first])
        #expect(try ArchiveReader(MemoryArchive(alone)).metadata.origin?.name == "one")
    }

    @Test func otherContentIsRefused() throws {
        let frames = try archive(try frames(88, packets: 50)[...], .frames)
        let packets = try archive(Streams.steady(seed: 88, count: 50)[...], .packets)
        #expect(throws: ArchiveError.unfit(input: 1, reason: "it keeps packets, and the first one frames")) {
            _ = try merge([frames, packets])
        }
    }

    @Test(arguments: ArchiveContent.allCases) func damageIsRefusedWithItsPlace(content: ArchiveContent) throws {
        let units = content == .packets ? Streams.steady(seed: 89, count: 400) : try frames(89, packets: 400)
        let first = try archive(units[0..<(units.count / 2)], content)
        let second = try archive(units[(units.count / 2)...], content)
        var generator = SeededGenerator(seed: 90)
        for _ in 0..<60 {
            var damaged = second
            let bit = Int(generator.next() % UInt64(second.count * 8))
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                let (_, merged) = try merge([first, damaged])
                // Damage in what is not taken over, as an index or the seal, does no harm.
                #expect(try Streams.read(merged).map(\.octets) == units, "bit \(bit)")
            } catch ArchiveError.unfit(let input, let reason) {
                #expect(input == 1 && reason.contains("Repair it first."), "bit \(bit)")
                #expect(reason.contains("at offset "))
            } catch {
                let isRefusedAtOpening = (try? ArchiveReader(MemoryArchive(damaged))) == nil
                #expect(isRefusedAtOpening, "bit \(bit): \(error)")
            }
        }
    }
}

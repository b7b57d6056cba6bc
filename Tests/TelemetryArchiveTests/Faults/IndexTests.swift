import ArchiveFaults
import SpaceLink
import TelemetryArchive
import Testing

/// Indexes, and times in headers, that say of chunks what is not so, with every checksum right.
@Suite struct IndexTests {
    static let contents = [SampleStream.Content.packets, .frames]
    private static let made: [SampleStream.Content: Result<SampleArchive, any Error>] = Dictionary(
        uniqueKeysWithValues: contents.map { content in
            var settings = ArchiveSettings(chunkSize: 1500)
            settings.form = .raw
            settings.chunksPerIndex = 2
            return (content, Result { try SampleArchive(content, count: 9000, settings: settings, ending: .sealed) })
        }
    )

    private static func sample(_ content: SampleStream.Content) throws -> SampleArchive {
        try #require(try made[content]?.get())
    }

    /// What is said that is not so.
    struct Lie: Sendable, CustomTestStringConvertible {
        let name: String
        /// Changes what an index says of its first chunk.
        let tell: @Sendable (inout ForgedArchive.Entry) -> Void
        var testDescription: String { name }

        init(_ name: String, _ tell: @escaping @Sendable (inout ForgedArchive.Entry) -> Void) {
            self.name = name
            self.tell = tell
        }

        init(ofKey name: String, _ tell: @escaping @Sendable (inout ForgedArchive.Key) -> Void) {
            self.init(name) { entry in
                var keys = entry.keys ?? []
                tell(&keys[0])
                entry.keys = keys
            }
        }
    }

    /// Keys by which some units would not be there.
    static let miscounts = [
        Lie(ofKey: "a unit too many") { $0.count += 1 },
        Lie(ofKey: "a unit too few") { $0.count -= 1 },
        Lie(ofKey: "an octet too many") { $0.octets += 1 },
        Lie(ofKey: "more than 64 bits hold") { $0.octets = .max },
        Lie("keys of the other kind") { entry in
            entry.keys = entry.keys?.map { key in
                var key = key
                key.isPackets.toggle()
                return key
            }
        },
        Lie("no key") { $0.keys = [] },
        Lie("octets that are right modulo 2^64") { entry in
            var key = entry.keys?[0]
            key?.octets &+= 1 << 63
            key?.count = 0
            let half = key.map { first in
                var half = first
                half.octets = 1 << 63
                return half
            }
            entry.keys = [key, half].compactMap { $0 } + (entry.keys?.dropFirst() ?? [])
        },
    ]

    /// Keys that count right, and are of something else.
    static let misnomers = [
        Lie(ofKey: "another spacecraft") { $0.spacecraft += 1 },
        Lie(ofKey: "another channel") { $0.virtualChannel += 1 },
        Lie(ofKey: "another application process") { $0.apid += 1 },
        Lie(ofKey: "another quality") { $0.qualities = 8 },
        Lie(ofKey: "later on board") {
            $0.onboardLeast = max($0.onboardLeast, 0)
            $0.onboardGreatest = max($0.onboardGreatest, 0) + 1
        },
        Lie(ofKey: "earlier on board") {
            $0.onboardLeast = max($0.onboardLeast, 2) - 1
            $0.onboardGreatest = max($0.onboardGreatest, 2)
        },
    ]

    private func read(_ reader: ArchiveReader<MemoryArchive>) throws -> [ArchiveUnit] {
        var units: [ArchiveUnit] = []
        try reader.forEachUnit { unit, _ in
            units.append(unit)
            return .next
        }
        return units
    }

    @Test(arguments: contents)
    func anIndexThatTellsTheTruthIsBelieved(content: SampleStream.Content) throws {
        let sample = try Self.sample(content)
        let octets = ForgedArchive(sample).octets
        let report = try ArchiveReader.verify(MemoryArchive(octets))
        #expect(report.isWhole, "\(report.damage)")
        let reader = try ArchiveReader(MemoryArchive(octets))
        #expect(try read(reader) == sample.units)
        #expect(try reader.damage.isEmpty && reader.info().unindexedChunks == 0)
    }

    @Test(arguments: contents, miscounts)
    func keysThatDoNotAccountForAllUnitsAreDamageAndNotBelieved(content: SampleStream.Content, lie: Lie) throws {
        let sample = try Self.sample(content)
        var forged = ForgedArchive(sample)
        for index in forged.indexes.keys.sorted().dropFirst().prefix(1) {
            var entries = forged.indexes[index] ?? []
            lie.tell(&entries[0])
            forged.indexes[index] = entries
        }
        let octets = forged.octets
        let report = try ArchiveReader.verify(MemoryArchive(octets))
        #expect(report.damage.map(\.part) == [.index])
        #expect(report.readable.units == Int64(sample.units.count) && report.lost.isEmpty)
        let reader = try ArchiveReader(MemoryArchive(octets))
        #expect(reader.damage.map(\.part) == [.index] && reader.damage.first?.offset == report.damage.first?.offset)
        #expect(try read(reader) == sample.units)
        #expect(try reader.info().unindexedChunks == 1)
    }

    @Test(arguments: contents, misnomers)
    func keysOfOtherUnitsAreFoundByACheck(content: SampleStream.Content, lie: Lie) throws {
        let sample = try Self.sample(content)
        var forged = ForgedArchive(sample)
        let last = try #require(forged.indexes.keys.max())
        var entries = try #require(forged.indexes[last])
        lie.tell(&entries[0])
        forged.indexes[last] = entries
        let octets = forged.octets
        let report = try ArchiveReader.verify(MemoryArchive(octets))
        #expect(report.damage.map(\.part) == [.index])
        #expect(report.readable.units == Int64(sample.units.count))
        #expect(try read(ArchiveReader(MemoryArchive(octets))) == sample.units)
    }

    @Test(arguments: contents, [true, false])
    func aChunkThatNoIndexListsIsFoundAndRead(content: SampleStream.Content, isFirst: Bool) throws {
        let sample = try Self.sample(content)
        var forged = ForgedArchive(sample)
        let last = try #require(forged.indexes.keys.max())
        if isFirst { forged.indexes[last]?.removeFirst() } else { forged.indexes[last]?.removeLast() }
        let octets = forged.octets
        let report = try ArchiveReader.verify(MemoryArchive(octets))
        let isEmpty = forged.indexes[last]?.isEmpty ?? true
        #expect(report.damage.map(\.part) == [isFirst && !isEmpty ? .index : .seal])
        let reader = try ArchiveReader(MemoryArchive(octets))
        #expect(try read(reader) == sample.units)
        #expect(try reader.info().unindexedChunks == 1)
    }

    @Test(arguments: contents, [52, 60, 68, 76])
    func timesInAHeaderThatAreNotThoseOfItsUnitsAreFound(content: SampleStream.Content, place: Int) throws {
        let sample = try Self.sample(content)
        var forged = ForgedArchive(sample)
        let chunk = try #require(sample.members.firstIndex { $0.holdsUnits })
        // Frames tell no time on board themselves: those of packets are not known.
        let isOfPackets = sample.units.first?.kind == .frame && place >= 68
        forged.members[chunk].header[place] ^= 1
        let report = try ArchiveReader.verify(MemoryArchive(forged.octets))
        #expect(report.damage.map(\.part) == (isOfPackets ? [] : [.header]))
        #expect(report.readable.units == Int64(sample.units.count) && report.lost.isEmpty)
    }

    @Test func aLongIndexOfWhichAPieceIsMissingIsGoneOnWith() throws {
        // So many applications that one index has no room for the chunks that it is due for.
        var settings = ArchiveSettings(chunkSize: 14_000)
        settings.form = .raw
        settings.chunksPerIndex = 16
        let metadata = ArchiveMetadata(content: .packets, creator: "tests")
        var writer = try ArchiveWriter(MemoryArchive(), metadata: metadata, settings: settings)
        for number in 0..<10_000 {
            var packet = PacketRecord(apid: number % 2040, sequenceCount: number / 2040)
            packet.virtualChannel = number * 7919 % 64
            let octets: [UInt8] = [
                UInt8(packet.apid >> 8), UInt8(packet.apid & 255), 0xC0, UInt8(packet.sequenceCount), 0, 0, 1,
            ]
            let time = TAITime(nanoseconds: Int64(number) * 7_919_000_017 % 1_000_000_000_000)
            try writer.append(packet: packet, onboardTime: time, octets: octets.span)
        }
        try writer.finish()
        let whole = writer.takeStorage().octets
        let members = SampleArchive.members(whole)
        #expect(try ArchiveReader.verify(MemoryArchive(whole)).isWhole)
        let split = members.indices.dropLast().filter { members[$0].kind == 4 && members[$0 + 1].kind == 4 }
        #expect(!split.isEmpty)
        for index in split {
            let folder = MemoryFolder(["a.plar": Array(whole[..<members[index].range.upperBound])])
            var live = try LiveArchive.open("a.plar", in: folder, now: 0)
            try live.finish()
            let octets = folder.files["a.plar"] ?? []
            let report = try ArchiveReader.verify(MemoryArchive(octets))
            #expect(report.isWhole, "\(report.damage)")
            let reader = try ArchiveReader(MemoryArchive(octets))
            #expect(reader.totals.units == report.readable.units && reader.damage.isEmpty)
            #expect(try read(reader).count == Int(report.readable.units))
        }
    }
}

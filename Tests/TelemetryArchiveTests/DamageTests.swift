import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct DamageTests {
    /// A small archive of many members, and what is in it.
    static func small(
        isSealed: Bool = true,
        form: ArchiveSettings.Form = .packed
    ) throws -> (archive: [UInt8], units: [Kept]) {
        let packets =
            form == .packed ? Streams.steady(seed: 11, count: 180) : Streams.packets(seed: 11, count: 120)
        let stream = Array(packets.joined())
        var link = LinkDescription()
        link.input = .packets
        var settings = ArchiveSettings(chunkSize: 1200)
        settings.chunksPerIndex = 3
        settings.form = form
        let archive = try Streams.archive(
            stream,
            by: link,
            content: .packets,
            settings: settings,
            isSealed: isSealed
        )
        #expect(PackedTests.kinds(archive).contains(3) == (form == .packed))
        return (archive, try Streams.read(archive))
    }

    @Test(arguments: [true, false], ArchiveSettings.Form.allCases)
    func everyLengthGivesRightUnitsOrATypedError(isSealed: Bool, form: ArchiveSettings.Form) throws {
        let (archive, units) = try DamageTests.small(isSealed: isSealed, form: form)
        var best = 0
        for length in 0...archive.count {
            let source = MemoryArchive(Array(archive.prefix(length)))
            let reader: ArchiveReader<MemoryArchive>
            do throws(ArchiveError) {
                reader = try ArchiveReader(source)
            } catch {
                switch error {
                case .notAnArchive(let found): #expect(length == 0 && found.isEmpty)
                case .cutShort(let offset, let readable): #expect(offset <= length && readable == 0)
                default: Issue.record("length \(length): \(error)")
                }
                #expect(best == 0)
                continue
            }
            var read: [Kept] = []
            try reader.forEachUnit { unit, octets in
                read.append(Kept(unit: unit, octets: octets.copied))
                return .next
            }
            // What is readable only ever grows with the file.
            #expect(read.count >= best)
            #expect(read == Array(units.prefix(read.count)))
            #expect(reader.totals.units == Int64(read.count))
            #expect(reader.damage.isEmpty)
            #expect((reader.end == .sealed) == (isSealed && length == archive.count))
            best = read.count
            let report = try reader.verify()
            #expect(report.isUndamaged)
            #expect(report.end == reader.end)
            #expect(report.readable.units == Int64(read.count))
        }
        #expect(best == units.count)
    }

    @Test(arguments: ArchiveSettings.Form.allCases)
    func everyFlippedBitIsFoundWhereItIs(form: ArchiveSettings.Form) throws {
        let (archive, units) = try DamageTests.small(form: form)
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<2000 {
            let bit = Int(generator.next() % UInt64(archive.count * 8))
            var damaged = archive
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let report: VerifyReport
            do throws(ArchiveError) {
                report = try ArchiveReader.verify(MemoryArchive(damaged))
            } catch {
                // Only a file that no longer begins like an archive of this version may be refused.
                Issue.record("bit \(bit): \(error)")
                continue
            }
            let isLocated = report.damage.contains {
                $0.offset <= Int64(bit / 8) && Int64(bit / 8) < $0.offset + $0.length
            }
            #expect(isLocated, "bit \(bit): \(report.damage)")
            #expect(report.damage.count == 1, "bit \(bit): \(report.damage)")
            if case .cutShort = report.end { Issue.record("bit \(bit) is taken for a cut") }
            try expectOnlyRightUnits(damaged, units, bit: bit, lost: report.lost)
        }
    }

    /// Reads over damage; nothing wrong may come, and all that is not lost must.
    private func expectOnlyRightUnits(_ archive: [UInt8], _ units: [Kept], bit: Int, lost: [Range<Int64>]) throws {
        let reader = try ArchiveReader(MemoryArchive(archive))
        var read: [Kept] = []
        var damage = reader.damage
        func take(_ found: ArchiveDamage) { damage.append(found) }
        try reader.forEachUnit(onDamage: take) { unit, octets in
            read.append(Kept(unit: unit, octets: octets.copied))
            return .next
        }
        for kept in read where kept != units[Int(kept.unit.ordinal)] { Issue.record("bit \(bit): wrong unit") }
        let missing = lost.reduce(0) { $0 + $1.count }
        #expect(read.count == units.count - missing, "bit \(bit)")
    }

    @Test func withoutAHandlerDamageIsThrown() throws {
        let (archive, _) = try DamageTests.small()
        var damaged = archive
        damaged[archive.count / 2] ^= 1
        let reader = try ArchiveReader(MemoryArchive(damaged))
        #expect(throws: ArchiveError.self) { try reader.forEachUnit { _, _ in .next } }
    }

    @Test func aSwappedMemberBreaksTheChain() throws {
        let (archive, _) = try DamageTests.small(form: .raw)
        // The same units written with another creator: every member holds, but the chain is another.
        let stream = Array(Streams.packets(seed: 11, count: 120).joined())
        var link = LinkDescription()
        link.input = .packets
        let storage = FailingStorage()
        var settings = ArchiveSettings(chunkSize: 1200)
        settings.chunksPerIndex = 3
        settings.level = 1
        settings.form = .raw
        var sink = ArchiveSink(
            try ArchiveWriter(
                storage,
                metadata: ArchiveMetadata(content: .packets, creator: "texts"),
                settings: settings
            ),
            content: .packets,
            onboardTime: Streams.time
        )
        var decoder = try LinkDecoder(link)
        decoder.push(stream.span, into: &sink)
        try sink.finish()
        let head = try #require(secondMember(archive))
        #expect(head == secondMember(storage.octets))
        let mixed = Array(storage.octets[..<head]) + Array(archive[head...])
        let report = try ArchiveReader.verify(MemoryArchive(mixed))
        #expect(report.damage.contains { $0.part == .chain })
    }

    /// Where the third member begins, by the sizes that the headers say.
    private func secondMember(_ archive: [UInt8]) -> Int? {
        var offset = 0
        for _ in 0..<2 {
            guard archive.count > offset + 28 else { return nil }
            offset += (0..<8).reduce(0) { $0 | Int(archive[offset + 20 + $1]) << (8 * $1) }
        }
        return offset
    }

    @Test(
        arguments: [
            ([], "This is not a Perilune archive: it holds no octets."),
            (
                [0x1A, 0xCF, 0xFC, 0x1D, 0, 1],
                "This is not a Perilune archive: at offset 0 it begins with 1a cf fc 1d 00 01, where an archive begins "
                    + "with 1f 8b 08 04 and the subfield PL."
            ),
            (
                [0x1F, 0x8B, 0x08],
                "The archive is cut short in the member at offset 0; 0 units before it remain readable."
            ),
        ] as [([UInt8], String)]
    )
    func otherFilesAreNamed(octets: [UInt8], sentence: String) {
        do throws(ArchiveError) {
            _ = try ArchiveReader(MemoryArchive(octets))
            Issue.record("it was opened")
        } catch {
            #expect(error.description == sentence)
        }
    }

    @Test func plainGzipIsNoArchive() throws {
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        file += [UInt8](repeating: 0x55, count: 5000)
        #expect(throws: ArchiveError.notAnArchive(found: Array(file.prefix(16)))) {
            try ArchiveReader(MemoryArchive(file))
        }
    }
}

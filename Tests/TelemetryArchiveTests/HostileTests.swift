import ArchiveFaults
import ChannelCoding
import Crypto
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Archives that no writer makes, with every checksum right.
struct HostileTests {
    /// Changes a number in a member's header and makes the header's checksum right again.
    private func forge(_ archive: [UInt8], member: Int, at place: Int, _ value: [UInt8]) -> [UInt8] {
        var forged = archive
        let start = offsets(archive)[member]
        forged.replaceSubrange((start + place)..<(start + place + value.count), with: value)
        let length = 12 + Int(forged[start + 10]) | Int(forged[start + 11]) << 8
        repair(&forged, start..<(start + length))
        return forged
    }

    private func repair(_ archive: inout [UInt8], _ header: Range<Int>) {
        guard header.upperBound <= archive.count else { return }
        for index in 0..<4 { archive[header.lowerBound + 124 + index] = 0 }
        let checksum = CRC32C.checksum(archive.span.extracting(header))
        for index in 0..<4 {
            archive[header.lowerBound + 124 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index))
        }
    }

    private func number(_ archive: [UInt8], at place: Int) -> Int {
        (0..<8).reduce(0) { $0 | Int(archive[place + $1]) << (8 * $1) }
    }

    private func offsets(_ archive: [UInt8]) -> [Int] {
        var offsets: [Int] = []
        var offset = 0
        while offset < archive.count {
            offsets.append(offset)
            offset += number(archive, at: offset + 20)
        }
        return offsets
    }

    /// Opens, reads and checks; whatever happens must be a typed error or a report.
    private func survive(_ archive: [UInt8]) -> (units: [Kept], damage: Int) {
        var units: [Kept] = []
        var damage = 0
        do throws(ArchiveError) {
            let report = try ArchiveReader.verify(MemoryArchive(archive))
            damage = report.damage.count
            // A size beyond the end, with its checksum right, is how a cut looks.
            if case .cutShort = report.end { damage += 1 }
            let reader = try ArchiveReader(MemoryArchive(archive))
            func count(_ found: ArchiveDamage) { damage += 1 }
            try reader.forEachUnit(onDamage: count) { unit, octets in
                units.append(Kept(unit: unit, octets: octets.copied))
                return .next
            }
            _ = try reader.info(onDamage: count)
        } catch {
            damage += 1
        }
        return (units, damage)
    }

    static let places = [(8, 20), (8, 28), (8, 36), (4, 44), (4, 48), (8, 52), (8, 60), (4, 84), (4, 88)]
    static let values: [UInt64] = [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF, .max, 1 << 63]

    @Test(arguments: [true, false], ArchiveSettings.Form.allCases)
    func forgedNumbersNeverGiveWrongOctets(isSealed: Bool, form: ArchiveSettings.Form) throws {
        let (archive, units) = try DamageTests.small(isSealed: isSealed, form: form)
        let right = Set(units.map(\.octets))
        for member in 0..<offsets(archive).count {
            for (width, place) in HostileTests.places {
                for value in HostileTests.values {
                    let octets = (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
                    let forged = forge(archive, member: member, at: place, octets)
                    guard forged != archive else { continue }
                    let (read, damage) = survive(forged)
                    for kept in read where !right.contains(kept.octets) { Issue.record("wrong octets") }
                    // Times are only said, not checked; all else must be noticed.
                    if !(52..<84).contains(place) { #expect(damage > 0, "member \(member), \(place) = \(value)") }
                }
            }
        }
    }

    @Test func anIndexThatPointsToItselfIsLeftAside() throws {
        let (archive, units) = try DamageTests.small()
        let places = offsets(archive)
        let index = try #require(places.indices.first { archive[places[$0] + 17] == 4 && $0 > 6 })
        let own = (0..<8).map { UInt8(truncatingIfNeeded: places[index] >> (8 * $0)) }
        for target in [own, [UInt8](repeating: 0xFF, count: 8), [1, 0, 0, 0, 0, 0, 0, 0]] {
            // Subfield PI begins at 128; its pointer to the index before at 132 + 12.
            let forged = forge(archive, member: index, at: 144, target)
            let (read, _) = survive(forged)
            #expect(read == units)
        }
        // The seal's pointer to the last index, and its counts.
        for place in stride(from: 140, to: 196, by: 8) {
            let (read, damage) = survive(forge(archive, member: places.count - 1, at: place, own))
            #expect(read == units)
            // The pointer to the last index is where it belongs already if it is this one.
            #expect(damage > 0 || place == 148, "\(place)")
        }
    }

    @Test func aDeflateBombIsRefusedBeforeItGrows() throws {
        // Zeros of a thousandth of their length in deflate, announced as more and as less than they are.
        var settings = Streams.settings(8 << 20, .raw)
        settings.level = 9
        let storage = FailingStorage()
        var writer = try ArchiveWriter(
            storage,
            metadata: ArchiveMetadata(content: .packets, creator: "tests"),
            settings: settings
        )
        var sink = RecordSink()
        var link = LinkDescription()
        link.input = .packets
        var decoder = try LinkDecoder(link)
        let packets = Array(Streams.packets(seed: 51, count: 50).joined())
        decoder.push(packets.span, into: &sink)
        let packet = try #require(sink.packets.first).0
        let zeros = [UInt8](repeating: 0, count: 1 << 18)
        for _ in 0..<2 {
            try writer.append(packet: packet, onboardTime: nil, octets: zeros.span)
        }
        try writer.finish()
        let chunk = try #require(offsets(storage.octets).firstIndex { storage.octets[$0 + 17] == 2 })
        for size: UInt32 in [0, 100, 1 << 18, (1 << 19) - 1, (1 << 19) + 1, 17 << 20, .max] {
            let octets = (0..<4).map { UInt8(truncatingIfNeeded: size >> UInt32(8 * $0)) }
            let (read, damage) = survive(forge(storage.octets, member: chunk, at: 48, octets))
            #expect(read.count <= 1)
            #expect(damage > 0)
        }
    }

    @Test func aMemberOfAnUnknownKindIsSkipped() throws {
        let (archive, units) = try DamageTests.small(isSealed: false)
        let places = offsets(archive)
        // The index becomes a kind that a later version may have; nothing but speed is lost.
        let index = try #require(places.indices.first { archive[places[$0] + 17] == 4 })
        let forged = forge(archive, member: index, at: 17, [200])
        let reader = try ArchiveReader(MemoryArchive(forged))
        var read: [Kept] = []
        try reader.forEachUnit { unit, octets in
            read.append(Kept(unit: unit, octets: octets.copied))
            return .next
        }
        #expect(read == units)
        #expect(reader.damage.isEmpty)
        let report = try reader.verify()
        #expect(report.unknownMembers == 1)
        // Only the chain sees that the member is another.
        #expect(report.damage.map(\.part) == [.chain])
    }

    @Test(arguments: [true, false])
    func aChunkOfTheOtherKindOfUnitsIsDamage(isSealed: Bool) throws {
        let (archive, units) = try DamageTests.small(isSealed: isSealed)
        let places = offsets(archive)
        let chunk = try #require(places.indices.last { [2, 3].contains(archive[places[$0] + 17]) })
        let forged = forge(archive, member: chunk, at: 18, [archive[places[chunk] + 18] ^ 1, 0])
        let (read, damage) = survive(forged)
        #expect(damage > 0)
        #expect(read == Array(units.prefix(read.count)) && read.count < units.count)
        #expect(try ArchiveReader.verify(MemoryArchive(forged)).readable.units == Int64(read.count))
        let repaired = try ArchiveReader(MemoryArchive(forged)).repair(into: MemoryArchive())
        #expect(repaired.report.kept.units == Int64(read.count))
        #expect(try Streams.read(repaired.takeStorage().octets).map(\.octets) == read.map(\.octets))
    }

    @Test func aChunkThatClaimsWhatTheJournalHasIsDamage() throws {
        let settings = Streams.settings(1500, .raw)
        let sample = try SampleArchive(.frames, count: 4000, settings: settings, ending: .journaled)
        let chunk = try #require(sample.members.indices.last { sample.members[$0].holdsUnits })
        let forged = forge(sample.octets, member: chunk, at: 44, [255, 255, 255, 255])
        let journals = [MemoryArchive(sample.journal)]
        #expect(try !ArchiveReader.verify(MemoryArchive(forged), journals: journals).isUndamaged)
    }

    @Test func aLaterVersionIsNamed() throws {
        let (archive, _) = try DamageTests.small(isSealed: false)
        let forged = forge(archive, member: 0, at: 16, [2])
        #expect(throws: ArchiveError.unsupportedVersion(offset: 0, version: 2)) {
            try ArchiveReader(MemoryArchive(forged))
        }
    }

    @Test func rubbishBehindAndBetweenMembersIsLocated() throws {
        let (archive, units) = try DamageTests.small()
        let places = offsets(archive)
        var generator = SeededGenerator(seed: 52)
        for place in [places[3], places[6], archive.count] {
            for length in [1, 100, 70_000] {
                var mixed = archive
                mixed.insert(contentsOf: generator.octets(length), at: place)
                let report = try ArchiveReader.verify(MemoryArchive(mixed))
                #expect(report.damage.contains { $0.offset == Int64(place) && $0.length == Int64(length) })
                #expect(report.readable.units == Int64(units.count))
            }
        }
    }
}

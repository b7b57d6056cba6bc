import ArchiveFaults
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

@Suite struct RepairTests {
    private func repair(_ octets: [UInt8], journals: [[UInt8]] = []) throws -> (RepairReport, [UInt8]) {
        let reader = try ArchiveReader(MemoryArchive(octets), journals: journals.map { MemoryArchive($0) })
        let repaired = try reader.repair(into: MemoryArchive(), settings: Streams.settings(1200, .raw))
        let report = repaired.report
        return (report, repaired.takeStorage().octets)
    }

    @Test(arguments: ArchiveSettings.Form.allCases) func onlyWhatIsDamagedIsDropped(form: ArchiveSettings.Form) throws {
        let (archive, units) = try DamageTests.small(form: form)
        var generator = SeededGenerator(seed: 71)
        for _ in 0..<60 {
            var damaged = archive
            let bit = Int(generator.next() % UInt64(archive.count * 8))
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let lost = try ArchiveReader.verify(MemoryArchive(damaged)).lost
            let (report, repaired) = try repair(damaged)
            #expect(report.holes.map(\.ordinals) == lost, "bit \(bit)")
            #expect(report.damage.count == 1)
            #expect(try ArchiveReader.verify(MemoryArchive(repaired)).isWhole)
            let left = units.filter { kept in !lost.contains { $0.contains(kept.unit.ordinal) } }
            #expect(try Streams.read(repaired).map(\.essence) == left.map(\.essence), "bit \(bit)")
            #expect(report.kept.units == Int64(left.count))
            for hole in report.holes {
                let before = units.last { $0.unit.ordinal < hole.ordinals.lowerBound }
                let behind = units.first { $0.unit.ordinal >= hole.ordinals.upperBound }
                #expect(hole.onboardAfter == before?.unit.onboardTime)
                #expect(hole.receivedBefore == behind?.unit.receptionTime)
            }
        }
    }

    @Test func whatIsWholeStaysWhole() throws {
        let (archive, units) = try DamageTests.small(isSealed: false)
        let (report, repaired) = try repair(archive)
        #expect(report.holes.isEmpty && report.damage.isEmpty && report.end == .open)
        #expect(try Streams.read(repaired) == units)
        #expect(try ArchiveReader(MemoryArchive(repaired)).end == .sealed)
    }

    @Test func theJournalIsTakenToo() throws {
        let workload = Workload(seed: 12)
        let folder = SimulatedFolder()
        var archive = try LiveArchive.create(Workload.name, in: folder, metadata: Workload.metadata, now: 0)
        for (packet, octets) in workload.packets {
            try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
        }
        try archive.commit()
        let files = folder.disk.visible
        let (report, repaired) = try repair(files[Workload.name] ?? [], journals: [files[Workload.name + ".j0"] ?? []])
        #expect(report.holes.isEmpty)
        #expect(try Streams.read(repaired).map(\.octets) == workload.packets.map(\.1))
    }

    @Test func theNewIndexSaysWhichPacketsAreWhere() throws {
        let stream = try Streams.frames(seed: 72, packets: 4000, lost: 0)
        let settings = ArchiveSettings(chunkSize: 4096)
        let archive = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
        var damaged = archive
        damaged[archive.count / 3] ^= 1
        let repaired = try ArchiveReader(MemoryArchive(damaged)).repair(
            into: MemoryArchive(),
            settings: settings,
            link: Streams.link,
            onboardTime: Streams.time
        )
        #expect(repaired.report.holes.count == 1)
        let octets = repaired.takeStorage().octets
        let source = CountingSource(octets: octets)
        let reader = try ArchiveReader(source)
        let opened = source.count
        var selection = ArchiveSelection()
        selection.apids = [256]
        selection.from = TAITime(nanoseconds: 2_000_030_000 * 1_000_000_000)
        selection.until = TAITime(nanoseconds: 2_000_030_200 * 1_000_000_000)
        var found: [[UInt8]] = []
        try reader.forEachPacket(selection, link: Streams.link, onboardTime: Streams.time) { _, octets in
            found.append(octets.copied)
            return .next
        }
        #expect(source.count - opened < octets.count / 10)
        var whole: [[UInt8]] = []
        try reader.forEachPacket(link: Streams.link, onboardTime: Streams.time) { unit, octets in
            if selection.matches(unit) { whole.append(octets.copied) }
            return .next
        }
        #expect(!found.isEmpty && found == whole)
    }
}

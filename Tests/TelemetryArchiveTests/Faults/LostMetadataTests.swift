import ArchiveFaults
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// What becomes of units when that which tells what they are is damaged.
@Suite struct LostMetadataTests {
    /// Turns a bit of the metadata member round.
    private func spoil(_ file: [UInt8]?) throws -> [UInt8] {
        var octets = try #require(file)
        let member = try #require(SampleArchive.members(octets).first { $0.kind == 8 })
        octets[member.range.lowerBound + 150] ^= 4
        return octets
    }

    /// Two parts, the second left by a writer that stopped.
    private func rotated(_ workload: Workload) throws(ArchiveError) -> [String: [UInt8]] {
        var settings = LiveArchiveSettings()
        settings.rotationSize = 1
        settings.archive = ArchiveSettings(chunkSize: 300)
        let folder = MemoryFolder()
        var archive = try Workload.begin(in: folder, settings)
        for index in 0..<30 {
            let octets = workload.packets[index].1
            try archive.append(packet: workload.packets[index].0, onboardTime: nil, octets: octets.span)
        }
        try archive.commit()
        return folder.files
    }

    private func reopen(_ folder: MemoryFolder) throws(ArchiveError) {
        _ = try LiveArchive.open(Workload.name, in: folder, now: 0).committed
    }

    @Test func appendingNeverTakesADamagedPartAway() throws {
        let workload = Workload(seed: 41, count: 40)
        let files = try rotated(workload)
        let parts = files.keys.filter { $0.hasSuffix(".plar") }.sorted()
        let withUnits = parts.filter { SampleArchive.members(files[$0] ?? []).contains(where: \.holdsUnits) }
        #expect(withUnits.count > 2)
        for name in withUnits {
            var spoilt = files
            spoilt[name] = try spoil(files[name])
            // Everything behind this part is gone: so the damaged one is the last.
            for later in parts where later > name && later != Workload.name { spoilt[later] = nil }
            let folder = MemoryFolder(spoilt)
            let before = folder.files
            let isLast = name == spoilt.keys.filter { $0.hasSuffix(".plar") && $0 != Workload.name }.max()
            guard isLast else { continue }
            #expect(throws: ArchiveError.self) { try reopen(folder) }
            #expect(folder.files == before, "\(name)")
            #expect(workload.read(folder.files).wrong == 0)
        }
    }

    @Test func theJournalRepeatsThem() throws {
        let sample = try CutTests.small(.packets, .packed, .journaled)
        let octets = try spoil(sample.octets)
        let reader = try ArchiveReader(MemoryArchive(octets), journals: [MemoryArchive(sample.journal)])
        #expect(reader.metadata.identity == [1, 2, 3, 4])
        #expect(reader.totals.units == sample.units.count)
        #expect(reader.damage.count == 1)
        // A journal that goes on from elsewhere is of another archive.
        let other = try SampleArchive(
            .packets,
            count: 30_000,
            settings: ArchiveSettings(chunkSize: 9000),
            ending: .journaled,
            seed: 9
        )
        let alone = try ArchiveReader(MemoryArchive(octets), journals: [MemoryArchive(other.journal)])
        #expect(alone.totals.units == sample.members.map(\.units.upperBound).max().map(Int64.init))
        #expect(alone.journaled.units == 0)
    }

    @Test func noUnitsAreLostInSilenceWhenNoChunkIsLeft() throws {
        let sample = try CutTests.small(.packets, .packed, .journaled)
        let first = try #require(sample.groups.first { $0.holdsUnits }).units.lowerBound
        #expect(first > 0)
        let start = try #require(sample.members.first { $0.holdsUnits }).range.lowerBound
        let reader = try ArchiveReader(
            MemoryArchive(Array(sample.octets[..<start])),
            journals: [MemoryArchive(sample.journal)]
        )
        #expect(reader.totals.units == sample.units.count - first)
        #expect(reader.damage.map(\.part) == [.sequence])
        let report = try reader.verify()
        #expect(report.lost == [0..<Int64(first)])
    }
}

import ArchiveFaults
import FuzzSupport
import SpaceLink
import TelemetryArchive

/// Does with an archive whatever can be done, and holds the answers against each other.
struct ArchiveTrial {
    let archive: [UInt8]
    let journal: [UInt8]?

    private var journals: [MemoryArchive] { journal.map { [MemoryArchive($0)] } ?? [] }

    func run() {
        let report: VerifyReport
        do throws(ArchiveError) {
            report = try ArchiveReader.verify(MemoryArchive(archive), journals: journals)
        } catch {
            return  // no archive
        }
        do throws(ArchiveError) {
            let reader = try ArchiveReader(MemoryArchive(archive), journals: journals)
            let units = try read(reader, mustBeRight: report.isUndamaged)
            expect(
                !report.isUndamaged || units.count == report.readable.units,
                "verify calls \(report.readable.units) units readable where \(units.count) are read"
            )
            try query(reader)
            try repair(reader, units)
        } catch {
            // What has no metadata may be nothing but damage.
            expect(!report.isUndamaged || report.readable.units == 0, "what verify calls intact is refused: \(error)")
        }
        append()
    }

    /// The octets of all units.
    private func read(
        _ reader: ArchiveReader<MemoryArchive>,
        mustBeRight: Bool
    ) throws(ArchiveError) -> [[UInt8]] {
        var units: [[UInt8]] = []
        var damage = reader.damage.count
        let count: (ArchiveDamage) -> Void = { _ in damage += 1 }
        try reader.forEachUnit(onDamage: count) { unit, octets in
            expect(unit.length == octets.count, "a unit has another length than it says")
            // The pointer is read only during the call and only over its own count.
            units.append(unsafe octets.withUnsafeBufferPointer { unsafe Array($0) })
            return .next
        }
        _ = try reader.info(onDamage: count)
        expect(!mustBeRight || damage == 0, "what verify calls intact is damaged when it is read")
        return units
    }

    private func query(_ reader: ArchiveReader<MemoryArchive>) throws(ArchiveError) {
        let leave: (ArchiveDamage) -> Void = { _ in }
        var selection = ArchiveSelection()
        selection.from = TAITime(nanoseconds: 2_000_000_001_000_000_000)
        selection.until = TAITime(nanoseconds: 2_000_000_004_000_000_000)
        for clock in ArchiveClock.allCases {
            selection.clock = clock
            let wanted = selection
            try reader.forEachUnit(wanted, onDamage: leave) { unit, _ in
                expect(wanted.matches(unit), "a unit was not asked for")
                return .next
            }
        }
        selection = ArchiveSelection()
        selection.apids = [17, 77]
        let wanted = selection
        do throws(ArchiveError) {
            let link = SampleStream.link(reader.metadata.content == .frames ? .frames : .packets)
            try reader.forEachPacket(wanted, link: link, onDamage: leave) { unit, _ in
                expect(wanted.matches(unit), "a packet was not asked for")
                return .next
            }
        } catch {
            guard case .link = error else { throw error }
        }
    }

    private func repair(_ reader: ArchiveReader<MemoryArchive>, _ units: [[UInt8]]) throws(ArchiveError) {
        var settings = ArchiveSettings(chunkSize: 1500)
        settings.level = 1
        let repaired = try reader.repair(into: MemoryArchive(), settings: settings)
        expect(repaired.report.kept.units == units.count, "a repair keeps another number of units than are read")
        let archive = repaired.takeStorage()
        let report = try ArchiveReader.verify(archive)
        expect(report.isWhole, "a repaired archive is not whole: \(report.damage)")
        let again = try read(ArchiveReader(archive), mustBeRight: true)
        expect(again == units, "a repaired archive has other units")
    }

    /// Goes on with it, as a writer would.
    private func append() {
        var files = ["a.plar": archive]
        files["a.plar.j0"] = journal
        let folder = MemoryFolder(files)
        do throws(ArchiveError) {
            var live = try LiveArchive.open("a.plar", in: folder, now: 0)
            let committed = live.committed
            if live.metadata.content == .packets {
                let packet = PacketRecord(apid: 17, sequenceCount: 0)
                let octets: [UInt8] = [8, 17, 0xC0, 0, 0, 0, 1]
                try live.append(packet: packet, onboardTime: nil, octets: octets.span)
            }
            try live.finish()
            expect(live.committed.units >= committed.units, "what was committed is no more")
        } catch {
            // Most cannot be gone on with.
        }
    }
}

import ArchiveFaults
import FuzzSupport
import SpaceLink
import TelemetryArchive

/// Does with an archive whatever can be done, and holds the answers against each other.
struct ArchiveTrial {
    let archive: [UInt8]
    let journal: [UInt8]?
    /// Whether nothing was changed of indexes.
    let isIndexRight: Bool
    /// Whether tables say of units what is so.
    let areTablesRight: Bool

    private var journals: [MemoryArchive] { journal.map { [MemoryArchive($0)] } ?? [] }

    func run() {
        let report: VerifyReport
        do throws(ArchiveError) {
            report = try ArchiveReader.verify(MemoryArchive(archive), journals: journals)
        } catch {
            return  // no archive
        }
        // A size beyond the end, with its checksum right, is how a cut looks.
        var isIntact = report.isUndamaged
        if case .cutShort = report.end { isIntact = false }
        do throws(ArchiveError) {
            let reader = try ArchiveReader(MemoryArchive(archive), journals: journals)
            var damage = 0
            let units = try read(reader, &damage)
            if isIntact {
                expect(damage == 0, "what verify calls intact is damaged when it is read")
                expect(
                    units.count == report.readable.units,
                    "verify calls \(report.readable.units) units readable where \(units.count) are read"
                )
            }
            // Behind the chunks that are safe for certain, an open archive may end torn, and what is wrong is not told.
            let isCompared = isIntact && journal == nil
            try query(reader, units, isCompared: isCompared)
            try readInParts(reader, units, isWhole: isCompared || isIndexRight && damage == 0)
            try repair(reader, units.map(\.octets))
        } catch {
            // What has no metadata may be nothing but damage.
            expect(!isIntact || report.readable.units == 0, "what verify calls intact is refused: \(error)")
        }
        append()
    }

    /// A unit and its octets.
    private struct Kept: Equatable {
        let unit: ArchiveUnit
        let octets: [UInt8]
    }

    /// All units that are wanted.
    private func read(
        _ reader: ArchiveReader<MemoryArchive>,
        _ damage: inout Int,
        _ selection: ArchiveSelection = ArchiveSelection()
    ) throws(ArchiveError) -> [Kept] {
        var units: [Kept] = []
        var found = reader.damage.count
        let count: (ArchiveDamage) -> Void = { _ in found += 1 }
        try reader.forEachUnit(selection, onDamage: count) { unit, octets in
            expect(unit.length == octets.count, "a unit has another length than it says")
            // The pointer is read only during the call and only over its own count.
            units.append(Kept(unit: unit, octets: unsafe octets.withUnsafeBufferPointer { unsafe Array($0) }))
            return .next
        }
        _ = try reader.info(onDamage: count)
        damage += found
        return units
    }

    /// Reads the packets of some application processes: of whole chunks they must be those that the whole has.
    private func readInParts(
        _ reader: ArchiveReader<MemoryArchive>,
        _ units: [Kept],
        isWhole: Bool
    ) throws(ArchiveError) {
        for apids: Set<Int> in [[17], [1, 77, 137], [-1, 197, 257]] {
            var selection = ArchiveSelection()
            selection.apids = apids
            var damage = 0
            let found = try read(reader, &damage, selection)
            guard isWhole else { continue }
            expect(damage == 0 || !areTablesRight, "what is whole is damaged where it is read in parts")
            guard damage == 0 else { continue }
            let wanted = selection
            let due = units.filter { wanted.matches($0.unit) }
            expect(found == due, "\(apids): \(found.count) of \(due.count) packets, or others")
        }
    }

    private func query(
        _ reader: ArchiveReader<MemoryArchive>,
        _ units: [Kept],
        isCompared: Bool
    ) throws(ArchiveError) {
        let leave: (ArchiveDamage) -> Void = { _ in }
        var selection = ArchiveSelection()
        selection.from = TAITime(nanoseconds: 2_000_000_001_000_000_000)
        selection.until = TAITime(nanoseconds: 2_000_000_004_000_000_000)
        for clock in ArchiveClock.allCases {
            selection.clock = clock
            let wanted = selection
            var found = 0
            try reader.forEachUnit(wanted, onDamage: leave) { unit, _ in
                expect(wanted.matches(unit), "a unit was not asked for")
                found += 1
                return .next
            }
            guard isCompared else { continue }
            let due = units.count { wanted.matches($0.unit) }
            expect(found == due, "\(clock.rawValue): \(found) of \(due) units")
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
        // To learn what to pack takes longest; it is done for the small ones.
        settings.form = archive.count < 8000 ? .packed : .raw
        let repaired = try reader.repair(into: MemoryArchive(), settings: settings)
        let kept = repaired.report.kept.units
        expect(kept == units.count, "a repair keeps \(kept) units where \(units.count) are read")
        let archive = repaired.takeStorage()
        let report = try ArchiveReader.verify(archive)
        expect(report.isWhole, "a repaired archive is not whole: \(report.damage)")
        var damage = 0
        let again = try read(ArchiveReader(archive), &damage)
        expect(damage == 0, "a repaired archive is damaged when it is read")
        expect(again.count == kept, "a repaired archive has \(again.count) of \(kept) units")
        expect(again.map(\.octets) == units, "a repaired archive has other units")
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

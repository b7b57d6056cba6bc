import ArchiveFaults
import FuzzSupport
import TelemetryArchive

/// Heals an archive by parity and holds what comes of it against what the archive was.
struct ParityTrial {
    let sample: ProtectedArchive
    let archive: [UInt8]
    let parity: [UInt8]
    /// Whether nothing was done to the parity.
    let isParityWhole: Bool
    /// Whether blocks of parity that hold are as they were written.
    let areBlocksRight: Bool

    private static let page = 4096
    private static let stripes = 65

    private var whole: [UInt8] { sample.file.octets }

    func run() {
        do throws(ArchiveError) {
            let healed = try HealedArchive(MemoryArchive(archive), parity: MemoryArchive(parity))
            let octets = try read(healed)
            try judge(healed, octets)
            try readUnits(healed)
        } catch {
            guard !isParityWhole, case .unsupportedVersion = error else {
                return expect(false, "parity that is only damaged stops healing: \(error)")
            }
        }
    }

    /// All octets, in pieces that do not end with pages.
    private func read(_ healed: HealedArchive<MemoryArchive>) throws(ArchiveError) -> [UInt8] {
        expect(healed.size >= archive.count, "an archive became shorter by healing")
        expect(
            healed.size == archive.count || healed.size <= healed.report.coveredLength,
            "an archive became longer than it was"
        )
        var octets: [UInt8] = []
        var buffer: [UInt8] = []
        while octets.count < healed.size {
            try healed.read(at: Int64(octets.count), into: &buffer, count: 100_003)
            expect(!buffer.isEmpty, "octets are announced and do not come")
            octets += buffer
        }
        expect(octets.count == healed.size, "more octets come than were announced")
        for place in stride(from: 0, to: octets.count, by: octets.count / 7 + 1) {
            try healed.read(at: Int64(place), into: &buffer, count: 5000)
            expect(buffer[...] == octets[place..<min(place + 5000, octets.count)], "octets are others when read again")
        }
        return octets
    }

    private func judge(_ healed: HealedArchive<MemoryArchive>, _ octets: [UInt8]) throws(ArchiveError) {
        let report = healed.report
        expect(
            0 <= report.healablePages && report.healablePages <= report.damagedPages
                && report.damagedPages + report.uncheckedPages <= report.pages,
            "the pages do not add up: \(report)"
        )
        let isEqual = octets.starts(with: whole)
        let isProven = try healed.isProven()
        if isProven {
            expect(report.coveredLength == whole.count && isEqual, "what is another is called proven")
        }
        guard areBlocksRight else { return }
        for start in stride(from: 0, to: octets.count, by: ParityTrial.page) {
            let page = start..<min(start + ParityTrial.page, octets.count)
            let isRight = octets[page].starts(with: whole[min(start, whole.count)..<min(page.upperBound, whole.count)])
            expect(
                isRight || page.upperBound <= archive.count && octets[page] == archive[page],
                "the page at \(start) is neither what it was nor what it is"
            )
        }
        if report.isHealable { expect(isEqual, "what is called healable is not healed") }
        guard isParityWhole else { return }
        expect(report.isSound && report.coveredLength == whole.count, "whole parity is called damaged: \(report)")
        expect(report.isHealable == isWithinReach, "healable: \(report.isHealable), as the code is: \(isWithinReach)")
        expect(isProven == isEqual, "proven, or not, though the octets say other")
    }

    /// Whether no stripe has lost more pages than it has of parity.
    private var isWithinReach: Bool {
        let pages = (whole.count + ParityTrial.page - 1) / ParityTrial.page
        var lost = [Int](repeating: 0, count: ParityTrial.stripes)
        for page in 0..<pages {
            let range = page * ParityTrial.page..<min((page + 1) * ParityTrial.page, whole.count)
            let isHere = range.upperBound <= archive.count && archive[range] == whole[range]
            lost[page % ParityTrial.stripes] += isHere ? 0 : 1
        }
        return lost.enumerated().allSatisfy { stripe, count in
            count <= min(4, (pages - stripe + ParityTrial.stripes - 1) / ParityTrial.stripes)
        }
    }

    /// Reads units: whatever the parity says, the archive's own checksums let nothing pass that was not written.
    private func readUnits(_ healed: HealedArchive<MemoryArchive>) throws(ArchiveError) {
        let reader: ArchiveReader<HealedArchive<MemoryArchive>>
        do throws(ArchiveError) {
            reader = try ArchiveReader(healed)
        } catch {
            return  // too little is left
        }
        let sample = sample.archive
        let leave: (ArchiveDamage) -> Void = { _ in }
        try reader.forEachUnit(onDamage: leave) { unit, octets in
            let ordinal = Int(unit.ordinal)
            guard sample.units.indices.contains(ordinal), sample.units[ordinal] == unit else {
                expect(false, "a unit is none that was written")
                return .stop
            }
            let written = sample.stream.span.extracting(sample.bounds[ordinal]..<sample.bounds[ordinal + 1])
            let isEqual = octets.count == written.count && octets.indices.allSatisfy { octets[$0] == written[$0] }
            expect(isEqual, "the octets of a unit are others than were written")
            return .next
        }
    }
}

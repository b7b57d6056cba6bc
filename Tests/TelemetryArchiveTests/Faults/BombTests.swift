import ArchiveFaults
import TelemetryArchive
import TestSupport
import Testing

/// Small files that announce, or become, a great deal.
///
/// What they take of memory, commands are held to.
@Suite struct BombTests {
    @Test func noBombIsBelieved() throws {
        for bomb in try ArchiveBomb.all() {
            let source = MemoryArchive(bomb.octets)
            let report = try ArchiveReader.verify(source)
            #expect(!report.isWhole, "\(bomb)")
            #expect(report.readable.units == 0, "\(bomb)")
            let reader = try ArchiveReader(source)
            var told = reader.damage.count
            let count: (ArchiveDamage) -> Void = { _ in told += 1 }
            try reader.forEachUnit(onDamage: count) { _, _ in
                Issue.record("a unit of \(bomb)")
                return .stop
            }
            _ = try reader.info(onDamage: count)
            #expect(told > 0, "\(bomb)")
            #expect(bomb.octets.count < 20 << 20, "\(bomb)")
        }
    }
}

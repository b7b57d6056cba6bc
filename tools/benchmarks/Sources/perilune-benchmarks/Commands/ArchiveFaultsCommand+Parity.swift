import ArchiveFaults
import BenchmarkShim
import TelemetryArchive
import TestSupport

extension ArchiveFaultsCommand {
    /// Damages that parity is there for, and some beyond it.
    private enum Damage: String, CaseIterable {
        case mebioctet = "1 MiB overwritten, anywhere"
        case bits = "20 bits flipped, anywhere"
        case cut = "up to 1 MiB cut off the end"
        case bothSides = "20 bits flipped, and 20 of the parity"
        case parity = "1 MiB of the parity overwritten, or all of it"
        case tooMuch = "2 MiB overwritten, more than parity heals"
        case shift = "an octet missing, anywhere"

        /// Damages an archive or its parity.
        func strike(_ octets: inout [UInt8], _ parity: inout [UInt8], _ generator: inout SeededGenerator) {
            switch self {
            case .mebioctet: Damage.overwrite(&octets, 1 << 20, &generator)
            case .tooMuch: Damage.overwrite(&octets, 2 << 20, &generator)
            case .parity: Damage.overwrite(&parity, 1 << 20, &generator)
            case .bits: Damage.flip(&octets, &generator)
            case .bothSides:
                Damage.flip(&octets, &generator)
                Damage.flip(&parity, &generator)
            case .cut: octets.removeLast(min(octets.count, 1 + Int(generator.next() % (1 << 20))))
            case .shift: octets.remove(at: Int(generator.next() % UInt64(octets.count)))
            }
        }

        private static func overwrite(_ octets: inout [UInt8], _ count: Int, _ generator: inout SeededGenerator) {
            let length = min(count, octets.count)
            let start = Int(generator.next() % UInt64(octets.count - length + 1))
            for index in start..<start + length { octets[index] = UInt8(truncatingIfNeeded: generator.next() >> 56) }
        }

        private static func flip(_ octets: inout [UInt8], _ generator: inout SeededGenerator) {
            for _ in 0..<20 {
                let bit = generator.next() % UInt64(8 * octets.count)
                octets[Int(bit / 8)] ^= 1 << UInt8(bit % 8)
            }
        }
    }

    /// What parity heals of an archive, and whether it says so where it does not.
    func parity(_ bench: Bench) throws -> (rows: [[String]], breaches: [String]) {
        let large = try SampleArchive(.packets, count: megabytes << 20, settings: ArchiveSettings())
        let file = try ProtectedFile(large.octets)
        let size = "\(file.octets.count) octets with \(file.parity.count) of parity"
        var rows = [[size, "tried", "healed", "not healed, and said so", "wrong", "ms each"]]
        var breaches: [String] = []
        for damage in Damage.allCases {
            bench.say("parity: \(damage.rawValue)")
            var generator = SeededGenerator(seed: 79)
            var counts: [ProtectedFile.Healing: Int] = [:]
            var seconds = 0.0
            for round in 0..<parities {
                var octets = file.octets
                var parity = file.parity
                damage.strike(&octets, &parity, &generator)
                let start = bench_wall_seconds()
                let healing = try file.heal(octets, parity: parity)
                seconds += bench_wall_seconds() - start
                counts[healing, default: 0] += 1
                if healing == .wrong { breaches.append("parity: \(damage.rawValue): round \(round)") }
            }
            let each = Table.number(1000 * seconds / Double(max(parities, 1)))
            let outcomes = ProtectedFile.Healing.allCases.map { "\(counts[$0, default: 0])" }
            rows.append([damage.rawValue, "\(parities)"] + outcomes + [each])
        }
        return (rows, breaches)
    }
}

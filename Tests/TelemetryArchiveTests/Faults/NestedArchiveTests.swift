import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Archives that carry archives in their packets, as they are: headers that hold, of another archive.
@Suite struct NestedArchiveTests {
    private static let link: LinkDescription = {
        var link = Streams.link
        link.input = .packets
        return link
    }()

    /// An archive whose every chunk has a packet that is a whole archive, and where its members begin.
    private static func outer(isSealed: Bool) throws -> (octets: [UInt8], members: [Int]) {
        var settings = Streams.settings(300, .raw)
        settings.chunksPerIndex = 3
        let packets = Array(Streams.packets(seed: 131, count: 40).joined())
        let inner = try Streams.archive(packets, by: link, content: .packets, settings: settings)
        // More units than an archive within has come before all but the first of them.
        let before = Array(Streams.packets(seed: 139, count: 60).joined())
        let stream =
            before
            + (0..<7).flatMap { index -> [UInt8] in
                let length = inner.count - 1
                let header: [UInt8] = [8, 40, 0xC0, UInt8(index), UInt8(length >> 8), UInt8(length & 0xFF)]
                return Array(Streams.packets(seed: 132 + UInt64(index), count: 3).joined()) + header + inner
            }
        settings.chunkSize = inner.count
        settings.level = 0
        let octets = try Streams.archive(stream, by: link, content: .packets, settings: settings, isSealed: isSealed)
        var members: [Int] = []
        var offset = 0
        while offset < octets.count {
            members.append(offset)
            offset += (0..<8).reduce(0) { $0 | Int(octets[offset + 20 + $1]) << (8 * $1) }
        }
        return (octets, members)
    }

    @Test(arguments: [true, false])
    func aDamagedHeaderDoesNotLeadIntoTheUnits(isSealed: Bool) throws {
        let (octets, members) = try Self.outer(isSealed: isSealed)
        let all = try Streams.read(octets)
        let chunks = members.indices.filter { octets[members[$0] + 17] == 2 }
        #expect(chunks.count > 5)
        for chunk in chunks {
            let start = members[chunk]
            let first = Int64(octets[start + 36]) | Int64(octets[start + 37]) << 8
            let lost = first..<(first + Int64(octets[start + 44]))
            for place in [0, 3, 12, 17, 20, 21, 22, 27, 28, 36, 44, 48, 60, 90, 124] {
                var spoilt = octets
                spoilt[start + place] ^= 0x5A
                try expect(spoilt, all, without: lost, damagedAt: start, "chunk \(chunk), octet \(place)")
            }
            // Where units came before, not even a header that is gone lets others in.
            guard chunk != chunks.first else { continue }
            var spoilt = octets
            for place in 0..<120 { spoilt[start + place] = 0xEE }
            try expect(spoilt, all, without: lost, damagedAt: start, "chunk \(chunk), no header")
        }
    }

    private func expect(
        _ spoilt: [UInt8],
        _ all: [Kept],
        without lost: Range<Int64>,
        damagedAt start: Int,
        _ note: Comment
    ) throws {
        let reader = try ArchiveReader(MemoryArchive(spoilt))
        var read: [Kept] = []
        var damage = reader.damage
        let keep: (ArchiveDamage) -> Void = { damage.append($0) }
        try reader.forEachUnit(onDamage: keep) { unit, octets in
            read.append(Kept(unit: unit, octets: octets.copied))
            return .next
        }
        #expect(read == all.filter { !lost.contains($0.unit.ordinal) }, note)
        #expect(damage.map(\.offset) == [Int64(start)], note)
        let report = try reader.verify()
        #expect(report.damage.map(\.offset) == [Int64(start)], note)
        #expect(report.readable.units == Int64(read.count), note)
    }
}

import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Files sent in pieces: records of one length that no packet's end shows.
struct RecordTests {
    /// Records of 100 octets, packets themselves or not, with counters and a little noise.
    static func records(_ count: Int, arePackets: Bool, _ generator: inout SeededGenerator) -> [[UInt8]] {
        (0..<count).map { index in
            var record = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
            for place in 20..<36 { record[place] = UInt8(truncatingIfNeeded: generator.next() & 7) }
            record[10] = UInt8(truncatingIfNeeded: index >> 8)
            record[11] = UInt8(truncatingIfNeeded: index)
            if arePackets {
                record.replaceSubrange(
                    0..<6,
                    with: [0x08, 0x71, 0xC0 | UInt8(index >> 8 & 0x3F), UInt8(index & 0xFF), 0, 93]
                )
            }
            return record
        }
    }

    /// Packets of 512 octets that carry a file, 490 octets each, behind a head of 16.
    static func pieces(of file: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: file.count - 490, by: 490).enumerated().map { index, start in
            var packet: [UInt8] = [0x08, 0x01, 0xC0 | UInt8(index >> 8 & 0x3F), UInt8(index & 0xFF), 0x01, 0xF9]
            packet += (0..<16).map { UInt8(truncatingIfNeeded: $0 == 15 ? index &* 73 : $0 &* 9) }
            return packet + file[start..<start + 490]
        }
    }

    private static func size(_ packets: [[UInt8]], _ form: ArchiveSettings.Form) throws -> Int {
        let settings = Streams.settings(1 << 20, form)
        let archive = try PackedTests.archive(packets, content: .packets, settings: settings)
        #expect(try Streams.read(archive).map(\.octets) == packets)
        return archive.count
    }

    @Test(arguments: [true, false]) func recordsThatGoOnFromPacketToPacketAreFound(arePackets: Bool) throws {
        var generator = SeededGenerator(seed: 91)
        let file = Array(Self.records(400, arePackets: arePackets, &generator).joined())
        let packed = try Self.size(Self.pieces(of: file), .packed)
        let raw = try Self.size(Self.pieces(of: file), .raw)
        // The noise alone has three bits in each of sixteen octets of a record: 2,400 octets.
        #expect(packed < 2400 + 4500)
        #expect(packed < raw * 2 / 3)
    }

    @Test(arguments: 0..<12) func brokenFilesComeBack(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 9200)
        var file = Array(Self.records(150, arePackets: seed % 2 == 0, &generator).joined())
        for _ in 0..<(seed % 5) {
            let place = Int(generator.next() % UInt64(file.count - 400))
            switch generator.next() % 3 {
            case 0: file.removeSubrange(place..<(place + Int(generator.next() % 300)))
            case 1: file.insert(contentsOf: generator.octets(Int(generator.next() % 300)), at: place)
            default: file.replaceSubrange(place..<(place + 40), with: generator.octets(40))
            }
        }
        var packets = Self.pieces(of: file)
        if seed % 3 == 0 { packets.remove(at: packets.count / 2) }
        _ = try Self.size(packets, .packed)
    }
}

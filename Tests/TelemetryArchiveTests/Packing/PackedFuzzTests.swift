import ChannelCoding
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Packed payloads that no writer makes, with every checksum right but that of the units.
struct PackedFuzzTests {
    /// One packed chunk whose deflate stream has stored blocks only, so that its payload lies open.
    struct Open {
        var archive: [UInt8]
        /// The member, its deflate stream, and within that the octets of payload.
        var member: Range<Int>
        var deflate: Range<Int>
        var payload: [Int] = []

        init(content: ArchiveContent, seed: UInt64) throws {
            let stream =
                content == .frames
                ? try Streams.frames(seed: seed, packets: 150, isSteady: true)
                : Array(Streams.steady(seed: seed, count: 150).joined())
            try self.init(stream, content: content)
        }

        init(_ stream: [UInt8], content: ArchiveContent) throws {
            var settings = Streams.settings(1 << 20, .packed)
            settings.level = 0
            var link = Streams.link
            if content == .packets { link.input = .packets }
            let archive = try Streams.archive(stream, by: link, content: content, settings: settings)
            self.archive = archive
            func number(_ place: Int, _ width: Int) -> Int {
                (0..<width).reduce(0) { $0 | Int(archive[place + $1]) << (8 * $1) }
            }
            var offset = 0
            while offset + 28 < archive.count, archive[offset + 17] != 3 { offset += number(offset + 20, 8) }
            member = offset..<(offset + number(offset + 20, 8))
            deflate = (offset + 12 + number(offset + 10, 2))..<(member.upperBound - 8)
            var place = deflate.lowerBound
            while archive[place] & 6 == 0, archive[place] & 1 == 0 {
                let length = number(place + 1, 2)
                payload.append(contentsOf: (place + 5)..<(place + 5 + length))
                place += 5 + length
            }
        }

        /// Makes all checksums right again.
        mutating func repair() {
            put(crc32(payload.map { archive[$0] }), at: member.upperBound - 8)
            let stream = Array(archive[deflate])
            put(CRC32C.checksum(stream.span), at: member.lowerBound + 84)
            put(0, at: member.lowerBound + 124)
            let header = Array(archive[member.lowerBound..<deflate.lowerBound])
            put(CRC32C.checksum(header.span), at: member.lowerBound + 124)
        }

        private mutating func put(_ value: UInt32, at place: Int) {
            for index in 0..<4 { archive[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
        }

        private func crc32(_ octets: [UInt8]) -> UInt32 {
            ~octets.reduce(~UInt32(0)) { crc, octet in
                (0..<8).reduce(crc ^ UInt32(octet)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
            }
        }
    }

    @Test(arguments: [ArchiveContent.packets, .frames])
    func anOpenChunkIsRightAsItIs(content: ArchiveContent) throws {
        var open = try Open(content: content, seed: 71)
        let before = open.archive
        open.repair()
        #expect(open.archive == before)
        #expect(open.payload.count > 200)
    }

    @Test(arguments: [ArchiveContent.packets, .frames], 0..<10)
    func mutatedPayloadsGiveDamageOrTheRightUnits(content: ArchiveContent, seed: Int) throws {
        try PackedFuzzTests.mutate(Open(content: content, seed: 72), seed: seed, head: 300)
    }

    /// Changes octets of a payload, mostly of its head, where the sizes are.
    static func mutate(
        _ open: Open,
        seed: Int,
        head: Int,
        rounds: Int = 200,
        selection: ArchiveSelection = ArchiveSelection()
    ) throws {
        let right = try Streams.read(open.archive, selection)
        var generator = SeededGenerator(seed: UInt64(seed) &+ 7300)
        for round in 0..<rounds {
            var forged = open
            for _ in 0..<(1 + Int(generator.next() % 3)) {
                let range = round % 4 == 0 ? forged.payload.count : min(forged.payload.count, head)
                let place = forged.payload[Int(generator.next() % UInt64(range))]
                let values: [UInt8] = [0, 1, 2, 0x7F, 0x80, 0xFF, forged.archive[place] &+ 1]
                forged.archive[place] = values.randomElement(using: &generator) ?? 0
            }
            forged.repair()
            let reader = try ArchiveReader(MemoryArchive(forged.archive))
            var read: [Kept] = []
            func leave(_ damage: ArchiveDamage) {}
            try reader.forEachUnit(selection, onDamage: leave) { unit, octets in
                read.append(Kept(unit: unit, octets: octets.copied))
                return .next
            }
            // Units read alone have no checksum of their own; the forger can make of them what he wants.
            guard selection.apids == nil else { continue }
            #expect(read.isEmpty || read == right, "seed \(seed), round \(round)")
        }
    }
}

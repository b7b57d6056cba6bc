import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Packets of changing length that are lists of values, each behind its key.
struct KeyedTests {
    /// Packets with a head of twelve octets and 90 keys, most of which come in each packet.
    struct Lists {
        var packets: [[UInt8]] = []
        /// Octets of noise in all of them.
        var noise = 0

        init(seed: UInt64, count: Int, apid: UInt8 = 9) {
            var generator = SeededGenerator(seed: seed)
            var keys: [(key: Int, width: Int)] = []
            var key = 0x0210
            for _ in 0..<90 {
                key += 1 + Int(generator.next() % 9)
                keys.append((key, [1, 2, 4, 8][Int(generator.next() % 4)]))
            }
            for index in 0..<count {
                var list: [UInt8] = [0x77, 0x35, UInt8(index >> 8), UInt8(index & 0xFF), 0, 0]
                for (key, width) in keys where generator.next() % 8 != 0 {
                    list += [UInt8(key >> 8), UInt8(key & 0xFF)]
                    switch width {
                    case 8:
                        list += [0x3F, 0xD0, UInt8(key & 0xFF), 0x55, 0xA1] + generator.octets(3)
                        noise += 3
                    case 4: list += [0, 0, UInt8((key + index) >> 8 & 0xFF), UInt8((key + index) & 0xFF)]
                    default: list += (0..<width).map { UInt8(truncatingIfNeeded: key * 29 + $0 * 7) }
                    }
                }
                let length = list.count - 1
                let count = [0xC0 | UInt8(index >> 8), UInt8(index & 0xFF)]
                packets.append([0x08, apid] + count + [UInt8(length >> 8), UInt8(length & 0xFF)] + list)
            }
        }
    }

    private static func size(_ packets: [[UInt8]], _ form: ArchiveSettings.Form) throws -> Int {
        let settings = Streams.settings(1 << 20, form)
        let archive = try PackedTests.archive(packets, content: .packets, settings: settings)
        #expect(try Streams.read(archive).map(\.octets) == packets)
        return archive.count
    }

    @Test func valuesBecomeColumns() throws {
        let lists = Lists(seed: 101, count: 120)
        let packed = try Self.size(lists.packets, .packed)
        // What cannot be foreseen besides the noise: which of 90 keys are left out of 120 packets, 0.54 bits each; then
        // there are the first rows, the plan, and what every archive has.
        let choices = 90 * 120 * 54 / 100 / 8
        #expect(packed < lists.noise + 4 * choices + 4000)
        #expect(packed * 3 < (try Self.size(lists.packets, .raw)) * 2)
    }

    @Test func listsWithTheSameKeysGoTogether() throws {
        let one = Lists(seed: 102, count: 60)
        let other = Lists(seed: 102, count: 60, apid: 10)
        let strange = Lists(seed: 103, count: 60, apid: 10)
        let alike = try Self.size(zip(one.packets, other.packets).flatMap { [$0, $1] }, .packed)
        let unlike = try Self.size(zip(one.packets, strange.packets).flatMap { [$0, $1] }, .packed)
        #expect(alike < unlike)
    }

    @Test(arguments: 0..<12) func brokenListsComeBack(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 10400)
        var packets = Lists(seed: UInt64(seed) &+ 10500, count: 40).packets
        for _ in 0..<(seed % 6) {
            let index = Int(generator.next() % UInt64(packets.count))
            let place = 6 + Int(generator.next() % UInt64(packets[index].count - 50))
            switch generator.next() % 4 {
            case 0: packets[index].removeSubrange(place..<(place + Int(generator.next() % 40)))
            case 1: packets[index].insert(contentsOf: generator.octets(Int(generator.next() % 300)), at: place)
            case 2: packets[index] = Array(packets[index].dropFirst(place))
            default: packets[index].replaceSubrange(place..<(place + 40), with: generator.octets(40))
            }
            // In some the header does not tell the right length.
            guard generator.next() % 2 == 0, packets[index].count > 6 else { continue }
            let length = packets[index].count - 7
            packets[index].replaceSubrange(4..<6, with: [UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)])
        }
        _ = try Self.size(packets, .packed)
    }

    @Test(arguments: [0, 9]) func listsInFramesComeBack(lost: Int) throws {
        var encoder = try LinkEncoder(Streams.link, spacecraft: 91)
        var generator = SeededGenerator(seed: 106)
        var stream: [UInt8] = []
        let lists = Lists(seed: 107, count: 80)
        for packet in lists.packets {
            encoder.push(packet: packet.span, virtualChannel: 1) { _, frame in
                guard lost == 0 || generator.next() % UInt64(lost) != 0 else { return }
                stream += frame.copied
            }
        }
        encoder.flush(virtualChannel: 1) { _, frame in
            stream += frame.copied
        }
        func size(_ form: ArchiveSettings.Form) throws -> Int {
            let settings = Streams.settings(1 << 20, form)
            let archive = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
            let octets = try Streams.read(archive).flatMap(\.octets)
            #expect(octets == stream)
            return archive.count
        }
        #expect(try size(.packed) * 4 < size(.raw) * 3)
    }

    @Test func textOfChangingLengthIsNoList() throws {
        var generator = SeededGenerator(seed: 108)
        let words = (0..<64).map { _ in generator.octets(3 + Int(generator.next() % 9)).map { $0 % 26 + 97 } + [32] }
        let packets = (0..<60).map { index in
            let text = (0..<(20 + Int(generator.next() % 60))).flatMap { _ in words[Int(generator.next() % 64)] }
            let length = text.count - 1
            return [8, 5, 0xC0, UInt8(index), UInt8(length >> 8), UInt8(length & 0xFF)] + text
        }
        #expect(try Self.size(packets, .packed) <= Self.size(packets, .raw))
    }

    @Test func aChunkWithListsGivesOneApplicationProcess() throws {
        let lists = Lists(seed: 110, count: 350).packets
        let others = Streams.steady(seed: 111, count: 350)
        let stream = zip(lists, others).flatMap { $0 + $1 }
        var link = Streams.link
        link.input = .packets
        let settings = Streams.settings(1 << 20, .packed)
        let archive = try Streams.archive(stream, by: link, content: .packets, settings: settings)
        #expect(stream.count > 128 << 10)
        #expect(PackedTests.kinds(archive).contains(3))
        var selection = ArchiveSelection()
        selection.apids = [9]
        #expect(try Streams.read(archive, selection).map(\.octets) == lists)
        selection.apids = [17]
        #expect(try Streams.read(archive, selection).map(\.octets) == others.filter { $0[1] == 17 })
    }

    @Test func brokenListsOfSeveralApplicationProcessesAreReadApart() throws {
        var generator = SeededGenerator(seed: 112)
        let lists = [UInt8(9), 10, 11].map { Lists(seed: 113, count: 200, apid: $0).packets }
        var packets = lists[0].indices.flatMap { index in lists.map { $0[index] } }
        for _ in 0..<40 {
            let index = Int(generator.next() % UInt64(packets.count))
            packets[index].removeSubrange(40..<(41 + Int(generator.next() % 200)))
            let length = packets[index].count - 7
            packets[index].replaceSubrange(4..<6, with: [UInt8(length >> 8), UInt8(length & 0xFF)])
        }
        packets += Streams.steady(seed: 114, count: 100)
        let settings = Streams.settings(1 << 20, .packed)
        let archive = try PackedTests.archive(packets, content: .packets, settings: settings)
        #expect(PackedTests.kinds(archive).contains(3))
        let all = try Streams.read(archive)
        #expect(all.map(\.octets) == packets)
        for apids in [[9], [10], [11], [10, 17], [17], [3]] {
            var selection = ArchiveSelection()
            selection.apids = Set(apids)
            let found = try Streams.read(archive, selection)
            let wanted = all.filter { apids.contains($0.unit.apid) }
            #expect(found.map(\.unit) == wanted.map(\.unit), "\(apids)")
            #expect(found.map(\.octets) == wanted.map(\.octets), "\(apids)")
        }
    }

    @Test(arguments: 0..<4) func mutatedListsGiveDamageOrTheRightUnits(seed: Int) throws {
        let lists = Lists(seed: 109, count: 20)
        let open = try PackedFuzzTests.Open(Array(lists.packets.joined()), content: .packets)
        try PackedFuzzTests.mutate(open, seed: seed, head: 700)
    }

    @Test(arguments: 0..<2) func mutatedListsAreReadApartWithoutATrap(seed: Int) throws {
        let lists = Lists(seed: 115, count: 400).packets
        let stream = lists + Streams.steady(seed: 116, count: 40)
        let open = try PackedFuzzTests.Open(Array(stream.joined()), content: .packets)
        #expect(stream.reduce(0) { $0 + $1.count } > 128 << 10)
        for apid in [9, 17] {
            var selection = ArchiveSelection()
            selection.apids = [apid]
            try PackedFuzzTests.mutate(open, seed: seed, head: 2000, rounds: 20, selection: selection)
        }
    }
}

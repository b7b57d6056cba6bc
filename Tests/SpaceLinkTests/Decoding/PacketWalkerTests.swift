import SpaceLink
import TestSupport
import Testing

/// Files of packets, whole and damaged.
@Suite struct PacketWalkerTests {
    private var link: LinkDescription {
        var link = LinkDescription()
        link.input = .packets
        return link
    }

    private func file(_ count: Int, from first: Int = 0) -> [[UInt8]] {
        (first..<first + count).map { Build.packet(apid: UInt16(5 + $0 % 3), count: $0, length: 7 + $0 * 37 % 300) }
    }

    @Test func everyPacketOfAWholeFileIsFound() throws {
        let packets = file(100)
        let decoded = try decode(packets.flatMap { $0 }, link)
        #expect(decoded.collector.packets.map(\.octets) == packets)
        #expect(decoded.summary.discarded.isEmpty)
    }

    @Test func onePacketAloneIsFound() throws {
        let packets = file(1)
        let decoded = try decode(packets.flatMap { $0 }, link)
        #expect(decoded.collector.packets.map(\.octets) == packets)
    }

    @Test func nonsenseBetweenPacketsIsSkipped() throws {
        let before = file(20)
        let behind = file(20, from: 20)
        let nonsense = [UInt8](repeating: 0xFF, count: 333)
        let decoded = try decode((before + [nonsense] + behind).flatMap { $0 }, link)
        #expect(decoded.collector.packets.filter { !$0.record.isEncapsulation }.map(\.octets) == before + behind)
        #expect(decoded.summary.discarded.values.reduce(0, +) == 333)
        #expect(decoded.collector.packets[20].record.gapBefore)
    }

    @Test func nonsenseBeforeTheFirstPacketIsSkipped() throws {
        let packets = file(30)
        let nonsense = [UInt8](repeating: 0xAB, count: 1000)
        let decoded = try decode(nonsense + packets.flatMap { $0 }, link)
        #expect(decoded.collector.packets.map(\.octets) == packets)
        #expect(decoded.summary.discarded == [.packetVersion: 1000])
        #expect(decoded.collector.discards.map(\.offset) == [0])
    }

    @Test func fileCutShortLosesItsLastPacket() throws {
        let packets = file(10)
        let octets = packets.flatMap { $0 }.dropLast(5)
        let decoded = try decode(Array(octets), link)
        #expect(decoded.collector.packets.map(\.octets) == Array(packets.dropLast()))
        #expect(decoded.summary.discarded == [.incompletePacket: packets[9].count - 5])
    }

    @Test func lengthThatRunsPastTheEndCostsOnePacket() throws {
        var packets = file(40)
        packets[20][4] = 0xFF
        let decoded = try decode(packets.flatMap { $0 }, link)
        let good = packets[..<20] + packets[21...]
        #expect(decoded.collector.packets.map(\.octets) == Array(good))
        #expect(decoded.summary.discarded == [.packetLength: packets[20].count])
    }

    @Test func emptyFileHasNoChannels() throws {
        let decoded = try decode([], link)
        #expect(decoded.summary.channels.isEmpty)
        #expect(decoded.summary.octets == 0)
    }

    @Test func everyCutOfADamagedFileGivesTheSame() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20 {
            var octets = file(60).flatMap { $0 }
            for _ in 0..<5 { octets[Int.random(in: octets.indices, using: &generator)] ^= 0xE0 }
            octets.insert(contentsOf: generator.octets(400), at: octets.count / 2)
            let whole = try decode(octets, link)
            #expect(try decode(octets, link, cuts: Array(1..<octets.count)) == whole)
            let cuts = (0..<30).map { _ in Int.random(in: octets.indices, using: &generator) }.sorted()
            #expect(try decode(octets, link, cuts: cuts) == whole)
        }
    }
}

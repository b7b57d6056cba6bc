import SpaceLink
import TestSupport
import Testing

/// What is kept of packets that a gap breaks off.
@Suite struct PartialPacketTests {
    private static let packets = (0..<6).map { Build.packet(apid: 1, count: $0, length: 30) }

    /// Three frames of twenty octets for two packets of thirty, and so on.
    private static let frames: [[UInt8]] = {
        let octets = packets.flatMap { $0 }
        let pointers = [0, 10, 0x7FF, 0, 10, 0x7FF, 0, 10, 0x7FF]
        return (0..<9).map { frame in
            // The third frame of each three only goes on with the second packet.
            Build.frame(count: frame, pointer: pointers[frame], zone: Array(octets[frame * 20..<frame * 20 + 20]))
        }
    }()

    private func decoded(_ frames: [[UInt8]]) throws -> (kept: Decoded, dropped: Decoded) {
        let link = Build.link(zone: 20)
        let octets = frames.flatMap { $0 }
        return (try decode(octets, link, keepPartial: true), try decode(octets, link))
    }

    @Test func nothingChangesWhereNothingIsLost() throws {
        let (kept, dropped) = try decoded(Self.frames)
        #expect(kept == dropped)
        #expect(kept.collector.packets.map(\.octets) == Self.packets)
    }

    @Test func goodPartBeforeAGapIsKeptAndMarked() throws {
        var frames = Self.frames
        frames.remove(at: 5)
        let (kept, dropped) = try decoded(frames)
        let broken = 3
        var whole = Self.packets
        whole.remove(at: broken)
        #expect(dropped.collector.packets.map(\.octets) == whole)
        #expect(dropped.summary.discarded == [.interruptedPacket: 10])
        #expect(kept.summary.discarded.isEmpty)
        #expect(kept.summary.used == kept.summary.octets)
        var expected = Self.packets
        expected[broken] = Array(expected[broken].prefix(10))
        #expect(kept.collector.packets.map(\.octets) == expected)
        #expect(kept.collector.packets.map(\.record.isPartial) == [false, false, false, true, false, false])
        #expect(kept.collector.packets.map(\.record.gapBefore) == [false, false, false, false, true, false])
        #expect(kept.collector.packets[3].record.firstFrame == 4)
        #expect(kept.collector.packets[3].record.lastFrame == 4)
        // Channels count whole packets.
        #expect(kept.summary.channels == dropped.summary.channels)
    }

    @Test func partThatTheEndBreaksOffIsKept() throws {
        let (kept, dropped) = try decoded(Array(Self.frames[..<5]))
        #expect(dropped.summary.discarded == [.incompletePacket: 10])
        #expect(kept.summary.discarded.isEmpty)
        #expect(kept.collector.packets.last?.octets == Array(Self.packets[3].prefix(10)))
        #expect(kept.collector.packets.last?.record.isPartial == true)
    }

    @Test func partThatAFirstHeaderPointerBreaksOffIsKept() throws {
        var frames = Self.frames
        // The fourth frame stands in the place of the third, with its count.
        frames[2] = frames[3]
        frames[2][4] = 2
        let (kept, _) = try decoded(Array(frames[..<3]))
        #expect(kept.collector.packets.map(\.octets.count) == [30, 10, 20])
        #expect(kept.collector.packets.map(\.record.isPartial) == [false, true, true])
        #expect(kept.summary.discarded.isEmpty)
    }

    @Test func partWithoutAWholeHeaderIsDropped() throws {
        let first = Build.packet(apid: 1, count: 0, length: 16)
        let zone = first + Self.packets[1].prefix(4)
        let (kept, dropped) = try decoded([Build.frame(count: 0, pointer: 0, zone: zone)])
        #expect(kept == dropped)
        #expect(kept.summary.discarded == [.incompletePacket: 4])
    }

    @Test func ledgerBalancesWhateverIsLost() throws {
        let link = Build.link(zone: 20)
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<200 {
            var octets = Self.frames.filter { _ in Bool.random(using: &generator) }.flatMap { $0 }
            for _ in 0..<Int.random(in: 0...3, using: &generator) where !octets.isEmpty {
                let place = Int.random(in: octets.indices, using: &generator)
                octets[place] ^= UInt8.random(in: 1...255, using: &generator)
            }
            octets.removeLast(Int.random(in: 0...min(40, octets.count), using: &generator))
            let kept = try decode(octets, link, cuts: [octets.count / 3], keepPartial: true)
            let dropped = try decode(octets, link)
            #expect(kept.summary.used >= dropped.summary.used)
            let whole = kept.collector.packets.filter { !$0.record.isPartial }.map(\.octets)
            #expect(whole == dropped.collector.packets.map(\.octets))
        }
    }
}

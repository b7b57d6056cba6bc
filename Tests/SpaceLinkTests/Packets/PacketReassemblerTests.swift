import SpaceLink
import TestSupport
import Testing

/// Segments are joined, or dropped as a whole.
@Suite struct PacketReassemblerTests {
    /// Takes packets as a decoder hands them out.
    private struct Joined: LinkSink {
        var packets: [Collector.Packet] = []
        var drops: [DroppedSegments] = []

        mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
            packets.append(Collector.Packet(record: packet, octets: octets.array))
        }

        mutating func droppedSegments(_ segments: DroppedSegments) { drops.append(segments) }
    }

    /// A packet of a group: flags 1 first, 0 continuation, 2 last, 3 alone.
    private static func packet(
        _ flags: UInt8,
        count: Int,
        apid: Int = 5,
        secondaryHeader: [UInt8] = [],
        _ data: [UInt8]
    ) -> [UInt8] {
        let length = secondaryHeader.count + data.count - 1
        return [
            UInt8(apid >> 8) | (secondaryHeader.isEmpty ? 0 : 8), UInt8(apid & 0xFF),
            flags << 6 | UInt8(count >> 8), UInt8(count & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF),
        ] + secondaryHeader + data
    }

    private static func join(
        _ packets: [[UInt8]],
        _ reassembler: PacketReassembler = PacketReassembler()
    ) -> (Joined, PacketReassembler) {
        var reassembler = reassembler
        var joined = Joined()
        for (index, octets) in packets.enumerated() {
            let record = PacketRecord(
                apid: Int(octets[0] & 7) << 8 | Int(octets[1]),
                sequenceCount: Int(octets[2] & 0x3F) << 8 | Int(octets[3]),
                isIdle: octets[0] & 7 == 7 && octets[1] == 0xFF,
                firstFrame: index,
                lastFrame: index,
                inputOffset: Int64(index * 100),
                quality: index == 1 ? .corrected(4) : .good,
                markerErrors: index,
                isFlywheel: index == 2,
                gapBefore: index == 0
            )
            reassembler.push(record, octets: octets.span, into: &joined)
        }
        reassembler.finish(into: &joined)
        return (joined, reassembler)
    }

    @Test func segmentsBecomeOnePacket() throws {
        let (joined, reassembler) = Self.join([
            Self.packet(1, count: 16_383, [1, 2, 3]), Self.packet(0, count: 0, [4]), Self.packet(2, count: 1, [5, 6]),
        ])
        #expect(joined.packets.map(\.octets) == [[0, 5, 0xFF, 0xFF, 0, 5, 1, 2, 3, 4, 5, 6]])
        let record = try #require(joined.packets.first?.record)
        #expect(record.segments == 3)
        #expect(record.sequenceCount == 16_383)
        #expect(record.firstFrame == 0)
        #expect(record.lastFrame == 2)
        #expect(record.inputOffset == 0)
        #expect(record.quality == .corrected(4))
        #expect(record.markerErrors == 2)
        #expect(record.isFlywheel)
        #expect(record.gapBefore)
        #expect(joined.drops.isEmpty)
        #expect(reassembler.joined == 1)
        #expect(reassembler.dropped == 0)
        // What comes out is a packet that stands alone.
        let octets = joined.packets[0].octets
        let header = try SpacePacketHeader(decoding: octets.span)
        #expect(header.sequenceFlags == .unsegmented)
        #expect(header.packetLength == octets.count)
    }

    @Test func secondaryHeadersOfFurtherSegmentsAreLeftOutIfTheirLengthIsKnown() {
        let packets = [
            Self.packet(1, count: 0, secondaryHeader: [0xA1, 0xA2], [1, 2]),
            Self.packet(0, count: 1, secondaryHeader: [0xB1, 0xB2], [3]), Self.packet(2, count: 2, [4]),
        ]
        #expect(Self.join(packets).0.packets[0].octets.dropFirst(6) == [0xA1, 0xA2, 1, 2, 0xB1, 0xB2, 3, 4])
        let (joined, _) = Self.join(packets, PacketReassembler(secondaryHeaderLength: 2))
        #expect(joined.packets[0].octets.dropFirst(6) == [0xA1, 0xA2, 1, 2, 3, 4])
    }

    @Test func whatIsNotSegmentedPassesThrough() {
        let alone = Self.packet(3, count: 9, [1])
        let idle = Self.packet(1, count: 3, apid: 2047, [0, 0])
        var reassembler = PacketReassembler()
        var joined = Joined()
        let encapsulation: [UInt8] = [0xE1, 3, 0]
        for octets in [alone, idle] {
            let record = PacketRecord(apid: 5, sequenceCount: 9, isIdle: octets == idle)
            reassembler.push(record, octets: octets.span, into: &joined)
        }
        let record = PacketRecord(apid: -1, sequenceCount: 0, isEncapsulation: true)
        reassembler.push(record, octets: encapsulation.span, into: &joined)
        reassembler.finish(into: &joined)
        #expect(joined.packets.map(\.octets) == [alone, idle, encapsulation])
        #expect(joined.drops.isEmpty)
    }

    @Test func groupsOfSeveralApplicationsMayBeMixed() {
        let (joined, _) = Self.join([
            Self.packet(1, count: 0, apid: 5, [1]), Self.packet(1, count: 7, apid: 6, [11]),
            Self.packet(2, count: 8, apid: 6, [12]), Self.packet(3, count: 3, apid: 7, [20]),
            Self.packet(2, count: 1, apid: 5, [2]),
        ])
        #expect(joined.packets.map { Array($0.octets.dropFirst(6)) } == [[11, 12], [20], [1, 2]])
        #expect(joined.drops.isEmpty)
    }

    @Test func brokenGroupsAreDroppedAsAWhole() {
        let whole = [Self.packet(1, count: 20, [7]), Self.packet(2, count: 21, [8])]
        let cases: [([[UInt8]], [DroppedSegments.Reason], [Int], [Int64])] = [
            // The middle is missing: the start goes, and each segment behind it.
            (
                [Self.packet(1, count: 0, [1]), Self.packet(0, count: 2, [3]), Self.packet(2, count: 3, [4])],
                [.missingSegment, .missingSegment, .withoutFirst], [1, 1, 1], [0, 100, 200]
            ),
            // Out of order.
            (
                [Self.packet(1, count: 0, [1]), Self.packet(0, count: 1, [2]), Self.packet(0, count: 1, [2])],
                [.missingSegment, .missingSegment], [2, 1], [0, 200]
            ),
            ([Self.packet(2, count: 3, [4])], [.withoutFirst], [1], [0]),
            // Another unit, or a packet that stands alone, before the last segment.
            ([Self.packet(1, count: 0, [1]), Self.packet(0, count: 1, [2])], [.withoutLast], [2], [0]),
            ([Self.packet(1, count: 0, [1]), Self.packet(3, count: 1, [2])], [.withoutLast], [1], [0]),
        ]
        for (packets, reasons, segments, offsets) in cases {
            let (joined, reassembler) = Self.join(packets + whole)
            #expect(joined.packets.last?.octets.dropFirst(6) == [7, 8])
            #expect(joined.packets.count == (packets.last.map { $0[2] >> 6 } == 3 ? 2 : 1))
            #expect(joined.drops.map(\.reason) == reasons)
            #expect(joined.drops.map(\.segments) == segments)
            #expect(joined.drops.map(\.inputOffset) == offsets)
            #expect(joined.drops.map(\.octets) == segments.map { 7 * $0 })
            #expect(reassembler.dropped == segments.reduce(0, +))
        }
    }

    @Test func groupThatTheEndBreaksOffIsDropped() {
        let (joined, _) = Self.join([Self.packet(1, count: 0, [1]), Self.packet(0, count: 1, [2])])
        #expect(joined.packets.isEmpty)
        #expect(joined.drops.map(\.reason) == [.unfinished])
    }

    @Test func partialSegmentBreaksItsGroup() {
        for partial in 0..<3 {
            var reassembler = PacketReassembler()
            var joined = Joined()
            for (index, flags) in [UInt8(1), 0, 2].enumerated() {
                let octets = Self.packet(flags, count: index, [1, 2, 3])
                let record = PacketRecord(apid: 5, sequenceCount: index, isPartial: index == partial)
                reassembler.push(record, octets: octets.span, into: &joined)
            }
            reassembler.finish(into: &joined)
            #expect(joined.packets.isEmpty)
            #expect(joined.drops.first?.reason == .partialSegment)
            #expect(joined.drops.reduce(0) { $0 + $1.segments } == 3)
        }
    }

    @Test func unitsAreBounded() {
        let part = [UInt8](repeating: 9, count: 30_000)
        let segments = [1, 0, 2].enumerated().map { Self.packet(UInt8($1), count: $0, part) }
        let (dropped, _) = Self.join(segments)
        #expect(dropped.packets.isEmpty)
        #expect(dropped.drops.map(\.reason) == [.tooLong])
        #expect(dropped.drops.map(\.segments) == [3])
        // The longest packet that its header can say.
        let exact = [1, 2].enumerated().map { Self.packet(UInt8($1), count: $0, part + part.prefix(2_768)) }
        #expect(Self.join(exact).0.packets[0].octets.count == 65_542)
        #expect(Self.join(exact).0.packets[0].octets[4...5] == [0xFF, 0xFF])
        // Whoever allows more gets more.
        let (joined, _) = Self.join(segments, PacketReassembler(longestUnit: 100_000))
        #expect(joined.packets.map(\.octets.count) == [90_006])
        #expect(joined.packets[0].octets[4...5] == [0xFF, 0xFF])
    }

    @Test func allGroupsTogetherAreBounded() {
        let firsts = (0..<10).map { Self.packet(1, count: 0, apid: 100 + $0, [UInt8](repeating: 1, count: 94)) }
        let lasts = (0..<10).map { Self.packet(2, count: 1, apid: 100 + $0, [2]) }
        let (joined, _) = Self.join(firsts + lasts, PacketReassembler(longestHeld: 750))
        // Seven groups of 100 octets can be held: the oldest three go.
        #expect(joined.packets.map(\.record.apid) == Array(103...109))
        #expect(joined.drops.filter { $0.reason == .tooLong }.map(\.apid) == [100, 101, 102])
    }

    @Test func openGroupsAreBounded() {
        let limit = PacketReassembler.groupLimit
        let firsts = (0..<limit + 2).map { Self.packet(1, count: 0, apid: 1 + $0, [1]) }
        let lasts = (0..<limit + 2).map { Self.packet(2, count: 1, apid: 1 + $0, [2]) }
        let (joined, _) = Self.join(firsts + lasts, PacketReassembler())
        #expect(joined.packets.map(\.record.apid) == Array(3...limit + 2))
        #expect(joined.drops.filter { $0.reason == .tooLong }.map(\.apid) == [1, 2])
    }
}

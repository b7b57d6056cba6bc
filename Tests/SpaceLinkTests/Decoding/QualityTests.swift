import SpaceLink
import TestSupport
import Testing

/// What is known of the reception of a frame goes with the packets in it.
@Suite struct QualityTests {
    private let block = 1024

    /// Frames of one packet that starts in each and ends in the next, on one channel.
    private func stream() throws -> (link: LinkDescription, octets: [UInt8]) {
        let link = try #require(LinkDescription.preset("s-npp"))
        var encoder = try LinkEncoder(link, spacecraft: 157)
        var octets: [UInt8] = []
        let zone = encoder.packetZoneLength
        for count in 0..<20 {
            // The first is half as long, so that all others end in the frame behind that where they start.
            let length = count == 0 ? zone / 2 : zone
            encoder.push(packet: Build.packet(apid: 9, count: count, length: length).span, virtualChannel: 3) {
                octets += $1.array
            }
        }
        return (link, octets)
    }

    @Test func packetsAreAsGoodAsTheWorstOfTheirFrames() throws {
        var (link, octets) = try stream()
        // Packet 5 lies in frames 4 and 5: two symbols of the one, three of the other.
        for place in [100, 200] { octets[4 * block + place] ^= 0x5A }
        for place in [100, 200, 300] { octets[5 * block + place] ^= 0x5A }
        let records = try decode(octets, link).collector.packets.map(\.record)
        #expect(records[3].quality == .good)
        #expect(records[4].quality == .corrected(2))
        #expect(records[5].quality == .corrected(5))
        #expect(records[6].quality == .corrected(3))
        #expect(records[7].quality == .good)
        #expect(records.allSatisfy { !$0.gapBefore && !$0.isPartial && $0.segments == 1 })
    }

    @Test func wrongBitsOfMarkersTravelWithPackets() throws {
        var (link, octets) = try stream()
        octets[4 * block] ^= 0x80
        octets[5 * block + 1] ^= 0x81
        let decoded = try decode(octets, link)
        #expect(decoded.collector.frames.map(\.record.markerErrors)[3...6] == [0, 1, 2, 0])
        #expect(decoded.collector.packets.map(\.record.markerErrors)[3...7] == [0, 1, 2, 2, 0])
        #expect(decoded.collector.packets.allSatisfy { !$0.record.isFlywheel && !$0.record.isInverted })
    }

    @Test func packetsOfFramesWithoutAMarkerSaySo() throws {
        var (link, octets) = try stream()
        for place in 0..<4 { octets[5 * block + place] = 0x55 }
        let decoded = try decode(octets, link)
        #expect(decoded.collector.frames[5].record.synchronization == .flywheel)
        #expect(decoded.collector.packets.map(\.record.isFlywheel)[3...7] == [false, false, true, true, false])
    }

    @Test func packetsOfInvertedFramesSaySo() throws {
        var (link, octets) = try stream()
        for place in 5 * block..<octets.count { octets[place] = ~octets[place] }
        let packets = try decode(octets, link).collector.packets
        #expect(packets.map(\.octets) == (try decode(stream().octets, link)).collector.packets.map(\.octets))
        #expect(packets.map(\.record.isInverted)[3...7] == [false, false, true, true, true])
    }

    @Test func firstPacketBehindLostOctetsSaysSo() throws {
        let link = Build.link(zone: 20)
        let packets = (0..<6).map { Build.packet(apid: 1, count: $0, length: 10) }
        // Behind the third packet comes no packet; before the last frame six are missing.
        let frames =
            Build.frame(count: 0, pointer: 0, zone: packets[0] + packets[1])
            + Build.frame(count: 1, pointer: 0, zone: packets[2] + [UInt8](repeating: 0x40, count: 10))
            + Build.frame(count: 2, pointer: 0, zone: packets[3] + packets[4])
            + Build.frame(count: 9, pointer: 0, zone: packets[5] + packets[0])
        let records = try decode(frames, link).collector.packets.map(\.record)
        #expect(records.map(\.gapBefore) == [false, false, false, true, false, true, false])
    }

    @Test func framesThatFailTheirCheckAreHandedOnMarkedIfAskedFor() throws {
        var link = Build.link(zone: 20)
        link.frame.fecf = true
        link.frame.length = 30
        var encoder = try LinkEncoder(link, spacecraft: 10)
        var octets: [UInt8] = []
        for count in 0..<4 {
            let packet = Build.packet(apid: 1, count: count, length: 20)
            encoder.push(packet: packet.span, virtualChannel: 1) { octets += $1.array }
        }
        octets[30 + 15] ^= 1
        let kept = try decode(octets, link, keepBad: true)
        #expect(kept.collector.frames.map(\.record.quality) == [.good, .crcFailed, .good, .good])
        #expect(kept.collector.frames.map(\.record.missingBefore) == [0, 0, 1, 0])
        #expect(kept.collector.packets.map(\.record.gapBefore) == [false, true, false])
        let refused = try decode(octets, link)
        #expect(refused.collector.frames.map(\.record.index) == [0, 2, 3])
        #expect(refused.summary == kept.summary)
    }
}

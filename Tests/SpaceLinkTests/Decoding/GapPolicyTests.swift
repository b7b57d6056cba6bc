import SpaceLink
import TestSupport
import Testing

/// What is kept and what is dropped, frame by frame.
@Suite struct GapPolicyTests {
    // Twenty octets of zone: a packet of 12, then one of 16 that goes on for 8 octets, then one of 12.
    private let first = Build.packet(apid: 1, count: 0, length: 12)
    private let second = Build.packet(apid: 2, count: 0, length: 16)
    private let third = Build.packet(apid: 1, count: 1, length: 12)

    private var start: [UInt8] { Build.frame(count: 5, pointer: 0, zone: first + second.prefix(8)) }
    private var end: [UInt8] { Build.frame(count: 6, pointer: 8, zone: second.suffix(8) + third) }

    private func packets(_ decoded: Decoded) -> [[UInt8]] { decoded.collector.packets.map(\.octets) }

    @Test func packetsSpanFrames() throws {
        let decoded = try decode(start + end, Build.link(zone: 20))
        #expect(packets(decoded) == [first, second, third])
        #expect(decoded.collector.packets.map(\.record.firstFrame) == [0, 0, 1])
        #expect(decoded.collector.packets.map(\.record.lastFrame) == [0, 1, 1])
        #expect(decoded.collector.packets.map(\.record.inputOffset) == [0, 0, 28])
        #expect(decoded.summary.discarded.isEmpty)
    }

    @Test func gapDropsThePacketInProgressAndWhatComesBeforeTheNextPointer() throws {
        let late = Build.frame(count: 9, pointer: 8, zone: second.suffix(8) + third)
        let decoded = try decode(start + late, Build.link(zone: 20))
        #expect(packets(decoded) == [first, third])
        #expect(decoded.summary.discarded == [.interruptedPacket: 8, .beforeFirstPacket: 8])
        #expect(decoded.collector.discards.map(\.offset) == [20, 36])
        #expect(decoded.collector.packets.map(\.record.gapBefore) == [false, true])
        #expect(decoded.collector.gaps.map(\.missing) == [3])
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.gaps == 1)
        #expect(channel.missing == 3)
    }

    @Test func streamThatStartsInAPacketDropsItsEnd() throws {
        let decoded = try decode(end, Build.link(zone: 20))
        #expect(packets(decoded) == [third])
        #expect(decoded.summary.discarded == [.beforeFirstPacket: 8])
    }

    @Test func streamThatEndsInAPacketDropsItsStart() throws {
        let decoded = try decode(start, Build.link(zone: 20))
        #expect(packets(decoded) == [first])
        #expect(decoded.summary.discarded == [.incompletePacket: 8])
        #expect(decoded.collector.discards.map(\.offset) == [20])
    }

    @Test func pointerThatContradictsThePacketDropsIt() throws {
        let early = Build.frame(count: 6, pointer: 6, zone: second.suffix(8).prefix(6) + third + [0xE0, 0xE0])
        let decoded = try decode(start + early, Build.link(zone: 20))
        #expect(packets(decoded) == [first, third, [0xE0], [0xE0]])
        #expect(decoded.summary.discarded == [.interruptedPacket: 14])
    }

    @Test func octetsBetweenAPacketAndALatePointerAreDropped() throws {
        let late = Build.frame(count: 6, pointer: 10, zone: second.suffix(8) + [0, 1] + third.prefix(10))
        let decoded = try decode(start + late, Build.link(zone: 20))
        #expect(packets(decoded) == [first, second])
        // Two octets that the pointer breaks off; ten that the input's end does.
        #expect(decoded.summary.discarded == [.interruptedPacket: 2, .incompletePacket: 10])
    }

    @Test func repeatedFrameIsADuplicate() throws {
        let decoded = try decode(start + start + end, Build.link(zone: 20))
        #expect(packets(decoded) == [first, second, third])
        #expect(decoded.summary.discarded == [.duplicateFrame: 28])
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.frames == 2)
        #expect(channel.duplicates == 1)
        #expect(channel.missing == 0)
        #expect(decoded.collector.frames.count == 2)
    }

    @Test func sameCountWithOtherOctetsIsAReset() throws {
        let other = Build.frame(count: 5, pointer: 0, zone: third + second.prefix(8))
        let decoded = try decode(start + other, Build.link(zone: 20))
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.resets == 1)
        #expect(channel.gaps == 0)
        #expect(channel.missing == 0)
        #expect(packets(decoded) == [first, third])
    }

    @Test func stepBeyondHalfTheModulusIsAReset() throws {
        let far = Build.frame(count: 2, pointer: 8, zone: second.suffix(8) + third)
        let decoded = try decode(start + far, Build.link(zone: 20))
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.resets == 1)
        #expect(channel.missing == 0)
        #expect(decoded.collector.gaps.map(\.isReset) == [true])
    }

    @Test func countWrapsWithoutAGap() throws {
        let wrap =
            Build.frame(count: 0xFF_FFFF, pointer: 0, zone: first + second.prefix(8))
            + Build.frame(count: 0, pointer: 8, zone: second.suffix(8) + third)
        let decoded = try decode(wrap, Build.link(zone: 20))
        #expect(decoded.summary.channels.first?.missing == 0)
        #expect(packets(decoded) == [first, second, third])
    }

    @Test func idleChannelHasNoGapsToReport() throws {
        let idle: [UInt8] = [3, 90, 90, 7].flatMap { count -> [UInt8] in
            Build.frame(count: count, pointer: 0x7FE, zone: [UInt8](repeating: 0x55, count: 20), channel: 63)
        }
        let decoded = try decode(start + idle + end, Build.link(zone: 20))
        #expect(decoded.collector.gaps.isEmpty)
        #expect(decoded.summary.discarded.isEmpty)
        #expect(decoded.summary.channels.map(\.frames) == [2, 4])
        #expect(packets(decoded) == [first, second, third])
    }

    @Test func onlyIdleDataDoNotEndThePacketInProgress() throws {
        let idle = Build.frame(count: 6, pointer: 0x7FE, zone: [UInt8](repeating: 0x55, count: 20))
        let last = Build.frame(count: 7, pointer: 8, zone: second.suffix(8) + third)
        let decoded = try decode(start + idle + last, Build.link(zone: 20))
        #expect(packets(decoded) == [first, second, third])
    }

    @Test func unknownPacketVersionDropsTheRestUpToTheNextPointer() throws {
        let bad = Build.frame(count: 6, pointer: 8, zone: second.suffix(8) + [0x20] + third.prefix(11))
        let continued = Build.frame(count: 7, pointer: 0x7FF, zone: [UInt8](repeating: 0, count: 20))
        let good = Build.frame(count: 8, pointer: 2, zone: [1, 2] + third + [0xE0, 0xE0, 0xE0, 0xE0, 0xE0, 0xE0])
        let decoded = try decode(start + bad + continued + good, Build.link(zone: 20))
        #expect(packets(decoded).prefix(3) == [first, second, third])
        #expect(decoded.summary.discarded == [.packetVersion: 12, .beforeFirstPacket: 22])
        #expect(decoded.collector.packets.filter(\.record.isIdle).count == 6)
    }

    @Test func impossibleEncapsulationLengthIsDropped() throws {
        let short = Build.frame(count: 5, pointer: 0, zone: first + [0xE1, 1] + [UInt8](repeating: 0, count: 6))
        let long = Build.frame(count: 6, pointer: 0, zone: first + [0xEB, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF])
        let decoded = try decode(short + long, Build.link(zone: 20))
        #expect(packets(decoded) == [first, first])
        #expect(decoded.summary.discarded == [.packetLength: 16])
    }

    @Test func encapsulationLengthSplitOverFramesIsDroppedWhereItShows() throws {
        let split = Build.frame(count: 5, pointer: 0, zone: Build.packet(apid: 1, count: 0, length: 18) + [0xE2, 0])
        let rest = Build.frame(count: 6, pointer: 0x7FF, zone: [0, 3] + [UInt8](repeating: 0, count: 18))
        let decoded = try decode(split + rest, Build.link(zone: 20))
        #expect(decoded.summary.discarded == [.packetLength: 22])
    }

    @Test func pointerOutsideTheZoneDropsTheZone() throws {
        let wild = Build.frame(count: 6, pointer: 20, zone: second.suffix(8) + third)
        let decoded = try decode(start + wild, Build.link(zone: 20))
        #expect(packets(decoded) == [first])
        #expect(decoded.summary.discarded == [.interruptedPacket: 8, .beforeFirstPacket: 20])
    }

    @Test func headersSplitAtEveryOctetAreJoined() throws {
        for length in 1...19 {
            let filler = Build.packet(apid: 3, count: 0, length: 40 - length)
            let octets = filler + second + [UInt8](repeating: 0xE0, count: 60 - filler.count - second.count)
            let pointers = [0, 20 - length, max(0, 16 - length)]
            let frames: [UInt8] = (0..<3).flatMap { index -> [UInt8] in
                let zone = Array(octets[index * 20..<index * 20 + 20])
                return Build.frame(count: index, pointer: pointers[index], zone: zone)
            }
            let decoded = try decode(frames, Build.link(zone: 20))
            #expect(packets(decoded).prefix(2) == [filler, second], "\(length)")
            #expect(decoded.summary.discarded.isEmpty, "\(length)")
        }
    }

    @Test func foreignSpacecraftAreRefusedWhereTheLinkNamesItsOwn() throws {
        let foreign = Build.frame(count: 5, pointer: 0, zone: first + second.prefix(8), spacecraft: 11)
        var link = Build.link(zone: 20)
        #expect(try decode(start + foreign + end, link).summary.channels.count == 2)
        link.frame.spacecraft = [10]
        let decoded = try decode(start + foreign + end, link)
        #expect(packets(decoded) == [first, second, third])
        #expect(decoded.summary.discarded == [.foreignSpacecraft: 28])
        #expect(decoded.summary.frames.rejected == 1)
    }

    @Test func frameCutShortIsTruncated() throws {
        let decoded = try decode(start + end + end.prefix(27), Build.link(zone: 20))
        #expect(decoded.summary.discarded == [.truncatedFrame: 27])
        #expect(decoded.summary.frames.total == 2)
    }

    @Test func badFramesAreHandedOnOnlyIfAsked() throws {
        var link = Build.link(zone: 18)
        link.frame.fecf = true
        link.frame.length = 28
        let bad = start.dropLast(2) + [0x12, 0x34]
        #expect(try decode(Array(bad), link).collector.frames.isEmpty)
        let kept = try decode(Array(bad), link, keepBad: true)
        #expect(kept.collector.frames.map(\.record.quality) == [.crcFailed])
        #expect(kept.collector.frames.map(\.octets) == [Array(bad)])
        #expect(kept.collector.packets.isEmpty)
        #expect(kept.summary.discarded == [.frameCheck: 28])
        #expect(kept.summary.frames.crcFailedIndices == [0])
    }

    @Test func stationsOctetsAroundFramesAreUsed() throws {
        var link = Build.link(zone: 20)
        link.envelope = .octets(header: 3, trailer: 2)
        let wrapped: [UInt8] = [start, end].flatMap { frame -> [UInt8] in [9, 9, 9] + frame + [8, 8] }
        let decoded = try decode(wrapped, link)
        #expect(packets(decoded) == [first, second, third])
        #expect(decoded.summary.used == 66)
        let cut = try decode(Array(wrapped.prefix(33)), link)
        #expect(cut.collector.discards.map(\.offset) == [23])
    }

    @Test func headerIsReadAfterItsCorrection() throws {
        var link = Build.link(zone: 20)
        link.frame.fhec = true
        link.frame.fecf = true
        link.frame.length = 32
        var encoder = try LinkEncoder(link, spacecraft: 10)
        var good: [UInt8] = []
        encoder.push(packet: Build.packet(apid: 1, count: 0, length: 20).span, virtualChannel: 1) { good += $1.array }
        var bad = good
        // Another version and channel: two half octets.
        bad[0] ^= 0xC0
        bad[1] ^= 0x05
        let decoded = try decode(bad, link)
        #expect(decoded.collector.frames.map(\.octets) == [good])
        #expect(decoded.collector.packets.count == 1)
        // A third one is too much; the version decides what that is called.
        bad[5] ^= 0x80
        #expect(try decode(bad, link).summary.discarded == [.frameVersion: 32])
        bad[0] ^= 0xC1
        #expect(try decode(bad, link).summary.discarded == [.frameHeader: 32])
    }

    @Test func garbageOfAllAddressesCannotFillTheMemory() throws {
        let frames: [UInt8] = (0..<2000).flatMap { index -> [UInt8] in
            Build.frame(
                count: index,
                pointer: 0,
                zone: first + second.prefix(8),
                spacecraft: index / 60,
                channel: index % 60
            )
        }
        let decoded = try decode(frames, Build.link(zone: 20))
        #expect(decoded.summary.channels.count == 1024)
        #expect(decoded.summary.discarded[.foreignSpacecraft] == 976 * 28)
        #expect(decoded.summary.frames.rejected == 976)
    }

    @Test func accessPointsOfOneChannelDoNotDisturbEachOther() throws {
        var link = Build.link(zone: 20)
        link.frame.type = .uslp
        link.frame.length = 31
        let parts: [(map: Int, pointer: Int, zone: [UInt8])] = [
            (map: 0, pointer: 0, zone: first + second.prefix(8)), (map: 5, pointer: 0, zone: third + second.prefix(8)),
            (map: 0, pointer: 8, zone: second.suffix(8) + third), (map: 5, pointer: 8, zone: second.suffix(8) + first),
        ]
        let frames: [UInt8] = parts.enumerated().flatMap { count, part -> [UInt8] in
            let header = USLPFrameHeader(
                spacecraft: 300,
                virtualChannel: 2,
                multiplexerAccessPoint: part.map,
                rest: USLPFrameHeader.Rest(
                    frameLength: 31,
                    frameCountLength: 1,
                    virtualChannelFrameCount: UInt64(count)
                )
            )
            return header.encode() + [0, 0, UInt8(part.pointer)] + part.zone
        }
        let decoded = try decode(frames, link)
        #expect(packets(decoded) == [first, third, second, third, second, first])
        #expect(decoded.summary.discarded.isEmpty)
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.spacecraft == 300)
        #expect(channel.frames == 4)
        #expect(channel.packets == 6)
        #expect(channel.apids.map(\.packets) == [4, 2])
    }

    @Test func sequenceCountsOfAccessPointsAreToldInTheirOrder() throws {
        var link = Build.link(zone: 20)
        link.frame.type = .uslp
        link.frame.length = 31
        // Every access point has one packet of the same application; the last one comes first.
        let frames: [UInt8] = (0..<16).flatMap { count -> [UInt8] in
            let header = USLPFrameHeader(
                spacecraft: 300,
                virtualChannel: 2,
                multiplexerAccessPoint: 15 - count,
                rest: USLPFrameHeader.Rest(
                    frameLength: 31,
                    frameCountLength: 1,
                    virtualChannelFrameCount: UInt64(count)
                )
            )
            return header.encode() + [0, 0, 0] + Build.packet(apid: 9, count: 100 + 15 - count, length: 20)
        }
        let application = try #require(try decode(frames, link).summary.channels.first?.apids.first)
        #expect(application.packets == 16)
        #expect(application.firstSequence == 100)
        #expect(application.lastSequence == 115)
        #expect(application.missing == 0)
    }

    @Test(arguments: [
        ([0xC0, 0, 0x10, 0, 0, 31, 1, 0], DiscardReason.frameHeader),
        ([0xC0, 0, 0x10, 1, 0, 30, 1, 0], DiscardReason.frameHeader),
        ([0x40, 0, 0x10, 0, 0, 30, 1, 0], DiscardReason.frameVersion),
    ])
    func framesThatContradictTheLinkAreRefused(_ header: [UInt8], _ reason: DiscardReason) throws {
        var link = Build.link(zone: 20)
        link.frame.type = .uslp
        link.frame.length = 31
        let frame = header + [UInt8](repeating: 0, count: 31 - header.count)
        #expect(try decode(frame, link).summary.discarded == [reason: 31])
    }

    @Test func secondaryHeaderOfAnotherLengthIsRefused() throws {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = .tm
        link.frame.length = 40
        let header: [UInt8] = [0, 0xA0, 1, 1, 0x98, 0]
        let frame = header + [3, 0, 0, 0] + first + [UInt8](repeating: 0xE0, count: 18)
        #expect(try decode(frame, link).collector.packets.first?.octets == first)
        link.frame.secondaryHeader = 5
        #expect(try decode(frame, link).summary.discarded == [.frameHeader: 40])
        // Longer than the frame.
        link.frame.secondaryHeader = 0
        let long = header + [0x3F] + [UInt8](repeating: 0, count: 33)
        #expect(try decode(long, link).summary.discarded == [.frameHeader: 40])
    }

    @Test func onlyIdleFramesOfTMHaveNoGapsToReport() throws {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = .tm
        link.frame.length = 38
        func frame(master: UInt8, count: UInt8, channel: UInt8, pointer: [UInt8], zone: [UInt8]) -> [UInt8] {
            [0, 0xA0 | channel << 1, master, count] + pointer + zone
        }
        let idle = [UInt8](repeating: 0x55, count: 32)
        let data = Build.packet(apid: 4, count: 0, length: 32)
        let frames =
            frame(master: 0, count: 0, channel: 7, pointer: [0x1F, 0xFE], zone: idle)
            + frame(master: 1, count: 9, channel: 7, pointer: [0x1F, 0xFE], zone: idle)
            + frame(master: 2, count: 9, channel: 7, pointer: [0x1F, 0xFE], zone: idle)
            + frame(master: 3, count: 1, channel: 0, pointer: [0x18, 0], zone: data)
            + frame(master: 6, count: 2, channel: 0, pointer: [0x1F, 0xFE], zone: idle)
            + frame(master: 7, count: 4, channel: 0, pointer: [0x18, 0], zone: data)
        let decoded = try decode(frames, link)
        #expect(decoded.summary.channels.map(\.missing) == [1, 0])
        #expect(decoded.summary.channels.map(\.frames) == [3, 3])
        #expect(decoded.masterChannels.map(\.missing) == [2])
        #expect(packets(decoded) == [data, data])
        #expect(decoded.summary.discarded.isEmpty)
    }
}

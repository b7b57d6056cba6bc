import ChannelCoding
import SpaceLink
import TestSupport
import Testing

/// USLP frames of any length, with all that they may hold.
@Suite struct USLPTests {
    /// Frames back to back, and what must come out of each.
    private struct Stream {
        var link = LinkDescription()
        var frames: [USLPFrame] = []
        var units: [[UInt8]] = []

        init(errorControl: USLPFrame.ErrorControl, insertZone: Int = 0, truncatedLength: Int = 0) {
            link.input = .frames
            link.frame.type = .uslp
            link.frame.fecf = errorControl != .none
            link.frame.fecfBits = errorControl == .long ? 32 : 16
            link.frame.insertZone = insertZone
            link.frame.truncatedLength = truncatedLength
        }

        var octets: [UInt8] { units.flatMap { $0 } }

        mutating func append(_ frame: USLPFrame) throws {
            frames.append(frame)
            units.append(try #require(frame.encode()))
        }
    }

    /// Frames of all kinds on one channel, counted, one packet of its own in each that can hold one.
    private static func stream(_ errorControl: USLPFrame.ErrorControl, seed: UInt64) throws -> Stream {
        var generator = SeededGenerator(seed: seed)
        let insertZone = seed.isMultiple(of: 2) ? 0 : 5
        let truncated = seed.isMultiple(of: 3) ? 24 : 0
        var stream = Stream(errorControl: errorControl, insertZone: insertZone, truncatedLength: truncated)
        var counted: UInt64 = 0
        for count in 0..<40 {
            let rule = USLPDataFieldHeader.ConstructionRule.allCases[count % 8]
            let isTruncated = truncated > 0 && count % 11 == 5
            let countLength = Int(seed % 8)
            let rest = USLPFrameHeader.Rest(
                frameLength: 1,
                bypassFlag: seed.isMultiple(of: 2),
                protocolControlCommandFlag: count % 13 == 7,
                frameCountLength: countLength,
                virtualChannelFrameCount: counted
            )
            counted += isTruncated ? 0 : 1
            var frame = USLPFrame(
                header: USLPFrameHeader(
                    spacecraft: 40_000,
                    isDestination: count.isMultiple(of: 3),
                    virtualChannel: 33,
                    multiplexerAccessPoint: 9,
                    rest: isTruncated ? nil : rest
                ),
                insertZone: generator.octets(insertZone),
                dataFieldHeader: USLPDataFieldHeader(
                    rule: rule,
                    protocolID: [0, 4, 5, 31][count % 4],
                    pointer: UInt16(count)
                ),
                data: Build.packet(apid: 7, count: count, length: Int.random(in: 7...400, using: &generator)),
                operationalControlField: count % 3 == 0 ? generator.octets(4) : nil,
                errorControl: errorControl
            )
            if isTruncated { frame.data = generator.octets(truncated - (frame.length - frame.data.count)) }
            try stream.append(frame)
        }
        return stream
    }

    @Test(arguments: [USLPFrame.ErrorControl.none, .short, .long], 0..<16 as Range<UInt64>)
    func everyFieldOfEveryFrameComesBack(_ errorControl: USLPFrame.ErrorControl, _ seed: UInt64) throws {
        let stream = try Self.stream(errorControl, seed: seed)
        let decoded = try decode(stream.octets, stream.link)
        #expect(decoded.summary.frames.total == stream.frames.count)
        #expect(decoded.collector.frames.map(\.octets) == stream.units)
        #expect(decoded.summary.channels.map(\.gaps) == [0])
        for (found, sent) in zip(decoded.collector.frames, stream.frames) {
            let record = found.record
            #expect(record.spacecraft == 40_000)
            #expect(record.virtualChannel == 33)
            #expect(record.multiplexerAccessPoint == 9)
            #expect(record.quality == (errorControl == .none ? .unchecked : .good))
            #expect(record.isExpedited == sent.header.rest?.bypassFlag ?? false)
            #expect(record.dataFieldHeader == sent.dataFieldHeader)
            #expect(Array(found.octets[record.insertZone]) == sent.insertZone)
            #expect(Array(found.octets[record.dataField]) == sent.data)
            #expect(record.isIdle == (sent.dataFieldHeader.protocolID == 31))
            let field = sent.header.rest == nil ? nil : sent.operationalControlField
            #expect(record.operationalControlField == field.map { $0.reduce(0) { $0 << 8 | UInt32($1) } })
            #expect(record.frameCount == (seed % 8 == 0 ? 0 : sent.header.rest?.virtualChannelFrameCount ?? 0))
            #expect(try USLPFrameHeader(decoding: found.octets.span).isDestination == sent.header.isDestination)
        }
    }

    @Test(arguments: [USLPFrame.ErrorControl.none, .short, .long])
    func everyCutGivesTheSame(_ errorControl: USLPFrame.ErrorControl) throws {
        for seed: UInt64 in 3...6 {
            let stream = try Self.stream(errorControl, seed: seed)
            var octets = stream.octets
            // Damage, and octets that are no frame, take part.
            octets[stream.units[0].count + 4] ^= 0x40
            octets.insert(contentsOf: [UInt8](repeating: 0xC0, count: 300), at: octets.count / 2)
            octets.removeLast(3)
            let whole = try decode(octets, stream.link)
            let cuts = ChunkingVerifier.cuts(
                count: octets.count,
                boundaries: [stream.units[0].count, octets.count / 2],
                seed: seed,
                randomCuts: 6,
                oneByOneLimit: 20_000
            )
            for cut in cuts {
                let places = cut.pieces.dropLast().map(\.upperBound)
                #expect(try decode(octets, stream.link, cuts: places) == whole, "\(cut.name)")
            }
        }
    }

    @Test(arguments: [USLPFrame.ErrorControl.short, .long])
    func damageCostsTheFrameInWhichItLiesAndInventsNone(_ errorControl: USLPFrame.ErrorControl) throws {
        let stream = try Self.stream(errorControl, seed: 5)
        let start = stream.units.prefix(17).reduce(0) { $0 + $1.count }
        let good = stream.units.enumerated().filter { $0.offset != 17 }.map(\.element)
        for place in 0..<stream.units[17].count where place < 20 || place % 16 == 1 {
            for flip: UInt8 in [0x01, 0x80, 0xFF] {
                var octets = stream.octets
                octets[start + place] ^= flip
                let decoded = try decode(octets, stream.link)
                #expect(decoded.collector.frames.map(\.octets) == good, "octet \(place), \(flip)")
                #expect(decoded.summary.discarded.values.reduce(0, +) >= stream.units[17].count)
            }
        }
        // The same for octets that are lost, and for some too many.
        for place in [0, 3, 5, 9, stream.units[17].count - 1] {
            var octets = stream.octets
            octets.remove(at: start + place)
            #expect(try decode(octets, stream.link).collector.frames.map(\.octets) == good)
            octets = stream.octets
            octets.insert(contentsOf: [0xC9, 0xC4, 0x01], at: start + place)
            let found = try decode(octets, stream.link).collector.frames.map(\.octets)
            #expect(found == (place == 0 ? stream.units : good))
        }
    }

    @Test func damagedLengthWithoutErrorControlCostsFewFrames() throws {
        let stream = try Self.stream(.none, seed: 5)
        let start = stream.units.prefix(17).reduce(0) { $0 + $1.count }
        for flip: UInt8 in [0x01, 0x08, 0x80] {
            var octets = stream.octets
            octets[start + 5] ^= flip
            let decoded = try decode(octets, stream.link)
            let found = decoded.collector.frames.map(\.octets)
            #expect(found == stream.units.enumerated().filter { $0.offset != 17 }.map(\.element))
            #expect(decoded.summary.discarded[.frameHeader] == stream.units[17].count)
        }
    }

    /// A frame of one channel that holds a part of a packet.
    private static func segment(
        _ rule: USLPDataFieldHeader.ConstructionRule,
        _ data: some Sequence<UInt8>,
        count: Int,
        isExpedited: Bool = false
    ) -> USLPFrame {
        let rest = USLPFrameHeader.Rest(
            frameLength: 1,
            bypassFlag: isExpedited,
            frameCountLength: 2,
            virtualChannelFrameCount: UInt64(count)
        )
        return USLPFrame(
            header: USLPFrameHeader(spacecraft: 5, virtualChannel: 1, rest: rest),
            dataFieldHeader: USLPDataFieldHeader(rule: rule, protocolID: USLPDataFieldHeader.packets),
            data: Array(data)
        )
    }

    @Test func packetsInSegmentsAreJoined() throws {
        let packets = (0..<4).map { Build.packet(apid: 3, count: $0, length: 50) }
        var stream = Stream(errorControl: .none)
        try stream.append(Self.segment(.noSegmentation, packets[0] + packets[1], count: 0))
        try stream.append(Self.segment(.firstSegment, packets[2][..<20], count: 1))
        try stream.append(Self.segment(.continuedSegment, packets[2][20..<21], count: 2))
        try stream.append(Self.segment(.lastSegment, packets[2][21...], count: 3))
        try stream.append(Self.segment(.noSegmentation, packets[3], count: 4))
        let decoded = try decode(stream.octets, stream.link)
        #expect(decoded.collector.packets.map(\.octets) == packets)
        #expect(decoded.collector.packets.map(\.record.firstFrame) == [0, 0, 1, 4])
        #expect(decoded.collector.packets.map(\.record.lastFrame) == [0, 0, 3, 4])
        #expect(decoded.summary.discarded.isEmpty)
        // Without its middle, and without its start.
        for missing in [1, 2] {
            var rest = stream.units
            rest.remove(at: missing)
            let broken = try decode(rest.flatMap { $0 }, stream.link)
            #expect(broken.collector.packets.map(\.octets) == [packets[0], packets[1], packets[3]])
            let lost = missing == 1 ? 30 : 20 + 29
            #expect(broken.summary.discarded.values.reduce(0, +) == lost)
        }
    }

    @Test func segmentsThatContradictThePacketDropIt() throws {
        let packets = (0..<3).map { Build.packet(apid: 3, count: $0, length: 50) }
        var stream = Stream(errorControl: .none)
        // A last segment that ends too early, whole packets that run on, a segment that nothing starts.
        try stream.append(Self.segment(.firstSegment, packets[0][..<20], count: 0))
        try stream.append(Self.segment(.lastSegment, packets[0][20..<40], count: 1))
        try stream.append(Self.segment(.noSegmentation, packets[1] + packets[2][..<30], count: 2))
        try stream.append(Self.segment(.continuedSegment, packets[2][30...], count: 3))
        try stream.append(Self.segment(.noSegmentation, packets[2], count: 4))
        let decoded = try decode(stream.octets, stream.link)
        #expect(decoded.collector.packets.map(\.octets) == [packets[1], packets[2]])
        #expect(decoded.summary.discarded == [.interruptedPacket: 70, .beforeFirstPacket: 20])
    }

    @Test func qualitiesOfServiceAreCountedApart() throws {
        let packets = (0..<6).map { Build.packet(apid: UInt16($0 % 2), count: $0 / 2, length: 30) }
        var stream = Stream(errorControl: .none)
        // Segments of one quality come between those of the other.
        try stream.append(Self.segment(.firstSegment, packets[0][..<10], count: 7))
        try stream.append(Self.segment(.firstSegment, packets[1][..<12], count: 100, isExpedited: true))
        try stream.append(Self.segment(.lastSegment, packets[0][10...], count: 8))
        try stream.append(Self.segment(.lastSegment, packets[1][12...], count: 101, isExpedited: true))
        try stream.append(Self.segment(.firstSegment, packets[2][..<10], count: 9))
        // Three expedited frames are missing: the controlled packet is not touched.
        try stream.append(Self.segment(.noSegmentation, packets[3], count: 105, isExpedited: true))
        try stream.append(Self.segment(.lastSegment, packets[2][10...], count: 10))
        let decoded = try decode(stream.octets, stream.link)
        #expect(decoded.collector.packets.map(\.octets) == [packets[0], packets[1], packets[3], packets[2]])
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.missing == 3)
        #expect(channel.gaps == 1)
        #expect(channel.firstCount == 7)
        #expect(channel.lastCount == 10)
        #expect(decoded.collector.gaps.map(\.countBefore) == [101])
        #expect(decoded.summary.discarded.isEmpty)
    }

    @Test(arguments: 0...7, [0, 16, 32])
    func encoderMakesFramesOfTheLengthOfTheirPackets(_ countLength: Int, _ errorControl: Int) throws {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = .uslp
        link.frame.countLength = countLength
        link.frame.fecf = errorControl > 0
        link.frame.fecfBits = errorControl == 32 ? 32 : 16
        link.frame.ocf = countLength.isMultiple(of: 2)
        link.frame.insertZone = countLength
        for envelope in [LinkDescription.Envelope.none, .kiss, .octets(header: 3, trailer: 2)] {
            link.envelope = envelope
            var encoder = try LinkEncoder(link, spacecraft: 65_535)
            encoder.longestZone = 100
            encoder.setFrameCount(254, virtualChannel: 2)
            var sent: [[UInt8]] = []
            var octets: [UInt8] = []
            var units = 0
            for count in 0..<20 {
                let packet = Build.packet(apid: 1, count: count, length: 7 + count * 20)
                sent.append(packet)
                encoder.push(packet: packet.span, virtualChannel: 2) {
                    octets += $1.array
                    units += 1
                }
                if count % 6 == 0 { encoder.idleFrame { octets += $1.array } }
            }
            encoder.flush(virtualChannel: 2) { _, _ in Issue.record("nothing is open") }
            let decoded = try decode(octets, link)
            #expect(decoded.collector.packets.map(\.octets) == sent)
            #expect(decoded.summary.discarded.isEmpty)
            #expect(decoded.summary.frames.total == units + 4)
            let channel = try #require(decoded.summary.channels.first { $0.virtualChannel == 2 })
            #expect(channel.missing == 0)
            #expect(channel.firstCount == (countLength == 0 ? 0 : 254))
        }
    }

    @Test func longErrorControlGoesWithCodedFramesToo() throws {
        var link = LinkDescription()
        link.frame.type = .uslp
        link.frame.fecf = true
        link.frame.fecfBits = 32
        link.frame.countLength = 7
        for block in [LinkDescription.Block.none(length: 200), .reedSolomon(LinkDescription.ReedSolomonBlock())] {
            link.block = block
            var encoder = try LinkEncoder(link, spacecraft: 300)
            var octets: [UInt8] = []
            let packets = (0..<60).map { Build.packet(apid: 1, count: $0, length: 100) }
            for packet in packets { encoder.push(packet: packet.span, virtualChannel: 2) { octets += $1.array } }
            encoder.flush(virtualChannel: 2) { octets += $1.array }
            let decoded = try decode(octets, link)
            #expect(decoded.collector.packets(onChannel: 2, idle: false) == packets)
            #expect(decoded.summary.frames.good == decoded.summary.frames.total)
            // Twice the same bit pattern, sixteen bits apart, as only a longer check is sure to find.
            if case .none = block {
                octets[3 * 204 + 50] ^= 0x11
                #expect(try decode(octets, link).summary.frames.crcFailedIndices == [3])
            }
        }
    }

    @Test(arguments: [
        ("frame.fecfBits", "32", "aos", "A frame error control has 16 bits, or 32 in USLP frames, not 32."),
        ("frame.fecfBits", "24", "uslp", "A frame error control has 16 bits, or 32 in USLP frames, not 24."),
        ("frame.countLength", "8", "uslp", "Only USLP frames have a count of 0 to 7 octets; that of others is fixed."),
        ("frame.countLength", "2", "tm", "Only USLP frames have a count of 0 to 7 octets; that of others is fixed."),
        ("frame.truncatedLength", "5", "uslp", "A truncated frame of this link has 6 to 65536 octets, not 5."),
        (
            "frame.truncatedLength", "20", "aos",
            "Truncated frames are shorter than others: only links of USLP frames without a fixed length have them."
        ),
    ])
    func whatCannotBeIsRefusedByName(_ key: String, _ value: String, _ type: String, _ rule: String) throws {
        var link = LinkDescription()
        link.input = .frames
        try link.set("frame.type", to: type)
        try link.set(key, to: value)
        #expect(throws: LinkDescriptionError.impossible(rule: rule)) { try link.validate() }
    }

    @Test func codeblocksOfVariableLengthAreRefused() throws {
        var link = LinkDescription()
        link.input = .codeblocks
        link.frame.type = .uslp
        link.block = .none(length: nil)
        #expect(throws: LinkDescriptionError.self) { try link.validate() }
    }
}

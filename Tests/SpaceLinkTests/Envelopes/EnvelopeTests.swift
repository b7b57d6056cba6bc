import SpaceLink
import TestSupport
import Testing

/// Units in KISS and pcap, and what of them the ledger says.
@Suite struct EnvelopeTests {
    private let first = Build.packet(apid: 1, count: 0, length: 20)
    private let second = Build.packet(apid: 2, count: 0xC0, length: 0xDB)

    private func link(_ envelope: LinkDescription.Envelope, _ input: LinkDescription.Input) -> LinkDescription {
        var link = LinkDescription()
        link.envelope = envelope
        link.input = input
        return link
    }

    /// Decodes whole, and cut every way.
    private func decodeAllCuts(_ octets: [UInt8], _ link: LinkDescription) throws -> Decoded {
        let whole = try decode(octets, link)
        #expect(try decode(octets, link, cuts: Array(1..<octets.count)) == whole)
        for cut in stride(from: 1, to: octets.count, by: 7) {
            #expect(try decode(octets, link, cuts: [cut]) == whole)
        }
        return whole
    }

    private func packets(_ decoded: Decoded) -> [[UInt8]] { decoded.collector.packets.map(\.octets) }

    @Test func packetsComeOutOfKISS() throws {
        let stamped = KISS.framed(first.span, unixMilliseconds: 0xC0DB)
        let both = first + second
        let octets = stamped + [0xC0, 0xC0] + KISS.framed(both.span) + [0xC0]
        let decoded = try decodeAllCuts(octets, link(.kiss, .packets))
        #expect(packets(decoded) == [first, first, second])
        #expect(decoded.summary.used == octets.count)
    }

    @Test func kissThatBreaksARuleIsDiscardedWhereItLies() throws {
        let good = KISS.framed(first.span)
        let badEscape: [UInt8] = [0xC0, 0, 0xDB, 0x11, 5, 0xC0]
        let octets = [7, 8, 9] + good + badEscape + [0xC0, 9, 1, 2, 0xC0] + good + good.dropLast(3)
        let decoded = try decodeAllCuts(octets, link(.kiss, .packets))
        #expect(packets(decoded) == [first, first])
        let length = good.count
        #expect(
            decoded.collector.discards.map(\.offset).map { Int($0) } == [0, 4 + length, 10 + length, 15 + 2 * length]
        )
        #expect(decoded.collector.discards.map(\.length) == [3, 5, 4, length - 4])
        #expect(
            decoded.collector.discards.map(\.reason) == [
                .unsynchronized, .unsynchronized, .unsynchronized, .truncatedFrame,
            ]
        )
    }

    @Test func packetsThatDoNotFitTheirUnitAreDiscarded() throws {
        let cut = Array(second.dropLast(5))
        let foreign = first + [0x60, 1, 2]
        let octets = KISS.framed(cut.span) + KISS.framed(foreign.span) + KISS.framed(second.span)
        let decoded = try decodeAllCuts(octets, link(.kiss, .packets))
        #expect(packets(decoded) == [first, second])
        #expect(decoded.collector.discards.map(\.reason) == [.incompletePacket, .packetVersion])
        #expect(decoded.collector.packets.map(\.record.gapBefore) == [true, true])
    }

    @Test(arguments: [LinkDescription.Input.frames, .codeblocks, .cadu])
    func whatTheEncoderWrapsTheDecoderUnwraps(_ input: LinkDescription.Input) throws {
        var link = link(.kiss, input)
        link.block = input == .frames ? .none(length: 220) : .reedSolomon(.init())
        link.randomizer = .long
        var encoder = try LinkEncoder(link, spacecraft: 10)
        var octets: [UInt8] = []
        var sent: [[UInt8]] = []
        for count in 0..<40 {
            let packet = Build.packet(apid: 0xC0, count: 0xDB + count, length: 200)
            sent.append(packet)
            encoder.push(packet: packet.span, virtualChannel: 1) { octets += $1.array }
        }
        encoder.flush(virtualChannel: 1) { octets += $1.array }
        let decoded = try decode(octets, link)
        #expect(decoded.collector.packets(onChannel: 1, idle: false) == sent)
        #expect(decoded.summary.used == octets.count)
        #expect(try decode(octets, link, cuts: Array(stride(from: 3, to: octets.count, by: 5))) == decoded)
    }

    @Test(arguments: [LinkDescription.Input.cadu, .codeblocks, .frames, .packets], [(4, 0), (0, 3), (6, 2)])
    func octetsOfAStationGoOnAndComeOff(_ input: LinkDescription.Input, _ lengths: (Int, Int)) throws {
        var link = link(.octets(header: lengths.0, trailer: lengths.1), input)
        link.block = input == .frames ? .none(length: 220) : .reedSolomon(.init())
        link.frame.fecf = input == .frames
        var encoder = try LinkEncoder(link, spacecraft: 10)
        encoder.envelopeHeader = [0xAA, 0x01]
        encoder.envelopeTrailer = [0x1A, 0xCF, 0xFC]
        var units: [[UInt8]] = []
        var sent: [[UInt8]] = []
        for count in 0..<60 {
            let packet = Build.packet(apid: 3, count: count, length: 20 + count * 7)
            sent.append(packet)
            encoder.push(packet: packet.span, virtualChannel: 1) { units.append($1.array) }
        }
        encoder.flush(virtualChannel: 1) { units.append($1.array) }
        let octets = units.flatMap { $0 }
        #expect(octets.prefix(lengths.0) == ([0xAA, 0x01, 0, 0, 0, 0] as [UInt8]).prefix(lengths.0))
        let decoded = try decode(octets, link)
        let found = decoded.collector.packets.filter { !$0.record.isIdle }.map(\.octets)
        #expect(found == sent)
        #expect(decoded.summary.used == octets.count)
        var generator = SeededGenerator(seed: 4)
        let places = (0..<40).map { _ in Int.random(in: octets.indices, using: &generator) }.sorted()
        for cuts in [places, Array(1..<min(6000, octets.count)), Array(stride(from: 5, to: octets.count, by: 13))] {
            #expect(try decode(octets, link, cuts: cuts) == decoded)
        }
        // A unit cut short at the end costs only itself.
        let short = try decode(Array(octets.dropLast(lengths.1 + 1)), link)
        let reason: DiscardReason = input == .packets ? .incompletePacket : .truncatedFrame
        let last = try #require(units.last)
        #expect(short.summary.discarded[reason] == last.count - lengths.1 - 1)
        let expected = input == .packets ? sent.dropLast() : sent.prefix(short.collector.packets.count)
        #expect(short.collector.packets.filter { !$0.record.isIdle }.map(\.octets) == Array(expected))
    }

    @Test func unitsOfAStationAreFoundAgainByTheirMarkers() throws {
        var link = link(.octets(header: 5, trailer: 3), .cadu)
        var code = LinkDescription.ReedSolomonBlock()
        code.interleave = 1
        link.block = .reedSolomon(code)
        var encoder = try LinkEncoder(link, spacecraft: 10)
        var units: [[UInt8]] = []
        for count in 0..<10 {
            let packet = Build.packet(apid: 3, count: count, length: encoder.packetZoneLength)
            encoder.push(packet: packet.span, virtualChannel: 1) { units.append($1.array) }
        }
        func counts(_ octets: [UInt8]) throws -> [Int] {
            try decode(octets, link).collector.packets.map(\.record.sequenceCount)
        }
        // A lost marker costs nothing, lost octets the unit in which they lie, foreign octets nothing.
        var damaged = units
        for place in 5..<9 { damaged[4][place] = 0x77 }
        #expect(try counts(damaged.flatMap { $0 }) == Array(0..<10))
        let flywheel = try decode(damaged.flatMap { $0 }, link).collector.frames.map(\.record.synchronization)
        #expect(flywheel == (0..<10).map { $0 == 4 ? .flywheel : .ok })
        damaged = units
        damaged[4].removeSubrange(100..<107)
        #expect(try counts(damaged.flatMap { $0 }) == [0, 1, 2, 3, 5, 6, 7, 8, 9])
        damaged = units
        damaged[4].insert(contentsOf: [1, 2, 3, 0x1A, 0xCF, 0xFC, 0x1D], at: 0)
        let decoded = try decode(damaged.flatMap { $0 }, link)
        #expect(decoded.collector.packets.map(\.record.sequenceCount) == Array(0..<10))
        #expect(decoded.summary.discarded == [.unsynchronized: 7])
        #expect(try decodeAllCuts(damaged.flatMap { $0 }, link) == decoded)
    }

    /// A frame's octets that were escaped take two octets of input, also where a part of them is taken back.
    @Test func escapesAreCountedInTheLedger() throws {
        var link = Build.link(zone: 20)
        link.envelope = .kiss
        let zone = [UInt8](repeating: 0xC0, count: 4) + Build.packet(apid: 1, count: 0, length: 16)
        let octets = KISS.framed(Build.frame(count: 0xDB, pointer: 4, zone: zone).span)
        let decoded = try decode(octets, link)
        #expect(packets(decoded).count == 1)
        let discard = try #require(decoded.collector.discards.first)
        // Delimiter, type, eight octets of headers of which one is escaped; then four that are.
        #expect(discard.offset == 11)
        #expect(discard.length == 8)
        #expect(discard.reason == .beforeFirstPacket)
    }

    @Test(
        arguments: [
            (1, Capture.ethernet(Capture.datagram([1, 2, 3]), tags: 0)),
            (1, Capture.ethernet(Capture.datagram([1, 2, 3]), tags: 2)),
            (101, Capture.datagram([1, 2, 3], options: 8)), (0, [2, 0, 0, 0] + Capture.datagram([1, 2, 3])),
            (113, [UInt8](repeating: 0, count: 14) + [8, 0] + Capture.datagram([1, 2, 3])), (147, [1, 2, 3]),
        ] as [(UInt32, [UInt8])]
    )
    func datagramsAreFoundBehindEveryLink(_ linkType: UInt32, _ record: [UInt8]) throws {
        for isLittleEndian in [true, false] {
            var capture = Capture(linkType: linkType, isLittleEndian: isLittleEndian, magic: 0xA1B2_3C4D)
            capture.add(record)
            var blocks = Capture(blocksOfLinkType: UInt16(linkType), isLittleEndian: isLittleEndian)
            blocks.addBlock(record)
            let times = [
                ReceptionTime(seconds: 1_700_000_000, fraction: 5, fractionsPerSecond: 1_000_000_000),
                ReceptionTime(seconds: 1, fraction: 5, fractionsPerSecond: 1_000_000_000),
            ]
            for (octets, time) in zip([capture.octets, blocks.octets], times) {
                var reader = CaptureReader()
                var units: [(piece: EnvelopePiece, octets: [UInt8])] = []
                reader.push(octets.span) { if $0.content == .unit { units.append(($0, $1.array)) } }
                try #require(units.count == 1)
                #expect(units[0].octets == [1, 2, 3])
                #expect(units[0].piece.receptionTime == time)
                #expect(units[0].piece.destinationPort == (linkType == 147 ? nil : 5000))
            }
        }
    }

    @Test func recordsWithoutDatagramsAreDiscardedWhereTheyLie() throws {
        let records = [
            Capture.ethernet(Capture.datagram(first)), Capture.ethernet([0, 1], type: [8, 6]),
            Capture.ethernet(Capture.datagram(first, fragment: 0x20)),
            Capture.ethernet(Capture.datagram(first, proto: 6)),
            Capture.ethernet(Array(Capture.datagram(first).dropLast())), [], Capture.ethernet(Capture.datagram([])),
            Capture.ethernet(Capture.datagram(second)) + [0, 0],
        ]
        var capture = Capture(linkType: 1)
        for record in records { capture.add(record) }
        let decoded = try decodeAllCuts(capture.octets, link(.pcap, .packets))
        #expect(packets(decoded) == [first, second])
        var offset = 24
        let offsets = records.map { record in
            defer { offset += 16 + record.count }
            return offset
        }
        #expect(decoded.collector.discards.map { Int($0.offset) } == Array(offsets[1...5]))
        #expect(
            decoded.collector.discards.map(\.reason)
                == [.unsynchronized, .unsynchronized, .unsynchronized, .truncatedFrame, .truncatedFrame]
        )
    }

    @Test func framesOfAnotherLengthAreDiscarded() throws {
        var link = Build.link(zone: 20)
        link.envelope = .pcap
        let frames = (0..<3).map {
            Build.frame(count: $0, pointer: 0, zone: Build.packet(apid: 1, count: $0, length: 20))
        }
        var blocks = Capture(blocksOfLinkType: 147, isLittleEndian: false)
        blocks.addBlock(frames[0] + frames[1])
        blocks.octets += blocks.block(0xBAD, [1, 2, 3])
        blocks.addBlock(frames[2] + [1, 2])
        blocks.addBlock([1])
        let decoded = try decodeAllCuts(blocks.octets, link)
        #expect(decoded.collector.frames.map(\.octets) == frames)
        #expect(packets(decoded).count == 3)
        #expect(decoded.collector.discards.map(\.reason) == [.truncatedFrame, .truncatedFrame])
        #expect(decoded.collector.frames.map { Int($0.record.inputOffset) } == [60, 116, 164])
    }

    @Test(arguments: UInt64(0)..<40) func spoiltEnvelopesNeverTrapAndBalance(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var capture =
            seed.isMultiple(of: 2)
            ? Capture(linkType: [0, 1, 101, 113, 147][Int(seed / 2 % 5)])
            : Capture(blocksOfLinkType: 1, isLittleEndian: seed % 4 == 1)
        var kiss: [UInt8] = []
        for _ in 0..<20 {
            let record = Capture.ethernet(Capture.datagram(generator.octets(Int(generator.next() % 60))))
            if seed.isMultiple(of: 2) { capture.add(record) } else { capture.addBlock(record) }
            kiss += KISS.framed(record.span, unixMilliseconds: generator.next())
        }
        for (octets, envelope) in [(capture.octets, LinkDescription.Envelope.pcap), (kiss, .kiss)] {
            var spoilt = octets
            for _ in 0..<1 + seed % 8 {
                let place = Int(generator.next() % UInt64(spoilt.count))
                spoilt[place] = [0xC0, 0xDB, 0, UInt8(truncatingIfNeeded: generator.next())][Int(generator.next() % 4)]
            }
            spoilt.removeLast(Int(seed))
            for input in [LinkDescription.Input.packets, .frames] {
                var link = Build.link(zone: 20)
                link.envelope = envelope
                link.input = input
                let whole = try decode(spoilt, link)
                let cuts = (0..<30).map { _ in Int.random(in: spoilt.indices, using: &generator) }.sorted()
                #expect(try decode(spoilt, link, cuts: cuts) == whole)
            }
        }
    }
}

import ChannelCoding
import SpaceLink
import TestSupport
import Testing

/// What the encoder makes, the decoder gives back.
@Suite struct RoundTripTests {
    static let links: [LinkDescription] = {
        var links: [LinkDescription] = []
        for kind in LinkDescription.Frame.Kind.allCases {
            for input in [LinkDescription.Input.frames, .codeblocks, .cadu, .symbols] {
                for option in 0..<4 {
                    var link = LinkDescription()
                    link.input = input
                    link.frame.type = kind
                    link.frame.fecf = option & 1 != 0
                    link.frame.ocf = option & 2 != 0
                    if kind == .aos { link.frame.fhec = option == 3 }
                    if kind != .tm { link.frame.insertZone = option * 3 }
                    if kind == .tm, option > 0 { link.frame.secondaryHeader = 1 + option }
                    link.nrzm = option == 2
                    link.randomizer = LinkDescription.Randomizer.allCases[option % 3]
                    var code = LinkDescription.ReedSolomonBlock()
                    code.interleave = [1, 2, 4, 5][option]
                    code.errors = option.isMultiple(of: 2) ? 16 : 8
                    code.basis = option == 1 ? .conventional : .dual
                    code.virtualFill = option * 20
                    link.block = option == 3 ? .none(length: 150) : .reedSolomon(code)
                    // Bare USLP frames say their length themselves, unless it is given.
                    if kind == .uslp { link.frame.length = option == 3 ? 150 : code.dataLength }
                    links.append(link)
                }
            }
        }
        return links
    }()

    @Test(arguments: links.indices)
    func packetsOfAllSizesSurviveTheLink(_ index: Int) throws {
        let link = Self.links[index]
        var generator = SeededGenerator(seed: UInt64(index))
        var encoder = try LinkEncoder(link, spacecraft: 91)
        let zone = encoder.packetZoneLength
        encoder.setFrameCount(250, virtualChannel: 2)
        var sent: [Int: [[UInt8]]] = [1: [], 2: []]
        var stream: [UInt8] = []
        var units = 0
        for count in 0..<120 {
            let longest = count.isMultiple(of: 10) ? 4 * zone : count.isMultiple(of: 3) ? 20 : zone + 20
            let length = Int.random(in: 7...longest, using: &generator)
            let channel = Int.random(in: 1...2, using: &generator)
            let packet = Build.packet(apid: UInt16(count % 50), count: count, length: length)
            sent[channel]?.append(packet)
            encoder.push(packet: packet.span, virtualChannel: channel) { _, octets in
                stream += octets.array
                units += 1
            }
            if count.isMultiple(of: 25) {
                encoder.idleFrame { frame, octets in
                    #expect(frame.isIdle)
                    stream += octets.array
                    units += 1
                }
            }
        }
        for channel in 1...2 {
            encoder.flush(virtualChannel: channel) { _, octets in
                stream += octets.array
                units += 1
            }
        }
        let decoded = try decode(stream, link)
        #expect(decoded.summary.discarded.isEmpty)
        #expect(decoded.summary.frames.total == units)
        let hasCheck = link.frame.fecf || link.input != .frames && link.block != .none(length: 150)
        #expect(decoded.summary.frames.good == (hasCheck ? units : 0))
        for channel in 1...2 {
            #expect(decoded.collector.packets(onChannel: channel, idle: false) == sent[channel])
            let summary = try #require(decoded.summary.channels.first { $0.virtualChannel == channel })
            #expect(summary.spacecraft == 91)
            #expect(summary.missing == 0)
            #expect(summary.firstCount == (channel == 2 ? 250 : 0))
        }
        if link.frame.type == .tm { #expect(decoded.masterChannels.map(\.missing) == [0]) }
    }

    @Test(
        arguments: [
            ("1/2", LinkDescription.Input.symbols), ("1/2", .bits), ("2/3", .bits), ("3/4", .symbols), ("5/6", .bits),
            ("7/8", .symbols),
        ]
    )
    func convolutionalLinksGiveBackTheirPackets(_ rate: String, _ input: LinkDescription.Input) throws {
        var link = try #require(LinkDescription.preset("queqiao-2"))
        link.input = input
        try link.set("convolutional.rate", to: rate)
        var encoder = try LinkEncoder(link, spacecraft: 70)
        var stream: [UInt8] = []
        var sent: [[UInt8]] = []
        for count in 0..<20 {
            let packet = Build.packet(apid: 5, count: count, length: 20 + count * 17 % 400)
            sent.append(packet)
            encoder.push(packet: packet.span, virtualChannel: 1) { stream += $1.array }
        }
        encoder.flush(virtualChannel: 1) { stream += $1.array }
        stream += encoder.finish()
        let decoded = try decode(stream, link)
        #expect(decoded.collector.packets(onChannel: 1, idle: false) == sent)
        #expect(decoded.summary.frames.uncorrectable == 0)
        #expect(decoded.summary.discarded.values.reduce(0, +) < 64)
        #expect(try decode(stream, link, cuts: [1, 77, 5000, 5001, stream.count - 3]) == decoded)
        // Whatever is cut out of the middle, the ledger holds.
        var damaged = stream
        damaged.removeSubrange(stream.count / 2..<stream.count / 2 + 233)
        let rest = try decode(damaged, link)
        #expect(rest.collector.packets.count > decoded.collector.packets.count / 2)
    }

    @Test func flushFillsTheFrameWhateverIsLeft() throws {
        let link = Build.link(zone: 30)
        for length in 7...40 {
            var encoder = try LinkEncoder(link, spacecraft: 3)
            var stream: [UInt8] = []
            let packet = Build.packet(apid: 1, count: 0, length: length)
            encoder.push(packet: packet.span, virtualChannel: 0) { stream += $1.array }
            encoder.flush(virtualChannel: 0) { stream += $1.array }
            encoder.flush(virtualChannel: 0) { _, _ in Issue.record("nothing was open") }
            let decoded = try decode(stream, link)
            #expect(decoded.collector.packets(onChannel: 0, idle: false) == [packet])
            #expect(decoded.summary.discarded.isEmpty, "\(length)")
        }
    }

    @Test func insertZoneAndControlFieldTravelWithEveryFrame() throws {
        var link = Build.link(zone: 30)
        link.frame.insertZone = 4
        link.frame.ocf = true
        link.frame.length = 46
        var encoder = try LinkEncoder(link, spacecraft: 3)
        encoder.insertZone = [1, 2, 3]
        var word = CLCW()
        word.reportValue = 42
        encoder.operationalControlField = word.encode()
        var stream: [UInt8] = []
        encoder.push(packet: Build.packet(apid: 1, count: 0, length: 30).span, virtualChannel: 0) { stream += $1.array }
        let frame = try #require(try decode(stream, link).collector.frames.first)
        #expect(Array(frame.octets[frame.record.insertZone]) == [1, 2, 3, 0])
        #expect(frame.record.operationalControlField == 0x0100_002A)
        #expect(frame.record.dataField.count == 30)
    }
}

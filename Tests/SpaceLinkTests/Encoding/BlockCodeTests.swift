import ChannelCoding
import SpaceLink
import TestSupport
import Testing

/// Links with codes that are decoded from soft symbols.
@Suite struct BlockCodeTests {
    static let blocks: [LinkDescription.Block] = [
        .lowDensityParityCheck(family: "ar4ja", rate: "1/2", informationBits: 1024),
        .lowDensityParityCheck(family: "ar4ja", rate: "4/5", informationBits: 4096),
        .lowDensityParityCheck(family: "c2", rate: "7/8", informationBits: 7136),
        .turbo(rate: "1/2", informationBits: 1784), .turbo(rate: "1/3", informationBits: 1784),
        .turbo(rate: "1/4", informationBits: 1784), .turbo(rate: "1/6", informationBits: 1784),
    ]

    static let links: [LinkDescription] = blocks.flatMap { block in
        [LinkDescription.Input.cadu, .codeblocks, .bits, .symbols].enumerated().map { number, input in
            var link = LinkDescription()
            link.input = input
            link.block = block
            link.frame.type = .tm
            link.frame.fecf = true
            link.randomizer = LinkDescription.Randomizer.allCases[number % 3]
            link.nrzm = number == 3
            return link
        }
    }

    /// Packets and the stream that carries them.
    private func stream(_ link: LinkDescription, frames: Int = 6) throws -> (packets: [[UInt8]], octets: [UInt8]) {
        var encoder = try LinkEncoder(link, spacecraft: 91)
        var packets: [[UInt8]] = []
        var octets: [UInt8] = []
        for count in 0..<frames {
            let packet = Build.packet(apid: 7, count: count, length: encoder.packetZoneLength - 3)
            packets.append(packet)
            encoder.push(packet: packet.span, virtualChannel: 1) { octets += $1.array }
        }
        encoder.flush(virtualChannel: 1) { octets += $1.array }
        octets += encoder.finish()
        return (packets, octets)
    }

    @Test(arguments: links.indices) func packetsSurviveTheLink(_ index: Int) throws {
        let link = Self.links[index]
        let (packets, octets) = try stream(link)
        let decoded = try decode(octets, link)
        #expect(decoded.collector.packets(onChannel: 1, idle: false) == packets, "other packets")
        #expect(decoded.summary.frames.good == decoded.summary.frames.total)
        #expect(decoded.summary.discarded.values.reduce(0, +) <= 1)
        let cuts = [1, 2, octets.count / 3, octets.count / 3 + 77, octets.count - 5]
        let recut = try decode(octets, link, cuts: cuts)
        let isSame = recut == decoded
        #expect(isSame)
    }

    @Test(arguments: links.indices) func wrongBitsAreCorrectedAndCounted(_ index: Int) throws {
        let link = Self.links[index]
        var octets: [UInt8] = []
        let packets: [[UInt8]]
        (packets, octets) = try stream(link, frames: 3)
        // One bit in about two hundred, and never twice in a row, so that NRZ-M knows one level to be wrong.
        let step = link.input == .symbols ? 307 : 31
        for place in stride(from: 40, to: octets.count, by: step) {
            octets[place] = link.input == .symbols ? 0 &- octets[place] : octets[place] ^ 8
        }
        let decoded = try decode(octets, link)
        #expect(decoded.collector.packets(onChannel: 1, idle: false) == packets, "other packets")
        #expect(decoded.summary.frames.corrected == decoded.summary.frames.total)
        #expect(decoded.summary.frames.correctedSymbols >= decoded.summary.frames.total)
        #expect(decoded.collector.frames.allSatisfy { if case .corrected = $0.record.quality { true } else { false } })
    }

    @Test(arguments: blocks.indices) func softSymbolsAreUsed(_ index: Int) throws {
        var link = LinkDescription()
        link.input = .symbols
        link.block = Self.blocks[index]
        let (packets, sent) = try stream(link, frames: 3)
        // Every seventeenth symbol is wrong but weak: nothing for a decoder of hard bits, nothing to a soft one.
        var octets = sent.map { $0 == 0x7F ? UInt8(40) : UInt8(bitPattern: -40) }
        let unit = octets.count / 3
        let marker = 8 * link.marker.pattern.count
        for place in stride(from: 3, to: octets.count, by: 17) where place % unit >= marker {
            octets[place] = octets[place] == 40 ? UInt8(bitPattern: -2) : 2
        }
        // An inverted stream, too.
        for inverted in [false, true] {
            let decoded = try decode(
                inverted ? octets.map { 0 &- $0 } : octets,
                link,
                cuts: [5, 70_000 % octets.count]
            )
            #expect(decoded.collector.packets(onChannel: 1, idle: false) == packets, "other packets")
            #expect(decoded.collector.frames.allSatisfy { $0.record.isInverted == inverted })
        }
    }

    /// Hard bits of which up to a quarter are wrong, so that markers, too, are far from what they should be.
    @Test(arguments: [(0, 1024.0 / 2048, 2.6), (3, 0.5, 2.2), (4, 1 / 3.0, 1.7), (5, 0.25, 1.5), (6, 1 / 6.0, 1.3)])
    func noiseCostsNothing(_ index: Int, _ rate: Double, _ decibels: Double) throws {
        var link = LinkDescription()
        link.input = .bits
        link.block = Self.blocks[index]
        let (packets, sent) = try stream(link, frames: 12)
        var channel = NoisyChannel(decibels: decibels, rate: rate, seed: 11)
        link.input = .symbols
        let symbols = channel.send(sent, bits: 8 * sent.count).map { UInt8(bitPattern: $0) }
        let decoded = try decode(symbols, link)
        #expect(decoded.collector.packets(onChannel: 1, idle: false) == packets, "other packets")
        #expect(decoded.summary.frames.corrected == decoded.summary.frames.total)
        let recut = try decode(symbols, link, cuts: [1000, 1001, symbols.count / 2])
        let isSame = recut == decoded
        #expect(isSame)
    }

    @Test(arguments: blocks.indices) func anUncorrectableCodeblockCostsItsFrame(_ index: Int) throws {
        var link = LinkDescription()
        link.block = Self.blocks[index]
        var (_, octets) = try stream(link, frames: 5)
        let unit = octets.count / 5
        var generator = SeededGenerator(seed: 9)
        let start = 2 * unit + link.marker.pattern.count
        octets.replaceSubrange(start..<3 * unit, with: generator.octets(3 * unit - start))
        let decoded = try decode(octets, link, keepBad: true)
        #expect(decoded.summary.frames.total == 5)
        #expect(decoded.summary.frames.uncorrectable == 1)
        #expect(decoded.summary.frames.good == 4)
        #expect(decoded.summary.discarded[.uncorrectable] == (octets.count + 4) / 5)
        #expect(decoded.collector.frames[2].record.quality == .uncorrectable)
        #expect(decoded.summary.channels.first?.missing == 1)
    }

    @Test func markersGoWithTheirCode() throws {
        var link = LinkDescription()
        link.block = .lowDensityParityCheck(family: "ar4ja", rate: "1/2", informationBits: 1024)
        #expect(link.marker.pattern == [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0])
        link.block = .turbo(rate: "1/4", informationBits: 1784)
        #expect(link.marker.pattern == SyncMarker.turboQuarter)
        link.block = .lowDensityParityCheck(family: "c2", rate: "7/8", informationBits: 7136)
        #expect(link.marker == LinkDescription.Marker())
        link.marker.pattern = [0x35, 0x2E, 0xF8, 0x53]
        link.block = .turbo(rate: "1/2", informationBits: 1784)
        #expect(link.marker.pattern == [0x35, 0x2E, 0xF8, 0x53])
    }
}

import ChannelCoding
import SpaceLink
import TestSupport
import Testing

/// The links whose parameters are public.
@Suite struct PresetTests {
    /// What is public of a preset.
    struct Facts: Sendable, CustomStringConvertible {
        var name: String
        var input: LinkDescription.Input
        var frameLength: Int
        var interleave: Int?
        var basis = "dual"
        /// Bits of a unit with its marker, where there is one.
        var unitBits: Int?
        var insertZone = 0
        var fecf = false
        var isConvolutional = false

        var description: String { name }
    }

    static let all: [Facts] = [
        Facts(name: "change-5", input: .frames, frameLength: 220, insertZone: 8),
        Facts(name: "hakuto-r", input: .frames, frameLength: 1113),
        Facts(name: "lunar-flashlight", input: .frames, frameLength: 1113),
        Facts(name: "mars-2020", input: .frames, frameLength: 1115, fecf: true),
        Facts(name: "s-npp", input: .cadu, frameLength: 892, interleave: 4, unitBits: 8192),
        Facts(name: "jpss", input: .cadu, frameLength: 892, interleave: 4, unitBits: 8192),
        Facts(
            name: "queqiao-2",
            input: .symbols,
            frameLength: 220,
            interleave: 1,
            unitBits: 2048,
            isConvolutional: true
        ),
        Facts(
            name: "queqiao-2-science",
            input: .symbols,
            frameLength: 892,
            interleave: 4,
            unitBits: 8192,
            isConvolutional: true
        ),
        Facts(name: "kplo", input: .symbols, frameLength: 220, interleave: 1, unitBits: 2048, isConvolutional: true),
        Facts(name: "slim", input: .symbols, frameLength: 220, interleave: 1, unitBits: 2048, isConvolutional: true),
        Facts(
            name: "tianwen-1",
            input: .symbols,
            frameLength: 220,
            interleave: 1,
            basis: "conventional",
            unitBits: 2048,
            isConvolutional: true
        ),
        Facts(
            name: "tianwen-2",
            input: .symbols,
            frameLength: 892,
            interleave: 4,
            unitBits: 8192,
            isConvolutional: true
        ),
        Facts(name: "chandrayaan-3", input: .cadu, frameLength: 223, unitBits: 1816, fecf: true),
    ]

    @Test func everyPresetIsThereAndNoOther() {
        #expect(LinkDescription.presetNames == Self.all.map(\.name).sorted())
    }

    @Test(arguments: all) func factsAreAsPublished(_ facts: Facts) throws {
        let link = try #require(LinkDescription.preset(facts.name))
        try link.validate()
        #expect(link.input == facts.input)
        #expect(link.frameLength == facts.frameLength)
        #expect(link.frame.insertZone == facts.insertZone)
        #expect(link.frame.fecf == facts.fecf)
        #expect(link.frame.type == (facts.name == "chandrayaan-3" ? .tm : .aos))
        #expect((link.convolutional != nil) == facts.isConvolutional)
        if case .reedSolomon(let code) = link.block, link.input != .frames {
            #expect(code.interleave == facts.interleave)
            #expect(code.errors == 16)
            #expect(code.basis.rawValue == facts.basis)
            #expect(facts.unitBits == 32 + 8 * code.codeblockLength)
        } else if let bits = facts.unitBits {
            #expect(bits == 32 + 8 * facts.frameLength)
        }
    }

    @Test(arguments: all) func whatIsSentComesBack(_ facts: Facts) throws {
        let link = try #require(LinkDescription.preset(facts.name))
        var encoder = try LinkEncoder(link, spacecraft: 70)
        var octets: [UInt8] = []
        var sent: [[UInt8]] = []
        for count in 0..<30 {
            let packet = Build.packet(apid: 9, count: count, length: 40 + count * 31 % 700)
            sent.append(packet)
            encoder.push(packet: packet.span, virtualChannel: 1) { octets += $1.array }
            if count.isMultiple(of: 10) { encoder.idleFrame { octets += $1.array } }
        }
        encoder.flush(virtualChannel: 1) { octets += $1.array }
        octets += encoder.finish()
        let decoded = try decode(octets, link)
        #expect(decoded.collector.packets(onChannel: 1, idle: false) == sent)
        #expect(decoded.collector.packets.allSatisfy { $0.record.spacecraft == 70 && !$0.record.gapBefore })
        let isChecked = facts.fecf || facts.interleave != nil
        #expect(decoded.summary.frames.good == (isChecked ? decoded.summary.frames.total : 0))
        // All but what pushes the last bits through a decoder is used.
        #expect(decoded.summary.discarded.values.reduce(0, +) < 128)
        var generator = SeededGenerator(seed: 3)
        let cuts = (0..<30).map { _ in Int.random(in: octets.indices, using: &generator) }.sorted()
        #expect(try decode(octets, link, cuts: cuts) == decoded)
    }

    /// Noise on soft symbols is what the concatenated links are made for.
    @Test(arguments: all.filter(\.isConvolutional)) func noiseOfTheChannelIsCorrected(_ facts: Facts) throws {
        let link = try #require(LinkDescription.preset(facts.name))
        var encoder = try LinkEncoder(link, spacecraft: 70)
        var octets: [UInt8] = []
        let zone = encoder.packetZoneLength
        let sent = (0..<12).map { Build.packet(apid: 9, count: $0, length: zone) }
        for packet in sent { encoder.push(packet: packet.span, virtualChannel: 1) { octets += $1.array } }
        octets += encoder.finish()
        // Hard bits of the symbols, sent again with noise at 3.5 dB: far from clean before decoding.
        var bits = [UInt8](repeating: 0, count: (octets.count + 7) / 8)
        for (index, symbol) in octets.enumerated() where symbol < 0x80 { bits[index / 8] |= 0x80 >> UInt8(index % 8) }
        var channel = NoisyChannel(decibels: 3.5, rate: 0.5, seed: 11)
        let symbols = channel.send(bits, bits: octets.count)
        #expect(wrongBits(symbols, bits) > octets.count / 100)
        let received = symbols.map { UInt8(bitPattern: $0) }
        #expect(try decode(received, link).collector.packets.map(\.octets) == sent)
    }
}

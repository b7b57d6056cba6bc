import SpaceLink
import TestSupport
import Testing

/// Nothing is lost unseen, whatever comes in.
@Suite struct LedgerTests {
    static var links: [LinkDescription] {
        get throws {
            var links = try ["s-npp", "change-5", "mars-2020"].map { try #require(LinkDescription.preset($0)) }
            var packets = LinkDescription()
            packets.input = .packets
            links.append(packets)
            for kind in LinkDescription.Frame.Kind.allCases {
                var link = LinkDescription()
                link.input = .frames
                link.frame.type = kind
                link.frame.length = 60
                links.append(link)
            }
            var protected = LinkDescription()
            protected.input = .frames
            protected.frame.length = 64
            protected.frame.fhec = true
            protected.frame.ocf = true
            links.append(protected)
            var uncoded = LinkDescription()
            uncoded.block = .none(length: 50)
            uncoded.marker.verify = 0
            links.append(uncoded)
            var blocks = LinkDescription()
            blocks.input = .codeblocks
            var code = LinkDescription.ReedSolomonBlock()
            code.interleave = 1
            code.virtualFill = 100
            blocks.block = .reedSolomon(code)
            links.append(blocks)
            links.append(try #require(LinkDescription.preset("queqiao-2")))
            uncoded.input = .symbols
            uncoded.nrzm = true
            links.append(uncoded)
            return links
        }
    }

    @Test(arguments: 0..<12)
    func ledgerBalancesOnGarbage(_ index: Int) throws {
        let link = try Self.links[index]
        var generator = SeededGenerator(seed: UInt64(index))
        for length in [0, 1, 59, 60, 61, 1000, 20_000] {
            var octets = generator.octets(length)
            _ = try decode(octets, link, cuts: length > 10 ? [length / 3, length / 2] : [])
            // Garbage whose headers look right reaches the deeper stages.
            let period = max(1, link.input == .frames ? link.frameLength ?? 1 : 54)
            for start in stride(from: 0, to: max(0, length - 8), by: period) {
                switch link.frame.type {
                case .aos: octets.replaceSubrange(start..<start + 2, with: [0x40, 0x01])
                case .tm: octets.replaceSubrange(start..<start + 2, with: [0x00, 0x10])
                case .uslp: octets.replaceSubrange(start..<start + 7, with: [0xC0, 0, 0x10, 0, 0, 59, 1])
                }
                if link.input == .cadu { octets.replaceSubrange(start..<start + 4, with: [0x1A, 0xCF, 0xFC, 0x1D]) }
            }
            _ = try decode(octets, link, cuts: length > 10 ? [length / 5] : [], keepBad: true)
        }
    }

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: [
            ("change-5", "change5_2020-11-28.u8"), ("mars-2020", "mars2020_10kbps.u8"),
            ("s-npp", "snpp_synchronized_cadus.dat"),
        ]
    )
    func ledgerBalancesOnDamagedRecordings(_ preset: String, _ name: String) throws {
        let link = try #require(LinkDescription.preset(preset))
        let recording = Array(try Fixtures.recording(name).prefix(70_000))
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<12 {
            var octets = recording
            for _ in 0..<Int.random(in: 0...200, using: &generator) {
                octets[Int.random(in: octets.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let cut = Int.random(in: octets.indices, using: &generator)
            octets.removeSubrange(cut..<min(octets.count, cut + Int.random(in: 0...3000, using: &generator)))
            octets.removeLast(Int.random(in: 0...2000, using: &generator))
            let cuts = (0..<20).map { _ in Int.random(in: octets.indices, using: &generator) }.sorted()
            let whole = try decode(octets, link)
            #expect(try decode(octets, link, cuts: cuts) == whole)
        }
    }

    @Test func shiftedAndInvertedStreamsGiveTheSameFrames() throws {
        let link = try #require(LinkDescription.preset("s-npp"))
        var encoder = try LinkEncoder(link, spacecraft: 157)
        var octets: [UInt8] = []
        for count in 0..<60 {
            let packet = Build.packet(apid: 9, count: count, length: 500)
            encoder.push(packet: packet.span, virtualChannel: 3) { octets += $1.array }
        }
        let straight = try decode(octets, link)
        #expect(straight.summary.frames.good == octets.count / 1024)
        for shift in 1..<8 {
            var shifted = [UInt8](repeating: 0, count: octets.count + 1)
            for (index, octet) in octets.enumerated() {
                shifted[index] |= octet >> UInt8(shift)
                shifted[index + 1] |= octet << UInt8(8 - shift)
            }
            let moved = try decode(shifted.map { shift.isMultiple(of: 2) ? ~$0 : $0 }, link)
            #expect(moved.collector.packets.map(\.octets) == straight.collector.packets.map(\.octets))
            #expect(moved.summary.discarded.filter { $0.key != .incompletePacket } == [.unsynchronized: 1])
        }
    }

    @Test func correctedSymbolsAreCountedAndUncorrectableFramesDiscarded() throws {
        let link = try #require(LinkDescription.preset("s-npp"))
        var encoder = try LinkEncoder(link, spacecraft: 157)
        var octets: [UInt8] = []
        for count in 0..<20 {
            let packet = Build.packet(apid: 9, count: count, length: 892 - 8)
            encoder.push(packet: packet.span, virtualChannel: 3) { octets += $1.array }
        }
        // Three symbols of the third frame; seventeen of one codeword of the fifth.
        for place in [100, 200, 300] { octets[2 * 1024 + place] ^= 0x5A }
        for symbol in 0..<17 { octets[4 * 1024 + 4 + 4 * symbol] ^= 0x77 }
        let decoded = try decode(octets, link, keepBad: true)
        #expect(decoded.summary.frames.corrected == 1)
        #expect(decoded.summary.frames.correctedSymbols == 3)
        #expect(decoded.summary.frames.uncorrectable == 1)
        #expect(decoded.summary.discarded[.uncorrectable] == 1024)
        #expect(decoded.collector.frames[2].record.quality == .corrected(3))
        #expect(decoded.collector.packets[2].record.quality == .corrected(3))
        #expect(decoded.collector.frames[4].record.quality == .uncorrectable)
        #expect(decoded.summary.channels.first?.missing == 1)
    }
}

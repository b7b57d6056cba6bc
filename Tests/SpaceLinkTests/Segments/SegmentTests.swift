import Foundation
import SpaceLink
import TestSupport
import Testing

/// Pieces of an input, decoded apart and merged in any order, equal one pass.
@Suite struct SegmentTests {
    @Test(arguments: 0..<45)
    func anyCutBetweenFramesGivesWhatOnePassGives(_ seed: Int) throws {
        let random = try RandomLink(seed: UInt64(seed), input: .frames)
        var generator = SeededGenerator(seed: UInt64(1000 + seed))
        for count in [1, 6, random.units.count] {
            let (octets, cuts) = random.octets(cutting: count, using: &generator)
            try expectPiecesToEqualOnePass(
                octets,
                random.link,
                cuts: cuts,
                seed: UInt64(seed),
                keepPartial: seed / 3 % 2 == 1
            )
        }
    }

    @Test(arguments: 0..<15)
    func everyFrameAPieceOfItsOwn(_ seed: Int) throws {
        let random = try RandomLink(seed: UInt64(seed), input: .frames)
        let octets = random.units.flatMap(\.self)
        let cuts = (1..<random.units.count).map { $0 * random.units[0].count }
        try expectPiecesToEqualOnePass(octets, random.link, cuts: cuts, seed: UInt64(seed), orders: 3)
    }

    @Test(arguments: 0..<12)
    func codeblocksToo(_ seed: Int) throws {
        let random = try RandomLink(seed: UInt64(seed), input: .codeblocks)
        var generator = SeededGenerator(seed: UInt64(2000 + seed))
        for count in [3, 30] {
            let (octets, cuts) = random.octets(cutting: count, using: &generator)
            try expectPiecesToEqualOnePass(octets, random.link, cuts: cuts, seed: UInt64(seed))
        }
    }

    @Test(arguments: 0..<12)
    func markedFramesToo(_ seed: Int) throws {
        let random = try RandomLink(seed: UInt64(seed), input: .cadu)
        let (octets, _) = random.octets
        // One pass must be in lock at the cut: the codeblock before it and the one behind it can be corrected.
        let quality = try decode(octets, random.link, keepBad: true).collector.frames.map(\.record)
        let sound = zip(quality, quality.dropFirst()).filter {
            $0.quality != .uncorrectable && $1.quality != .uncorrectable
                && $0.inputOffset + Int64($0.inputLength) == $1.inputOffset
        }
        let places = sound.map { Int($1.inputOffset) }
        var generator = SeededGenerator(seed: UInt64(seed))
        for count in [2, 20] {
            let cuts = Array(places.shuffled(using: &generator).prefix(count)).sorted()
            try expectPiecesToEqualOnePass(octets, random.link, cuts: cuts, seed: UInt64(seed))
        }
    }

    @Test(arguments: 0..<12)
    func unitsOfAnEnvelopeToo(_ seed: Int) throws {
        let random = try RandomLink(seed: UInt64(seed), input: .frames)
        guard random.link.envelope == .none else { return }
        var link = random.link
        link.envelope = .kiss
        let escapes: [UInt8: [UInt8]] = [0xC0: [0xDB, 0xDC], 0xDB: [0xDB, 0xDD]]
        let units = random.units.map { unit -> [UInt8] in
            [0xC0, 0x00] + unit.flatMap { octet -> [UInt8] in escapes[octet] ?? [octet] } + [0xC0]
        }
        var generator = SeededGenerator(seed: UInt64(seed))
        let (octets, cuts) = RandomLink.join(units, cutting: 9, using: &generator)
        try expectPiecesToEqualOnePass(octets, link, cuts: cuts, seed: UInt64(seed))
    }

    @Test(arguments: 0..<6)
    func packetsToo(_ seed: Int) throws {
        var link = LinkDescription()
        link.input = .packets
        var generator = SeededGenerator(seed: UInt64(seed))
        let packets = (0..<200).map { count in
            Build.packet(
                apid: UInt16(count % (1 + seed)),
                count: count / 3,
                length: Int.random(in: 7...300, using: &generator)
            )
        }
        let (octets, cuts) = RandomLink.join(packets, cutting: 25, using: &generator)
        try expectPiecesToEqualOnePass(octets, link, cuts: cuts, seed: UInt64(seed))
        // The end is cut short: what is left of the last packet is discarded once.
        try expectPiecesToEqualOnePass(octets.dropLast(3), link, cuts: cuts, seed: UInt64(seed))
    }

    @Test func aPacketLongerThanThreePiecesSpansThemAll() throws {
        let link = Build.link(zone: 30)
        let packet = Build.packet(apid: 5, count: 0, length: 140)
        let next = Build.packet(apid: 5, count: 1, length: 10)
        let stream = packet + next
        let frames = (0..<5).map { index in
            let pointer = index == 0 ? 0 : index == 4 ? 20 : 0x7FF
            return Build.frame(count: index, pointer: pointer, zone: Array(stream[index * 30..<(index + 1) * 30]))
        }
        let octets = frames.flatMap(\.self)
        for cuts in [[38], [76], [38, 76], [38, 76, 114], [38, 76, 114, 152]] {
            try expectPiecesToEqualOnePass(octets, link, cuts: cuts, seed: 1, orders: 4)
        }
        var split = try SplitDecoding(octets, link, cuts: [38, 76, 114, 152])
        var generator = SeededGenerator(seed: 3)
        let summary = try split.merge(using: &generator).summary
        #expect(summary.discarded.isEmpty)
        #expect(summary.channels[0].packets == 2)
        #expect(Set(split.findings.packets.keys.map(\.octets)) == [packet, next])
    }

    /// What happens at the cut itself, on a channel that has carried data before or not.
    @Test(arguments: [[0, 1], [0, 0], [0, 5], [0, 9_000_000], [5, 4], [0xFF_FFFF, 0]], [0, 1, 2])
    func countsGoOnOverTheCut(_ counts: [Int], _ idle: Int) throws {
        let link = Build.link(zone: 30)
        let packets = (0..<6).map { Build.packet(apid: 3, count: $0, length: 45) }.flatMap(\.self)
        let idleZone = [UInt8](repeating: 0x55, count: 30)
        let data = Array(packets[0..<30])
        let first = Build.frame(count: counts[0], pointer: idle > 0 ? 0x7FE : 0, zone: idle > 0 ? idleZone : data)
        let second = Build.frame(count: counts[1], pointer: idle > 1 ? 0x7FE : 0, zone: idle > 1 ? idleZone : data)
        let third = Build.frame(count: counts[1] + 1 & 0xFF_FFFF, pointer: 15, zone: Array(packets[30..<60]))
        for frames in [[first, second, third], [third, first, second], [first, first, second, second, third]] {
            let octets = frames.flatMap(\.self)
            let every = (1..<frames.count).map { 38 * $0 }
            for cuts in every.map({ [$0] }) + [every] {
                try expectPiecesToEqualOnePass(octets, link, cuts: cuts, seed: 2, orders: 4)
            }
        }
    }

    @Test func segmentsOfDifferentLinksAreRefused() throws {
        let frame = Build.frame(count: 1, pointer: 0x7FF, zone: [UInt8](repeating: 0, count: 30))
        var collector = Collector()
        var segments: [LinkSegment] = []
        for insert in [0, 2] {
            var link = Build.link(zone: 30)
            link.frame.insertZone = insert
            var decoder = try LinkDecoder(link, asSegment: true)
            decoder.push(frame.span, into: &collector)
            segments.append(decoder.segment(into: &collector))
        }
        #expect(throws: LinkSegmentError.differentLinks) {
            var sink = Collector()
            _ = try segments[0].merged(with: segments[1], into: &sink)
        }
    }

    @Test func symbolsHaveNoBoundariesOfFrames() throws {
        let link = try #require(LinkDescription.preset("queqiao-2"))
        #expect(throws: LinkDescriptionError.self) { try LinkDecoder(link, asSegment: true) }
    }
}

/// Pieces of recordings, merged in any order, equal one pass.
@Suite(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
struct RecordingSegmentTests {
    @Test(arguments: [
        ("change-5", "change5_2020-11-28.u8", 220), ("hakuto-r", "hakuto-r_20221211_224843Z.u8", nil),
        ("mars-2020", "mars2020_10kbps.u8", nil), ("s-npp", "snpp_synchronized_cadus.dat", 1024),
    ])
    func anyCutBetweenFramesGivesWhatOnePassGives(_ preset: String, _ name: String, _ length: Int?) throws {
        let link = try #require(LinkDescription.preset(preset))
        let octets = try Fixtures.recording(name)
        let period = try #require(length ?? link.frameLength)
        var generator = SeededGenerator(seed: 5)
        let cuts = (0..<20).map { _ in period * Int.random(in: 1..<octets.count / period, using: &generator) }
        try expectPiecesToEqualOnePass(octets, link, cuts: Array(Set(cuts)).sorted(), seed: 6, orders: 1)
        // A segment's size is bounded by its channels and their longest packets, not by the input.
        #expect(try SplitDecoding(octets, link, cuts: []).largest < 200_000)
    }
}

/// Segments that no decoder wrote are refused, or merge to something; nothing traps.
@Suite struct HostileSegmentTests {
    @Test func spoiltSegmentsNeverTrap() throws {
        let random = try RandomLink(seed: 4, input: .frames)
        let octets = random.units.flatMap(\.self)
        var decoder = try LinkDecoder(random.link, asSegment: true)
        var collector = Collector()
        decoder.push(octets.span, into: &collector)
        let segment = decoder.segment(into: &collector)
        let text = try JSONEncoder().encode(segment)
        var generator = SeededGenerator(seed: 8)
        let numbers = ["-1", "9007199254740993", "18446744073709551615", "0", "65536", "null", "1e99", "true"]
        var refused = 0
        for _ in 0..<500 {
            var spoilt = String(decoding: text, as: UTF8.self)
            let places = spoilt.matches(of: /:(-?[0-9]+|true|false|"[^"]*")/)
            let place = places[Int.random(in: 0..<places.count, using: &generator)]
            spoilt.replaceSubrange(place.range, with: ":" + (numbers.randomElement(using: &generator) ?? "0"))
            do {
                let read = try JSONDecoder().decode(LinkSegment.self, from: Data(spoilt.utf8))
                var sink = Collector()
                let joint = try segment.merged(with: read, into: &sink).merged(with: segment, into: &sink)
                _ = joint.finish(into: &sink)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 150)
        #expect(refused < 500)
    }
}

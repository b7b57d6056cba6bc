import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct LinkRecognizerTests {
    private static func blocks(
        _ block: String,
        randomizer: String = "short",
        frame: String = #"{"type": "aos"}"#
    ) -> String {
        #"{"input": "cadu", "randomizer": "\#(randomizer)", "block": \#(block), "frame": \#(frame)}"#
    }

    static let coded = [
        blocks(#"{"code": "rs", "errors": 16, "interleave": 1, "basis": "dual"}"#),
        blocks(#"{"code": "rs", "errors": 16, "interleave": 2, "basis": "conventional"}"#),
        blocks(#"{"code": "rs", "errors": 16, "interleave": 3, "basis": "dual"}"#, randomizer: "none"),
        blocks(#"{"code": "rs", "errors": 16, "interleave": 4, "basis": "dual"}"#, randomizer: "long"),
        blocks(#"{"code": "rs", "errors": 16, "interleave": 5, "basis": "dual"}"#),
        blocks(#"{"code": "rs", "errors": 16, "interleave": 8, "basis": "conventional"}"#),
        blocks(#"{"code": "rs", "errors": 8, "interleave": 1, "basis": "dual"}"#),
        blocks(#"{"code": "rs", "errors": 8, "interleave": 4, "basis": "conventional"}"#, randomizer: "none"),
        blocks(#"{"code": "rs", "errors": 16, "interleave": 1, "basis": "dual", "virtualFill": 3}"#),
        blocks(
            #"{"code": "rs", "errors": 16, "interleave": 4, "basis": "dual"}"#,
            frame: #"{"type": "aos", "insertZone": 8}"#
        ),
        blocks(
            #"{"code": "rs", "errors": 16, "interleave": 5, "basis": "dual"}"#,
            frame: #"{"type": "tm", "fecf": true}"#
        ),
        blocks(#"{"code": "none", "length": 256}"#, frame: #"{"type": "aos", "fecf": true}"#),
    ]

    /// What tells one link from another.
    private func traits(_ link: LinkDescription) -> [String] {
        [
            "\(link.input)", "\(link.randomizer)", "\(link.block)", "\(link.frame.type)", "fecf \(link.frame.fecf)",
            "insert zone \(link.frame.insertZone)",
        ]
    }

    private func packets(_ octets: [UInt8], _ link: LinkDescription) throws -> [[UInt8]] {
        var decoder = try LinkDecoder(link)
        var keeper = Keeper()
        decoder.push(octets.span, into: &keeper)
        decoder.finish(into: &keeper)
        return keeper.packets
    }

    @Test(arguments: coded.indices) func codedLinksAreRecognisedAtAnyBitAndInEitherPolarity(index: Int) throws {
        let downlink = try Downlink(json: Self.coded[index], frames: 16, seed: UInt64(index))
        for (shift, inverted) in [(index % 8, false), ((index * 3 + 5) % 8, true)] {
            var octets = Downlink.shifted(downlink.octets, by: shift, seed: UInt64(index))
            if inverted { octets = octets.map { ~$0 } }
            let found = try #require(
                LinkRecognizer(octets: octets, size: Int64(octets.count)).recognize(),
                "shift \(shift), inverted \(inverted)"
            )
            #expect(traits(found.link) == traits(downlink.link), "\(found.evidence)")
            #expect(try packets(octets, found.link) == downlink.packets)
        }
    }

    @Test(arguments: [
        #"{"type": "aos", "length": 220, "insertZone": 8}"#, #"{"type": "aos", "length": 1113}"#,
        #"{"type": "aos", "length": 1115, "fecf": true}"#, #"{"type": "tm", "length": 256, "fecf": true}"#,
        #"{"type": "tm", "length": 1115}"#, #"{"type": "aos", "length": 128, "insertZone": 4, "fecf": true}"#,
    ])
    func framesAreRecognised(frame: String) throws {
        let json = #"{"input": "frames", "randomizer": "short", "block": {"code": "none"}, "frame": \#(frame)}"#
        let downlink = try Downlink(json: json, frames: 40, seed: 8)
        let octets = downlink.octets
        let found = try #require(LinkRecognizer(octets: octets, size: Int64(octets.count)).recognize())
        #expect(traits(found.link) == traits(downlink.link), "\(found.evidence)")
        #expect(found.link.frame.length == downlink.link.frame.length)
        #expect(try packets(octets, found.link) == downlink.packets)
        // The end may be missing.
        let cut = Array(octets.dropLast(50))
        #expect(LinkRecognizer(octets: cut, size: Int64(cut.count)).recognize()?.link == found.link)
    }

    @Test(arguments: [
        #"{"type": "aos", "length": 220, "insertZone": 8, "fecf": true}"#,
        #"{"type": "aos", "length": 1115, "fecf": true}"#, #"{"type": "tm", "length": 256, "fecf": true}"#,
        #"{"type": "uslp", "length": 300, "fecf": true}"#,
    ])
    func aSingleFrameIsRecognisedByItsCheck(frame: String) throws {
        let json = #"{"input": "frames", "block": {"code": "none"}, "frame": \#(frame)}"#
        let downlink = try Downlink(json: json, frames: 3, seed: 8)
        let length = try #require(downlink.link.frame.length)
        var octets = Array(downlink.octets.prefix(length))
        let found = try #require(LinkRecognizer(octets: octets, size: Int64(length)).recognize())
        #expect(traits(found.link) == traits(downlink.link), "\(found.evidence)")
        octets[100] ^= 1
        #expect(LinkRecognizer(octets: octets, size: Int64(length)).recognize() == nil)
    }

    @Test func packetsAreRecognisedWholeAndFromTheirBeginning() throws {
        let downlink = try Downlink(json: #"{"input": "packets"}"#, frames: 20, seed: 9)
        let octets = downlink.octets
        #expect(LinkRecognizer(octets: octets, size: Int64(octets.count)).recognize()?.link.input == .packets)
        let beginning = Array(octets.prefix(20_001))
        #expect(LinkRecognizer(octets: beginning, size: Int64(octets.count)).recognize()?.link.input == .packets)
    }

    static let refused: [(name: String, octets: [UInt8])] = {
        var generator = SeededGenerator(seed: 77)
        let line = Array("2023-08-19T11:00:00Z, 0.125, -3.5, nominal\n".utf8)
        return [
            ("nothing", []), ("one octet", [0x1A]), ("a marker", [0x1A, 0xCF, 0xFC, 0x1D]),
            ("zeros", [UInt8](repeating: 0, count: 30_000)), ("ones", [UInt8](repeating: 0xFF, count: 30_000)),
            ("fill", [UInt8](repeating: 0x55, count: 30_000)), ("counting", (0..<30_000).map { UInt8($0 & 0xFF) }),
            ("a table", (0..<500).flatMap { _ in line }), ("XML", Array(SmallCraft.xtce.utf8)),
            ("noise", generator.octets(30_000)), ("more noise", generator.octets(30_001)),
            ("little noise", generator.octets(40)),
        ]
    }()

    @Test(arguments: refused.indices) func whatIsNoTelemetryIsRefused(index: Int) {
        let (name, octets) = Self.refused[index]
        let found = LinkRecognizer(octets: octets, size: Int64(octets.count)).recognize()
        #expect(found == nil, "\(name): \(found?.evidence ?? "")")
    }

    @Test(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)), arguments: ExpectedRecording.names)
    func realFramesAreRecognised(name: String) throws {
        let expected = try ExpectedRecording.of(name)
        let octets = try Fixtures.recording(name)
        let head = Array(octets.prefix(LinkRecognizer.lookAhead))
        let link = try #require(LinkRecognizer(octets: head, size: Int64(octets.count)).recognize()).link
        #expect(link.input == .frames)
        #expect(link.frame.type == .aos)
        #expect(link.frame.length == expected.frameLength)
        #expect(link.frame.insertZone == expected.insertZone)
        #expect(link.frame.fecf == expected.fecf.present)
        #expect(!link.frame.ocf)
    }

    @Test(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
    func realBlocksAndPacketsAreRecognised() throws {
        let blocks = try Fixtures.recording(ExpectedRecording.blocks)
        let link = try #require(LinkRecognizer(octets: blocks, size: Int64(blocks.count)).recognize()).link
        let preset = try #require(LinkDescription.preset("s-npp"))
        #expect(traits(link) == traits(preset))
        let packets = try Fixtures.recording(ExpectedRecording.packets)
        let head = Array(packets.prefix(LinkRecognizer.lookAhead))
        #expect(LinkRecognizer(octets: head, size: Int64(packets.count)).recognize()?.link.input == .packets)
    }
}

/// Lengths that octets show.
private enum OctetCount {
    /// The octets from the first marker to the second.
    static func ofUnit(_ octets: [UInt8]) -> Int? {
        (4..<octets.count - 4).first { octets[$0..<$0 + 4].elementsEqual(octets.prefix(4)) }
    }
}

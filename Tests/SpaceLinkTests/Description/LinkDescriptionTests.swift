import Foundation
import SpaceLink
import Testing

@Suite struct LinkDescriptionTests {
    private func link(_ json: String) throws -> LinkDescription {
        try JSONDecoder().decode(LinkDescription.self, from: Data(json.utf8))
    }

    @Test func emptyObjectIsTheDefault() throws {
        let link = try link("{}")
        #expect(link == LinkDescription())
        #expect(link.frameLength == 1115)
        #expect(link.input == .cadu)
        #expect(link.randomizer == .short)
        #expect(try self.link(#"{"convolutional": "none"}"#) == link)
        #expect(link.marker.pattern == [0x1A, 0xCF, 0xFC, 0x1D])
        #expect(link.marker.recovery == .research)
    }

    /// Archives leave out what is so by default: another default would change what they say.
    @Test func defaultsAreForEver() throws {
        let whole = """
            {"input": "cadu", "envelope": "none", "nrzm": false, "randomizer": "short", "channels": {},
             "marker": {"pattern": "1ACFFC1D", "searchTolerance": 3, "lockTolerance": 3, "verify": 1, "flywheel": 2,
                        "slipWindow": 2, "inverted": true, "recovery": "research"},
             "block": {"code": "rs", "errors": 16, "interleave": 5, "basis": "dual", "virtualFill": 0},
             "frame": {"type": "aos", "countLength": 3, "truncatedLength": 0, "fecf": false, "fecfBits": 16,
                       "fhec": false, "insertZone": 0, "ocf": false, "secondaryHeader": 0}}
            """
        #expect(try link("{}") == link(whole))
        let coded = """
            {"input": "symbols", "convolutional": {"rate": "1/2", "swap": false, "invertC2": true},
             "block": {"code": "ldpc", "family": "ar4ja", "rate": "1/2", "informationBits": 1024}}
            """
        #expect(try link(#"{"input": "symbols", "convolutional": {}, "block": {"code": "ldpc"}}"#) == link(coded))
        let turbo = #"{"block": {"code": "turbo", "rate": "1/2", "informationBits": 1784}}"#
        #expect(try link(#"{"block": {"code": "turbo"}}"#) == link(turbo))
    }

    @Test func examplesOfTheDocumentationAreRead() throws {
        let coded = try link(
            """
            {"input": "cadu", "randomizer": "short",
             "block": {"code": "rs", "errors": 16, "interleave": 4, "basis": "dual"}, "frame": {"type": "aos"}}
            """
        )
        #expect(coded == LinkDescription.preset("s-npp"))
        #expect(coded.frameLength == 892)
        let frames = try link(#"{"input": "frames", "frame": {"type": "aos", "length": 220, "insertZone": 8}}"#)
        #expect(frames.frameLength == 220)
    }

    @Test(arguments: LinkDescription.presetNames)
    func presetsAreValidAndSurviveTheirJSON(_ name: String) throws {
        let preset = try #require(LinkDescription.preset(name))
        try preset.validate()
        let data = try JSONEncoder().encode(preset)
        #expect(try JSONDecoder().decode(LinkDescription.self, from: data) == preset)
    }

    @Test func presetsHaveTheLengthsThatArePublic() throws {
        let lengths = [
            "change-5": 220, "queqiao-2": 220, "queqiao-2-science": 892, "hakuto-r": 1113, "lunar-flashlight": 1113,
            "mars-2020": 1115, "s-npp": 892, "jpss": 892, "tianwen-1": 220, "tianwen-2": 892, "slim": 220,
            "kplo": 220, "chandrayaan-3": 223,
        ]
        for (name, length) in lengths { #expect(LinkDescription.preset(name)?.frameLength == length, "\(name)") }
        #expect(LinkDescription.preset("apollo") == nil)
    }

    @Test func everyKeySurvivesItsJSON() throws {
        let texts = [
            #"{"envelope": "kiss", "nrzm": true, "input": "bits", "convolutional": {"rate": "3/4", "swap": true}}"#,
            #"{"envelope": {"header": 8}, "input": "frames", "channels": {"5": "opaque", "63": "idle"}}"#,
            #"{"block": {"code": "ldpc", "informationBits": 4096}, "marker": {"pattern": "034776C7272895B0"}}"#,
            #"{"block": {"code": "turbo", "rate": "1/4"}, "frame": {"type": "tm", "secondaryHeader": 4}}"#,
            #"{"block": {"code": "none", "length": 300}, "frame": {"type": "uslp", "spacecraft": [7]}}"#,
            #"{"spacecraft": [91, 92], "randomizer": "none", "marker": {"recovery": "flywheel", "inverted": false}}"#,
        ]
        for text in texts {
            let link = try link(text)
            #expect(link != LinkDescription())
            #expect(try JSONDecoder().decode(LinkDescription.self, from: JSONEncoder().encode(link)) == link)
        }
        #expect(try link(texts[5]).frame.spacecraft == [91, 92])
        #expect(try link(texts[0]).convolutional?.invertC2 == false)
    }

    @Test(arguments: [
        (#"{"inputs": "cadu"}"#, "inputs"), (#"{"frame": {"size": 3}}"#, "frame.size"),
        (#"{"block": {"code": "none", "errors": 3}}"#, "block.errors"), (#"{"marker": {"hex": "1A"}}"#, "marker.hex"),
        (#"{"convolutional": {"k": 7}}"#, "convolutional.k"), (#"{"envelope": {"head": 7}}"#, "envelope.head"),
    ])
    func unknownKeysAreRefusedByName(_ json: String, _ key: String) {
        #expect(throws: LinkDescriptionError.unknownKey(key)) { try link(json) }
    }

    @Test(arguments: [
        #"{"frame": {"length": 220}}"#, #"{"block": {"errors": 12}}"#, #"{"block": {"interleave": 6}}"#,
        #"{"block": {"virtualFill": 223}}"#, #"{"convolutional": {"rate": "1/2"}}"#, #"{"marker": {"pattern": "1"}}"#,
        #"{"marker": {"pattern": "xyz0"}}"#, #"{"input": "frames", "frame": {"length": 0}}"#,
        #"{"input": "frames", "frame": {"length": 8}}"#, #"{"input": "frames", "frame": {"length": 70000}}"#,
        #"{"frame": {"type": "tm", "fhec": true}}"#, #"{"frame": {"type": "tm", "insertZone": 8}}"#,
        #"{"frame": {"secondaryHeader": 8}}"#, #"{"frame": {"spacecraft": [1024]}}"#, #"{"block": {"code": "none"}}"#,
        #"{"channels": {"64": "idle"}}"#, #"{"frame": {"type": "tm"}, "channels": {"8": "idle"}}"#,
        #"{"channels": {"x": "idle"}}"#, #"{"envelope": "slip"}"#, #"{"block": {"code": "bch"}}"#,
        #"{"envelope": {"header": -1}, "input": "frames"}"#, #"{"block": {"code": "ldpc", "informationBits": 1001}}"#,
        #"{"frame": {"insertZone": -1}}"#, #"{"marker": {"flywheel": 17}}"#, #"{"marker": {"lockTolerance": 16}}"#,
        #"{"convolutional": {"rate": "9/10"}, "input": "bits"}"#,
        #"{"input": "packets", "block": {"interleave": 9223372036854775807}}"#,
        #"{"input": "frames", "block": {"virtualFill": -9223372036854775808}}"#,
        #"{"input": "frames", "frame": {"length": 220, "insertZone": 9223372036854775807}}"#,
    ])
    func whatCannotBeIsRefused(_ json: String) {
        #expect(throws: LinkDescriptionError.self) { try link(json) }
    }

    @Test func lengthThatDoesNotFitTheCodeNamesTheRule() {
        #expect(
            throws: LinkDescriptionError.impossible(
                rule: "A frame of 220 octets does not fit the block code, which carries 1115."
            )
        ) {
            try link(#"{"frame": {"length": 220}}"#)
        }
    }

    @Test(arguments: [

        #"{"envelope": "kiss", "input": "symbols"}"#, #"{"envelope": "pcap", "input": "bits"}"#,
        #"{"envelope": "pcap", "nrzm": true}"#, #"{"envelope": {"header": 4}, "input": "symbols"}"#,
        #"{"envelope": {"header": 4}, "nrzm": true}"#,
    ])
    func whatCannotBeDoneYetIsRefusedByTheDecoder(_ json: String) throws {
        let link = try link(json)
        do {
            _ = try LinkDecoder(link)
            Issue.record("\(json) was taken")
        } catch {
            guard case .unsupported = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(arguments: [
        ("input", "frames"), ("envelope", "kiss"), ("envelope.header", "8"), ("envelope.trailer", "2"),
        ("nrzm", "true"), ("convolutional.rate", "7/8"), ("convolutional.swap", "true"),
        ("convolutional.invertC2", "false"), ("marker.pattern", "352EF853"), ("marker.searchTolerance", "0"),
        ("marker.lockTolerance", "4"), ("marker.verify", "2"), ("marker.flywheel", "3"), ("marker.slipWindow", "1"),
        ("marker.inverted", "false"), ("marker.recovery", "flywheel"), ("randomizer", "long"), ("block.errors", "8"),
        ("block.interleave", "4"), ("block.basis", "conventional"), ("block.virtualFill", "3"), ("block.code", "none"),
        ("frame.type", "tm"), ("frame.length", "220"), ("frame.fecf", "true"), ("frame.fhec", "true"),
        ("frame.insertZone", "8"), ("frame.ocf", "true"), ("frame.secondaryHeader", "4"), ("spacecraft", "91,92"),
        ("frame.spacecraft", "7"), ("channels.5", "bitstream"), ("frame.fecfBits", "32"),
        ("frame.truncatedLength", "20"), ("frame.countLength", "0"),
    ])
    func everyKeyCanBeSetFromText(_ key: String, _ value: String) throws {
        var link = LinkDescription()
        try link.set(key, to: value)
        #expect(link != LinkDescription())
    }

    @Test func settingsOfOtherCodesFollowTheirCode() throws {
        var link = LinkDescription()
        #expect(throws: LinkDescriptionError.unknownKey("block.length")) { try link.set("block.length", to: "300") }
        try link.set("block.code", to: "none")
        try link.set("block.length", to: "300")
        #expect(link.frameLength == 300)
        try link.set("block.code", to: "ldpc")
        try link.set("block.rate", to: "2/3")
        try link.set("block.informationBits", to: "4096")
        #expect(link.frameLength == 512)
        try link.set("block.code", to: "turbo")
        try link.set("block.informationBits", to: "8920")
        #expect(link.frameLength == 1115)
        try link.set("convolutional.rate", to: "1/2")
        try link.set("convolutional", to: "none")
        try link.set("spacecraft", to: "all")
        #expect(link.convolutional == nil)
        #expect(link.frame.spacecraft == nil)
    }

    @Test(arguments: [
        ("input", "cadus"), ("nrzm", "yes"), ("block.interleave", "four"), ("frame.spacecraft", "a"),
        ("marker.pattern", "12G4"), ("channels.5", "video"), ("envelope", "x"), ("convolutional", "1/2"),
    ])
    func valuesThatAreNoneAreRefused(_ key: String, _ value: String) {
        var link = LinkDescription()
        do {
            try link.set(key, to: value)
            Issue.record("\(key)=\(value) was taken")
        } catch {
            guard case .invalidValue(key, value, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(arguments: ["", "block", "block.", "frame.size", "a.b.c", "channels.x", "marker.hex", "envelope.x"])
    func keysThatAreNoneAreRefused(_ key: String) {
        var link = LinkDescription()
        #expect(throws: LinkDescriptionError.unknownKey(key)) { try link.set(key, to: "1") }
    }

    @Test func summaryHasTheKeysOfTheInterface() throws {
        var decoder = try LinkDecoder(try #require(LinkDescription.preset("change-5")))
        var collector = Collector()
        let frame = Build.frame(count: 1, pointer: 0, zone: [UInt8](repeating: 0, count: 212))
        decoder.push((frame + [UInt8](repeating: 0xFF, count: 220)).span, into: &collector)
        decoder.finish(into: &collector)
        let data = try JSONEncoder().encode(decoder.summary)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object.keys.sorted() == ["channels", "discarded", "frames", "octets", "used"])
        let discarded = try #require(object["discarded"] as? [String: Int])
        #expect(discarded["frameVersion"] == 220)
        let frames = try #require(object["frames"] as? [String: Any])
        let names = [
            "corrected", "correctedSymbols", "crcFailed", "crcFailedIndices", "good", "rejected", "total",
            "unchecked", "uncorrectable",
        ]
        #expect(frames.keys.sorted() == names)
        let channels = try #require(object["channels"] as? [[String: Any]])
        #expect(
            channels[0].keys.sorted() == [
                "apids", "duplicates", "firstCount", "frames", "gaps", "lastCount", "missing", "packetOctets",
                "packets",
                "resets", "spacecraft", "virtualChannel",
            ]
        )
        let apids = try #require(channels[0]["apids"] as? [[String: Any]])
        #expect(
            apids[0].keys.sorted() == [
                "apid", "firstSequence", "gaps", "lastSequence", "missing", "octets", "packets",
            ]
        )
        #expect(try JSONDecoder().decode(LinkSummary.self, from: data) == decoder.summary)
    }
}

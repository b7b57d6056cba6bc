import SpaceLink
import TestSupport
import Testing

/// Whole frames and streams of frames of the reference.
@Suite struct FrameVectorTests {
    @Test(arguments: try Fixtures.vectors("tm_frame", "aos_frame"))
    func framesDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("frame"))
        var link = LinkDescription()
        link.input = .frames
        link.frame.length = octets.count
        link.frame.type = vector.kind == "tm_frame" ? .tm : .aos
        link.frame.fecf = vector.flag("fecf") || vector.flag("fecf_present")
        link.frame.fhec = vector.flag("fhec")
        link.frame.ocf = vector.flag("ocf")
        link.frame.insertZone = vector.int("insert_zone_octets") ?? 0
        switch vector.inputs["data_field"] as? String {
        case "bpdu": link.channels = [33: .bitstream]
        case "vca": link.channels = [34: .opaque]
        default: break
        }
        let decoded = try decode(octets, link)
        let frame = try #require(decoded.collector.frames.first)
        let record = frame.record
        #expect(frame.octets == octets)
        #expect(record.spacecraft == vector.expectedInt("scid"))
        #expect(record.virtualChannel == vector.expectedInt("vcid"))
        #expect(Int(record.frameCount) == vector.expectedInt("vc_count"))
        #expect(record.masterChannelFrameCount == vector.expectedInt("mc_count"))
        #expect(record.dataField.lowerBound == vector.expectedInt("data_offset"))
        let data = vector.expectedOctets("data") ?? vector.expectedOctets("data_field")
        #expect(Array(octets[record.dataField]) == data)
        #expect(record.quality == (link.frame.fecf ? .good : .unchecked))
        if let insertZone = vector.expectedOctets("insert_zone") {
            #expect(Array(octets[record.insertZone]) == insertZone)
        }
        let field = vector.expectedOctets("ocf").map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
        #expect(record.operationalControlField == field)
        switch (record.firstHeaderPointer, vector.expectedInt("first_header_pointer")) {
        case (nil, nil), (.some(.none), 2047), (.onlyIdleData, 2046): break
        case (.offset(let offset), let expected): #expect(offset == expected)
        case (let found, let expected): Issue.record("\(String(describing: found)), \(String(describing: expected))")
        }
    }

    static func link(_ vector: Vector) -> LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = vector.kind == "tm_stream" ? .tm : .aos
        link.frame.length = vector.int("frame_length")
        link.frame.fecf = vector.flag("fecf")
        link.frame.fhec = vector.flag("fhec")
        link.frame.ocf = vector.flag("ocf")
        link.frame.insertZone = vector.int("insert_zone_octets") ?? 0
        link.frame.secondaryHeader = vector.int("secondary_header_octets") ?? 0
        return link
    }

    static func octets(_ vector: Vector) throws -> [UInt8] {
        try #require(vector.inputs["frames"] as? [String]).flatMap { Hex.octets($0) }
    }

    @Test(arguments: try Fixtures.vectors("tm_stream", "aos_stream"))
    func streamsGiveThePacketsOfTheReference(_ vector: Vector) throws {
        let decoded = try decode(Self.octets(vector), Self.link(vector))
        let packets = try #require(vector.expected["packets"] as? [String: [String]])
        let idle = try #require(vector.expected["idle_packets"] as? [String: Int])
        let lost = try #require(vector.expected["vc_frames_lost"] as? [String: Int])
        for (name, expected) in packets {
            let channel = try #require(Int(name))
            #expect(decoded.collector.packets(onChannel: channel, idle: false) == expected.map { Hex.octets($0) })
            let all = decoded.collector.packets(onChannel: channel)
            #expect(all.count - expected.count == idle[name])
            let summary = try #require(decoded.summary.channels.first { $0.virtualChannel == channel })
            #expect(summary.missing == lost[name])
        }
        #expect(decoded.summary.frames.crcFailed == vector.expectedInt("frames_failing_fecf"))
        if let missing = vector.expectedInt("mc_frames_lost") {
            #expect(decoded.masterChannels.map(\.missing) == [missing])
        }
    }
}

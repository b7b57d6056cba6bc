import Crypto
import Foundation
import SpaceLink
import TestSupport
import Testing

/// Every number that two independent extractors agree on, for every recording.
@Suite(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
struct RecordingTests {
    struct Expected: Decodable {
        struct Application: Decodable {
            var count: Int
            var bytes: Int
            var firstSeq: Int
            var lastSeq: Int
            var seqGaps: Int
            var seqMissing: Int
        }

        struct Channel: Decodable {
            var frames: Int
            var firstCount: Int
            var lastCount: Int
            var gaps: Int
            var missing: Int
            var onlyIdleFrames: Int
            var noPacketStartFrames: Int
            var packets: Int
            var packetBytes: Int
            var packetsSha256: String
            var apids: [String: Application]
        }

        struct ErrorControl: Decodable {
            var present: Bool
            var badIndices: [Int]?
        }

        var bytes: Int
        var frames: Int
        var frameLength: Int
        var insertZone: Int
        var fecf: ErrorControl
        var byScidVcid: [String: Int]
        var tfvn: [String: Int]
        var virtualChannels: [String: Channel]
    }

    static let names = [
        "change5_2020-11-28.u8", "hakuto-r_20221211_224843Z.u8", "lunar-flashlight_20221212_170854Z_1.u8",
        "lunar-flashlight_20221212_170854Z_2.u8", "mars2020_10kbps.u8",
    ]

    static func expected(_ name: String) throws -> Expected {
        let data = try Data(contentsOf: Fixtures.recordings.appending(path: "expected.json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try #require(try decoder.decode([String: Expected].self, from: data)[name])
    }

    static func link(_ name: String) throws -> LinkDescription {
        let expected = try expected(name)
        var link = LinkDescription()
        link.input = .frames
        link.frame.length = expected.frameLength
        link.frame.insertZone = expected.insertZone
        link.frame.fecf = expected.fecf.present
        return link
    }

    @Test(arguments: names)
    func recordingsGiveTheNumbersThatTwoExtractorsAgreeOn(_ name: String) throws {
        let expected = try Self.expected(name)
        let decoded = try decode(Fixtures.recording(name), Self.link(name))
        let summary = decoded.summary
        #expect(summary.octets == expected.bytes)
        #expect(summary.frames.total == expected.frames)
        #expect(summary.frames.crcFailedIndices == expected.fecf.badIndices ?? [])
        #expect(summary.frames.crcFailed == summary.frames.crcFailedIndices.count)
        #expect(summary.frames.good + summary.frames.unchecked == expected.tfvn["1"])
        #expect(summary.frames.rejected == expected.tfvn.filter { $0.key != "1" }.values.reduce(0, +))
        let spacecraft = Set(summary.channels.map(\.spacecraft))
        #expect(spacecraft.count == 1)
        for channel in summary.channels {
            #expect(channel.frames == expected.byScidVcid["\(channel.spacecraft)/\(channel.virtualChannel)"])
        }
        #expect(summary.channels.map { String($0.virtualChannel) } == expected.virtualChannels.keys.sorted())
        for (name, numbers) in expected.virtualChannels {
            let channel = try #require(summary.channels.first { String($0.virtualChannel) == name })
            try expect(channel, numbers, decoded.collector)
        }
    }

    private func expect(_ channel: LinkSummary.Channel, _ expected: Expected.Channel, _ collector: Collector) throws {
        #expect(channel.frames == expected.frames)
        #expect(channel.firstCount == expected.firstCount)
        #expect(channel.lastCount == expected.lastCount)
        #expect(channel.gaps == expected.gaps)
        #expect(channel.missing == expected.missing)
        #expect(channel.duplicates == 0)
        #expect(channel.resets == 0)
        #expect(channel.packets == expected.packets)
        #expect(channel.packetOctets == expected.packetBytes)
        let frames = collector.frames.map(\.record).filter { $0.virtualChannel == channel.virtualChannel }
        #expect(frames.filter(\.isIdle).count == expected.onlyIdleFrames)
        #expect(
            frames.filter { $0.firstHeaderPointer == FirstHeaderPointer.none }.count == expected.noPacketStartFrames
        )
        #expect(frames.reduce(0) { $0 + $1.missingBefore } == expected.missing)
        let packets = collector.packets(onChannel: channel.virtualChannel)
        #expect(packets.count == expected.packets)
        #expect(digest(packets, SHA256.self) == expected.packetsSha256)
        #expect(channel.apids.map(\.apid) == expected.apids.keys.compactMap { Int($0) }.sorted())
        for application in channel.apids {
            let numbers = try #require(expected.apids[String(application.apid)])
            #expect(application.packets == numbers.count)
            #expect(application.octets == numbers.bytes)
            #expect(application.firstSequence == numbers.firstSeq)
            #expect(application.lastSequence == numbers.lastSeq)
            #expect(application.gaps == numbers.seqGaps)
            #expect(application.missing == numbers.seqMissing)
        }
    }

    @Test func changE5LosesOneFrameOfAForeignVersion() throws {
        let link = try #require(LinkDescription.preset("change-5"))
        let decoded = try decode(Fixtures.recording("change5_2020-11-28.u8"), link)
        #expect(decoded.summary.octets == 676_500)
        #expect(decoded.summary.discarded[.frameVersion] == 220)
        #expect(decoded.summary.frames.total == 3075)
        #expect(decoded.summary.frames.unchecked == 3074)
        #expect(decoded.summary.frames.rejected == 1)
    }

    @Test(arguments: [
        ("change-5", 0), ("hakuto-r", 1), ("lunar-flashlight", 2), ("lunar-flashlight", 3), ("mars-2020", 4),
    ])
    func presetsDecodeTheirRecordings(_ preset: String, _ recording: Int) throws {
        let name = Self.names[recording]
        let octets = try Fixtures.recording(name)
        let link = try #require(LinkDescription.preset(preset))
        #expect(try decode(octets, link) == decode(octets, Self.link(name)))
    }

    @Test func suomiNPPGivesThePacketsThatFiveImplementationsAgreeOn() throws {
        let link = try #require(LinkDescription.preset("s-npp"))
        let decoded = try decode(Fixtures.recording("snpp_synchronized_cadus.dat"), link)
        let summary = decoded.summary
        #expect(summary.octets == 66_560)
        #expect(summary.frames.total == 65)
        #expect(summary.frames.good == 65)
        #expect(summary.frames.corrected == 0)
        let channel = try #require(summary.channels.first)
        #expect(summary.channels.count == 1)
        #expect(channel.spacecraft == 157)
        #expect(channel.virtualChannel == 16)
        #expect(channel.frames == 65)
        #expect(channel.firstCount == 9_842_876)
        #expect(channel.lastCount == 9_842_941)
        #expect(channel.gaps == 1)
        #expect(channel.missing == 1)
        #expect(decoded.collector.gaps.map(\.countBefore) == [9_842_881])
        #expect(decoded.collector.gaps.map(\.countBehind) == [9_842_883])
        #expect(channel.packets == 12)
        #expect(channel.packetOctets == 53_098)
        #expect(channel.apids.map(\.apid) == [802, 803])
        #expect(channel.apids.map(\.packets) == [1, 11])
        #expect(channel.apids.map(\.firstSequence) == [9875, 9859])
        #expect(channel.apids.map(\.lastSequence) == [9875, 9870])
        #expect(channel.apids.map(\.missing) == [0, 1])
        let packets = decoded.collector.packets(onChannel: 16)
        #expect(digest(packets, Insecure.MD5.self) == "5e11051d86c46ddc3500904c99bbe978")
    }

    @Test func jpssPacketFileIsWalkedWhole() throws {
        var link = try #require(LinkDescription.preset("jpss"))
        try link.set("input", to: "packets")
        let octets = try Fixtures.recording("J01_G011_LZ_2021-04-09T00-00-00Z_V01.DAT1")
        let decoded = try decode(octets, link)
        #expect(decoded.summary.used == 511_200)
        #expect(decoded.summary.discarded.isEmpty)
        let channel = try #require(decoded.summary.channels.first)
        #expect(channel.packets == 7200)
        #expect(channel.apids.map(\.apid) == [11])
        #expect(channel.apids.map(\.firstSequence) == [2606])
        #expect(channel.apids.map(\.lastSequence) == [9805])
        #expect(channel.apids.map(\.gaps) == [0])
        #expect(decoded.collector.packets.flatMap(\.octets) == octets)
        // DOY 23109, MSEC 7, USEC 137 of the first packet, as two packages decode it.
        let code = try JSONDecoder().decode(TimeCode.self, from: Data(#"{"code": "cds"}"#.utf8))
        let first = decoded.collector.packets[0].octets
        let time = code.time(ofPacket: first.span)
        #expect(time?.utc == "2021-04-09T00:00:00.007137Z")
    }
}

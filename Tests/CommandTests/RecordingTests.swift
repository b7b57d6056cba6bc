import Crypto
import Foundation
import TestSupport
import Testing

/// The commands give of each real recording what independent programs found in it.
@Suite(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
struct RecordingTests {
    /// The last object of `inspect --json`, with the keys that the design page binds.
    struct Summary: Decodable {
        struct Frames: Decodable {
            let total: Int
            let good: Int
            let unchecked: Int
            let corrected: Int
            let correctedSymbols: Int
            let uncorrectable: Int
            let crcFailed: Int
            let crcFailedIndices: [Int]
            let rejected: Int
        }

        struct Channel: Decodable {
            struct Application: Decodable {
                let apid: Int
                let packets: Int
                let octets: Int
                let firstSequence: Int
                let lastSequence: Int
                let gaps: Int
                let missing: Int
            }

            let spacecraft: Int
            let virtualChannel: Int
            let frames: Int
            let firstCount: Int
            let lastCount: Int
            let gaps: Int
            let missing: Int
            let duplicates: Int
            let resets: Int
            let packets: Int
            let packetOctets: Int
            let apids: [Application]
        }

        let octets: Int
        let used: Int
        let discarded: [String: Int]
        let frames: Frames
        let channels: [Channel]
    }

    private func inspect(_ names: String...) async throws -> Summary {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            ["inspect"] + names.map(ExpectedRecording.path) + ["--json"],
            in: folder
        )
        #expect(outcome.status == 0)
        #expect(outcome.words.isEmpty)
        let summary = try outcome.done(Summary.self)
        #expect(summary.used + summary.discarded.values.reduce(0, +) == summary.octets, "the ledger balances")
        return summary
    }

    @Test(arguments: ExpectedRecording.names)
    func inspectCountsWhatOthersCounted(name: String) async throws {
        let expected = try ExpectedRecording.of(name)
        let summary = try await inspect(name)
        #expect(summary.octets == expected.bytes)
        let frames = summary.frames
        #expect(frames.total == expected.frames)
        #expect(frames.crcFailedIndices == expected.fecf.badIndices ?? [])
        #expect(frames.crcFailed == frames.crcFailedIndices.count)
        let foreign = expected.frames - (expected.tfvn["1"] ?? 0) - frames.crcFailed
        #expect(frames.rejected == foreign)
        #expect((expected.fecf.present ? frames.good : frames.unchecked) == expected.tfvn["1"])
        #expect(frames.corrected + frames.correctedSymbols + frames.uncorrectable == 0)
        #expect(summary.discarded["frameVersion", default: 0] == foreign * expected.frameLength)
        #expect(summary.discarded["frameCheck", default: 0] == frames.crcFailed * expected.frameLength)
        #expect(Set(summary.channels.map { String($0.virtualChannel) }) == Set(expected.virtualChannels.keys))
        for channel in summary.channels {
            let wanted = try #require(expected.virtualChannels[String(channel.virtualChannel)])
            compare(channel, wanted, spacecraft: expected.spacecraft(of: String(channel.virtualChannel)))
        }
    }

    private func compare(_ channel: Summary.Channel, _ wanted: ExpectedRecording.Channel, spacecraft: Int) {
        #expect(channel.spacecraft == spacecraft)
        #expect(channel.frames == wanted.frames)
        #expect(channel.firstCount == wanted.firstCount)
        #expect(channel.lastCount == wanted.lastCount)
        #expect(channel.gaps == wanted.gaps)
        #expect(channel.missing == wanted.missing)
        #expect(channel.duplicates == 0)
        #expect(channel.resets == 0)
        #expect(channel.packets == wanted.packets)
        #expect(channel.packetOctets == wanted.packetBytes)
        #expect(Set(channel.apids.map { String($0.apid) }) == Set(wanted.apids.keys))
        for apid in channel.apids {
            guard let other = wanted.apids[String(apid.apid)] else { continue }
            let found = [apid.packets, apid.octets, apid.firstSequence, apid.lastSequence, apid.gaps, apid.missing]
            let sent = [
                other.count, other.bytes, other.firstSeq, other.lastSeq, other.seqGaps, other.seqMissing,
            ]
            #expect(found == sent, "APID \(apid.apid)")
        }
    }

    @Test(arguments: ExpectedRecording.names)
    func decodeGivesEachChannelsPackets(name: String) async throws {
        let expected = try ExpectedRecording.of(name)
        let folder = try TemporaryFolder()
        for (channel, wanted) in expected.virtualChannels {
            let outcome = try await Tool.perilune.run(
                "decode",
                ExpectedRecording.path(name),
                "--to",
                "packets",
                "--channel",
                "\(expected.spacecraft(of: channel))/\(channel)",
                "--output",
                "\(channel).packets",
                in: folder
            )
            #expect(outcome.status == 0)
            #expect(outcome.output.isEmpty)
            let packets = try folder.read("\(channel).packets")
            #expect(packets.count == wanted.packetBytes)
            #expect(Hex.text(SHA256.hash(data: packets)) == wanted.packetsSha256)
        }
        #expect(try folder.names() == expected.virtualChannels.keys.map { "\($0).packets" }.sorted())
    }

    @Test func marsFramesThatFailTheirCheckAreNamed() async throws {
        let summary = try await inspect("mars2020_10kbps.u8")
        #expect(summary.frames.crcFailedIndices == [927, 928, 929, 949])
    }

    @Test func twoPartsOfOnePassAreOneStream() async throws {
        let names = ["lunar-flashlight_20221212_170854Z_1.u8", "lunar-flashlight_20221212_170854Z_2.u8"]
        let summary = try await inspect(names[0], names[1])
        #expect(summary.frames.total == 59 + 102)
        let channel = try #require(summary.channels.first)
        #expect(channel.firstCount == 6212)
        #expect(channel.lastCount == 6373)
        // Part 1 ends with 6270, part 2 begins with 6272.
        #expect(channel.gaps == 1)
        #expect(channel.missing == 1)
    }

    @Test func directBroadcastBlocksBecomeThePacketsThatFiveProgramsFound() async throws {
        let summary = try await inspect(ExpectedRecording.blocks)
        #expect(summary.frames.total == 65)
        #expect(summary.frames.good == 65)
        let channel = try #require(summary.channels.first)
        #expect(summary.channels.count == 1)
        #expect(channel.spacecraft == 157)
        #expect(channel.virtualChannel == 16)
        #expect(channel.firstCount == 9_842_876)
        #expect(channel.lastCount == 9_842_941)
        #expect(channel.gaps == 1)
        #expect(channel.missing == 1)
        #expect(channel.packets == 12)
        #expect(channel.packetOctets == 53_098)
        #expect(channel.apids.map(\.apid) == [802, 803])
        #expect(channel.apids.map(\.packets) == [1, 11])
        #expect(channel.apids.map(\.firstSequence) == [9875, 9859])
        #expect(channel.apids.map(\.lastSequence) == [9875, 9870])
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            "decode",
            ExpectedRecording.path(ExpectedRecording.blocks),
            "--to",
            "packets",
            "--channel",
            "157/16",
            in: folder
        )
        #expect(outcome.status == 0)
        #expect(Hex.text(Insecure.MD5.hash(data: outcome.output)) == "5e11051d86c46ddc3500904c99bbe978")
        #expect(try folder.names().isEmpty)
    }

    @Test func packetsOfAnOrbiterBecomeParameters() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            "decode",
            ExpectedRecording.path(ExpectedRecording.packets),
            "--to",
            "parameters",
            "--dictionary",
            ExpectedRecording.path(ExpectedRecording.dictionary),
            "--shape",
            "wide",
            "--output",
            "attitude.csv",
            in: folder
        )
        #expect(outcome.status == 0)
        let lines = String(decoding: try folder.read("attitude.csv"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 7201)
        let heading = lines[0].split(separator: ",", omittingEmptySubsequences: false)
        let cells = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        let first = Dictionary(uniqueKeysWithValues: zip(heading.map(String.init), cells.map { Double($0) }))
        let expected = [
            "DOY": 23109, "MSEC": 7, "USEC": 137, "ADAESCID": 159, "ADGPSPOSX": 6_389_695.5,
            "ADGPSPOSY": 2_786_021.5, "ADGPSPOSZ": 1_825_377.375,
        ]
        for (name, value) in expected { #expect(first[name] == value, "\(name)") }
        for (name, value) in zip(1...4, [-0.21635266, 0.76247245, 0.25699475, 0.5529747]) {
            let found = try #require(first["ADCFAQ\(name)"] ?? nil)
            #expect(abs(found - value) < 5e-8)
        }
        #expect(try folder.names() == ["attitude.csv"])
    }
}

import Foundation
import SpaceLink
import TelemetryArchive
import TelemetryPipeline
import TestSupport
import Testing

/// Through an archive or not: the same frames and packets.
@Suite struct ArchiveRoundTripTests {
    private func compare(_ path: String) throws {
        let folder = try TemporaryFolder()
        let archive = folder.path("a.plar")
        var direct = try TelemetryInput(InputRequest(paths: [path]))
        var keeper = Keeper(withIdle: true)
        let decoded = try direct.decode(into: &keeper)
        let isPackets = direct.link.input == .packets

        var again = try TelemetryInput(InputRequest(paths: [path]))
        var job = ArchiveJob(output: archive, creator: "test")
        job.settings = ArchiveSettings(chunkSize: 1 << 16)
        let made = try job.run(&again) { _, _, _ in }
        #expect(made.summary == decoded)
        #expect(try made.size == Int64(folder.read("a.plar").count))
        let units = isPackets ? keeper.packets : keeper.frames
        #expect(made.totals.units == Int64(units.count))

        let report = try ArchiveReader<FileArchiveSource>.verify(FileArchiveSource(path: archive))
        #expect(report.isWhole)
        let opened = try OpenedArchive(InputRequest(paths: [archive]), craft: nil)
        #expect(opened.originalLink == again.link)
        for packets in [false, true] {
            let name = "out-\(packets)"
            let result = try ArchiveExtraction(output: folder.path(name), replacing: false)
                .run(opened, ArchiveSelection(), packets: packets) { _, _ in }
            let wanted = packets ? keeper.packets : units
            #expect(result.damage.isEmpty)
            #expect(result.totals.units == Int64(wanted.count))
            #expect(try folder.read(name) == wanted.flatMap { $0 })
        }
        var archived = try TelemetryInput(InputRequest(paths: [archive]))
        let isArchive = archived.isArchive
        #expect(isArchive)
        var second = Keeper(withIdle: true)
        let summary = try archived.decode(into: &second)
        #expect(second.packets == keeper.packets)
        #expect(summary.channels.map(\.packets) == decoded.channels.map(\.packets))
        #expect(summary.channels.map(\.missing) == decoded.channels.map(\.missing))
    }

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: ExpectedRecording.names + [ExpectedRecording.blocks, ExpectedRecording.packets]
    )
    func everyRecordingComesBack(name: String) throws { try compare(ExpectedRecording.path(name)) }

    @Test(arguments: [
        #"{"input": "cadu", "block": {"code": "rs", "interleave": 2}, "frame": {"type": "aos"}}"#,
        #"{"input": "cadu", "block": {"code": "rs", "interleave": 1}, "frame": {"type": "tm", "fecf": true}}"#,
        #"{"input": "frames", "block": {"code": "none"}, "frame": {"type": "aos", "length": 220, "insertZone": 8}}"#,
        #"{"input": "packets"}"#,
    ])
    func everyLayerComesBack(json: String) throws {
        let folder = try TemporaryFolder()
        let downlink = try Downlink(json: json, frames: 60, seed: 21)
        try compare(folder.write("input", downlink.octets))
    }

    /// Which keys of a link an archive's metadata have.
    @Test(arguments: [
        (#"{"input": "packets"}"#, #"{"input":"packets"}"#),
        (#"{"input": "cadu", "randomizer": "short", "block": {"code": "rs", "interleave": 5}}"#, "{}"),
        (
            #"{"block": {"interleave": 2}, "frame": {"type": "tm", "fecf": true}, "marker": {"verify": 2, "flywheel": 2}}"#,
            #"{"block":{"interleave":2},"frame":{"fecf":true,"type":"tm"},"marker":{"verify":2}}"#
        ),
    ])
    func whatGoesWithoutSayingIsNotKept(json: String, kept: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("input", Downlink(json: json, frames: 4, seed: 22).octets)
        var input = try TelemetryInput(
            InputRequest(paths: [path], link: folder.write("link.json", Array(json.utf8)))
        )
        _ = try ArchiveJob(output: folder.path("a.plar"), creator: "test").run(&input) { _, _, _ in }
        let metadata = try ArchiveReader(FileArchiveSource(path: folder.path("a.plar"))).metadata
        #expect(metadata.link.map { String(decoding: $0, as: UTF8.self) } == kept)
    }

    @Test func aFailedJobLeavesNothing() throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 2)
        let path = try folder.write("noise", generator.octets(20_000))
        var input = try TelemetryInput(InputRequest(paths: [path], link: "jpss"))
        let job = ArchiveJob(output: folder.path("a.plar"), creator: "test")
        #expect(throws: PipelineFailure.self) { _ = try job.run(&input) { _, _, _ in } }
        #expect(try folder.names() == ["noise"])
    }

    @Test func onlyAnArchiveIsOpenedAsOne() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("noise", [1, 2, 3, 4])
        #expect(throws: PipelineFailure.self) { _ = try OpenedArchive(InputRequest(paths: [path]), craft: nil) }
        #expect(throws: PipelineFailure.self) { _ = try OpenedArchive(InputRequest(paths: ["-"]), craft: nil) }
        #expect(throws: PipelineFailure.self) {
            _ = try OpenedArchive(InputRequest(paths: [path, path]), craft: nil)
        }
    }
}

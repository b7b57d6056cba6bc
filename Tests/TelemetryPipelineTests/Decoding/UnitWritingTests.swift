import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct UnitWritingTests {
    private static let first: UInt32 = 2_051_222_437

    private let packets = [
        SmallCraft.attitude(0, at: first, degrees: [0, 0, 0]), SmallCraft.idle, SmallCraft.heater(0, at: first + 1, 0),
        SmallCraft.attitude(1, at: first + 2, degrees: [0, 0, 0]),
    ]

    private func write(
        split: OutputSplit? = nil,
        selection: PacketSelection = .everything,
        idle: Bool = true,
        in folder: TemporaryFolder
    ) throws {
        let input = try folder.write("input", packets.flatMap { $0 })
        var telemetry = try TelemetryInput(InputRequest(paths: [input], settings: [(key: "input", value: "packets")]))
        var sink = UnitWritingSink(
            files: try OctetSplitter(path: folder.path("out"), split: split, ending: "packets", replacing: false),
            layer: .packets,
            selection: selection,
            includesIdle: idle,
            timeCode: try SmallCraft.timeCode()
        )
        _ = try telemetry.decode(into: &sink)
        try sink.commit()
    }

    @Test func packetsAreWrittenOneBehindTheOther() throws {
        let folder = try TemporaryFolder()
        try write(in: folder)
        #expect(try folder.read("out") == packets.flatMap { $0 })
    }

    @Test func idlePacketsCanStayOut() throws {
        let folder = try TemporaryFolder()
        try write(idle: false, in: folder)
        #expect(try folder.read("out") == packets[0] + packets[2] + packets[3])
    }

    @Test func aFileForEachAPID() throws {
        let folder = try TemporaryFolder()
        try write(split: .apid, in: folder)
        #expect(try folder.read("out/apid-1.packets") == packets[0] + packets[3])
        #expect(try folder.read("out/apid-2.packets") == packets[2])
        #expect(try folder.read("out/apid-2047.packets") == packets[1])
    }

    @Test func aFileForEachChannel() throws {
        let folder = try TemporaryFolder()
        try write(split: .channel, in: folder)
        #expect(try folder.read("out/channel-0-0.packets") == packets.flatMap { $0 })
    }

    @Test func anIdlePacketHasNoTimeToBeChosenBy() throws {
        // Its fill would read as a time of 2003.
        let folder = try TemporaryFolder()
        try write(selection: PacketSelection(until: "2023-01-01T00:00:01Z"), in: folder)
        #expect(try folder.read("out") == packets[0])
    }
}

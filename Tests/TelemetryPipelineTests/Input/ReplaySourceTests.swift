import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct ReplaySourceTests {
    private func units(
        _ packets: [[UInt8]],
        layer: ReplaySource.Layer = .packets,
        selection: PacketSelection = .everything,
        idle: Bool = true
    ) throws -> [ReplayUnit] {
        let folder = try TemporaryFolder()
        let path = try folder.write("p", packets.flatMap { $0 })
        var input = try TelemetryInput(InputRequest(paths: [path], settings: [(key: "input", value: "packets")]))
        var source = ReplaySource(
            layer: layer,
            selection: selection,
            timeCode: try SmallCraft.timeCode(),
            includesIdle: idle
        )
        _ = try input.decode(into: &source)
        let units = source.takeUnits()
        let left = source.takeUnits()
        #expect(left.isEmpty)
        return units
    }

    private let packets = [
        SmallCraft.attitude(0, at: 2_000_000_000, degrees: [1, 2, 3]), SmallCraft.idle,
        SmallCraft.heater(0, at: 2_000_000_003, 1), SmallCraft.attitude(1, at: 2_000_000_001, degrees: [1, 2, 3]),
        SmallCraft.idle, SmallCraft.attitude(2, at: 2_000_000_005, degrees: [1, 2, 3]),
    ]

    @Test func unitsComeInTheOrderOfTheRecordingWithTheirOwnTimes() throws {
        let units = try units(packets)
        #expect(units.map(\.octets) == packets)
        // An idle packet takes the time of what was before it.
        #expect(units.map { $0.time.map { $0.nanoseconds / 1_000_000_000 - 2_000_000_000 } } == [0, 0, 3, 1, 1, 5])
        #expect(units.map { $0.packet?.apid } == [1, 2047, 2, 1, 2047, 1])
    }

    @Test func idlePacketsCanStayOut() throws {
        #expect(try units(packets, idle: false).map { $0.packet?.apid } == [1, 2, 1, 1])
    }

    @Test func aSelectionAppliesBeforeTheClock() throws {
        let selection = try PacketSelection(apids: ["1"], until: TAITime(nanoseconds: 2_000_000_005_000_000_000).utc)
        #expect(try units(packets, selection: selection).map(\.octets) == [packets[0], packets[3]])
    }

    @Test func framesAreUnitsToo() throws {
        let downlink = try Downlink(
            json: #"{"input": "frames", "block": {"code": "none"}, "frame": {"type": "aos", "length": 220}}"#,
            frames: 20,
            seed: 3
        )
        let folder = try TemporaryFolder()
        let path = try folder.write("f", downlink.octets)
        var input = try TelemetryInput(InputRequest(paths: [path]))
        var source = ReplaySource(layer: .frames, selection: .everything, timeCode: nil, includesIdle: true)
        _ = try input.decode(into: &source)
        let units = source.takeUnits()
        #expect(units.flatMap(\.octets) == downlink.octets)
        #expect(units.map { $0.frames.good } == Array(1...units.count))
        #expect(units.allSatisfy { $0.octets.count == 220 && $0.time == nil && $0.packet == nil })
    }
}

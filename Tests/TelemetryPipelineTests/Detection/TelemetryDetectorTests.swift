import AttitudeMonitor
import Foundation
import RigidBody
import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct TelemetryDetectorTests {
    private static let roles = """
        {"GX": {"role": "gyro.a.rate.x", "unit": "deg/s"}, "GY": {"role": "gyro.a.rate.y", "unit": "deg/s"},
         "/Small/GZ": {"role": "gyro.a.rate.z", "unit": "deg/s"}, "HEATER": {"role": "heater.1.switch"}}
        """

    private func detector(
        roles: String = roles,
        selection: PacketSelection = .everything,
        timeCode: Bool = true
    ) throws -> TelemetryDetector {
        try TelemetryDetector(
            database: SmallCraft.database(),
            configuration: MonitorConfiguration(),
            timeCode: timeCode ? SmallCraft.timeCode() : nil,
            overlay: JSONDecoder().decode(RoleOverlay.self, from: Data(roles.utf8)),
            selection: selection
        )
    }

    private func feed(_ detector: inout TelemetryDetector, _ packets: [[UInt8]]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("p", packets.flatMap { $0 })
        var input = try TelemetryInput(InputRequest(paths: [path], settings: [(key: "input", value: "packets")]))
        _ = try input.decode(into: &detector)
        detector.finish()
    }

    @Test func parametersAreBoundToRolesInTheirUnits() throws {
        var detector = try detector()
        try feed(
            &detector,
            [
                SmallCraft.attitude(0, at: 2_000_000_000, degrees: [180, -90, 0.5]), SmallCraft.idle,
                SmallCraft.heater(0, at: 2_000_000_001, 1), Downlink.packet(apid: 7, count: 0, content: [1, 2, 3, 4]),
            ]
        )
        let rate = try #require(detector.state.rate)
        #expect(abs(rate.x - .pi) < 1e-12)
        #expect(abs(rate.y + .pi / 2) < 1e-12)
        #expect(abs(rate.z - .pi / 360) < 1e-12)
        #expect(detector.packetsUsed == 1)
        #expect(detector.unknownPackets == [7: 1])
        #expect(detector.packetsWithoutTime == 0)
        #expect(detector.unknownRoles == ["heater.1.switch"])
        #expect(detector.origin?.nanoseconds == 2_000_000_000_000_000_000)
        #expect(detector.state.attitude == nil)
    }

    @Test func withoutATimeNothingIsJudged() throws {
        var detector = try detector(timeCode: false)
        try feed(&detector, [SmallCraft.attitude(0, at: 1, degrees: [1, 1, 1])])
        #expect(detector.packetsWithoutTime == 1)
        #expect(detector.packetsUsed == 0)
    }

    @Test func withoutRolesNothingIsJudged() throws {
        var detector = try detector(roles: "{}")
        try feed(&detector, [SmallCraft.attitude(0, at: 1, degrees: [1, 1, 1])])
        #expect(detector.packetsUsed == 0)
        #expect(detector.state.rate == nil)
    }

    @Test func aSelectionIsWhatIsJudged() throws {
        var detector = try detector(selection: PacketSelection(apids: ["2"]))
        try feed(&detector, [SmallCraft.attitude(0, at: 1, degrees: [1, 1, 1])])
        #expect(detector.packetsUsed == 0)
    }

    @Test func aGyroThatFallsToZeroIsNamedWithItsOwnTimes() throws {
        var generator = SeededGenerator(seed: 4)
        let packets = (0..<240).map { second in
            let noise = (0..<3).map { _ in Float.random(in: -0.01...0.01, using: &generator) }
            let rate = second < 200 ? noise.map { $0 + 0.5 } : [0, 0, 0]
            return SmallCraft.attitude(second, at: 2_000_000_000 + UInt32(second), degrees: rate)
        }
        var detector = try detector()
        try feed(&detector, packets)
        let first = try #require(detector.takeEvents().first { $0.severity >= .warning })
        #expect(["gyroZero", "gyroFrozen"].contains(first.condition.rawValue), "\(first.condition)")
        #expect((199...201).contains(first.onset))
        #expect((200...230).contains(first.detected))
        #expect(detector.takeEvents().isEmpty)
    }
}

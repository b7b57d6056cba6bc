import AttitudeMonitor
import Foundation
import LanderSimulator
import Missions
import SpaceLink
import TelemetryPipeline
import TestSupport
import Testing

/// The stream under `fixtures`, made once on another machine.
@Suite struct FixtureTests {
    private let path = Fixtures.root.appending(path: "fixtures/luna-25-spin-out-low.cadu").path
    private let truthPath = Fixtures.root.appending(path: "fixtures/luna-25-spin-out-low.truth.json").path

    @Test func sameSeedGivesSameOctetsOnEveryMachine() throws {
        let craft = try MissionProfile.named("luna-25").craft()
        let scenario = try Scenario(file: craft.scenario("spin-out"))
        let pass = try LanderPass(PassRequest(craft: craft, scenario: scenario, seed: 7, duration: 180, link: "low"))
        var octets: [UInt8] = []
        let truth = pass.run { (piece: Span<UInt8>) in for index in piece.indices { octets.append(piece[index]) } }
        #expect(octets == [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        #expect(try truth.json() == [UInt8](try Data(contentsOf: URL(fileURLWithPath: truthPath))))
    }

    @Test func theMonitorNamesWhatTheTruthExpects() throws {
        let craft = try MissionProfile.named("luna-25").craft()
        var input = try TelemetryInput(InputRequest(paths: [path], mission: "luna-25"))
        var detector = try TelemetryDetector(
            database: craft.makeDatabase(),
            configuration: craft.monitorConfiguration,
            timeCode: input.timeCode
        )
        _ = try input.decode(into: &detector)
        detector.finish()
        let raised = detector.takeEvents().filter { $0.state == .raised && $0.severity >= .warning }
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: truthPath)))
        let truth = try #require(object as? [String: Any])
        let fault = try #require((truth["faults"] as? [[String: Any]])?.first)
        let expected = try #require(fault["expected"] as? [[String: Any]])
        let first = try #require(raised.first)
        let match = try #require(expected.first { $0["condition"] as? String == first.condition.rawValue })
        let onset = try #require(match["onset"] as? Double)
        #expect(first.detected >= onset && first.detected < onset + 10, "at one packet in two seconds")
        let thruster = try #require((fault["target"] as? String)?.split(separator: ".").last)
        #expect(first.isolation.first?.cause == "thruster \(thruster) open")
    }
}

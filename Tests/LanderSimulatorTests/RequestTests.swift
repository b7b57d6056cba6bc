import LanderSimulator
import Missions
import SpaceLink
import Testing

/// Requests that cannot be flown, and scenario files that say what cannot be.
@Suite struct RequestTests {
    private let craft: Craft

    init() throws { craft = try MissionProfile.named("luna-25").craft() }

    @Test func aBurnNeedsItsTime() throws {
        let error = try #require(throws: SimulationError.self) {
            try LanderPass(PassRequest(craft: craft, scenario: "burn-overrun", seed: 1, duration: 120))
        }
        #expect("\(error)".hasPrefix("a duration of 120 s is no pass of this scenario"), "\(error)")
        #expect("\(error)".hasSuffix("give 200 s to 604800 s"), "\(error)")
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>) func theShortestBurnFitsWhateverIsDrawn(seed: UInt64) throws {
        let pass = try LanderPass(PassRequest(craft: craft, scenario: "burn-overrun", seed: seed, duration: 200))
        #expect(pass.ignition.map { $0 > 30 && $0 + 127 < 198 } ?? false)
    }

    @Test(arguments: [0, -5, .infinity, .nan, 1e9] as [Double]) func aDurationIsNeitherAMomentNorAMonth(
        duration: Double
    ) throws {
        let error = #expect(throws: SimulationError.self) {
            try LanderPass(PassRequest(craft: craft, scenario: "nominal", seed: 1, duration: duration))
        }
        guard case .badDuration = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [0, -1, 51, .nan, .infinity] as [Double]) func aRateIsOneThatCanBeSampled(rate: Double) throws {
        var request = try PassRequest(craft: craft, scenario: "nominal", seed: 1)
        request.rate = rate
        #expect(throws: SimulationError.self) { try LanderPass(request) }
    }

    @Test func packetsThatDoNotFitTheLinkAreRefusedWithBothFigures() throws {
        var request = try PassRequest(craft: craft, scenario: "nominal", seed: 1)
        request.rate = 10
        request.link = "low"
        let error = try #require(throws: SimulationError.self) { try LanderPass(request) }
        #expect("\(error)".contains("bit/s and the low link carries 1700"), "\(error)")
    }

    @Test func anUnknownLinkIsAnsweredWithWhatThereIs() throws {
        var request = try PassRequest(craft: craft, scenario: "nominal", seed: 1)
        request.link = "fast"
        let error = try #require(throws: SimulationError.self) { try LanderPass(request) }
        #expect("\(error)" == "no link fast: there is critical, low, nominal")
    }

    @Test func aStartThatIsNoInstantIsRefused() throws {
        var request = try PassRequest(craft: craft, scenario: "nominal", seed: 1)
        #expect(throws: SimulationError.self) { try request.setStart(utc: "yesterday") }
        try request.setStart(utc: "2030-01-01T00:00:00Z")
        #expect(try LanderPass(request).start.utc == "2030-01-01T00:00:00Z")
    }

    @Test(arguments: [
        (#"{"fault": []}"#, "s.json: fault: unknown key; did you mean faults?"),
        (#"{"duration": "long"}"#, "s.json: duration: this is no number"),
        (#"{"duration": 0.5}"#, "s.json: duration: a pass lasts 1 to 604800 s"),
        (
            #"{"faults": [{"type": "thrusterOpened", "target": "thruster.1", "onset": 3}]}"#,
            "s.json: faults[0].type: no fault thrusterOpened is simulated; did you mean thrusterOpen?"
        ),
        (
            #"{"faults": [{"type": "thrusterOpen", "target": "gyro.a", "onset": 3}]}"#,
            "s.json: faults[0].target: a thrusterOpen has the target thruster.N or thruster.*"
        ),
        (
            #"{"faults": [{"type": "gyroZero", "target": "gyro.a", "onset": {"fraction": [0.5, 1.5]}}]}"#,
            "s.json: faults[0].onset.fraction: shares from 0 to 1, low before high"
        ),
        (
            #"{"faults": [{"type": "gyroZero", "target": "gyro.a", "onset": "noon"}]}"#,
            "s.json: faults[0].onset: an onset is seconds"
        ),
        (#"{"channel": {"frameLoss": 2}}"#, "s.json: channel.frameLoss: a share is 0 to 1"),
        (#"{"plan": {"burn": "maybe"}}"#, "s.json: plan.burn: "),
        (#"{"plan": "#, "s.json: "),
        (#"[]"#, "s.json: "),
    ])
    func aScenarioFileIsHeldToItsForm(text: String, message: String) throws {
        let error = try #require(throws: MissionError.self) {
            try Scenario(file: ProfileFile(path: "s.json", octets: Array(text.utf8)))
        }
        #expect("\(error)".hasPrefix(message), "\(error)")
    }

    @Test func aScenarioOfAnotherCraftIsNotFlown() throws {
        let file = ProfileFile(path: "s.json", octets: Array(#"{"craft": "rover"}"#.utf8))
        let request = PassRequest(craft: craft, scenario: try Scenario(file: file), seed: 1)
        let error = try #require(throws: SimulationError.self) { try LanderPass(request) }
        #expect("\(error)".hasPrefix("scenario s is for rover, not for lander"), "\(error)")
    }

    @Test func aThrusterThatTheCraftHasNotIsRefused() throws {
        let text = #"{"faults": [{"type": "thrusterOpen", "target": "thruster.9", "onset": 3}]}"#
        let file = ProfileFile(path: "s.json", octets: Array(text.utf8))
        let request = PassRequest(craft: craft, scenario: try Scenario(file: file), seed: 1)
        let error = try #require(throws: SimulationError.self) { try LanderPass(request) }
        #expect("\(error)".contains("thruster.9"), "\(error)")
    }

    @Test(arguments: [
        ("\"mass\": 1330", "\"mass\": 300", "luna-25/vehicle.json: mass: this is below the dry mass"),
        ("\"xx\": 1150", "\"xx\": -1", "luna-25/vehicle.json: inertia: moments of inertia"),
        ("\"gyroQuantum\": 1e-8", "\"gyroQuantum\": 0", "luna-25/vehicle.json: simulator.gyroQuantum: "),
        ("\"starTrackerPeriod\": 0.5", "\"starTrackerPeriod\": 1e300", "luna-25/vehicle.json: simulator.starTracker"),
        ("\"period\": 0.1", "\"period\": 0.013", "luna-25/vehicle.json: simulator.control.period: "),
        ("\"gyroQuantum\"", "\"gyroQuantums\"", "luna-25/vehicle.json: simulator.gyroQuantums: unknown key"),
        ("\"descent\", \"thrust\"", "\"descent\", \"push\"", "vehicle.json: engines[0].push: unknown key"),
        (
            "{\"id\": 2, \"torque\": [-24", "{\"id\": 2, \"torque\": [24",
            "lander has no thrusters that turn it both ways"
        ),
    ])
    func aVehicleThatCannotFlyIsRefused(old: String, new: String, message: String) throws {
        let files = try MissionProfile.named("luna-25").files.map { file in
            guard file.path == "vehicle.json" else { return file }
            var text = String(decoding: file.octets, as: UTF8.self)
            text.replaceSubrange(try #require(text.firstRange(of: old)), with: new)
            return ProfileFile(path: file.path, octets: Array(text.utf8))
        }
        let error = try #require(throws: (any Error).self) {
            let craft = try MissionProfile(files: files).craft()
            _ = try LanderPass(PassRequest(craft: craft, scenario: "nominal", seed: 1))
        }
        #expect("\(error)".hasPrefix(message), "\(error)")
    }
}

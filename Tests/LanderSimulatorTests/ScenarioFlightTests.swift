import LanderSimulator
import Missions
import RigidBody
import Testing

/// What the shipped scenarios do to the craft.
@Suite struct ScenarioFlightTests {
    private static let degree = 0.017453292519943295

    @Test(arguments: [7, 8, 9] as [UInt64]) func aStuckThrusterRunsAwayPastTwentyDegreesASecond(seed: UInt64) throws {
        let pass = try FlownPass("spin-out", seed: seed, duration: 120)
        let fault = try #require(pass.truth.faults.first)
        #expect(fault.type == "thrusterOpen")
        #expect((30...48).contains(fault.onset))
        #expect(fault.expected.contains { $0.condition == "uncommandedTorque" && $0.onset == fault.onset })
        let end = try #require(pass.truth.pointOfNoReturn)
        #expect(end.time > fault.onset && end.time < 120)
        #expect(end.reason == "rate above 20 deg/s")
        // The state of the second before and after says the same.
        let before = try #require(pass.truth.states.last { $0.time <= end.time })
        let after = try #require(pass.truth.states.first { $0.time >= end.time })
        #expect(before.rate.norm <= 20 * Self.degree + 1e-6)
        #expect(after.rate.norm >= 20 * Self.degree - 1e-6)
        // The on-time of the stuck thruster is what was commanded: nothing accounts for the torque.
        #expect(pass.truth.states.allSatisfy { $0.rate.norm < 1 * Self.degree || $0.time > fault.onset })
    }

    @Test func thePlannedBurnGivesThePlannedVelocity() throws {
        let pass = try FlownPass("nominal", seed: 7, duration: 260)
        #expect(pass.truth.faults.isEmpty)
        #expect(pass.truth.pointOfNoReturn == nil)
        let burn = try #require(pass.truth.scenario.burn)
        #expect((try #require(burn.duration) - 84).magnitude < 1)
        #expect((burn.velocityChange / 18.75 - 1).magnitude < 0.01)
        // 100 km circular less 18.75 m/s leads down to 18 km (public).
        #expect((burn.periluneAltitude - 18_000).magnitude < 1500)
        let counted = try #require(try pass.column("accelerometer.velocity.z").last)
        #expect((counted / 18.75 - 1).magnitude < 0.01)
        // The states tell the same: engine on for 84 s.
        #expect((83...86).contains(pass.truth.states.count { $0.engine }))
    }

    @Test(arguments: [7, 21] as [UInt64]) func withoutAccelerometersTheTimerEndsTheBurn(seed: UInt64) throws {
        let pass = try FlownPass("burn-overrun", seed: seed, duration: 240)
        let burn = try #require(pass.truth.scenario.burn)
        #expect((try #require(burn.duration) - 127).magnitude < 0.11)
        // 127 s at 297 N on 1330 kg, growing lighter: 28.4 m/s.
        #expect((burn.velocityChange / 28.45 - 1).magnitude < 0.015)
        #expect(try pass.column("accelerometer.velocity.z").allSatisfy { $0 == 0 })
        #expect(try pass.column("accelerometer.enabled").allSatisfy { $0 == 0 })
        let end = try #require(pass.truth.pointOfNoReturn)
        #expect(end.reason == "perilune below the surface")
        #expect(end.time > burn.ignition + 84 && end.time < burn.ignition + 127)
        let fault = try #require(pass.truth.faults.first)
        #expect(fault.type == "accelerometerOff")
        #expect(fault.expected.map(\.condition) == ["accelerationMissingInBurn", "burnOverrun"])
        #expect(fault.expected.map(\.onset) == [burn.ignition, burn.plannedCutoff])
    }

    @Test func theCommandOrderOfLuna25IsAMatterOfChance() throws {
        let craft = try MissionProfile.named("luna-25").craft()
        let failed = try (1...40).count { seed in
            let request = try PassRequest(craft: craft, scenario: "luna-25", seed: UInt64(seed), duration: 200)
            return try !LanderPass(request).faultTypes.isEmpty
        }
        #expect((10...30).contains(failed), "\(failed) of 40")
    }

    @Test func aGyroThatReadsZeroAndIsBelievedLosesTheCraftSlowly() throws {
        let pass = try FlownPass("gyro-dropout", seed: 7, duration: 600)
        let fault = try #require(pass.truth.faults.first)
        #expect(fault.expected.map(\.condition) == ["gyroZero", "gyroFrozen", "gyroDisagreement"])
        for role in ["gyro.a.rate.x", "gyro.a.rate.y", "gyro.a.rate.z"] {
            let after = zip(pass.samples, try pass.column(role)).filter { $0.0.time > fault.onset + 0.1 }
            #expect(after.allSatisfy { $0.1 == 0 })
        }
        #expect(try pass.column("gyro.a.valid").allSatisfy { $0 == 1 })
        let end = try #require(pass.truth.pointOfNoReturn)
        #expect(end.time > fault.onset + 30)
        // The star tracker sees it all until the craft turns too fast for it.
        let valid = zip(pass.samples, try pass.column("starTracker.1.valid"))
        #expect(valid.filter { (1...fault.onset + 20).contains($0.0.time) }.allSatisfy { $0.1 == 1 })
    }

    @Test(arguments: [1, 7, 30] as [UInt64]) func holdKeepsItsDeadBand(seed: UInt64) throws {
        let pass = try FlownPass(
            json: #"{"plan": {"slew": false}, "craft": "lander"}"#,
            seed: seed,
            duration: 300
        )
        for axis in ["x", "y", "z"] {
            let errors = try pass.column("attitude.error.\(axis)").dropFirst(300).map(\.magnitude)
            #expect(try #require(errors.max()) < 0.12 * Self.degree)
            let within = errors.count { $0 < 0.075 * Self.degree }
            #expect(Double(within) > 0.9 * Double(errors.count))
            let rates = try pass.column("attitude.rate.\(axis)").dropFirst(300).map(\.magnitude)
            #expect(try #require(rates.max()) < 0.06 * Self.degree)
        }
        #expect(pass.samples.allSatisfy { $0.mode == "hold" })
    }

    @Test func aSlewIsFlownWithinTheLimitsOfItsMode() throws {
        let pass = try FlownPass("nominal", seed: 3, duration: 150)
        #expect(pass.truth.scenario.burn == nil, "a short pass flies no burn")
        let slew = try #require(pass.truth.scenario.slew)
        #expect(pass.samples.contains { $0.mode == "slew" })
        let largest = try #require(pass.truth.states.map { $0.rate.norm }.max())
        #expect((largest - slew.rate).magnitude < 0.1 * Self.degree)
        let errors = try ["x", "y", "z"].flatMap { try pass.column("attitude.error.\($0)") }
        #expect(try #require(errors.map(\.magnitude).max()) < 1 * Self.degree)
    }

    @Test func aShutThrusterIsExpectedFromItsFirstFiring() throws {
        let pass = try FlownPass(
            json: #"{"faults": [{"type": "thrusterShut", "target": "thruster.2", "onset": 20}]}"#,
            seed: 5,
            duration: 120
        )
        let fault = try #require(pass.truth.faults.first)
        let onset = try #require(fault.expected.first { $0.condition == "thrusterResponse" }?.onset)
        #expect(onset >= 20)
        let times = Array(zip(pass.samples, try pass.column("thruster.2.onTime")))
        let atOnset = try #require(times.last { $0.0.time < onset - 0.05 }).1
        let before = try #require(times.first { $0.0.time >= 20 }).1
        #expect(before == atOnset, "not fired between fault and expected onset")
    }
}

import AttitudeMonitor
import Testing

/// A fault, what may be said of it, how soon at each rate (10, 4, 2, 1 Hz), and how well its onset must be known.
struct FaultCase: CustomTestStringConvertible {
    var fault: Flight.Fault
    var plan = Flight.Plan.hold
    var onset = 120.37
    /// When it can first be seen, if not at once.
    var visible: Double?
    var accepted: Set<Condition>
    var delays: [Double]
    var onsetError: [Double]
    var cause: String?
    var duration = 200.0
    var hasSecondGyro = true
    var isAccumulating = false

    var testDescription: String { "\(fault) in \(plan), \(isAccumulating ? "angles" : "rates")" }
}

@Suite struct FaultTests {
    static let torque: Set<Condition> = [.uncommandedTorque]

    static let cases: [FaultCase] = [
        FaultCase(
            fault: .thrusterOpen(6),
            accepted: torque,
            delays: [1.5, 2, 2.5, 3],
            onsetError: [0.2, 0.3, 0.5, 1],
            cause: "thruster 6 open"
        ),
        FaultCase(
            fault: .thrusterOpen(1),
            accepted: torque,
            delays: [1.6, 2.5, 3.5, 5],
            onsetError: [0.2, 0.3, 0.6, 1.2],
            cause: "thruster 1 open",
            hasSecondGyro: false,
            isAccumulating: true
        ),
        FaultCase(
            fault: .thrusterOpen(4),
            plan: .slews,
            onset: 200.37,
            accepted: torque,
            delays: [2, 3, 3.5, 5],
            onsetError: [0.3, 0.4, 0.6, 1.2],
            cause: "thruster 4 open",
            duration: 260
        ),
        FaultCase(
            fault: .thrusterOpen(5),
            plan: .burns,
            onset: 80.37,
            accepted: torque,
            delays: [6, 8, 8, 9],
            onsetError: [4, 5, 5, 5],
            cause: "thruster 5 open",
            duration: 120
        ),
        FaultCase(
            fault: .leak(0.4),
            accepted: [.slowTorque, .uncommandedTorque],
            delays: [30, 30, 32, 35],
            onsetError: [6, 6, 6, 8]
        ),
        FaultCase(
            fault: .accelerometerOff,
            plan: .burns,
            onset: 0,
            visible: 40,
            accepted: [.accelerationMissingInBurn],
            delays: [0.8, 1.3, 1.5, 4],
            onsetError: [0.3, 0.6, 1.1, 2.1],
            cause: "accelerometer not enabled",
            duration: 110
        ),
        FaultCase(
            fault: .cutOffFails,
            plan: .burns,
            onset: 0,
            visible: 124,
            accepted: [.burnOverrun],
            delays: [2.8, 3.6, 4, 6],
            onsetError: [0.4, 0.8, 1.1, 2.1],
            duration: 160
        ),
        FaultCase(
            fault: .gyroZero,
            plan: .slews,
            onset: 200.37,
            accepted: [.gyroZero, .gyroFrozen, .gyroDisagreement],
            delays: [0.6, 1.3, 2.5, 5],
            onsetError: [0.3, 0.5, 1, 2],
            cause: "gyro a",
            duration: 240
        ),
        FaultCase(
            fault: .gyroFrozen,
            accepted: [.gyroZero, .gyroFrozen],
            delays: [1, 2, 3, 6],
            onsetError: [0.3, 0.5, 1, 2],
            cause: "gyro a",
            isAccumulating: true
        ),
        FaultCase(
            fault: .gyroInvalid,
            accepted: [.gyroZero],
            delays: [0.6, 1.3, 2.5, 5],
            onsetError: [0.4, 0.6, 1, 2],
            cause: "gyro a"
        ),
        FaultCase(
            fault: .gyroSaturated,
            accepted: [.gyroSaturated],
            delays: [0.5, 1, 2, 3],
            onsetError: [0.3, 0.5, 1, 2],
            cause: "gyro a"
        ),
        FaultCase(
            fault: .gyroBias(0.02),
            accepted: [.gyroBias, .gyroDisagreement],
            delays: [1.5, 2.5, 3, 5],
            onsetError: [0.5, 0.6, 1, 2]
        ),
        FaultCase(
            fault: .gyroBias(1.05e-4),
            accepted: [.gyroBias],
            delays: [30, 40, 75, 40],
            onsetError: [25, 30, 60, 30],
            cause: "gyro a",
            hasSecondGyro: false,
            isAccumulating: true
        ),
        FaultCase(
            fault: .trackerJump,
            accepted: [.starTrackerJump],
            delays: [2.5, 3, 3, 4],
            onsetError: [1.2, 1.2, 1.2, 2.1],
            cause: "star tracker 1"
        ),
        FaultCase(
            fault: .trackerLost,
            visible: 298,
            accepted: [.starTrackerLost],
            delays: [5, 5, 6, 8],
            onsetError: [180, 180, 180, 180],
            cause: "star tracker 1",
            duration: 320
        ),
        FaultCase(
            fault: .normOff,
            accepted: [.quaternionNorm],
            delays: [2.5, 3, 3, 4],
            onsetError: [1.2, 1.2, 1.2, 2.1],
            cause: "star tracker 1"
        ),
    ]

    @Test(arguments: cases, [11, 12, 13] as [UInt64])
    func aFaultIsNamedInTimeAtEveryRate(fault: FaultCase, seed: UInt64) throws {
        var pass = Pass()
        pass.settings = Flight.Settings(
            plan: fault.plan,
            fault: fault.fault,
            onset: fault.onset,
            seed: seed,
            isAccumulating: fault.isAccumulating,
            hasSecondGyro: fault.hasSecondGyro
        )
        pass.duration = fault.duration
        pass.gap = 10...20
        let start = fault.visible ?? fault.onset
        for (index, events) in try pass.fly().enumerated() {
            let place = "at \(pass.rates[index]) Hz:\n\(events.story)"
            let first = try #require(events.alarms.first, "missed \(place)")
            #expect(first.detected >= start, "false alarm \(place)")
            #expect(fault.accepted.contains(first.condition), "another name \(place)")
            #expect(first.detected <= start + fault.delays[index], "late \(place)")
            #expect((first.onset - start).magnitude <= fault.onsetError[index], "onset \(place)")
            if let cause = fault.cause { #expect(first.isolation.first?.cause == cause, "isolation \(place)") }
            #expect(events.alarms.allSatisfy { $0.id == first.id }, "one cause, one event \(place)")
        }
    }

    @Test func aSpinOutIsOneEventThatOthersJoinAndTellsTheTimeLeft() throws {
        var pass = Pass()
        pass.settings = Flight.Settings(fault: .spinOut, onset: 120.37, seed: 5)
        pass.duration = 150
        for (rate, events) in zip(pass.rates, try pass.fly()) {
            let place = "at \(rate) Hz:\n\(events.story)"
            let raised = try #require(events.alarms.first, "missed \(place)")
            #expect(raised.condition == .uncommandedTorque, "\(place)")
            #expect(events.alarms.count == 1, "one cause, one event \(place)")
            // Two thrusters of 12 N·m about z, nothing against them: 24/880 rad/s², 20 deg/s after 12.8 s.
            let left = try #require(raised.timeToLoss, "\(place)")
            let truth = 120.37 + 12.8 - raised.detected
            #expect(left.lower <= truth * 1.05 && truth * 0.95 <= left.upper, "\(left) for \(truth) \(place)")
            #expect(left.of == "rate above 20 deg/s")
            let last = try #require(events.last { $0.id == raised.id })
            #expect(last.evidence.count > 2, "\(place)")
            #expect(last.severity == .critical)
        }
    }

    @Test func aShutThrusterIsSeenOnceItHadToFire() throws {
        var pass = Pass()
        pass.settings = Flight.Settings(plan: .slews, fault: .thrusterShut(2), onset: 120, seed: 1002)
        pass.duration = 900
        pass.rates = [10, 4]
        for events in try pass.fly() {
            let first = try #require(events.alarms.first)
            #expect([.thrusterResponse, .uncommandedTorque].contains(first.condition), "\(events.story)")
        }
    }
}

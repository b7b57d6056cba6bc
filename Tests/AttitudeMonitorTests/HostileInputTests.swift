import AttitudeMonitor
import RigidBody
import TestSupport
import Testing

@Suite struct HostileInputTests {
    /// Values that make arithmetic trap, or spread, where it is careless.
    static let values: [Double] = [
        0, -0.0, 1, -1, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        .leastNonzeroMagnitude, 1e300, -1e300, 1e18, 9.3e18, -9.3e18, 4_294_967_296, 1e-300, 255, 65_535,
    ]

    static let roles =
        [
            "gyro.a.rate.x", "gyro.a.rate.y", "gyro.a.rate.z", "gyro.a.valid", "time.tag.gyro.a", "gyro.b.angle.x",
            "gyro.b.angle.y", "gyro.b.angle.z", "starTracker.1.quaternion.x", "starTracker.1.quaternion.y",
            "starTracker.1.quaternion.z", "starTracker.1.quaternion.w", "starTracker.1.valid", "time.tag.starTracker.1",
            "attitude.quaternion.x", "attitude.quaternion.y", "attitude.quaternion.z", "attitude.quaternion.w",
            "attitude.error.x", "attitude.error.y", "attitude.error.z", "attitude.target.rate.x",
            "attitude.target.rate.y", "attitude.target.rate.z", "accelerometer.acceleration.x",
            "accelerometer.acceleration.y", "accelerometer.acceleration.z", "accelerometer.enabled", "engine.on",
            "engine.commanded", "engine.plannedDuration", "engine.elapsed", "engine.thrust", "spacecraft.mass",
            "navigation.altitude", "guidance.slewing", "thruster.3.open", "thruster.3.commanded", "surprise",
        ] + (1...12).map { "thruster.\($0).onTime" }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func noValueAndNoTimeTraps(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let table = try RoleTable(columns: Self.roles.map { RoleColumn(role: $0) })
        var monitor = AttitudeMonitor(seed.isMultiple(of: 2) ? try Pass.configuration() : MonitorConfiguration())
        var time = 0.0
        for count in 0..<1500 {
            time += [0.1, 0, 1, -5, 1e4, 0.1, 0.1, 0.1][Int(generator.next() % 8)]
            let tag = count.isMultiple(of: 50) ? Self.values[Int(generator.next() % 19)] : time
            let isWild = generator.next().isMultiple(of: 3)
            let values = Self.roles.map { _ in
                isWild ? Self.values[Int(generator.next() % 19)] : Double(generator.next() >> 40) * 1e-8
            }
            if count.isMultiple(of: 20) {
                monitor.push(mode: ["hold", "burn", "", "💥"][Int(generator.next() % 4)], time: tag)
            }
            monitor.push(row: values.span, table: table, time: tag) { _ in }
        }
        monitor.finish { _ in }
        #expect(monitor.rejectedSamples > 0)
        #expect(!monitor.unwatched.isEmpty)
    }

    @Test func rowsShorterAndLongerThanTheTableAreTaken() throws {
        let table = try RoleTable(columns: [RoleColumn(role: "gyro.a.rate.x"), RoleColumn(role: "gyro.a.rate.y")])
        var monitor = AttitudeMonitor(MonitorConfiguration())
        for (time, row) in [[], [1.0], [1, 2, 3, 4]].enumerated() {
            monitor.push(row: row.span, table: table, time: Double(time)) { _ in }
        }
    }

    @Test func oneCorruptSampleIsNoAlarm() throws {
        var flight = Flight(Flight.Settings(seed: 21))
        var monitor = AttitudeMonitor(try Pass.configuration())
        var events: [AnomalyEvent] = []
        for count in 1...12_000 {
            flight.advance()
            guard count.isMultiple(of: 2) else { continue }
            var sample = flight.sample()
            if count.isMultiple(of: 500) { sample.gyros[0].rate = Vector3(1e3, -0.4, 0.3) }
            if count.isMultiple(of: 740) { sample.gyros[0].rate.y += 0.003 }
            if count.isMultiple(of: 900) { sample.starTrackers[0].quaternion = Quaternion(0.5, 0.5, 0.5, 0.5) }
            if count.isMultiple(of: 1100) { sample.thrusters[3].onTime = 1e9 }
            if count.isMultiple(of: 1300) { sample.time += 1e5 }
            monitor.push(sample) { events.append(copy $0) }
        }
        #expect(events.alarms.isEmpty, "\(events.story)")
    }

    @Test func theStateIsSmallAndOfFixedSize() {
        #expect(AttitudeMonitor.stateSize <= 8192)
    }

    @Test func equalInputGivesEqualEvents() throws {
        var pass = Pass()
        pass.settings = Flight.Settings(plan: .burns, fault: .thrusterOpen(7), onset: 90, seed: 8)
        pass.duration = 200
        let (first, second) = (try pass.fly(), try pass.fly())
        #expect(first == second)
        #expect(first.allSatisfy { !$0.isEmpty })
    }

    @Test func eventsSayTheSameAsRowsAndAsSamples() throws {
        let roles = ["gyro.a.rate.x", "gyro.a.rate.y", "gyro.a.rate.z", "engine.on", "engine.plannedDuration"]
        let table = try RoleTable(columns: roles.map { RoleColumn(role: $0) })
        var (byRow, bySample) = (AttitudeMonitor(MonitorConfiguration()), AttitudeMonitor(MonitorConfiguration()))
        var (rows, samples) = ([AnomalyEvent](), [AnomalyEvent]())
        var noise = Noise(seed: 6)
        for count in 0..<400 {
            var sample = AttitudeSample(time: Double(count) * 0.5)
            sample.gyros[0].rate = noise.vector() * 1e-4 + Vector3(0, 0, max(0, Double(count - 200)) * 0.004)
            sample.engine.isOn = count > 20
            sample.engine.plannedDuration = 30
            let rate = sample.gyros[0].rate
            let row = [rate.x, rate.y, rate.z, count > 20 ? 1 : 0, 30]
            byRow.push(row: row.span, table: table, time: sample.time) { rows.append(copy $0) }
            bySample.push(sample) { samples.append(copy $0) }
        }
        #expect(rows == samples)
        #expect(rows.map(\.condition).contains(.burnOverrun))
    }
}

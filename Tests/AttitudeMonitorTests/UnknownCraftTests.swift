import AttitudeMonitor
import RigidBody
import Testing

/// A table of rates or quaternions alone: physics and the first stretch must do.
@Suite struct UnknownCraftTests {
    @Test(arguments: [10.0, 4, 2, 1], [true, false])
    func aCraftThatSpinsUpIsSeenBeforeItIsLost(rate: Double, hasRates: Bool) throws {
        var noise = Noise(seed: 3)
        var monitor = AttitudeMonitor(MonitorConfiguration())
        var events: [AnomalyEvent] = []
        var attitude = Quaternion.identity
        var angle = 0.0
        // 1.15 deg/s² about z from 60 s on: 20 deg/s at 77.5 s.
        for count in 0..<Int(90 * rate) {
            let time = Double(count) / rate
            let spun = max(0, time - 60)
            angle = 0.5 * 0.02 * spun * spun
            attitude = Quaternion(rotationVector: Vector3(0, 0, angle.truncatingRemainder(dividingBy: 6.283_185_307)))
            var sample = AttitudeSample(time: time)
            if hasRates {
                sample.gyros[0].rate = Vector3(0, 0, 0.02 * spun) + noise.vector() * 1e-4
            } else {
                let wobbly = attitude.turned(byBodyRotation: noise.vector() * 5e-5)
                sample.attitude.quaternion = count.isMultiple(of: 7) ? -wobbly : wobbly
            }
            monitor.push(sample) { events.append(copy $0) }
        }
        let first = try #require(events.alarms.first)
        #expect([.tumble, .divergence].contains(first.condition), "\(events.story)")
        #expect(first.detected > 60 && first.detected < 74.5, "\(events.story)")
        #expect(events.alarms.count == 1, "\(events.story)")
    }

    @Test(arguments: [10.0, 2, 1])
    func withoutOnTimesASpinOutIsStillSeen(rate: Double) throws {
        var flight = Flight(Flight.Settings(fault: .spinOut, onset: 60.37, seed: 2))
        var monitor = AttitudeMonitor(try Pass.configuration())
        var events: [AnomalyEvent] = []
        let step = Int((1 / (Flight.step * rate)).rounded())
        for count in 1...Int(85 / Flight.step) {
            flight.advance()
            guard count.isMultiple(of: step) else { continue }
            var sample = flight.sample()
            for thruster in 0..<33 { sample.thrusters[thruster].onTime = .nan }
            monitor.push(sample) { events.append(copy $0) }
        }
        let first = try #require(events.alarms.first)
        #expect(first.detected > 60.37 && first.detected < 68, "\(events.story)")
        #expect(monitor.unwatched.contains { $0.condition == .uncommandedTorque })
    }

    @Test func aPlannedSpinFromTheFirstSampleOnIsNominal() {
        var noise = Noise(seed: 9)
        var monitor = AttitudeMonitor(MonitorConfiguration())
        var events: [AnomalyEvent] = []
        for count in 0..<3600 {
            var sample = AttitudeSample(time: Double(count))
            sample.gyros[0].rate = Vector3(0, 0.25, 0) + noise.vector() * 2e-4
            monitor.push(sample) { events.append(copy $0) }
        }
        #expect(events.alarms.isEmpty, "\(events.story)")
    }
}

import AttitudeMonitor
import RigidBody
import Testing

/// Samples on which the link casts doubt raise nothing alone; good ones that show the same do.
@Suite struct DoubtTests {
    /// A craft at rest, with a second of turning at 0.5 rad/s in between, heard ten times a second.
    private func alarms(turn: ClosedRange<Int>, doubtful: ClosedRange<Int>?) -> [AnomalyEvent] {
        var monitor = AttitudeMonitor(MonitorConfiguration())
        var events: [AnomalyEvent] = []
        for count in 0..<1200 {
            var sample = AttitudeSample(time: Double(count) / 10)
            // A pattern in place of noise, so that nothing looks frozen.
            let ripple = Double(count * 7919 % 101 - 50) * 1e-6
            let rate = turn.contains(count) ? 0.5 : 0.001
            sample.gyros[0].rate = Vector3(rate + ripple, 0.001 - ripple, 0.002 + 2 * ripple)
            sample.isDoubtful = doubtful?.contains(count) ?? false
            monitor.push(sample) { events.append(copy $0) }
        }
        return events.alarms
    }

    @Test func aTurnThatChecksSpeakForIsAnAnomaly() { #expect(!alarms(turn: 600...640, doubtful: nil).isEmpty) }

    @Test func theSameInDoubtfulSamplesIsNone() { #expect(alarms(turn: 600...640, doubtful: 598...642).isEmpty) }

    @Test func goodSamplesConfirmWhatDoubtfulOnesBegan() throws {
        let first = try #require(alarms(turn: 600...700, doubtful: 600...620).first)
        #expect(first.detected >= 62.1)
        #expect(first.detected < 66)
    }

    @Test func doubtfulSamplesWithWildTimesDoNotMoveTheClock() {
        var monitor = AttitudeMonitor(MonitorConfiguration())
        var wild = AttitudeSample(time: 1e9)
        wild.isDoubtful = true
        for count in 0..<100 {
            monitor.push(AttitudeSample(time: Double(count))) { _ in }
            monitor.push(wild) { _ in }
        }
        #expect(monitor.rejectedSamples == 0)
    }
}

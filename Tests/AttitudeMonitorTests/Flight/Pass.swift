import AttitudeMonitor
import Foundation
import RigidBody

/// One flight heard at several telemetry rates, a monitor for each.
struct Pass {
    var settings = Flight.Settings()
    var duration = 300.0
    var rates = [10.0, 4, 2, 1]
    var loss = 0.05
    var gap: ClosedRange<Double>?

    /// What a monitor is told of the test craft.
    static func configuration() throws -> MonitorConfiguration {
        MonitorConfiguration(vehicle: try JSONDecoder().decode(Vehicle.self, from: Data(Flight.vehicleJSON.utf8)))
    }

    /// The events of each rate.
    func fly() throws -> [[AnomalyEvent]] {
        var flight = Flight(settings)
        let configuration = try Pass.configuration()
        var monitors = rates.map { _ in AttitudeMonitor(configuration) }
        var events = rates.map { _ in [AnomalyEvent]() }
        var losses = Noise(seed: settings.seed &+ 99)
        let steps = rates.map { Int((1 / (Flight.step * $0)).rounded()) }
        for count in 1...Int(duration / Flight.step) {
            flight.advance()
            guard steps.contains(where: { count.isMultiple(of: $0) }) else { continue }
            let sample = flight.sample()
            let isInGap = gap?.contains(sample.time) ?? false
            for index in rates.indices where count.isMultiple(of: steps[index]) {
                let isLost = losses.uniform(0, 1) < loss
                if isLost || isInGap { continue }
                monitors[index].push(sample) { events[index].append(copy $0) }
            }
        }
        for index in rates.indices { monitors[index].finish { events[index].append(copy $0) } }
        return events
    }
}

extension [AnomalyEvent] {
    /// Events of warning and above that were raised.
    var alarms: [AnomalyEvent] { filter { $0.state == .raised && $0.severity >= .warning } }

    /// Lines for a failed expectation.
    var story: String {
        map { event in
            let cause = event.isolation.first.map { "\($0.cause) \($0.confidence)" } ?? ""
            return
                "\(event.detected) \(event.state) \(event.condition) onset \(event.onset) \(cause) \(event.evidence.map { "\($0.channel) \($0.value) limit \($0.limit)" })"
        }.joined(separator: "\n")
    }
}

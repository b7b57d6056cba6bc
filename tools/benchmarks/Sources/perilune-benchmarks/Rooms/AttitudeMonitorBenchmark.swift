import AttitudeMonitor
import LanderSimulator
import MissionDatabase
import Missions

/// Rows of a healthy flight through the monitor: all channels of one instant make a row.
enum AttitudeMonitorBenchmark {
    static func run(_ bench: Bench) throws {
        let flight = try bench.flight.get()
        let table = try RoleTable(columns: columns(of: flight))
        let rows = flight.samples
        let width = table.columns.count
        var values: [Double] = []
        values.reserveCapacity(rows.count * width)
        for row in rows { values += row.values }
        var accepted = 0
        var events = 0
        let timing = Timing.measure {
            var monitor = AttitudeMonitor(flight.craft.monitorConfiguration)
            events = 0
            var mode = ""
            for index in rows.indices {
                let time = rows[index].time
                if rows[index].mode != mode {
                    mode = rows[index].mode
                    monitor.push(mode: mode, time: time)
                }
                let row = values.span.extracting(index * width..<(index + 1) * width)
                monitor.push(row: row, table: table, time: time) { _ in events += 1 }
            }
            monitor.finish { _ in events += 1 }
            accepted = rows.count - monitor.rejectedSamples
        }
        try bench.require(accepted == rows.count, "the monitor rejected \(rows.count - accepted) rows")
        bench.add(
            Figure(
                room: .attitudeMonitor,
                what: "rows judged",
                input: "\(rows.count) rows of \(width) columns, \(Int(flight.duration)) s of flight with slew and burn",
                value: bench.rate(rows.count, timing) / 1e6,
                unit: "M rows/s",
                reference: Figure.Reference(name: "memory read", value: bench.memoryRead / Double(width * 8)),
                goal: .atLeast(1),
                proof: "all rows in order, \(events) events",
                spread: timing.spread(bench.clock)
            )
        )
        try measureRow(bench, flight, table, values)
    }

    /// The slowest rows, which a live display waits for.
    private static func measureRow(_ bench: Bench, _ flight: Flight, _ table: RoleTable, _ values: [Double]) throws {
        var monitor = AttitudeMonitor(flight.craft.monitorConfiguration)
        let width = table.columns.count
        var took: [Double] = []
        took.reserveCapacity(flight.samples.count)
        let clock = ContinuousClock()
        var mode = ""
        for index in flight.samples.indices {
            if flight.samples[index].mode != mode {
                mode = flight.samples[index].mode
                monitor.push(mode: mode, time: flight.samples[index].time)
            }
            let row = values.span.extracting(index * width..<(index + 1) * width)
            let time = flight.samples[index].time
            let span = clock.measure { monitor.push(row: row, table: table, time: time) { _ in } }
            took.append(Double(span.components.attoseconds) * 1e-12 + Double(span.components.seconds) * 1e6)
        }
        for (part, name) in [(0.5, "p50"), (0.999, "p99.9")] {
            bench.add(
                Figure(
                    room: .attitudeMonitor,
                    what: "one row, \(name)",
                    input: "the same rows, wall clock, its reading included",
                    value: Timing.percentile(took, part),
                    unit: "µs",
                    goal: part > 0.9 ? .atMost(5) : nil,
                    proof: "\(took.count) rows"
                )
            )
        }
    }

    /// The roles of the samples, each of the kind that the mission's database gives it.
    private static func columns(of flight: Flight) throws -> [RoleColumn] {
        var kinds: [String: ChannelKind] = [:]
        for parameter in try flight.craft.makeDatabase().parameters {
            guard let role = parameter.role, let kind = parameter.kind.flatMap(ChannelKind.init) else { continue }
            kinds[role] = kind
        }
        return (flight.samples.first?.roles ?? []).map { RoleColumn(role: $0, kind: kinds[$0] ?? .instant) }
    }
}

import Foundation

/// How long one process over one second takes to be found.
struct QueryLatency: Encodable {
    /// Milliseconds.
    struct Percentiles: Encodable {
        let p50: Double
        let p90: Double
        let p99: Double

        init(_ values: [Double]) {
            p50 = Timing.percentile(values, 0.5)
            p90 = Timing.percentile(values, 0.9)
            p99 = Timing.percentile(values, 0.99)
        }

        var cells: [String] { [p50, p90, p99].map { Table.number($0) } }
    }

    let about: String
    let queries: Int
    /// Packets found by all of them.
    let packets: Int
    let wall: Percentiles
    let processor: Percentiles
    /// Octets: the greatest resident size of the process that asked.
    let peak: Double
    /// Milliseconds, the median of openings in that process.
    let opening: Double

    /// Asks for one second of a process at random times, of another process each time if none is named, and holds every
    /// answer against a filter of the whole stream.
    init(_ bench: Bench, archive: String, _ times: PacketTimes, duration: Double, apid: Int?, count: Int) throws {
        var randomness = Randomness(seed: 4)
        let queries = (0..<count).map { _ in
            let from = times.begin + Int64(randomness.below(Int(duration * 1000) - 1000)) * 1_000_000
            let chosen = apid ?? times.apids[randomness.below(times.apids.count)]
            return TimedQuery(apid: chosen, from: from, until: from + 1_000_000_000)
        }
        let list = bench.path("queries.json")
        let output = bench.path("found.json")
        try JSONEncoder().encode(queries).write(to: URL(fileURLWithPath: list))
        let own = PeerOptions.sibling("perilune-benchmarks")
        peak = try bench.resident("'\(own)' archive-queries '\(archive)' '\(list)' '\(output)'")
        let run = try JSONDecoder().decode(QueryRun.self, from: Data(contentsOf: URL(fileURLWithPath: output)))
        try bench.require(run.findings == queries.map(times.filter), "a query found other packets than a filter")
        about = apid.map { "APID \($0)" } ?? "one of \(times.apids.count) APIDs at random"
        self.queries = count
        packets = run.findings.reduce(0) { $0 + $1.packets }
        wall = Percentiles(run.wall)
        processor = Percentiles(run.processor)
        opening = Timing.median(run.openings)
    }
}

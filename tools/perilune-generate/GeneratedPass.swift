import FoundationEssentials
import LanderSimulator

/// What is said of a pass once it is written.
struct GeneratedPass {
    let truth: PassTruth
    let octets: Int64
    let seconds: Duration

    private var packets: Int { truth.channels.flatMap(\.apids).reduce(0) { $0 + $1.packets } }
    private var frames: Int { truth.channels.reduce(0) { $0 + $1.frames } }

    /// A few lines for people.
    var words: String {
        var lines = ["\(truth.mission)/\(truth.craft) \(truth.scenario.name), seed \(truth.seed), from \(truth.start)"]
        lines.append("\(truth.scenario.duration) s: \(packets) packets, \(frames) frames, \(octets) octets")
        for fault in truth.faults { lines.append("fault: \(fault.type) of \(fault.target) at \(fault.onset) s") }
        if let burn = truth.scenario.burn, let duration = burn.duration {
            let height = (burn.periluneAltitude / 100).rounded() / 10
            lines.append("burn: \(Self.tenths(duration)) s from \(burn.ignition) s, perilune then \(height) km")
        }
        if let point = truth.pointOfNoReturn { lines.append("no return: \(point.reason) at \(point.time) s") }
        return lines.joined(separator: "\n")
    }

    /// One object with the totals.
    func json() throws -> String {
        struct Done: Encodable {
            var v = 1
            var event = "done"
            var mission: String
            var craft: String
            var scenario: String
            var seed: UInt64
            var start: String
            var duration: Double
            var octets: Int64
            var frames: Int
            var packets: Int
            var packetsSHA256: String
            var elapsed: Double
        }
        let parts = seconds.components
        let done = Done(
            mission: truth.mission,
            craft: truth.craft,
            scenario: truth.scenario.name,
            seed: truth.seed,
            start: truth.start,
            duration: truth.scenario.duration,
            octets: octets,
            frames: frames,
            packets: packets,
            packetsSHA256: truth.packetsSHA256,
            elapsed: Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(done), as: UTF8.self) + "\n"
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// Samples by role as CSV: `time` in seconds from the start, then the roles.
enum SampleTable {
    /// The line of names.
    static func header(_ sample: PassSample) -> String { (["time"] + sample.roles).joined(separator: ",") + "\n" }

    /// One line; a value that is not there is empty, the mode is its label.
    static func row(_ sample: PassSample) -> String {
        var line = "\(sample.time)"
        for (role, value) in zip(sample.roles, sample.values) {
            line += ","
            if role == "guidance.mode" {
                line += sample.mode
            } else if value.isFinite {
                line += Int64(exactly: value).map { "\($0)" } ?? "\(value)"
            }
        }
        return line + "\n"
    }
}

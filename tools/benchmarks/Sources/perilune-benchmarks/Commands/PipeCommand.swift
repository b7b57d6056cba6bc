import ArgumentParser
import BenchmarkShim
import Foundation
import SpaceLink

/// Sends CADUs for a long time through a pipe.
struct PipeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipe",
        abstract: "Memory and steadiness of `perilune inspect -` on gigabytes through a pipe.",
        discussion: """
            The sender makes CADUs whose frame and sequence counts run on. What it takes itself is told, and is no part of \\
            the figures by processor time, which are of the command alone. The exit status is 1 if the command's peak \\
            memory reaches 64 MB, if its last quarter is more than a tenth slower or faster than its first by processor \\
            time, or if it did not find every frame.
            """
    )

    @OptionGroup var peers: PeerOptions

    @Option(help: "Gigabytes (10^9 octets) to send.")
    var gigabytes = 4.0

    @Option(help: "The jobs that inspect is given, if it knows them.")
    var jobs: Int?

    /// What was seen of the command when a quarter was through.
    private struct Mark {
        var wall: Double
        var processor: Double
        var octets: Int
    }

    private static let memoryLimit = 64.0

    func run() throws {
        let bench = try Bench(clock: .processor, peers: peers)
        defer { bench.clean() }
        bench.say("making a round of CADUs")
        var downlink = try EndlessDownlink(LinkDescription())
        let alone = sendingAlone(&downlink)
        let first = downlink.frames
        let output = bench.path("inspect.json")
        let options = jobs.map { "--jobs \($0)" } ?? ""
        let piped = unsafe bench_pipe_open(
            "exec '\(bench.command)' inspect - --link '\(try link(bench))' \(options) --json > '\(output)'"
        )
        guard piped.process >= 0 else { throw BenchmarkFailure.command("inspect -", status: -1) }
        bench.say("sending")
        let (marks, sending) = try send(&downlink, piped)
        let peak = try Self.status(piped.process, "VmHWM") / 1000
        let usage = bench_pipe_close(piped)
        guard usage.status == 0 else { throw BenchmarkFailure.command("inspect -", status: Int(usage.status)) }
        let frames = downlink.frames - first
        let text = try String(contentsOfFile: output, encoding: .utf8)
        try bench.require(
            text.contains("\"total\":\(frames)") || text.contains("\"total\": \(frames)"),
            "inspect did not find \(frames) frames"
        )
        report(marks, sending, alone, peak, frames)
        let steadiness = Self.rate(marks, 3, \.processor) / Self.rate(marks, 0, \.processor)
        if peak >= Self.memoryLimit || !(0.9...1.1).contains(steadiness) { throw ExitCode(1) }
    }

    private func report(_ marks: [Mark], _ sending: Double, _ alone: Double, _ peak: Double, _ frames: Int) {
        let octets = marks[marks.count - 1].octets
        let size = Table.number(Double(octets) / 1e9)
        print("\(size) GB in \(frames) CADUs through a pipe into perilune inspect, all found")
        var rows = [["quarter", "MB/s, processor time", "MB/s, wall clock"]]
        for quarter in 0..<4 {
            rows.append(
                [
                    "\(quarter + 1)", Table.number(Self.rate(marks, quarter, \.processor)),
                    Table.number(Self.rate(marks, quarter, \.wall)),
                ]
            )
        }
        let ratios = [\Mark.processor, \.wall].map { Self.rate(marks, 3, $0) / Self.rate(marks, 0, $0) }
        rows.append(["4 : 1"] + ratios.map { Table.number($0) })
        for line in Table.aligned(rows, numeric: [1, 2]) { print(line) }
        let limit = Table.number(Self.memoryLimit)
        print("peak memory of the command (VmHWM): \(Table.number(peak)) MB, of \(limit) allowed")
        print(
            "the sender: \(Table.number(sending)) s of processor time for making and writing; "
                + "making alone \(Table.number(alone)) MB/s"
        )
    }

    /// The link as the command wants it: in a file.
    private func link(_ bench: Bench) throws -> String {
        let path = bench.path("link.json")
        let octets = try JSONEncoder().encode(LinkDescription())
        try octets.write(to: URL(fileURLWithPath: path))
        return path
    }

    /// What the sender could send if nobody had to read it, in MB/s of processor time.
    private func sendingAlone(_ downlink: inout EndlessDownlink) -> Double {
        var buffer = [UInt8](repeating: 0, count: downlink.roundLength)
        downlink.next(into: &buffer)
        let start = bench_processor_seconds()
        for _ in 0..<8 { downlink.next(into: &buffer) }
        return Double(8 * buffer.count) / 1e6 / (bench_processor_seconds() - start)
    }

    /// Sends all, and looks at the command when each quarter is through.
    private func send(
        _ downlink: inout EndlessDownlink,
        _ piped: bench_piped
    ) throws -> (marks: [Mark], seconds: Double) {
        let total = Int(gigabytes * 1e9)
        var buffer = [UInt8](repeating: 0, count: downlink.roundLength)
        let start = bench_processor_seconds()
        var sent = 0
        var marks = [try mark(piped, octets: 0)]
        while sent < total {
            downlink.next(into: &buffer)
            // The buffer lives as long as the call.
            guard unsafe bench_pipe_write(piped.descriptor, buffer, buffer.count) != 0 else {
                throw BenchmarkFailure.command("inspect -", status: -1)
            }
            sent += buffer.count
            if sent * 4 / total >= marks.count { marks.append(try mark(piped, octets: sent)) }
        }
        return (marks, bench_processor_seconds() - start)
    }

    private func mark(_ piped: bench_piped, octets: Int) throws -> Mark {
        let text = try String(contentsOfFile: "/proc/\(piped.process)/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        // User and system time, in hundredths of a second.
        let ticks = fields.count > 12 ? (Double(fields[11]) ?? .nan) + (Double(fields[12]) ?? .nan) : .nan
        return Mark(wall: bench_wall_seconds(), processor: ticks / 100, octets: octets)
    }

    /// A line of a process's status, in kB (10^3 octets; the system counts by 1024).
    private static func status(_ process: Int32, _ name: String) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        let words = line?.split { " \t".contains($0) } ?? []
        guard words.count > 1, let kilo = Double(words[1]) else {
            throw BenchmarkFailure.input("/proc has no \(name)")
        }
        return kilo * 1.024
    }

    /// MB/s of a quarter by a clock.
    private static func rate(_ marks: [Mark], _ quarter: Int, _ clock: KeyPath<Mark, Double>) -> Double {
        let (from, to) = (marks[quarter], marks[quarter + 1])
        return Double(to.octets - from.octets) / 1e6 / (to[keyPath: clock] - from[keyPath: clock])
    }
}

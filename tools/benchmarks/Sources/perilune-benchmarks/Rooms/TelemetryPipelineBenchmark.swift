import Foundation
import Missions
import SpaceLink

/// The whole command on a whole file.
enum TelemetryPipelineBenchmark {
    private static let size = 200_000_000
    /// Of the file that the whole command reads: a gigabyte, RS I=5.
    private static let large = 1_000_000_000

    static func run(_ bench: Bench) throws {
        try measureLarge(bench)
        let flight = try bench.flight.get()
        let file = bench.path("pass.cadu")
        let sent = try send(flight, to: file)
        let inProcess = try decodeInProcess(bench, flight, file, sent)
        for (words, options) in [("link named", "--mission luna-25"), ("link recognised", "")] {
            let output = bench.path("inspect.ndjson")
            let command = "'\(bench.command)' inspect '\(file)' \(options) --json > '\(output)'"
            let timing = try bench.run("exec " + command, repetitions: 3)
            let packets = try packets(in: output)
            try bench.require(packets == sent.packets, "inspect found \(packets) of \(sent.packets) packets")
            let input = "\(sent.octets / 1_000_000) MB, \(sent.frames) CADUs of \(sent.octets / sent.frames), RS I=1"
            bench.add(
                Figure(
                    room: .telemetryPipeline,
                    what: "perilune inspect, \(words)",
                    input: input,
                    value: bench.rate(octets: sent.octets, timing),
                    unit: "MB/s",
                    reference: inProcess,
                    proof: "all \(packets) packets",
                    spread: timing.spread(bench.clock)
                )
            )
            bench.add(
                Figure(
                    room: .telemetryPipeline,
                    what: "perilune inspect, \(words)",
                    input: input,
                    value: timing.seconds(.wall),
                    unit: "s (wall)",
                    proof: "the same runs"
                )
            )
            do {
                bench.add(
                    Figure(
                        room: .telemetryPipeline,
                        what: "perilune inspect, \(words): peak memory",
                        input: input,
                        value: try bench.resident(command) / 1_048_576,
                        unit: "MiB resident",
                        proof: "another run, by GNU time"
                    )
                )
            } catch BenchmarkFailure.command {
                bench.note("GNU time (Debian: time) is absent: no peak memory")
            }
        }
    }

    /// Inspecting and decoding a gigabyte, with one job and with two.
    static func measureLarge(_ bench: Bench) throws {
        let link = LinkDescription()
        var downlink = try EndlessDownlink(link)
        let file = bench.path("large.cadu")
        guard FileManager.default.createFile(atPath: file, contents: nil),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw BenchmarkFailure.input("\(file) cannot be written") }
        defer { try? FileManager.default.removeItem(atPath: file) }
        var round = [UInt8](repeating: 0, count: downlink.roundLength)
        var octets = 0
        while octets < large {
            downlink.next(into: &round)
            try handle.write(contentsOf: Data(round))
            octets += round.count
        }
        try handle.close()
        let description = bench.path("large.json")
        try JSONEncoder().encode(link).write(to: URL(fileURLWithPath: description))
        let input = "\(octets / 1_000_000) MB, \(downlink.frames) CADUs of \(downlink.caduLength), RS I=5"
        let help = bench.path("help.txt")
        try bench.run("'\(bench.command)' inspect --help > '\(help)'")
        let knowsJobs = try String(contentsOfFile: help, encoding: .utf8).contains("--jobs")
        if !knowsJobs { bench.note("perilune inspect has no --jobs yet: two cores are not measured") }
        var single: Figure.Reference?
        for (words, arguments) in [
            ("perilune inspect", "inspect '\(file)' --json"),
            ("perilune decode --to packets", "decode '\(file)' --to packets -o /dev/null --json"),
            ("perilune inspect --jobs 2", "inspect '\(file)' --jobs 2 --json"),
        ] where knowsJobs || !words.contains("--jobs") {
            let output = bench.path("large.ndjson")
            let command = "exec '\(bench.command)' \(arguments) --link '\(description)' > '\(output)'"
            let timing = try bench.run(command, repetitions: 3)
            let isInspection = words.contains("inspect")
            let text = try String(contentsOfFile: output, encoding: .utf8)
            try bench.require(
                !isInspection || text.contains("\"total\":\(downlink.frames)"),
                "\(words): not \(downlink.frames) frames"
            )
            // Two jobs share the work: by processor time they gain nothing, so that figure is by the wall clock.
            let isParallel = words.contains("--jobs")
            let seconds = timing.seconds(isParallel ? .wall : bench.clock)
            let value = Double(octets) / 1e6 / seconds
            bench.add(
                Figure(
                    room: .telemetryPipeline,
                    what: words,
                    input: input,
                    value: value,
                    unit: isParallel ? "MB/s (wall)" : "MB/s",
                    reference: isParallel ? single : Figure.Reference(name: "memory read", value: bench.memoryRead),
                    goal: isParallel ? single.map { .atLeast(1.8 * $0.value) } : nil,
                    proof: isInspection ? "all \(downlink.frames) frames" : "exit status 0",
                    spread: timing.spread(bench.clock)
                )
            )
            if words == "perilune inspect" {
                let wall = Double(octets) / 1e6 / timing.seconds(.wall)
                single = Figure.Reference(name: "one job (wall)", value: wall)
            }
        }
    }

    /// What a file holds.
    private struct Sent {
        var octets = 0
        var frames = 0
        var packets = 0
    }

    /// Sends the packets of a flight over and over, their sequence counts running on, until the file is large.
    private static func send(_ flight: Flight, to path: String) throws -> Sent {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw BenchmarkFailure.input("\(path) cannot be written") }
        var encoder = try LinkEncoder(flight.craft.link, spacecraft: flight.craft.spacecraft)
        let channel = flight.craft.simulator?.virtualChannel ?? 1
        var sent = Sent()
        var octets: [UInt8] = []
        var counts: [Int: UInt16] = [:]
        var packet: [UInt8] = []
        let collect: (EncodedFrame, Span<UInt8>) -> Void = { _, unit in
            octets.append(span: unit)
            sent.frames += 1
        }
        while sent.octets + octets.count < size {
            for index in 0..<(flight.bounds.count - 1) {
                packet = Array(flight.packets[flight.bounds[index]..<flight.bounds[index + 1]])
                let count = counts[flight.apid(index), default: 0]
                counts[flight.apid(index)] = (count + 1) % 16_384
                packet[2] = 0xC0 | UInt8(count >> 8)
                packet[3] = UInt8(count & 0xFF)
                encoder.push(packet: packet.span, virtualChannel: channel, collect)
                sent.packets += 1
            }
            try handle.write(contentsOf: Data(octets))
            sent.octets += octets.count
            octets.removeAll(keepingCapacity: true)
        }
        encoder.flush(virtualChannel: channel, collect)
        try handle.write(contentsOf: Data(octets))
        sent.octets += octets.count
        try handle.close()
        return sent
    }

    /// The same octets from memory: what the command could reach if files, words and recognition cost nothing.
    private static func decodeInProcess(
        _ bench: Bench,
        _ flight: Flight,
        _ path: String,
        _ sent: Sent
    ) throws -> Figure.Reference {
        let octets = try [UInt8](file: path)
        var sink = CountingSink()
        let timing = try Timing.measure(
            prepare: { sink = CountingSink() },
            work: { _ = try SpaceLinkBenchmark.decode(octets, flight.craft.link, into: &sink) }
        )
        try bench.require(sink.packets == sent.packets, "the library found \(sink.packets) of \(sent.packets) packets")
        return Figure.Reference(name: "LinkDecoder, memory", value: bench.rate(octets: octets.count, timing))
    }

    /// The packets that are not idle, by the last line of `inspect --json`.
    private static func packets(in output: String) throws -> Int {
        struct Done: Decodable {
            struct Channel: Decodable {
                struct Application: Decodable {
                    let apid: Int
                    let packets: Int
                }
                let apids: [Application]
            }
            let channels: [Channel]
        }
        let text = try String(contentsOfFile: output, encoding: .utf8)
        guard let line = text.split(separator: "\n").last else { return 0 }
        let done = try JSONDecoder().decode(Done.self, from: Data(line.utf8))
        return done.channels.flatMap(\.apids).filter { $0.apid != 2047 }.reduce(0) { $0 + $1.packets }
    }
}

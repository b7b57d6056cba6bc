import ArgumentParser
import Foundation

/// Measures the archive beside general compressors.
struct ArchiveTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive-table",
        abstract: "Sizes, speeds, memory and latency of archives beside gzip, pigz, bgzip, zstd and xz, in one run.",
        discussion: """
            Inputs are the accepted frames of real recordings, three generated passes, and a flight of 200 MB of packets: \
            the same octets for all. Speeds, memory and latency are of the long flight; xz and zstd -19 take minutes for \
            it and pack it once. Every packed file is unpacked and compared.
            """
    )

    @OptionGroup var peers: PeerOptions

    @Option(help: "A folder of real recordings.")
    var recordings: String?

    @Option(help: "Only these inputs: recordings, generated or stream; repeats.")
    var only: [KeptFile.Group] = []

    @Flag(help: "Without the long flight, so without speeds and latency.")
    var quick = false

    @Flag(help: "Write one JSON object in place of the tables.")
    var json = false

    @Option(help: "Times that each way packs and unpacks the long flight.")
    var repetitions = 3

    @Option(help: "Queries of each kind.")
    var queries = 1000

    @Option(help: "Seconds of the long flight; 1,326 octets each.")
    var seconds = 151_000.0

    @Option(help: "Octets of a chunk of the archives; what `archive create` chooses if absent.")
    var chunk: Int?

    func validate() throws {
        guard (1...100).contains(repetitions), (1...1_000_000).contains(queries), (60...1e6).contains(seconds) else {
            throw ValidationError("write positive numbers, and at least 60 seconds")
        }
    }

    func run() throws {
        let bench = try Bench(clock: .wall, peers: peers, recordings: recordings)
        defer { bench.clean() }
        var table = ArchiveTable(machine: Machine())
        table.tools = try versions(bench)
        if let chunk { bench.note("archive create --chunk \(chunk)") }
        if wants(.recordings) {
            if let folder = bench.recordings {
                for file in try KeptFile.recordings(bench, folder: folder) { try add(file, bench, to: &table) }
            } else {
                bench.note("no recordings: sizes of generated telemetry only")
            }
        }
        if wants(.generated) {
            for file in try KeptFile.generated(bench) { try add(file, bench, to: &table) }
        }
        if wants(.stream) { try addStream(bench, to: &table) }
        table.conclude()
        table.notes = bench.notes
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf",
                negativeInfinity: "-inf",
                nan: "nan"
            )
            print(String(decoding: try encoder.encode(table), as: UTF8.self))
        } else {
            for line in table.lines { print(line) }
        }
    }

    private func wants(_ group: KeptFile.Group) -> Bool {
        (only.isEmpty || only.contains(group)) && !(quick && group == .stream)
    }

    /// What `archive create` is told of a file.
    private func options(_ file: KeptFile) -> String { file.options + (chunk.map { " --chunk \($0)" } ?? "") }

    /// The first line that each program says of itself.
    private func versions(_ bench: Bench) throws -> [String] {
        let programs = ["'\(bench.command)'"] + ArchiveTable.peers.map(\.program)
        let output = bench.path("version.txt")
        return try programs.compactMap { program in
            try bench.run("\(program) --version > '\(output)' 2>&1 || true")
            let text = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").first
            return text.map { $0.trimmingCharacters(in: ["*", " "]) }
        }
    }

    /// Packs a file in every way, once each.
    private func add(_ file: KeptFile, _ bench: Bench, to table: inout ArchiveTable) throws {
        bench.say("packing \(file.name)")
        var sizes = ArchiveTable.Sizes(group: file.group, name: file.name, about: file.about, octets: file.octets)
        let ours = try RoundTrip.archive(bench, file.path, options: options(file), writings: 1, readings: 1)
        sizes.packed[ArchiveTable.archive] = ours.size
        for tool in ArchiveTable.peers {
            sizes.packed[tool.name] = try attempt(tool, file, bench, writings: 1, readings: 1)?.size
        }
        bench.say(ArchiveTable.columns.map { "  \($0) \(sizes.packed[$0].map(String.init) ?? "–")" }.joined())
        table.sizes.append(sizes)
    }

    /// Packs by a peer, or says that it could not.
    private func attempt(
        _ tool: Compressor,
        _ file: KeptFile,
        _ bench: Bench,
        writings: Int,
        readings: Int
    ) throws -> RoundTrip? {
        do {
            return try RoundTrip(bench, file.path, by: tool, writings: writings, readings: readings)
        } catch BenchmarkFailure.command(let line, let status) {
            bench.note("\(tool.name) is left out: exit status \(status): \(line)")
            return nil
        }
    }

    // MARK: The long flight

    private func addStream(_ bench: Bench, to table: inout ArchiveTable) throws {
        bench.say("flying \(Int(seconds)) s")
        let seed: UInt64 = 5
        let flight = try Flight(scenario: "nominal", seed: seed, duration: seconds, keepsSamples: false)
        let file = try KeptFile(.stream, bench, flight: flight, scenario: "nominal", seed: seed)
        var sizes = ArchiveTable.Sizes(group: file.group, name: file.name, about: file.about, octets: file.octets)
        var archive = ""
        for jobs in [1, 2] {
            bench.say("archive, \(jobs == 1 ? "one task" : "two tasks")")
            let trip = try RoundTrip.archive(
                bench,
                file.path,
                options: options(file),
                jobs: jobs,
                writings: repetitions,
                readings: repetitions
            )
            if jobs == 1 {
                archive = trip.packed
                sizes.packed[ArchiveTable.archive] = trip.size
            }
            add(ArchiveTable.Speed("archive --jobs \(jobs)", trip, octets: file.octets), bench, to: &table)
        }
        bench.say("asking")
        let times = try PacketTimes(flight)
        for apid in [32, nil] {
            table.queries.append(
                try QueryLatency(bench, archive: archive, times, duration: seconds, apid: apid, count: queries)
            )
        }
        for tool in [.gzip6] + ArchiveTable.peers {
            bench.say(tool.name)
            let writings = tool.isSlow ? 1 : repetitions
            guard let trip = try attempt(tool, file, bench, writings: writings, readings: repetitions) else { continue }
            if tool.name != Compressor.gzip6.name { sizes.packed[tool.name] = trip.size }
            add(ArchiveTable.Speed(tool.name, trip, octets: file.octets), bench, to: &table)
        }
        table.sizes.append(sizes)
    }

    /// Keeps a line, and says it at once: whoever breaks off after minutes has what was measured.
    private func add(_ speed: ArchiveTable.Speed, _ bench: Bench, to table: inout ArchiveTable) {
        let rates = [speed.writeProcessor, speed.readProcessor].map { Table.number($0) }
        bench.say("  \(speed.size) octets; MB/s of processor time: write \(rates[0]), read \(rates[1])")
        table.speeds.append(speed)
    }
}

extension KeptFile.Group: ExpressibleByArgument {}

import Foundation
import Missions
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// The archive beside general compressors: the same files, whole commands, in the same run.
enum TelemetryArchiveBenchmark {
    static func run(_ bench: Bench) throws {
        let flight = try bench.flight.get()
        let pass = bench.path("pass.packets")
        try flight.packets.write(to: pass)
        let input = "\(flight.bounds.count - 1) packets of \(Int(flight.duration)) s, \(flight.packets.count) octets"
        let perilune = try compare(bench, files: [pass], options: ["--input packets --mission luna-25"], input: input)
        try measureQueries(bench, flight, archive: perilune[0])
        try measureRecordings(bench)
    }

    // MARK: Compressors

    private static let compressors = [Compressor.gzip6, .pigz6, .zstd19, .xz9e]

    /// What a way to keep files came to.
    private struct Outcome {
        var sizes: [Int] = []
        var size: Int { sizes.reduce(0, +) }
        var write = Timing()
        var read = Timing()
        var files: [String] = []

        /// Adds a file to the others: their times are the sums of each one's median.
        mutating func add(_ trip: RoundTrip) {
            sizes.append(trip.size)
            let sums = [write, read].map { ($0.seconds(.wall), $0.seconds(.processor)) }
            write = Timing(sums[0], adding: trip.write)
            read = Timing(sums[1], adding: trip.read)
            files.append(trip.packed)
        }
    }

    /// Keeps files in every way, and adds a line for each size and speed.
    ///
    /// - Returns: The archives.
    private static func compare(
        _ bench: Bench,
        files: [String],
        options: [String],
        input: String
    ) throws -> [String] {
        let octets = try files.reduce(0) { try $0 + [UInt8](file: $1).count }
        var ours = Outcome()
        for (file, options) in zip(files, options) {
            let trip = try RoundTrip.archive(bench, file, options: options, writings: octets < 2_000_000 ? 1 : 3)
            ours.add(trip)
        }
        var peers: [(Compressor, Outcome)] = []
        for tool in compressors {
            var outcome = Outcome()
            do {
                for file in files {
                    outcome.add(try RoundTrip(bench, file, by: tool, writings: tool.program == "xz" ? 1 : 3))
                }
                peers.append((tool, outcome))
            } catch BenchmarkFailure.command(let line, let status) {
                bench.note("\(tool.name) is left out: exit status \(status): \(line)")
            }
        }
        report(bench, "perilune archive", ours, octets, input, against: peers)
        if files.count > 1, let smallest = peers.first(where: { $0.0.name == "xz -9e" }) {
            reportMean(bench, ours, smallest.1, input)
        }
        for (tool, outcome) in peers { report(bench, tool.name, outcome, octets, input, against: []) }
        return ours.files
    }

    private static func report(
        _ bench: Bench,
        _ name: String,
        _ outcome: Outcome,
        _ octets: Int,
        _ input: String,
        against peers: [(Compressor, Outcome)]
    ) {
        func reference(_ peer: String, _ value: (Outcome) -> Double) -> Figure.Reference? {
            peers.first { $0.0.name == peer }.map { Figure.Reference(name: $0.0.name, value: value($0.1)) }
        }
        let size: (Outcome) -> Double = { Double($0.size) / 1e6 }
        let write: (Outcome) -> Double = { Double(octets) / 1e6 / $0.write.seconds(bench.clock) }
        let read: (Outcome) -> Double = { Double(octets) / 1e6 / $0.read.seconds(bench.clock) }
        let isOurs = !peers.isEmpty
        // The goal of one large pass; that of many files is their geometric mean.
        let least = outcome.sizes.count == 1 ? reference("xz -9e", size)?.value : nil
        let share = "\(Table.number(100 * Double(outcome.size) / Double(octets))) % of the input"
        bench.add(
            Figure(
                room: .telemetryArchive,
                what: "\(name): size",
                input: input,
                value: size(outcome),
                unit: "MB",
                reference: reference("xz -9e", size),
                goal: isOurs ? least.map { .atMost($0 * 0.75) } : nil,
                proof: share
            )
        )
        bench.add(
            Figure(
                room: .telemetryArchive,
                what: "\(name): write",
                input: input,
                value: write(outcome),
                unit: "MB/s",
                reference: reference("gzip -6", write),
                goal: isOurs ? .atLeast(60) : nil,
                proof: "comes back octet for octet"
            )
        )
        bench.add(
            Figure(
                room: .telemetryArchive,
                what: "\(name): read",
                input: input,
                value: read(outcome),
                unit: "MB/s",
                reference: reference("gzip -6", read),
                goal: isOurs ? .atLeast(200) : nil,
                proof: "all octets equal"
            )
        )
    }

    /// The geometric mean over files, in which a small one counts as much as a large one.
    private static func reportMean(_ bench: Bench, _ ours: Outcome, _ peer: Outcome, _ input: String) {
        let ratios = zip(ours.sizes, peer.sizes).map { Double($0) / Double($1) }
        let product = ratios.reduce(1, *)
        bench.add(
            Figure(
                room: .telemetryArchive,
                what: "perilune archive: size, geometric mean",
                input: input,
                value: pow(product, 1 / Double(ratios.count)),
                unit: "of xz -9e",
                goal: .atMost(0.45),
                proof: "the same files"
            )
        )
    }

    // MARK: Queries

    /// One process over one second at random times, from a file that is open and warm.
    private static func measureQueries(_ bench: Bench, _ flight: Flight, archive: String) throws {
        let opened = try OpenedArchive(InputRequest(paths: [archive]), craft: flight.craft)
        guard let begin = flight.craft.timeCode.time(ofPacket: flight.packets.span.extracting(0..<flight.bounds[1]))
        else { throw BenchmarkFailure.input("the first packet tells no time") }
        var randomness = Randomness(seed: 4)
        var took: [Double] = []
        for _ in 0..<200 {
            let second = randomness.below(Int(flight.duration) - 1)
            var selection = ArchiveSelection()
            selection.apids = [32]
            selection.from = TAITime(nanoseconds: begin.nanoseconds + Int64(second) * 1_000_000_000)
            selection.until = selection.from.map { TAITime(nanoseconds: $0.nanoseconds + 1_000_000_000) }
            var found = 0
            let clock = ContinuousClock()
            let start = clock.now
            try opened.forEachPacket(selection) { _, _ in
                found += 1
                return .next
            }
            let span = start.duration(to: clock.now)
            try bench.require((9...11).contains(found), "\(found) packets of a second that has ten")
            took.append(Double(span.components.seconds) * 1e3 + Double(span.components.attoseconds) * 1e-15)
        }
        for (part, name, goal) in [(0.5, "p50", 1.0), (0.99, "p99", 4.0)] {
            bench.add(
                Figure(
                    room: .telemetryArchive,
                    what: "one APID over 1 s, \(name)",
                    input: "200 random seconds, file open and warm, wall clock",
                    value: Timing.percentile(took, part),
                    unit: "ms",
                    goal: .atMost(goal),
                    proof: "ten packets each time"
                )
            )
        }
    }

    // MARK: Recordings

    /// Real telemetry: the frames that were accepted, kept in every way.
    private static func measureRecordings(_ bench: Bench) throws {
        guard let folder = bench.recordings else {
            bench.note("no recordings: the archive is measured on generated telemetry only")
            return
        }
        let kept = try KeptFile.recordings(bench, folder: folder)
        let octets = kept.reduce(0) { $0 + $1.octets }
        let input = "\(kept.count) recordings, \(octets) octets, a command each"
        _ = try compare(bench, files: kept.map(\.path), options: kept.map(\.options), input: input)
    }
}

extension Timing {
    /// Medians that add up, file by file.
    fileprivate init(_ sum: (wall: Double, processor: Double), adding other: Timing) {
        add(
            wall: (sum.wall.isNaN ? 0 : sum.wall) + other.seconds(.wall),
            processor: (sum.processor.isNaN ? 0 : sum.processor) + other.seconds(.processor)
        )
    }
}

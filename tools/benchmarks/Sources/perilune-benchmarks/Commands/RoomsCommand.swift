import ArgumentParser
import Foundation

/// Measures each room on stated input, beside a peer or a limit of the machine in the same run.
struct RoomsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rooms",
        abstract: "Throughput of every room, each beside a peer or a limit in the same run.",
        discussion: """
            Every line says what was done on what input, and how it is known that all of it was done right. Compare \
            lines of one run only: other machines, and other users of this one, change all of them.
            """
    )

    @Option(help: ArgumentHelp("Only this room; repeats. The machine's limits are always taken.", valueName: "room"))
    var only: [Room] = []

    @Flag(help: "Write one JSON object in place of the table.")
    var json = false

    @Option(help: "The clock of all figures: wall, or processor for machines that others use too.")
    var clock = BenchmarkClock.wall

    @OptionGroup var peers: PeerOptions

    @Option(help: "A folder of real recordings, for the archive.")
    var recordings: String?

    func run() throws {
        let machine = Machine()
        let bench = try Bench(clock: clock, peers: peers, recordings: recordings)
        defer { bench.clean() }
        for room in Room.allCases where room == .machine || only.isEmpty || only.contains(room) {
            bench.say("measuring \(room.rawValue)")
            try room.measure(bench)
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let report = Report(machine: machine, clock: clock, figures: bench.figures, notes: bench.notes)
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            let table = Table(machine: machine, clock: clock, figures: bench.figures, notes: bench.notes)
            for line in table.lines { print(line) }
        }
    }
}

extension Room {
    /// Takes all figures of this room.
    func measure(_ bench: Bench) throws {
        switch self {
        case .machine: try MachineBenchmark.run(bench)
        case .channelCoding: try ChannelCodingBenchmark.run(bench)
        case .spaceLink: try SpaceLinkBenchmark.run(bench)
        case .missionDatabase: try MissionDatabaseBenchmark.run(bench)
        case .attitudeMonitor: try AttitudeMonitorBenchmark.run(bench)
        case .telemetryArchive: try TelemetryArchiveBenchmark.run(bench)
        case .landerSimulator: try LanderSimulatorBenchmark.run(bench)
        case .telemetryPipeline: try TelemetryPipelineBenchmark.run(bench)
        }
    }
}

extension BenchmarkClock: ExpressibleByArgument {}

/// The figures as programs read them.
private struct Report: Encodable {
    var v = 1
    let machine: Machine
    let clock: BenchmarkClock
    let figures: [Figure]
    let notes: [String]
}

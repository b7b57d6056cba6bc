import ArgumentParser
import Foundation

/// What this package measures.
@main
struct BenchmarksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure Perilune: throughput, robustness, memory.",
        discussion: """
            Run by `tools/benchmark`, which builds for release first. `--peers`, anywhere on its line, adds peers from \
            Debian (gr-satellites) and the Python package index (ccsds, ccsdspy, space_packet_parser); libfec is always there.
            """,
        subcommands: [
            RoomsCommand.self, CodingTableCommand.self, FaultMatrixCommand.self, ArchiveTableCommand.self,
            ArchiveFaultsCommand.self, PipeCommand.self, ArchiveQueriesCommand.self,
        ],
        defaultSubcommand: RoomsCommand.self
    )
}

/// Where the commands are that figures are about, or are held against.
struct PeerOptions: ParsableArguments {
    @Option(help: "The perilune command; beside this one if absent.")
    var perilune: String?

    @Option(help: ArgumentHelp("A Python that has the peers of the Python package index.", valueName: "python"))
    var peersPython: String?

    @Option(help: ArgumentHelp("A Python that has GNU Radio and gr-satellites.", valueName: "python"))
    var gnuradioPython: String?

    /// The perilune command.
    var command: String { perilune ?? Self.sibling("perilune") }

    /// A command beside this one.
    static func sibling(_ name: String) -> String {
        let own = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return own.deletingLastPathComponent().appending(path: name).path
    }
}

import ArgumentParser
import Foundation

/// A process of its own for queries, so that its memory can be told.
struct ArchiveQueriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive-queries",
        abstract: "Ask an archive; run by archive-table.",
        shouldDisplay: false
    )

    @Argument(help: "An archive of packets.")
    var archive: String

    @Argument(help: "A JSON list of queries.")
    var queries: String

    @Argument(help: "Where the outcome goes, as JSON.")
    var output: String

    func run() throws {
        let list = try JSONDecoder().decode([TimedQuery].self, from: Data(contentsOf: URL(fileURLWithPath: queries)))
        let outcome = try QueryRun(archive, list)
        try JSONEncoder().encode(outcome).write(to: URL(fileURLWithPath: output))
    }
}

import ArgumentParser

/// `perilune archive`: keep mission data for ever.
struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Keep frames or packets through zlib: searchable by time and APID, every octet accounted for.",
        discussion: """
            Examples:
              perilune archive create pass.cadu -o pass.plar --mission luna-25
              perilune archive query pass.plar --apid 32 --from 2023-08-19T11:05:00Z
              perilune archive extract pass.plar --to packets -o pass.packets
              perilune archive verify pass.plar
            """,
        subcommands: [
            ArchiveCreateCommand.self, ArchiveAppendCommand.self, ArchiveInfoCommand.self, ArchiveQueryCommand.self,
            ArchiveExtractCommand.self,
            ArchiveVerifyCommand.self, ArchiveRepairCommand.self, ArchiveMergeCommand.self,
        ]
    )
}

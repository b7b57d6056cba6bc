import ArgumentParser
import FoundationEssentials
import LinkIO
import MissionDatabase
import Missions
import TelemetryPipeline

/// `perilune missions`: the profiles that ship, and those of others.
struct MissionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "missions",
        abstract: "List, show, check and export mission profiles.",
        discussion: """
            A mission is data: a folder with mission.json, an XTCE database, vehicle.json and scenarios. Export one, \
            edit it, and use it by its path.

            Example: perilune missions export luna-25 ./my-luna && perilune missions check ./my-luna
            """,
        subcommands: [List.self, Show.self, Check.self, Export.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the missions that ship.",
            discussion: "Example: perilune missions list --json"
        )
        @OptionGroup var speech: SpeechOptions

        func run() async throws {
            var table = TextTable([("mission", .left), ("craft", .left), ("", .left)])
            for name in MissionProfile.names {
                let profile = try MissionProfile.named(name)
                let craft = profile.spacecraft.map(\.id)
                if speech.json {
                    print(EventLine("mission", MissionEvent(profile)).text, terminator: "")
                } else {
                    table.add([name, craft.joined(separator: ", "), profile.about])
                }
            }
            if speech.json {
                print(EventLine("done", NoPayload()).text, terminator: "")
            } else {
                for line in table.lines() { print(line) }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what a mission says of its craft.",
            discussion: "Example: perilune missions show luna-25"
        )
        @Argument(help: "A mission's name or folder.") var mission: String

        func run() async throws {
            let profile = try MissionProfile.find(mission)
            print("\(profile.name)  \(profile.title), \(profile.agency)\n  \(profile.about)")
            for craft in profile.spacecraft {
                print("\ncraft \(craft.id): \(craft.title), spacecraft id \(craft.spacecraft)")
                print("  scenarios  \(craft.scenarios.keys.sorted().joined(separator: ", "))")
                let database = try craft.makeDatabase()
                print(
                    "  database   \(craft.database.path): \(database.containers.count) containers, \(database.parameters.count) parameters"
                )
                print("  link\n" + String(decoding: try JSONFile.encode(craft.link, pretty: true), as: UTF8.self))
                print("  figures (p public, d derived, a assumed)")
                for (key, note) in craft.notes.sorted(by: { $0.key < $1.key }) { print("    \(key): \(note)") }
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Check a mission's folder, or an XTCE file: faults with file, line and reason; exit 1 if there are any.",
            discussion: "Example: perilune missions check ./my-luna"
        )
        @Argument(help: "A mission's folder or name, or an XTCE file.") var path: String

        func run() async throws {
            do {
                var faults = 0
                for database in try databases() {
                    for diagnostic in database.diagnostics {
                        print(diagnostic.description)
                        faults += 1
                    }
                }
                print(faults == 0 ? "\(path): no faults" : "\(path): \(faults) elements are not supported")
                if faults > 0 { throw ExitCode(ExitStatus.badAnswer) }
            } catch let error as XTCEError {
                print(error.description)
                throw ExitCode(ExitStatus.badAnswer)
            } catch let error as MissionError {
                print(error.description)
                throw ExitCode(ExitStatus.badAnswer)
            }
        }

        private func databases() throws -> [MissionDatabase] {
            if path.hasSuffix(".xml") { return [try XTCEFile.read(path)] }
            return try MissionProfile.find(path).spacecraft.map { try $0.makeDatabase() }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a mission's files into a folder, to be edited.",
            discussion: "Example: perilune missions export luna-25 ./my-luna"
        )
        @Argument(help: "A mission's name.") var mission: String
        @Argument(help: "The folder.") var folder: String
        @Flag(help: "Replace files that are there.") var force = false

        func run() async throws {
            let profile = try MissionProfile.find(mission)
            for file in profile.files {
                let path = "\(folder)/\(file.path)"
                if let slash = path.lastIndex(of: "/") { try Folders.make(String(path[..<slash])) }
                var output = try OctetOutput(path: path, replacing: force)
                try output.write(file.octets.span)
                try output.commit()
            }
            Words.say("\(folder): \(profile.files.count) files of \(profile.name)")
        }
    }
}

private struct MissionEvent: Encodable {
    let name: String
    let title: String
    let agency: String
    let craft: [String]

    init(_ profile: MissionProfile) {
        name = profile.name
        title = profile.title
        agency = profile.agency
        craft = profile.spacecraft.map(\.id)
    }
}

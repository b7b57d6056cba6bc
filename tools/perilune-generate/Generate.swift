import ArgumentParser
import FoundationEssentials
import LanderSimulator
import LinkIO
import Missions

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Makes a pass of a craft over a station, with the truth about it.
@main
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perilune-generate",
        abstract: "Make test streams: a craft flies, fails and transmits, and the truth is written beside.",
        discussion: """
            Example: ten minutes of Luna-25 with a thruster stuck open, and what really happened.

              perilune-generate --mission luna-25 --scenario spin-out --seed 7 \\
                --output pass.cadu --truth truth.json

            The same mission, scenario, seed and version give the same octets on every machine. Words go to standard \
            error, data to the files named; nothing is replaced without --force.
            Exit status: 0 done, 2 wrong usage or an output that failed, 130 interrupted.
            """,
        version: "perilune-generate 0.1.0"
    )

    @Option(help: ArgumentHelp("Mission: a name that ships, or the folder of a profile.", valueName: "name|folder"))
    var mission = "luna-25"

    @Option(help: "Craft of the mission; its first if absent.")
    var craft: String?

    @Option(help: ArgumentHelp("Scenario: a name of the craft, or a file.", valueName: "name|file"))
    var scenario: String

    @Option(help: "The number from which everything random is drawn.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Length of the pass; that of the scenario if absent.", valueName: "seconds"))
    var duration: Double?

    @Option(help: ArgumentHelp("Fast attitude packets a second; those of the link if absent.", valueName: "hertz"))
    var rate: Double?

    @Option(help: ArgumentHelp("Instant of the first sample in UTC; the profile's if absent.", valueName: "instant"))
    var start: String?

    @Option(help: ArgumentHelp("What to write: cadu, frames or packets.", valueName: "format"))
    var format = StreamFormat.cadu

    @Option(help: ArgumentHelp("Link: low, nominal or critical; the scenario's if absent.", valueName: "link"))
    var link: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Where the stream goes; - is standard output.", valueName: "file")
    )
    var output: String

    @Option(help: ArgumentHelp("Where the truth goes, as JSON.", valueName: "file"))
    var truth: String?

    @Option(help: ArgumentHelp("Where the samples by role go, as CSV.", valueName: "file.csv"))
    var table: String?

    @Flag(help: "Replace files that are there already.")
    var force = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Flag(help: "Write one object with the totals to standard output.")
    var json = false

    func validate() throws {
        let paths = [output, truth, table].compactMap { $0 }
        if Set(paths).count != paths.count { throw ValidationError("two outputs have the same name") }
        if json, paths.contains("-") { throw ValidationError("--json and an output of - both want standard output") }
        if output.contains("://") {
            throw ValidationError("\(output): the generator writes files; send one with perilune replay --to \(output)")
        }
    }

    func run() throws {
        let pass = try LanderPass(try request())
        Interruption.install()
        let files = try GeneratedFiles(output: output, truth: truth, table: table, replacing: force)
        let result = try files.write(pass)
        if !quiet { Console.say(result.words) }
        if json { Console.give(try result.json()) }
    }

    private func request() throws -> PassRequest {
        let chosen = try MissionProfile.find(mission).craft(craft)
        var request = PassRequest(
            craft: chosen,
            scenario: try readScenario(of: chosen),
            seed: seed,
            duration: duration,
            rate: rate,
            format: format.passFormat,
            link: link
        )
        if let start { try request.setStart(utc: start) }
        return request
    }

    /// A name of the craft, else a file: what looks like a path is never taken for a misspelt name.
    private func readScenario(of craft: Craft) throws -> Scenario {
        if craft.scenarios[scenario] == nil, scenario.contains("/") || scenario.hasSuffix(".json") {
            guard let data = FileManager.default.contents(atPath: scenario) else {
                throw MissionError.unreadable(path: scenario, reason: "this scenario file cannot be read")
            }
            return try Scenario(file: ProfileFile(path: scenario, octets: Array(data)))
        }
        return try Scenario(file: try craft.scenario(scenario))
    }

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as IOFailure {
            if error == .interrupted { exit(withCode: 130) }
            // A reader that went away has what it wanted.
            if error.isBrokenPipe { exit(withCode: 0) }
            Console.say("perilune-generate: \(error)")
            exit(withCode: 2)
        } catch let error as SimulationError {
            Console.say("perilune-generate: \(error)")
            exit(withCode: 2)
        } catch let error as MissionError {
            Console.say("perilune-generate: \(error)")
            exit(withCode: 2)
        } catch {
            let code = exitCode(for: error)
            let message = fullMessage(for: error)
            if code.isSuccess { Console.give(message + "\n") } else { Console.say(message) }
            exit(withCode: code.isSuccess ? 0 : 2)
        }
    }

    private static func exit(withCode code: Int32) -> Never { exit(withError: ExitCode(code)) }
}

/// The form of the output, as it is written on the command line.
enum StreamFormat: String, ExpressibleByArgument, CaseIterable {
    case cadu
    case frames
    case packets

    var passFormat: PassFormat {
        switch self {
        case .cadu: .cadu
        case .frames: .frames
        case .packets: .packets
        }
    }
}

/// The two places for words and results.
enum Console {
    /// Writes a line to standard error.
    static func say(_ text: String) { put(text + "\n", STDERR_FILENO) }

    /// Writes to standard output.
    static func give(_ text: String) { put(text, STDOUT_FILENO) }

    private static func put(_ text: String, _ descriptor: Int32) {
        var left = ContiguousArray(text.utf8)[...]
        while !left.isEmpty {
            // Unsafe because `write` takes a pointer; the buffer bounds it. Nobody is left to be told if it fails.
            let count = unsafe left.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            left = left.dropFirst(count)
        }
    }
}

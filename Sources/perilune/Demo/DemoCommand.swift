import ArgumentParser
import FoundationEssentials

/// `perilune demo`: the whole story in one go, with checks that can fail.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Make a pass with a hidden fault, decode, archive and judge it, and compare each result with the truth.",
        discussion: """
            Everything happens offline in one folder, which stays, with the commands to do each step by hand. Ends \
            with 1 if anything does not match the truth.

            Example: perilune demo --seed 11
            """
    )

    @Option(help: "The seed of the pass; it also hides which fault there is.")
    var seed: UInt64 = 7

    @Option(help: "Seconds of flight of each pass, 300 to 3600.")
    var duration = 600.0

    @Option(help: "Where the files go; a folder for temporary files if absent.")
    var directory: String?

    @Option(help: "Colours: auto, always or never. NO_COLOR is heeded.")
    var color = ColorChoice.auto

    func validate() throws {
        guard (300...3600).contains(duration) else {
            throw ValidationError("--duration \(duration): a demonstration flies 300 to 3600 seconds")
        }
    }

    func run() async throws {
        let folder = directory ?? FileManager.default.temporaryDirectory.appending(path: "perilune-demo").path
        let paint = Paint(isOn: color.applies(toTerminal: Words.outputIsTerminal))
        var demonstration = try Demonstration(folder: folder, seed: seed, duration: duration, paint: paint)
        try await demonstration.play()
        guard demonstration.story.isSound else { throw ExitCode(ExitStatus.badAnswer) }
    }
}

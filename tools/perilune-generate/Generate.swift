import ArgumentParser

@main
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "perilune-generate", abstract: "Make test streams.")
}

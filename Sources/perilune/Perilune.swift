import ArgumentParser

@main
struct Perilune: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "perilune", abstract: "Process lunar telemetry.")
}

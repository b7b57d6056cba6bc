import Foundation
import TestSupport

/// A run that has not ended yet.
final class RunningTool: Sendable {
    private let process = Process()
    private let ended: AsyncStream<Void>
    private let papers: TemporaryFolder
    private let watchdog: Task<Void, Never>

    /// Starts it; standard output and error go to files, so that nothing waits for a reader, unless a pipe is given.
    init(
        _ tool: Tool,
        _ arguments: [String],
        in folder: TemporaryFolder,
        input: [UInt8] = [],
        inputPipe: Pipe? = nil,
        output: Pipe? = nil
    ) throws {
        papers = try TemporaryFolder()
        let inputPath = try papers.write("input", input)
        let outputPath = try papers.write("output", [])
        let wordsPath = try papers.write("words", [])
        process.executableURL = try tool.url
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.standardInput = try inputPipe ?? FileHandle(forReadingFrom: URL(fileURLWithPath: inputPath))
        process.standardOutput = try output ?? FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: wordsPath))
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        ended = stream
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        let identifier = process.processIdentifier
        watchdog = Task {
            // A run that hangs becomes a failure with a status that nobody expects.
            guard (try? await Task.sleep(for: .seconds(240))) != nil else { return }
            Foundation.kill(identifier, SIGKILL)
        }
    }

    /// Presses the interrupt key.
    func interrupt() { process.interrupt() }

    /// Ends it at once, as a loss of power would.
    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// What it wrote to standard output until now.
    func output() throws -> [UInt8] { try papers.read("output") }

    /// Waits for the end.
    func end() async throws -> Outcome {
        for await _ in ended {}
        watchdog.cancel()
        let signalled = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: signalled ? -process.terminationStatus : process.terminationStatus,
            output: try papers.read("output"),
            words: String(decoding: try papers.read("words"), as: UTF8.self)
        )
    }
}

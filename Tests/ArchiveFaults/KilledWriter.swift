public import Foundation
import TestSupport

/// A real writer, fed through a pipe and ended by SIGKILL at a moment that nobody chose.
public struct KilledWriter: Sendable {
    private let command: URL
    private let folder: URL
    private static let options = ["--input", "packets", "-o", "a.plar", "--json", "--chunk", "8192"]

    /// Prepares.
    ///
    /// - Parameters:
    ///   - command: The `perilune` command.
    ///   - folder: An empty folder; what is in it is removed before each round.
    public init(command: URL, folder: URL) {
        signal(SIGPIPE, SIG_IGN)  // writing to a reader that was killed is an error then
        self.command = command
        self.folder = folder
    }

    /// Kills a writer and judges what is left, alone and after another one went on with it.
    ///
    /// Everything that was acknowledged must come, as a beginning of what was sent; the next writer must take over though
    /// the lock's file is there, and with the rest the archive must be whole.
    ///
    /// - Parameter round: The seed of what is sent and of the moment.
    /// - Returns: What it came to; lost are octets that were acknowledged and did not come.
    /// - Throws: If a command cannot be started.
    public func judge(round: Int) throws -> FaultJudgement {
        for name in try names() { try FileManager.default.removeItem(at: folder.appending(path: name)) }
        let stream = try SampleStream.octets(.packets, count: 150_000, seed: UInt64(round))
        var generator = SeededGenerator(seed: UInt64(round) &+ 61)
        let log = try killWriter(stream, after: Double(generator.next() % 300) / 1000)
        let safe = committed(log)
        var judgement = FaultJudgement()
        judgement.isFound = try names() != ["a.plar"]
        judgement.hold(safe > 0, "nothing was acknowledged before the end")
        let left = try run(["archive", "extract", "a.plar", "--quiet"])
        judgement.hold(left.status == 0, "extract ends with \(left.status)")
        judgement.hold(left.output.count >= safe, "\(safe) octets were acknowledged, \(left.output.count) came")
        judgement.hold(stream.starts(with: left.output), "other octets came than were sent")
        judgement.lost = max(0, safe - left.output.count)
        guard left.output.count < stream.count else { return judgement }
        let rest = Array(stream[min(left.output.count, stream.count)...])
        let next = try run(["archive", "append", "-"] + KilledWriter.options, input: rest)
        judgement.hold(next.status == 0, "append ends with \(next.status)")
        let files = try names()
        judgement.hold(files == ["a.plar"], "\(files) are left")
        judgement.hold(try run(["archive", "verify", "a.plar"]).status == 0, "it is not whole after that")
        judgement.hold(try run(["archive", "extract", "a.plar"]).output == stream, "it has not all that was sent")
        return judgement
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Feeds a writer, and kills it some time after its first acknowledgement; gives what it printed.
    private func killWriter(_ stream: [UInt8], after delay: Double) throws -> [UInt8] {
        let input = Pipe()
        let (process, output) = try start(["archive", "create", "-"] + KilledWriter.options, input: input)
        let feeder = Thread {
            for start in stride(from: 0, to: stream.count, by: 700) {
                let piece = Data(stream[start..<min(stream.count, start + 700)])
                guard (try? input.fileHandleForWriting.write(contentsOf: piece)) != nil else { return }
                Thread.sleep(forTimeInterval: 0.001)
            }
            try? input.fileHandleForWriting.close()
        }
        feeder.start()
        while process.isRunning, try Data(contentsOf: output).isEmpty { Thread.sleep(forTimeInterval: 0.002) }
        Thread.sleep(forTimeInterval: delay)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? input.fileHandleForReading.close()
        while !feeder.isFinished { Thread.sleep(forTimeInterval: 0.001) }
        return [UInt8](try Data(contentsOf: output))
    }

    /// The octets of the last `committed` that was printed; a line that was cut does not count.
    private func committed(_ output: [UInt8]) -> Int {
        struct Event: Decodable {
            let event: String
            let octets: Int?
        }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let events = lines.dropLast().compactMap { try? JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
        return events.last { $0.event == "committed" }?.octets ?? 0
    }

    private func run(_ arguments: [String], input: [UInt8] = []) throws -> (status: Int32, output: [UInt8]) {
        let file = folder.appending(path: ".input")
        try Data(input).write(to: file)
        let (process, output) = try start(arguments, input: try FileHandle(forReadingFrom: file))
        process.waitUntilExit()
        return (process.terminationStatus, [UInt8](try Data(contentsOf: output)))
    }

    private func start(_ arguments: [String], input: Any) throws -> (process: Process, output: URL) {
        let output = folder.appending(path: ".output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = command
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output)
    }
}

import Foundation
import TestSupport

/// An executable under test, run as a user runs it: in a folder of its own, with arguments, input and signals.
enum Tool: String, Sendable {
    case perilune
    case generate = "perilune-generate"

    /// Runs to the end, in a folder, with standard input given whole.
    func run(_ arguments: [String], in folder: TemporaryFolder, input: [UInt8] = []) async throws -> Outcome {
        await Gate.shared.enter()
        do {
            let outcome = try await RunningTool(self, arguments, in: folder, input: input).end()
            await Gate.shared.leave()
            return outcome
        } catch {
            await Gate.shared.leave()
            throw error
        }
    }

    func run(_ arguments: String..., in folder: TemporaryFolder) async throws -> Outcome {
        try await run(arguments, in: folder)
    }

    var url: URL {
        get throws {
            for folder in Self.folders {
                let candidate = folder.appending(path: rawValue)
                if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            }
            throw NotBuilt(name: rawValue, folders: Self.folders.map(\.path))
        }
    }

    struct NotBuilt: Error {
        let name: String
        let folders: [String]
    }

    /// Where the build may have put them: beside the bundle of tests, else in the package's build folder.
    private static var folders: [URL] {
        let bundles = (Bundle.allBundles + [Bundle.main]).map(\.bundleURL)
        let started = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let beside = ([started] + bundles).flatMap { url in
            [url, url.deletingLastPathComponent(), url.deletingLastPathComponent().deletingLastPathComponent()]
        }
        return beside + ["debug", "release"].map { Fixtures.root.appending(path: ".build/\($0)") }
    }
}

/// What a run gave.
struct Outcome: Sendable {
    /// The exit code; the negative number of the signal that ended it, if one did.
    let status: Int32
    /// Standard output.
    let output: [UInt8]
    /// Standard error.
    let words: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// Standard output as events: every line an object with version and name.
    func events() throws -> [Event] { try text.split(separator: "\n").map { try Event(line: String($0)) } }

    /// The last event, which must be `done`.
    func done<Payload: Decodable>(_ type: Payload.Type) throws -> Payload {
        guard let last = try events().last, last.name == "done" else { throw Event.NotAnEvent(line: text) }
        return try last.payload(type)
    }
}

/// A line of NDJSON.
struct Event: Sendable {
    let name: String
    private let line: String

    struct NotAnEvent: Error {
        let line: String
    }

    private struct Head: Decodable {
        let v: Int
        let event: String
    }

    init(line: String) throws {
        let head = try JSONDecoder().decode(Head.self, from: Data(line.utf8))
        guard head.v == 1 else { throw NotAnEvent(line: line) }
        name = head.event
        self.line = line
    }

    func payload<Payload: Decodable>(_ type: Payload.Type) throws -> Payload {
        try JSONDecoder().decode(type, from: Data(line.utf8))
    }
}

/// Keeps the number of runs at a time small, so that each has a core.
actor Gate {
    static let shared = Gate(width: max(2, ProcessInfo.processInfo.activeProcessorCount))

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) { free = width }

    func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

import Foundation
import TestSupport

/// A pass that `perilune-generate` made, read by several tests and made once.
struct GeneratedPass: Sendable {
    /// The CADUs.
    let path: String
    /// The samples by role.
    let table: String
    /// What really happened.
    let truth: Truth

    /// Seconds of flight.
    static let duration = "300"

    /// The arguments that make it.
    static func arguments(_ scenario: String) -> [String] {
        ["--mission", "luna-25", "--scenario", scenario, "--seed", "7", "--duration", duration]
    }

    /// The pass of a scenario.
    static func of(_ scenario: String) async throws -> GeneratedPass { try await Hangar.shared.pass(scenario) }

    var octets: [UInt8] { get throws { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } }
}

/// The truth beside a pass, as far as tests look at it.
struct Truth: Decodable, Sendable {
    struct Fault: Decodable, Sendable {
        struct Expected: Decodable, Sendable {
            let condition: String
            let onset: Double
        }

        let onset: Double
        let expected: [Expected]
    }

    struct PointOfNoReturn: Decodable, Sendable {
        let time: Double
    }

    struct Channel: Decodable, Sendable {
        struct Application: Decodable, Sendable {
            let apid: Int
            let packets: Int
        }

        let frames: Int
        let apids: [Application]
    }

    let start: String
    let faults: [Fault]
    let pointOfNoReturn: PointOfNoReturn?
    let channels: [Channel]
    let packetsSHA256: String

    /// Seconds from the start of the pass to an instant in ISO 8601.
    func seconds(to text: String) throws -> Double {
        try Self.date(text).timeIntervalSince(Self.date(start))
    }

    private static func date(_ text: String) throws -> Date {
        try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
    }
}

private actor Hangar {
    static let shared = Hangar()

    private static let folder = FileManager.default.temporaryDirectory
        .appending(path: "perilune-passes-\(ProcessInfo.processInfo.processIdentifier)")

    private var passes: [String: Task<GeneratedPass, any Error>] = [:]

    init() {
        // Shared by all tests, so nobody but the end of the run can put it away.
        atexit { try? FileManager.default.removeItem(at: Hangar.folder) }
    }

    struct Failed: Error {
        let words: String
    }

    func pass(_ scenario: String) async throws -> GeneratedPass {
        let task = passes[scenario] ?? Task { try await Self.make(scenario) }
        passes[scenario] = task
        return try await task.value
    }

    private static func make(_ scenario: String) async throws -> GeneratedPass {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let place = try TemporaryFolder()
        let base = folder.appending(path: scenario).path
        let files = ["--output", base + ".cadu", "--truth", base + ".json", "--table", base + ".csv"]
        let outcome = try await Tool.generate.run(GeneratedPass.arguments(scenario) + files, in: place)
        guard outcome.status == 0 else { throw Failed(words: outcome.words) }
        let truth = try JSONDecoder().decode(Truth.self, from: Data(contentsOf: URL(fileURLWithPath: base + ".json")))
        return GeneratedPass(path: base + ".cadu", table: base + ".csv", truth: truth)
    }
}

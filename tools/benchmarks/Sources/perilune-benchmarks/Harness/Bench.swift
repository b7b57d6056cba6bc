import BenchmarkShim
import Foundation

/// Why a benchmark could not be taken.
enum BenchmarkFailure: Error, CustomStringConvertible {
    /// A command could not be run, or said no.
    case command(String, status: Int)
    /// What was timed is not the work that was meant.
    case otherWork(String)
    /// An input could not be made.
    case input(String)

    /// The reason as a sentence.
    var description: String {
        switch self {
        case .command(let line, let status): "exit status \(status): \(line)"
        case .otherWork(let what): "not the work that was meant: \(what)"
        case .input(let reason): reason
        }
    }
}

/// One run: its settings, the limits measured in it, the figures so far, and a folder for files.
final class Bench {
    /// The clock of the figures.
    let clock: BenchmarkClock
    /// The `perilune` command.
    let command: String
    /// A Python with the peers, if asked for.
    let python: String?
    /// A Python with GNU Radio and gr-satellites, if asked for.
    let gnuradioPython: String?
    /// The folder of real recordings, if it is there.
    let recordings: String?
    /// A folder that goes with the run.
    let folder: URL
    /// The figures so far.
    private(set) var figures: [Figure] = []
    /// What was left out, and why.
    private(set) var notes: [String] = []
    /// Memory bandwidth (MB/s), measured first.
    var memoryRead = Double.nan
    var memoryCopy = Double.nan
    /// Inputs that several rooms share.
    lazy var flight = Result { try Flight() }

    /// Makes a run and its folder.
    init(clock: BenchmarkClock, peers: PeerOptions, recordings: String? = nil) throws {
        self.clock = clock
        command = peers.command
        python = peers.peersPython
        gnuradioPython = peers.gnuradioPython
        self.recordings = recordings
        folder = FileManager.default.temporaryDirectory.appending(path: "perilune-benchmarks-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Removes the folder.
    func clean() { try? FileManager.default.removeItem(at: folder) }

    /// Adds a line to the table.
    func add(_ figure: Figure) { figures.append(figure) }

    /// Holds the work to what it must have done; a figure of other work is worth nothing.
    ///
    /// - Throws: `BenchmarkFailure` if the work was not all done, or not done right.
    func require(_ isRight: Bool, _ what: String) throws {
        guard isRight else { throw BenchmarkFailure.otherWork(what) }
    }

    /// Says what was left out, and why.
    func note(_ text: String) { notes.append(text) }

    /// A path in the folder of the run.
    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Says on standard error what is going on.
    func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

    /// Megabytes (10^6 octets) a second.
    func rate(octets: Int, _ timing: Timing) -> Double { Double(octets) / 1e6 / timing.seconds(clock) }

    /// Things a second.
    func rate(_ count: Int, _ timing: Timing) -> Double { Double(count) / timing.seconds(clock) }

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - command: A line for the shell.
    ///   - repetitions: How often.
    /// - Returns: What the runs took.
    /// - Throws: `BenchmarkFailure` if it fails.
    @discardableResult
    func run(_ command: String, repetitions: Int = 1) throws -> Timing {
        var timing = Timing()
        for _ in 0..<repetitions {
            // The string lives as long as the call, and the call copies nothing out of it.
            let usage = unsafe bench_run(command)
            guard usage.status == 0 else { throw BenchmarkFailure.command(command, status: Int(usage.status)) }
            timing.add(wall: usage.wall, processor: usage.processor)
        }
        return timing
    }

    /// The greatest resident size (octets) of a command; see ``measure(_:repetitions:)``.
    func resident(_ command: String) throws -> Double { try measure(command).peak }

    /// Runs a command to its end, and has GNU time tell the greatest resident size.
    ///
    /// A system's own account would not do: it lets a new process inherit the peak of the one that started it.
    ///
    /// - Parameters:
    ///   - command: A program and its arguments, for the shell.
    ///   - repetitions: How often.
    /// - Returns: What the runs took, and the greatest resident size of all of them in octets.
    /// - Throws: `BenchmarkFailure` if it fails.
    func measure(_ command: String, repetitions: Int = 1) throws -> (timing: Timing, peak: Double) {
        let output = path("resident.txt")
        var timing = Timing()
        var peak = 0.0
        for _ in 0..<repetitions {
            timing.add(try run("exec time -f %M -o '\(output)' \(command)"))
            let text = try String(contentsOfFile: output, encoding: .utf8)
            guard let size = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw BenchmarkFailure.input("GNU time said: \(text)")
            }
            peak = max(peak, size * 1024)
        }
        return (timing, peak)
    }

    /// Runs a script of the peers and gives the numbers that it prints, by name.
    func runPeer(_ python: String, _ arguments: String, script: String = "peers.py") throws -> [String: Double] {
        let output = path("peer.txt")
        let script = Self.peers.appending(path: script).path
        try run("exec '\(python)' '\(script)' \(arguments) > '\(output)' 2> '\(path("peer-errors.txt"))'")
        var numbers: [String: Double] = [:]
        for line in try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let value = Double(words[1]) { numbers[String(words[0])] = value }
        }
        return numbers
    }

    /// The seconds of a peer by the clock of the run.
    func seconds(_ numbers: [String: Double]) -> Double { numbers[clock.rawValue] ?? .nan }

    private static let peers = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "peers")
}

import ArchiveFaults
import Foundation
import TestSupport
import Testing

/// Archives that grow from a pipe: what was acknowledged is there, whatever happens to the writer.
@Suite struct GrowingArchiveTests {
    struct Totals: Decodable, Equatable {
        let units: Int
        let octets: Int
    }

    /// Packets back to back, with a length that changes.
    static func packets(seed: UInt64, count: Int) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            let length = 8 + Int(generator.next() % 90)
            let apid = 17 + index % 3
            let header: [UInt8] = [
                8, UInt8(apid), 0xC0 | UInt8((index / 3) >> 8 & 0x3F), UInt8((index / 3) & 0xFF),
                UInt8((length - 1) >> 8), UInt8((length - 1) & 0xFF),
            ]
            return header + generator.octets(length)
        }
    }

    private static let arguments = ["--input", "packets", "-o", "a.plar", "--json", "--chunk", "8192"]

    /// The last `committed` in what a run printed; a line that was cut does not count.
    private func committed(_ output: [UInt8]) throws -> Totals {
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let events = try lines.dropLast().map { try Event(line: String($0)) }.filter { $0.name == "committed" }
        return try events.last?.payload(Totals.self) ?? Totals(units: 0, octets: 0)
    }

    private static let kills = ProcessInfo.processInfo.environment["PERILUNE_FULL"] == nil ? 6 : 1000

    @Test func aKilledWriterLosesNothingItAcknowledged() async throws {
        let folder = try TemporaryFolder()
        let writer = KilledWriter(command: try Tool.perilune.url, folder: folder.url)
        let kills = try await Task.detached {
            var kills = FaultTally()
            for round in 0..<Self.kills { kills.add(try writer.judge(round: round), "round \(round)") }
            return kills
        }.value
        #expect(kills.breaches == [])
        #expect(kills.lost == 0)
        #expect(kills.found > 0, "every writer had ended before it was killed")
    }

    @Test func aSlowPipeIsAcknowledgedWhileItWaits() async throws {
        let folder = try TemporaryFolder()
        let stream = Array(Self.packets(seed: 5, count: 40).joined())
        let input = Pipe()
        let running = try RunningTool(
            .perilune,
            ["archive", "create", "-"] + Self.arguments,
            in: folder,
            inputPipe: input
        )
        try input.fileHandleForWriting.write(contentsOf: Data(stream))
        for _ in 0..<2000 where try committed(running.output()).units < 40 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try committed(running.output()) == Totals(units: 40, octets: stream.count))

        // A reader needs no lock; a second writer is told who has it.
        #expect(try await Tool.perilune.run("archive", "extract", "a.plar", in: folder).output == stream)
        let second = try await Tool.perilune.run(
            ["archive", "append", "-"] + Self.arguments,
            in: folder,
            input: stream
        )
        #expect(second.status == 2)
        #expect(second.words.contains("a.plar: This archive is being written by process "))
        running.interrupt()
        #expect(try await running.end().status == 130)
        #expect(try folder.names() == ["a.plar"])
        #expect(try await Tool.perilune.run("archive", "verify", "a.plar", in: folder).status == 0)
        try input.fileHandleForWriting.close()
    }

    @Test func aFullDiskEndsTheArchiveInGoodOrder() async throws {
        let folder = try TemporaryFolder()
        let stream = Array(Self.packets(seed: 6, count: 6000).joined())
        let path = try folder.write("stream", stream)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.currentDirectoryURL = folder.url
        // No file may grow beyond 30 KiB; the signal that says so is ignored, so that the write fails.
        shell.arguments = [
            "-c",
            """
            trap '' XFSZ; ulimit -f 60
            { head -c 20000 "$1"; sleep 1; tail -c +20001 "$1"; } | "$0" archive create - --input packets -o a.plar --json --chunk 65536 --raw > log 2> words
            echo $? > status
            """,
            try Tool.perilune.url.path, path,
        ]
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        shell.terminationHandler = { _ in continuation.finish() }
        try shell.run()
        for await _ in ended {}
        #expect(try folder.read("status") == Array("2\n".utf8))
        #expect(String(decoding: try folder.read("words"), as: UTF8.self).contains("File too large"))
        let safe = try committed(folder.read("log"))
        #expect(safe.octets > 0)
        var extracted: [UInt8] = []
        for name in try folder.names().filter({ $0.hasSuffix(".plar") }).sorted(by: { ($0.count, $0) < ($1.count, $1) })
        {
            extracted += try await Tool.perilune.run("archive", "extract", name, "--partial", in: folder).output
        }
        #expect(extracted.count >= safe.octets)
        #expect(stream.starts(with: extracted))
    }

    @Test func partsAreRotatedAndEachIsWhole() async throws {
        let folder = try TemporaryFolder()
        let stream = Array(Self.packets(seed: 7, count: 6000).joined())
        let outcome = try await Tool.perilune.run(
            [
                "archive", "create", "-", "--input", "packets", "-o", "a.plar", "--json", "--raw", "--chunk", "8192",
                "--rotate-size", "65536",
            ],
            in: folder,
            input: stream
        )
        #expect(outcome.status == 0, "\(outcome.words)")
        #expect(try outcome.done(Totals.self) == Totals(units: 6000, octets: stream.count))
        let names = try folder.names().sorted { ($0.count, $0) < ($1.count, $1) }
        #expect(names.count > 2 && names[..<2] == ["a.plar", "a.0001.plar"])
        var extracted: [UInt8] = []
        for name in names {
            #expect(try await Tool.perilune.run("archive", "verify", name, in: folder).status == 0)
            let part = try await Tool.perilune.run("archive", "extract", name, in: folder).output
            let decoded = try await Tool.perilune.run("decode", name, "--to", "packets", "--quiet", in: folder)
            #expect(decoded.output == part, "\(name): \(decoded.words)")
            extracted += part
        }
        #expect(extracted == stream)
    }

    @Test(arguments: [[], ["--no-reception-time"]])
    func unitsOfALivePipeHaveTheTimeAtWhichTheyCame(options: [String]) async throws {
        signal(SIGPIPE, SIG_IGN)
        let folder = try TemporaryFolder()
        let packets = Self.packets(seed: 64, count: 40)
        let input = Pipe()
        let start = Date()
        let arguments = ["archive", "create", "-"] + Self.arguments + options
        let running = try RunningTool(.perilune, arguments, in: folder, inputPipe: input)
        try input.fileHandleForWriting.write(contentsOf: Data(packets[..<20].joined()))
        while try running.output().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let half = Date()
        try await Task.sleep(for: .milliseconds(1200))
        try input.fileHandleForWriting.write(contentsOf: Data(packets[20...].joined()))
        try input.fileHandleForWriting.close()
        #expect(try await running.end().status == 0)
        let end = Date()
        struct Packet: Decodable { let receptionTime: String? }
        let query = try await Tool.perilune.run("archive", "query", "a.plar", "--json", in: folder)
        let times = try query.events().filter { $0.name == "packet" }.map { try $0.payload(Packet.self).receptionTime }
        #expect(times.count == packets.count)
        guard options.isEmpty else {
            #expect(times.allSatisfy { $0 == nil })
            return
        }
        for (index, text) in times.enumerated() {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            let time = try Date(try #require(text), strategy: style)
            // The clock is read in microseconds, and ISO 8601 here in milliseconds.
            let span = index < 20 ? start.addingTimeInterval(-0.01)...half : half.addingTimeInterval(1.19)...end
            #expect(span.contains(time), "packet \(index): \(time) in \(span)")
        }
    }

    static let havePython = (try? Shell.run("python3", ["--version"])) != nil

    @Test(
        .enabled(if: havePython, "python3 is absent"),
        arguments: [["--raw"], []]
    )
    func anotherProgramReadsTheSame(form: [String]) async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let created = try await Tool.perilune.run(
            ["archive", "create", pass.path, "-o", "a.plar", "--mission", "luna-25", "--chunk", "65536"] + form,
            in: folder
        )
        #expect(created.status == 0)
        let own = try await Tool.perilune.run("archive", "extract", "a.plar", "--quiet", in: folder).output
        let reader = Fixtures.root.appending(path: "tools/read-archive").path
        let other = try Shell.run("python3", [reader, "extract", folder.path("a.plar")])
        #expect(other.status == 0, "\(other.words)")
        #expect(!own.isEmpty && other.output == own)
        let list = try Shell.run("python3", [reader, "list", folder.path("a.plar")])
        let lines = String(decoding: list.output, as: UTF8.self).split(separator: "\n")
        struct Info: Decodable { let units: Int }
        let info = try await Tool.perilune.run("archive", "info", "a.plar", "--json", in: folder).done(Info.self)
        #expect(lines.count == info.units)

        var damaged = try folder.read("a.plar")
        damaged[damaged.count / 2] ^= 4
        _ = try folder.write("b.plar", damaged)
        let partial = try Shell.run("python3", [reader, "extract", folder.path("b.plar")])
        #expect(partial.status == 1)
        let ours = try await Tool.perilune.run("archive", "extract", "b.plar", "--quiet", in: folder)
        #expect(ours.status == 1 && ours.output == partial.output)
    }
}

/// Another program, run to its end.
enum Shell {
    static func run(_ program: String, _ arguments: [String]) throws -> Outcome {
        let folder = try TemporaryFolder()
        let output = try folder.write("output", [])
        let words = try folder.write("words", [])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: words))
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else { throw Tool.NotBuilt(name: program, folders: []) }
        return Outcome(
            status: process.terminationStatus,
            output: try folder.read("output"),
            words: String(decoding: try folder.read("words"), as: UTF8.self)
        )
    }
}

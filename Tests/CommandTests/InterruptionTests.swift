import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
    /// Waits until a file of that beginning is there.
    private func wait(for beginning: String, in folder: TemporaryFolder) async throws {
        for _ in 0..<3000 {
            if try folder.names().contains(where: { $0.hasPrefix(beginning) }) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("\(beginning)… never came")
    }

    @Test func anInterruptedReplayLeavesNothing() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let running = try RunningTool(
            .perilune,
            ["replay", pass.path, "--mission", "luna-25", "--speed", "0.1", "--to", "out"],
            in: folder
        )
        try await wait(for: "out", in: folder)
        running.interrupt()
        let outcome = try await running.end()
        #expect(outcome.status == 130)
        #expect(outcome.words.isEmpty)
        #expect(try folder.names().isEmpty)
    }

    @Test func anInterruptEndsTheWaitForInput() async throws {
        let folder = try TemporaryFolder()
        let input = Pipe()
        let running = try RunningTool(
            .perilune,
            ["decode", "-", "--link", "hakuto-r", "--to", "packets", "-o", "out"],
            in: folder,
            inputPipe: input
        )
        try input.fileHandleForWriting.write(contentsOf: Data(repeating: 0, count: 300_000))
        try await wait(for: "out", in: folder)
        running.interrupt()
        let outcome = try await running.end()
        #expect(outcome.status == 130)
        #expect(try folder.names().isEmpty)
        try input.fileHandleForWriting.close()
    }

    @Test func anInterruptWhileAnArchiveIsReadIsNoFailureOfTheArchive() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let created = try await Tool.perilune.run(
            "archive",
            "create",
            pass.path,
            "--mission",
            "luna-25",
            "--chunk",
            "8192",
            "-o",
            "a.plar",
            in: folder
        )
        #expect(created.status == 0)
        // Nobody reads the pipe, so that the list is stuck in the middle of the archive.
        let output = Pipe()
        let running = try RunningTool(.perilune, ["archive", "query", "a.plar", "--json"], in: folder, output: output)
        try await Task.sleep(for: .seconds(3))
        running.interrupt()
        try await Task.sleep(for: .milliseconds(200))
        let drain = Task.detached { try output.fileHandleForReading.readToEnd() }
        let outcome = try await running.end()
        #expect(outcome.status == 130)
        #expect(outcome.words.isEmpty)
        try output.fileHandleForWriting.close()
        _ = try await drain.value
    }

    @Test(arguments: ["decode PASS --to packets", "archive query a.plar --json", "inspect PASS --explain --json"])
    func aReaderThatGoesAwayIsNoFailure(command: String) async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        _ = try await Tool.perilune.run("archive", "create", pass.path, "-o", "a.plar", in: folder)
        let script = """
            { "$0" \(command.replacing("PASS", with: "\"$1\"")) 2> words; echo $? > status; } | head -c 100 > /dev/null
            """
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.currentDirectoryURL = folder.url
        shell.arguments = ["-c", script, try Tool.perilune.url.path, pass.path]
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        shell.terminationHandler = { _ in continuation.finish() }
        try shell.run()
        for await _ in ended {}
        #expect(try folder.read("status") == Array("0\n".utf8))
        #expect(try folder.read("words").isEmpty)
    }
}

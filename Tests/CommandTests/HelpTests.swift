import TestSupport
import Testing

@Suite struct HelpTests {
    static let commands: [[String]] = [
        ["inspect"], ["decode"], ["merge"], ["detect"], ["replay"], ["archive"], ["archive", "create"],
        ["archive", "append"], ["archive", "info"], ["archive", "query"], ["archive", "extract"],
        ["archive", "verify"],
        ["archive", "repair"], ["archive", "merge"], ["missions"], ["missions", "list"], ["missions", "show"],
        ["missions", "check"],
        ["missions", "export"], ["demo"], ["combine"],
    ]

    @Test(arguments: commands) func helpHasAnExample(command: [String]) async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(command + ["--help"], in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.words.isEmpty)
        #expect(outcome.text.contains("Example"))
        #expect(outcome.text.contains("perilune \(command.joined(separator: " "))"))
    }

    @Test func theRootNamesEachCommandAndTheExitCodes() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run("--help", in: folder)
        #expect(outcome.status == 0)
        for command in Self.commands { #expect(outcome.text.contains("  \(command[0])")) }
        let words = outcome.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for code in ["0 done", "1 done", "2 usage", "70 a defect", "130 interrupted"] { #expect(words.contains(code)) }
        #expect(try await Tool.perilune.run(in: folder).text == outcome.text)
    }

    @Test func theGeneratorHasAnExampleToo() async throws {
        let outcome = try await Tool.generate.run("--help", in: try TemporaryFolder())
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("Example"))
    }

    @Test func versionsAreOneLine() async throws {
        let folder = try TemporaryFolder()
        let processor = try await Tool.perilune.run("--version", in: folder)
        #expect(processor.status == 0)
        #expect(processor.text.hasPrefix("perilune "))
        #expect(processor.text.split(separator: "\n").count == 1)
        let generator = try await Tool.generate.run("--version", in: folder)
        #expect(generator.status == 0)
        #expect(generator.text.hasPrefix("perilune-generate "))
    }
}

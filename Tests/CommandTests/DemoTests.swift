import TestSupport
import Testing

@Suite struct DemoTests {
    @Test func theWholeStoryHolds() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            "demo",
            "--directory",
            "demo",
            "--duration",
            "300",
            in: folder
        )
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(outcome.words.isEmpty)
        #expect(!outcome.text.contains("✗"))
        #expect(outcome.text.contains("checks hold."))
        #expect(!outcome.text.contains("\u{1B}"))
        #expect(try folder.names() == ["demo"])
    }
}

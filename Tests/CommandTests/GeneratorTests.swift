import Foundation
import TestSupport
import Testing

@Suite struct GeneratorTests {
    @Test func theSameSeedGivesTheSameOctets() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let folder = try TemporaryFolder()
        let outcome = try await Tool.generate.run(
            GeneratedPass.arguments("spin-out") + ["--output", "again.cadu", "--truth", "again.json"],
            in: folder
        )
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty)
        #expect(try folder.read("again.cadu") == pass.octets)
        #expect(try folder.names() == ["again.cadu", "again.json"])
    }

    @Test func anotherSeedGivesOtherOctetsOfTheSameLength() async throws {
        let folder = try TemporaryFolder()
        for seed in ["1", "2"] {
            let outcome = try await Tool.generate.run(
                "--scenario",
                "nominal",
                "--seed",
                seed,
                "--duration",
                "60",
                "--output",
                seed,
                "--json",
                in: folder
            )
            struct Done: Decodable {
                let seed: UInt64
                let octets: Int
            }
            let done = try outcome.done(Done.self)
            #expect(String(done.seed) == seed)
            #expect(try folder.read(seed).count == done.octets)
        }
        let first = try folder.read("1")
        let second = try folder.read("2")
        #expect(first.count == second.count)
        #expect(first != second)
    }

    @Test(
        arguments: [
            (["--scenario", "nosuch", "--output", "x"], "nosuch"),
            (["--scenario", "nominal", "--mission", "lunar-25", "--output", "x"], "did you mean luna-25?"),
            (["--scenario", "nominal", "--output", "nosuch/x"], "nosuch/x: cannot create it"),
            (["--scenario", "nominal", "--output", "udp://127.0.0.1:9"], "perilune replay --to udp://127.0.0.1:9"),
            (["--scenario", "nominal", "--output", "x", "--truth", "x"], "two outputs have the same name"),
            (["--scenario", "nominal", "--output", "x", "--duration", "-5"], "duration"),
        ]
    )
    func aWrongOrderIsRefusedAndLeavesNothing(arguments: [String], words: String) async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.generate.run(arguments, in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.words.contains(words), "\(outcome.words)")
        #expect(outcome.output.isEmpty)
        #expect(try folder.names().isEmpty)
    }
}

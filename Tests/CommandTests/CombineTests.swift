import Foundation
import TestSupport
import Testing

/// Several recordings of one pass, damaged each in its own way, made one.
@Suite struct CombineTests {
    struct Done: Decodable {
        struct Input: Decodable {
            let frames: Int
            let alone: Int
            let shared: Int
            let lacking: Int
        }

        let frames: Int
        let common: Int
        let recovered: Int
        let octets: Int
        let names: [String]
        let inputs: [Input]
    }

    /// A pass, and two antennas' recordings of it: one lost a stretch to noise, the other started late, lost another
    /// stretch, and is inverted and three bits off.
    private func recordings(in folder: TemporaryFolder) async throws -> [UInt8] {
        let pass = try await GeneratedPass.of("nominal").octets
        var generator = SeededGenerator(seed: 12)
        let length = pass.count / 20
        var first = pass
        first.replaceSubrange(4 * length..<5 * length, with: generator.octets(length))
        var second = Array(pass[length...])
        second.removeSubrange(9 * length..<10 * length)
        let late = generator.octets(1) + second.map { ~$0 } + [0]
        let shifted = zip(late, late.dropFirst()).map { $0 << 3 | $1 >> 5 }
        _ = try folder.write("pass", pass)
        _ = try folder.write("a", first)
        _ = try folder.write("b", shifted)
        return pass
    }

    @Test func theResultIsWhatWasSent() async throws {
        let folder = try TemporaryFolder()
        _ = try await recordings(in: folder)
        let outcome = try await Tool.perilune.run("combine", "a", "b", "-o", "c", "--json", in: folder)
        #expect(outcome.status == 0, "\(outcome.words)")
        #expect(outcome.words.isEmpty)
        let done = try outcome.done(Done.self)
        #expect(try await Tool.perilune.run("decode", "pass", "--to", "frames", "-o", "sent", in: folder).status == 0)
        #expect(try folder.read("c") == folder.read("sent"))
        #expect(done.names == ["a", "b"])
        #expect(done.octets == (try folder.read("sent")).count)
        #expect(done.inputs.allSatisfy { $0.alone > 0 && $0.alone + $0.shared == $0.frames })
        #expect(done.inputs.allSatisfy { $0.alone + $0.shared + $0.lacking == done.frames })
        #expect(done.common == done.inputs[0].shared && done.recovered == 0)
    }

    @Test func codedAnewItIsReadLikeARecording() async throws {
        let folder = try TemporaryFolder()
        let pass = try await recordings(in: folder)
        let outcome = try await Tool.perilune.run("combine", "a", "b", "-o", "c", "--to", "cadu", in: folder)
        #expect(outcome.status == 0, "\(outcome.words)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.words.contains("it alone"))
        #expect(try folder.read("c") == pass)
    }

    @Test func anotherPassIsRefused() async throws {
        let folder = try TemporaryFolder()
        _ = try await recordings(in: folder)
        let generated = try await Tool.generate.run(
            "--scenario",
            "nominal",
            "--seed",
            "8",
            "--duration",
            "60",
            "--start",
            "2023-08-20T00:00:00Z",
            "-o",
            "other",
            in: folder
        )
        #expect(generated.status == 0, "\(generated.words)")
        let outcome = try await Tool.perilune.run("combine", "a", "other", "-o", "c", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.words.hasPrefix("perilune: other: has no frame in common with a"), "\(outcome.words)")
        #expect(try folder.names() == ["a", "b", "other", "pass"])
    }

    @Test func whatCannotBeDoneIsSaid() async throws {
        let folder = try TemporaryFolder()
        _ = try await recordings(in: folder)
        _ = try folder.write("taken", [1])
        for (arguments, words) in [
            (["a", "-o", "c"], "2 to 64 recordings"), (["a", "b", "-o", "taken"], "taken"),
            (["a", "b", "-o", "c", "--to", "cadu", "--keep-bad"], "bad frames would look good"),
            (["a", "missing", "-o", "c"], "missing"),
        ] {
            let outcome = try await Tool.perilune.run(["combine"] + arguments, in: folder)
            #expect(outcome.status == 2, "\(arguments)")
            #expect(outcome.words.contains(words), "\(arguments): \(outcome.words)")
        }
        #expect(try folder.names() == ["a", "b", "pass", "taken"])
        #expect(try folder.read("taken") == [1])
    }

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: [
            ("snpp_synchronized_cadus.dat", "s-npp"), ("mars2020_10kbps.u8", "mars-2020"),
            ("change5_2020-11-28.u8", "change-5"),
        ]
    )
    func realRecordingsDamagedTwiceAreWhole(_ name: String, _ link: String) async throws {
        let folder = try TemporaryFolder()
        let octets = try Fixtures.recording(name)
        let unit = ["s-npp": 1024, "mars-2020": 1115, "change-5": 220][link] ?? 1
        let tenth = octets.count / unit / 10 * unit
        _ = try folder.write("whole", octets)
        _ = try folder.write("a", Array(octets[..<(2 * tenth)] + octets[(4 * tenth)...]))
        _ = try folder.write("b", Array(octets[tenth..<(6 * tenth)] + octets[(7 * tenth)...]))
        let outcome = try await Tool.perilune.run(
            ["combine", "a", "b", "-o", "c", "--link", link, "--json"],
            in: folder
        )
        #expect(outcome.status == 0, "\(outcome.words)")
        let frames = try await Tool.perilune.run(
            ["decode", "whole", "--link", link, "--to", "frames", "-o", "f"],
            in: folder
        )
        #expect(frames.status == 0)
        #expect(try folder.read("c") == folder.read("f"))
    }
}

import Foundation
import TestSupport
import Testing

/// The raw input kept in an archive beside the frames that came of it.
@Suite struct KeptInputTests {
    private func run(_ arguments: String..., in folder: TemporaryFolder) async throws -> Outcome {
        let outcome = try await Tool.perilune.run(arguments + ["--quiet"], in: folder)
        #expect(outcome.status == 0, "\(arguments): \(outcome.words)")
        return outcome
    }

    /// A pass with noise in it that no frame has, longer than two pieces, and an archive of it.
    private func recording(in folder: TemporaryFolder) async throws -> [UInt8] {
        let pass = try await GeneratedPass.of("nominal")
        var octets = try pass.octets
        var generator = SeededGenerator(seed: 91)
        octets.insert(contentsOf: generator.octets(1_500_000), at: octets.count / 3)
        octets += generator.octets(1_000_001)
        _ = try folder.write("pass.cadu", octets)
        let keep = ["--keep", "input", "--mission", "luna-25", "-o", "a.plar", "--quiet"]
        let outcome = try await Tool.perilune.run(["archive", "create", "pass.cadu"] + keep, in: folder)
        #expect(outcome.status == 0, "\(outcome.words)")
        return octets
    }

    @Test func theInputComesBackOctetForOctet() async throws {
        let folder = try TemporaryFolder()
        let octets = try await recording(in: folder)
        #expect(octets.count > 2 << 20)
        #expect(try await run("archive", "extract", "a.plar", "--to", "input", in: folder).output == octets)
        _ = try await run("archive", "extract", "a.plar", "--to", "input", "-o", "again", in: folder)
        #expect(try folder.read("again") == octets)
        _ = try await run("archive", "verify", "a.plar", in: folder)
        let frames = try await run("decode", "pass.cadu", "--mission", "luna-25", "--to", "frames", in: folder).output
        #expect(try await run("archive", "extract", "a.plar", in: folder).output == frames)

        // A repair keeps it too.
        _ = try await run("archive", "repair", "a.plar", "-o", "b.plar", in: folder)
        #expect(try await run("archive", "extract", "b.plar", "--to", "input", in: folder).output == octets)
    }

    @Test(.enabled(if: GrowingArchiveTests.havePython, "python3 is absent"))
    func anotherProgramPassesOverIt() async throws {
        let folder = try TemporaryFolder()
        _ = try await recording(in: folder)
        let own = try await run("archive", "extract", "a.plar", in: folder).output
        let reader = Fixtures.root.appending(path: "tools/read-archive").path
        let other = try Shell.run("python3", [reader, "extract", folder.path("a.plar")])
        #expect(other.status == 0 && !own.isEmpty && other.output == own, "\(other.words)")
    }

    /// Where the members of a kind begin, and their sizes.
    private func members(_ archive: [UInt8], kind: UInt8) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var offset = 0
        while offset + 128 <= archive.count {
            let size = (0..<8).reduce(0) { $0 | Int(archive[offset + 20 + $1]) << (8 * $1) }
            if archive[offset + 17] == kind { found.append(offset..<(offset + size)) }
            offset += size
        }
        return found
    }

    @Test func whatIsDamagedIsNotGivenOutAsRight() async throws {
        let folder = try TemporaryFolder()
        _ = try await recording(in: folder)
        let whole = try folder.read("a.plar")
        let pieces = members(whole, kind: 9)
        #expect(pieces.count > 2)
        for (index, place) in [pieces[1].lowerBound + 30, pieces[1].lowerBound + 5000, pieces[2].upperBound - 3]
            .enumerated()
        {
            var damaged = whole
            damaged[place] ^= 8
            _ = try folder.write("d.plar", damaged)
            #expect(try await Tool.perilune.run("archive", "verify", "d.plar", in: folder).status == 1)
            let extract = ["archive", "extract", "d.plar", "--to", "input", "-o", "x"]
            let outcome = try await Tool.perilune.run(extract, in: folder)
            #expect(outcome.status == 2, "place \(index)")
            #expect(outcome.words.contains("d.plar: The archive is damaged at offset "), "\(outcome.words)")
            #expect(try !folder.names().contains("x"))
            // Its units are whole.
            let units = try await Tool.perilune.run("archive", "extract", "d.plar", "--quiet", in: folder)
            #expect(units.status == 0)
            let repair = ["archive", "repair", "d.plar", "-o", "r.plar", "--force"]
            let repaired = try await Tool.perilune.run(repair, in: folder)
            #expect(repaired.status == 1)
            #expect(repaired.text.contains("1,048,576 octets of raw input are lost"), "\(repaired.text)")
            #expect(try await Tool.perilune.run("archive", "verify", "r.plar", in: folder).status == 0)
            let rest = try await Tool.perilune.run(["archive", "extract", "r.plar", "--to", "input"], in: folder)
            #expect(rest.status == 2)
        }
    }

    @Test func itIsOnlyKeptFromAFileAndOnRequest() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let mission = ["--mission", "luna-25"]
        let piped = try await Tool.perilune.run(
            ["archive", "create", "-", "-o", "a.plar", "--keep", "input"] + mission,
            in: folder,
            input: Array(try pass.octets.prefix(200_000))
        )
        #expect(piped.status == 2)
        #expect(piped.words.contains("only the input from a file can be kept"))
        #expect(try folder.names().isEmpty)
        let created = try await Tool.perilune.run(
            ["archive", "create", pass.path, "-o", "a.plar"] + mission,
            in: folder
        )
        #expect(created.status == 0)
        let extracted = try await Tool.perilune.run(["archive", "extract", "a.plar", "--to", "input"], in: folder)
        #expect(extracted.status == 2)
        #expect(
            extracted.words
                == "perilune: a.plar: keeps no raw input; only `perilune archive create --keep input` does\n"
        )
    }

    private struct Kept: Decodable {
        struct Input: Decodable, Equatable {
            let name: String
            let octets: Int
            let offset: Int
        }

        let inputs: [Input]?
        let droppedInput: Int?
    }

    /// Three archives with their inputs, of which the second ends in noise and the third is of the first again.
    private func recordings(in folder: TemporaryFolder) async throws -> [[UInt8]] {
        let octets = try await GeneratedPass.of("nominal").octets
        var generator = SeededGenerator(seed: 92)
        let middle = octets.count / 2
        let inputs = [Array(octets[..<middle]), octets[middle...] + generator.octets(1_200_000)]
        for (index, input) in inputs.enumerated() { _ = try folder.write("\(index).cadu", input) }
        for (name, input) in [("a", 0), ("b", 1), ("c", 0)] {
            let keep = ["--keep", "input", "--mission", "luna-25", "-o", "\(name).plar", "--quiet"]
            let outcome = try await Tool.perilune.run(["archive", "create", "\(input).cadu"] + keep, in: folder)
            #expect(outcome.status == 0, "\(outcome.words)")
        }
        return inputs
    }

    @Test func aMergeKeepsTheInputsApart() async throws {
        let folder = try TemporaryFolder()
        let inputs = try await recordings(in: folder)
        let merge = ["archive", "merge", "a.plar", "b.plar", "c.plar", "-o", "all.plar"]
        let merged = try await Tool.perilune.run(merge, in: folder)
        #expect(merged.status == 0)
        for words in ["all.plar: keeps the raw input 0.cadu, ", "all.plar: keeps the raw input 1.cadu, "] {
            #expect(merged.words.contains(words), "\(merged.words)")
        }
        #expect(merged.words.contains(" of raw input left out, which is there already\n"), "\(merged.words)")
        _ = try await run("archive", "verify", "all.plar", in: folder)

        let extract = ["archive", "extract", "all.plar", "--to", "input"]
        let all = try await Tool.perilune.run(extract, in: folder)
        #expect(all.status == 0 && all.output == inputs[0] + inputs[1])
        #expect(all.words.contains("from octet \(inputs[0].count.formatted()): 1.cadu, "), "\(all.words)")
        for (number, input) in inputs.enumerated() {
            let one = try await Tool.perilune.run(extract + ["--input", "\(number + 1)", "--quiet"], in: folder)
            #expect(one.status == 0 && one.output == input)
        }
        let none = try await Tool.perilune.run(extract + ["--input", "3"], in: folder)
        #expect(none.status == 2)
        #expect(none.words == "perilune: all.plar: keeps 2 raw inputs; there is no number 3\n", "\(none.words)")
        let expected = [
            Kept.Input(name: "0.cadu", octets: inputs[0].count, offset: 0),
            Kept.Input(name: "1.cadu", octets: inputs[1].count, offset: inputs[0].count),
        ]
        let info = try await run("archive", "info", "all.plar", "--json", in: folder).done(Kept.self)
        #expect(info.inputs == expected)

        // Merged and repaired again, they stay what they are.
        let again = try await run("archive", "merge", "all.plar", "b.plar", "-o", "more.plar", "--json", in: folder)
        let report = try again.done(Kept.self)
        #expect(report.inputs == expected && report.droppedInput == inputs[1].count)
        _ = try await run("archive", "repair", "more.plar", "-o", "whole.plar", in: folder)
        let repaired = ["archive", "extract", "whole.plar", "--to", "input", "--input", "2", "--quiet"]
        #expect(try await Tool.perilune.run(repaired, in: folder).output == inputs[1])
    }

    @Test func aMergeLosesNoInputUnasked() async throws {
        let folder = try TemporaryFolder()
        let inputs = try await recordings(in: folder)
        var damaged = try folder.read("b.plar")
        let piece = try #require(members(damaged, kind: 9).first)
        damaged[piece.lowerBound + 5000] ^= 8
        _ = try folder.write("d.plar", damaged)
        #expect(try await Tool.perilune.run("archive", "repair", "d.plar", "-o", "r.plar", in: folder).status == 1)
        for (archive, words) in [
            ("d.plar", "perilune: d.plar: The archive is damaged at offset "),
            ("r.plar", "perilune: r.plar: octet 0 of the raw input that it keeps; heal it by"),
        ] {
            let merge = ["archive", "merge", "a.plar", archive, "-o", "x.plar"]
            let refused = try await Tool.perilune.run(merge, in: folder)
            #expect(refused.status == 2 && refused.words.hasPrefix(words), "\(refused.words)")
            #expect(try !folder.names().contains("x.plar"))
        }
        let drop = ["archive", "merge", "a.plar", "r.plar", "-o", "x.plar", "--drop-input"]
        let dropped = try await Tool.perilune.run(drop, in: folder)
        #expect(dropped.status == 0)
        #expect(dropped.words.contains(" of raw input left out, which stays in the old archives\n"), "\(dropped.words)")
        let extract = try await Tool.perilune.run("archive", "extract", "x.plar", "--to", "input", in: folder)
        #expect(extract.status == 2 && extract.words.contains("x.plar: keeps no raw input"))

        // One with input and one without: the input goes along under its own name.
        _ = try await run("archive", "merge", "x.plar", "b.plar", "-o", "y.plar", in: folder)
        let kept = try await run("archive", "info", "y.plar", "--json", in: folder).done(Kept.self)
        #expect(kept.inputs == [Kept.Input(name: "1.cadu", octets: inputs[1].count, offset: 0)])
        #expect(try await run("archive", "extract", "y.plar", "--to", "input", in: folder).output == inputs[1])
    }
}

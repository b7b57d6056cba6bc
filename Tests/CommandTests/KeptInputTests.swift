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
}

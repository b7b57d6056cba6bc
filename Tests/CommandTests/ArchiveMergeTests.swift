import Foundation
import TestSupport
import Testing

/// Archives that become one.
@Suite struct ArchiveMergeTests {
    private struct Report: Decodable {
        let units: Int
        let octets: Int
        let copies: Int
        let adoptedChunks: Int
        let mergedChunks: Int
        let droppedChunks: Int
        let clock: String?
    }

    private struct Info: Decodable {
        let units: Int
        let end: String
        let mission: String?
        let origins: [String]?
    }

    private func run(_ arguments: [String], in folder: TemporaryFolder) async throws -> Outcome {
        let outcome = try await Tool.perilune.run(arguments + ["--quiet"], in: folder)
        #expect(outcome.status == 0, "\(arguments): \(outcome.words)")
        return outcome
    }

    /// Archives of stretches of a pass, in parts of the whole.
    private func archive(
        _ pass: GeneratedPass,
        _ stretches: [Range<Double>],
        in folder: TemporaryFolder,
        as content: [String] = []
    ) async throws -> [String] {
        let octets = try pass.octets
        let units = pass.truth.channels.reduce(0) { $0 + $1.frames }
        let length = octets.count / units
        var names: [String] = []
        for (index, stretch) in stretches.enumerated() {
            let from = Int(stretch.lowerBound * Double(units)) * length
            let until = Int(stretch.upperBound * Double(units)) * length
            _ = try folder.write("\(index).cadu", Array(octets[from..<until]))
            names.append("\(index).plar")
            _ = try await run(
                [
                    "archive", "create", "\(index).cadu", "-o", "\(index).plar", "--mission", "luna-25", "--chunk",
                    "32768",
                ]
                    + content,
                in: folder
            )
        }
        return names
    }

    @Test(arguments: [[0..<0.4, 0.4..<0.7, 0.7..<1], [0.3..<1, 0..<0.4, 0.2..<0.6]])
    func piecesOfAPassMakeTheWhole(stretches: [Range<Double>]) async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let names = try await archive(pass, stretches, in: folder)
        let merged = try await run(["archive", "merge"] + names + ["-o", "all.plar", "--json"], in: folder)
        let report = try merged.done(Report.self)
        #expect(report.adoptedChunks > 0 && report.clock == "onboard")
        #expect(report.units == pass.truth.channels.reduce(0) { $0 + $1.frames })
        let info = try await run(["archive", "info", "all.plar", "--json"], in: folder).done(Info.self)
        #expect(info.units == report.units && info.end == "sealed" && info.mission == "luna-25/lander")
        #expect(info.origins?.count == 3)
        _ = try await run(["archive", "verify", "all.plar"], in: folder)

        let packets = try await run(["decode", pass.path, "--to", "packets", "--mission", "luna-25"], in: folder)
        let extracted = try await run(["archive", "extract", "all.plar", "--to", "packets"], in: folder)
        #expect(!packets.output.isEmpty && extracted.output == packets.output)
        let selected = ["--apid", "32", "--from", "2023-08-19T11:01:00Z", "--until", "2023-08-19T11:02:00Z"]
        let some = try await run(
            ["decode", pass.path, "--to", "packets", "--mission", "luna-25"] + selected,
            in: folder
        )
        #expect(!some.output.isEmpty)
        #expect(try await run(["archive", "extract", "all.plar"] + selected, in: folder).output == some.output)
    }

    @Test(.enabled(if: GrowingArchiveTests.havePython, "python3 is absent"))
    func anotherProgramReadsTheResult() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let names = try await archive(pass, [0..<0.2, 0.1..<0.4], in: folder)
        _ = try await run(["archive", "merge"] + names + ["-o", "all.plar"], in: folder)
        let own = try await run(["archive", "extract", "all.plar"], in: folder).output
        let reader = Fixtures.root.appending(path: "tools/read-archive").path
        let other = try Shell.run("python3", [reader, "extract", folder.path("all.plar")])
        #expect(other.status == 0, "\(other.words)")
        #expect(!own.isEmpty && other.output == own)
    }

    @Test func partsBecomeOne() async throws {
        let folder = try TemporaryFolder()
        let stream = Array(GrowingArchiveTests.packets(seed: 77, count: 6000).joined())
        let created = try await Tool.perilune.run(
            [
                "archive", "create", "-", "--input", "packets", "-o", "a.plar", "--rotate-size", "65536", "--chunk",
                "8192",
            ],
            in: folder,
            input: stream
        )
        #expect(created.status == 0)
        let parts = try folder.names().sorted().reversed()
        #expect(parts.count > 2)
        let merged = try await run(["archive", "merge"] + parts + ["-o", "b.plar", "--json"], in: folder)
        let report = try merged.done(Report.self)
        #expect(report.copies == 0 && report.mergedChunks == 0 && report.octets == stream.count)
        #expect(try await run(["archive", "extract", "b.plar"], in: folder).output == stream)
    }

    @Test func whatDoesNotFitIsRefused() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let names = try await archive(pass, [0..<0.3, 0.3..<0.6], in: folder)
        _ = try await run(["archive", "extract", "0.plar", "--to", "packets", "-o", "p"], in: folder)
        _ = try await run(["archive", "create", "p", "--input", "packets", "-o", "packets.plar"], in: folder)
        var octets = try folder.read("1.plar")
        octets[octets.count / 2] ^= 1
        _ = try folder.write("damaged.plar", octets)
        _ = try folder.write("short.plar", Array(octets.prefix(octets.count / 3)))
        _ = try folder.write("there.plar", [1, 2, 3])
        let before = try folder.names()
        for (arguments, words) in [
            (["0.plar", "packets.plar"], "packets.plar: keeps packets, other units than 0.plar"),
            (["0.plar", "damaged.plar"], "damaged.plar: The archive is damaged at offset "),
            (["0.plar", "short.plar"], "short.plar: it is cut short in the member at offset "),
            (["0.plar", "none.plar"], "none.plar"),
            (["0.plar", "p"], "p: This is not a Perilune archive"),
        ] {
            let outcome = try await Tool.perilune.run(["archive", "merge"] + arguments + ["-o", "x.plar"], in: folder)
            #expect(outcome.status == 2, "\(arguments): \(outcome.words)")
            #expect(outcome.words.hasPrefix("perilune: \(words)"), "\(outcome.words)")
            if arguments[1].hasPrefix("damaged") || arguments[1].hasPrefix("short") {
                #expect(outcome.words.contains("`perilune archive repair \(arguments[1])`"))
            }
        }
        let taken = try await Tool.perilune.run(["archive", "merge"] + names + ["-o", "there.plar"], in: folder)
        #expect(taken.status == 2)
        #expect(try folder.names() == before)
        #expect(try folder.read("there.plar") == [1, 2, 3])
        _ = try await run(["archive", "merge"] + names + ["-o", "there.plar", "--force"], in: folder)
        #expect(try folder.read("there.plar").count > 3)
    }
}

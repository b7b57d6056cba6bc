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

    @Test func withoutTimesTheOrderIsTheOneGiven() async throws {
        let folder = try TemporaryFolder()
        let streams = (0..<2).map { Array(GrowingArchiveTests.packets(seed: 78 + $0, count: 300).joined()) }
        for (index, stream) in streams.enumerated() {
            _ = try folder.write("\(index)", stream)
            _ = try await run(
                ["archive", "create", "\(index)", "--input", "packets", "-o", "\(index).plar"],
                in: folder
            )
        }
        let merge = ["archive", "merge", "1.plar", "0.plar", "-o", "b.plar"]
        let merged = try await Tool.perilune.run(merge, in: folder)
        #expect(merged.status == 0)
        #expect(
            merged.words.contains("b.plar: not all archives tell times, so they follow each other in the order given")
        )
        let both = streams[1] + streams[0]
        #expect(try await run(["archive", "extract", "b.plar"], in: folder).output == both)
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

    @Test func theNumberOfTasksChangesNoUnit() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let names = try await archive(pass, [0..<0.5, 0.2..<0.8, 0.7..<1], in: folder)
        let merge = ["archive", "merge"] + names + ["-o"]
        let one = try await run(merge + ["1.all.plar", "--json"], in: folder).done(Report.self)
        #expect(one.mergedChunks > 0 && one.adoptedChunks > 0)
        let frames = try await run(["archive", "extract", "1.all.plar"], in: folder).output
        let packets = try await run(["archive", "query", "1.all.plar", "--apid", "33", "--json"], in: folder).output
        #expect(frames.count == one.octets && !packets.isEmpty)
        for jobs in ["2", "3", "0"] {
            let file = "\(jobs).all.plar"
            let many = try await run(merge + [file, "--json", "--jobs", jobs, "--force"], in: folder).done(Report.self)
            #expect(many.units == one.units && many.copies == one.copies && many.adoptedChunks == one.adoptedChunks)
            _ = try await run(["archive", "verify", file], in: folder)
            #expect(try await run(["archive", "extract", file], in: folder).output == frames)
            let octets = try folder.read(file)
            _ = try await run(merge + [file, "--jobs", jobs, "--force"], in: folder)
            #expect(try folder.read(file) == octets, "with \(jobs) tasks it is another archive each time")
            #expect(try await run(["archive", "query", file, "--apid", "33", "--json"], in: folder).output == packets)
        }
        let refused = try await Tool.perilune.run(merge + ["x.plar", "--jobs", "300"], in: folder)
        #expect(refused.status == 2 && refused.words.contains("--jobs 300: write a number from 0 to 256"))
    }

    @Test func damageInOneOfManyTasksIsTheSameDamage() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let names = try await archive(pass, [0..<0.5, 0.2..<0.8], in: folder)
        var octets = try folder.read("1.plar")
        octets[octets.count / 2] ^= 1
        _ = try folder.write("1.plar", octets)
        let merge = ["archive", "merge"] + names + ["-o", "x.plar", "--jobs"]
        let one = try await Tool.perilune.run(merge + ["1"], in: folder)
        let two = try await Tool.perilune.run(merge + ["2"], in: folder)
        #expect(one.status == 2 && one.words.hasPrefix("perilune: 1.plar: The archive is damaged"))
        #expect(two.status == 2 && two.words == one.words)
        #expect(try !folder.names().contains("x.plar"))
    }

    @Test func parityIsMadeAsForANewArchive() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let names = try await archive(pass, [0..<0.3, 0.2..<0.5], in: folder)
        let merge = ["archive", "merge"] + names + ["-o", "all.plar", "--json"]
        struct Made: Decodable { let parity: Int? }
        let made = try await run(merge + ["--parity"], in: folder).done(Made.self)
        let whole = try folder.read("all.plar")
        #expect(try made.parity == folder.read("all.plar.parity").count)
        var damaged = whole
        for index in (whole.count / 4)..<(whole.count / 2) { damaged[index] ^= 0x55 }
        _ = try folder.write("all.plar", damaged)
        #expect(try await Tool.perilune.run("archive", "verify", "all.plar", in: folder).status == 1)
        _ = try await run(["archive", "repair", "all.plar", "-o", "again.plar"], in: folder)
        #expect(try folder.read("again.plar") == whole)

        // That of the archive that was replaced would heal the wrong one.
        #expect(try await run(merge + ["--force"], in: folder).done(Made.self).parity == nil)
        #expect(try !folder.names().contains("all.plar.parity"))
    }
}

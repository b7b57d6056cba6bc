import Crypto
import Foundation
import TestSupport
import Testing

/// What goes into an archive comes out of it.
@Suite struct ArchiveTests {
    struct Info: Decodable {
        struct Content: Decodable {
            let virtualChannel: Int
            let apid: Int?
            let units: Int
        }

        let content: String
        let mission: String?
        let units: Int
        let octets: Int
        let end: String
        let contents: [Content]
    }

    struct Totals: Decodable, Equatable {
        let units: Int
        let octets: Int
    }

    private func run(_ arguments: String..., in folder: TemporaryFolder) async throws -> Outcome {
        let outcome = try await Tool.perilune.run(arguments + ["--quiet"], in: folder)
        #expect(outcome.status == 0, "\(arguments): \(outcome.words)")
        #expect(outcome.words.isEmpty)
        return outcome
    }

    @Test func aPassComesBackOctetForOctet() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let folder = try TemporaryFolder()
        let file = "pass.plar"
        _ = try await run("archive", "create", pass.path, "-o", file, "--mission", "luna-25", in: folder)
        #expect(try folder.names() == [file])

        let info = try await run("archive", "info", file, "--json", in: folder).done(Info.self)
        #expect(info.content == "frames")
        #expect(info.mission == "luna-25/lander")
        #expect(info.end == "sealed")
        #expect(info.units == pass.truth.channels.reduce(0) { $0 + $1.frames })
        for channel in pass.truth.channels {
            for sent in channel.apids {
                #expect(info.contents.first { $0.apid == sent.apid }?.units == sent.packets, "APID \(sent.apid)")
            }
        }
        let verified = try await run("archive", "verify", file, "--json", in: folder)
        #expect(try verified.done(Verified.self).intact)

        let frames = try await run("decode", pass.path, "--to", "frames", in: folder).output
        #expect(frames.count == info.octets)
        #expect(try await run("archive", "extract", file, in: folder).output == frames)
        let packets = try await run("decode", pass.path, "--to", "packets", in: folder).output
        #expect(try await run("archive", "extract", file, "--to", "packets", in: folder).output == packets)
        #expect(try await run("decode", file, "--to", "packets", in: folder).output == packets)
        let useful = try await run("archive", "extract", file, "--to", "packets", "--no-idle", in: folder).output
        #expect(Hex.text(SHA256.hash(data: useful)) == pass.truth.packetsSHA256)
    }

    private struct Verified: Decodable {
        let intact: Bool
    }

    @Test func queryFindsWhatFilteringTheWholeFinds() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let folder = try TemporaryFolder()
        // Small chunks, so that the index has something to choose from.
        _ = try await run(
            "archive",
            "create",
            pass.path,
            "-o",
            "a.plar",
            "--mission",
            "luna-25",
            "--chunk",
            "16384",
            in: folder
        )
        let span = ["--from", "2023-08-19T11:02:00Z", "--until", "2023-08-19T11:02:30Z", "--apid", "32", "--quiet"]
        let query = try await Tool.perilune.run(["archive", "query", "a.plar", "--json"] + span, in: folder)
        #expect(query.status == 0)
        let packets = try query.events().dropLast()
        #expect(packets.allSatisfy { $0.name == "packet" })
        struct Packet: Decodable {
            let apid: Int
            let time: String
        }
        for packet in try packets.map({ try $0.payload(Packet.self) }) {
            #expect(packet.apid == 32)
            #expect((119.9999..<150).contains(try pass.truth.seconds(to: packet.time)))
        }
        let extracted = try await Tool.perilune.run(["archive", "extract", "a.plar"] + span, in: folder)
        let filtered = try await Tool.perilune.run(
            ["decode", pass.path, "--mission", "luna-25", "--to", "packets"] + span,
            in: folder
        )
        #expect(!filtered.output.isEmpty)
        #expect(extracted.output == filtered.output)
        #expect(try query.done(Totals.self) == Totals(units: packets.count, octets: filtered.output.count))
    }

    @Test func severalTasksDoWhatOneDoes() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let folder = try TemporaryFolder()
        var digests: Set<String> = []
        for jobs in ["1", "2", "0"] {
            let file = "pass-\(jobs).plar"
            let options = ["--mission", "luna-25", "--chunk", "32768", "--jobs", jobs, "--quiet"]
            let made = try await Tool.perilune.run(["archive", "create", pass.path, "-o", file] + options, in: folder)
            #expect(made.status == 0, "\(made.words)")
            for readers in ["1", "2"] {
                let verified = try await run("archive", "verify", file, "--json", "--jobs", readers, in: folder)
                #expect(try verified.done(Verified.self).intact)
                let octets = try await run("archive", "extract", file, "--jobs", readers, in: folder).output
                #expect(!octets.isEmpty)
                digests.insert(Hex.text(SHA256.hash(data: octets)))
            }
        }
        #expect(digests.count == 1)
        let refused = try await Tool.perilune.run("archive", "verify", "pass-1.plar", "--jobs", "300", in: folder)
        #expect(refused.status == 2)
        #expect(refused.words.contains("--jobs 300: write a number from 0 to 256"))
    }

    @Test func packetsAreArchivedAsPackets() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        _ = try await run("decode", pass.path, "--to", "packets", "-o", "pass.packets", in: folder)
        _ = try await run(
            "archive",
            "create",
            "pass.packets",
            "--input",
            "packets",
            "-o",
            "a.plar",
            in: folder
        )
        let info = try await run("archive", "info", "a.plar", "--json", in: folder).done(Info.self)
        #expect(info.content == "packets")
        let whole = try folder.read("pass.packets")
        #expect(try await run("archive", "extract", "a.plar", in: folder).output == whole)
        let frames = try await Tool.perilune.run("archive", "extract", "a.plar", "--to", "frames", in: folder)
        #expect(frames.status == 2)
        #expect(frames.words == "perilune: a.plar: keeps packets, no frames; extract --to packets\n")
    }

    @Test func aPipeIsArchivedAsItGrows() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            ["archive", "create", "-", "-o", "live.plar", "--mission", "luna-25", "--json"],
            in: folder,
            input: pass.octets
        )
        #expect(outcome.status == 0)
        let packets = try await run("decode", pass.path, "--to", "packets", in: folder).output
        let extracted = try await run("archive", "extract", "live.plar", "--to", "packets", in: folder).output
        #expect(extracted == packets)
    }

    /// An archive with one bit turned over, and one that lost its end.
    private func spoiled(_ folder: TemporaryFolder) async throws {
        let pass = try await GeneratedPass.of("nominal")
        _ = try await run(
            "archive",
            "create",
            pass.path,
            "-o",
            "whole.plar",
            "--mission",
            "luna-25",
            "--chunk",
            "65536",
            in: folder
        )
        var octets = try folder.read("whole.plar")
        _ = try folder.write("short.plar", Array(octets.prefix(octets.count * 2 / 3)))
        octets[octets.count / 2] ^= 0x10
        _ = try folder.write("flipped.plar", octets)
    }

    @Test func aFlippedBitIsFoundAndLocated() async throws {
        let folder = try TemporaryFolder()
        try await spoiled(folder)
        let place = try folder.read("whole.plar").count / 2
        let verify = try await Tool.perilune.run("archive", "verify", "flipped.plar", "--json", in: folder)
        #expect(verify.status == 1)
        struct Damage: Decodable {
            let offset: Int
            let length: Int
        }
        let damage = try #require(try verify.events().first)
        #expect(damage.name == "damage")
        let located = try damage.payload(Damage.self)
        #expect((located.offset..<located.offset + located.length).contains(place))
        #expect(try verify.done(Verified.self).intact == false)

        let extract = try await Tool.perilune.run(
            "archive",
            "extract",
            "flipped.plar",
            "--to",
            "packets",
            "-o",
            "rest.packets",
            in: folder
        )
        #expect(extract.status == 1)
        #expect(extract.words.contains("flipped.plar: The archive is damaged at offset \(located.offset)"))
        #expect(extract.words.contains("what could be read was given. See `perilune archive verify`"))
        #expect(try !folder.read("rest.packets").isEmpty)
    }

    @Test func aDamagedArchiveAsARecordingIsNamedWithARemedy() async throws {
        let folder = try TemporaryFolder()
        try await spoiled(folder)
        let decode = try await Tool.perilune.run("decode", "flipped.plar", "--to", "packets", "-o", "x", in: folder)
        #expect(decode.status == 2)
        #expect(decode.words.hasPrefix("perilune: flipped.plar: The archive is damaged at offset "))
        #expect(decode.words.contains("`perilune archive verify`"))
        #expect(try !folder.names().contains { $0.hasPrefix("x") })
    }

    @Test func anArchiveCutShortIsReadOnlyWhenThatIsMeant() async throws {
        let folder = try TemporaryFolder()
        try await spoiled(folder)
        let before = try folder.names()
        for arguments in [
            ["inspect", "short.plar"], ["decode", "short.plar", "--to", "packets", "-o", "x"],
            ["detect", "short.plar"], ["replay", "short.plar", "--to", "x"], ["archive", "info", "short.plar"],
            ["archive", "extract", "short.plar", "-o", "x"], ["archive", "query", "short.plar"],
        ] {
            let outcome = try await Tool.perilune.run(arguments, in: folder)
            #expect(outcome.status == 2, "\(arguments)")
            #expect(outcome.words.hasPrefix("perilune: short.plar: is cut short in the member at offset "))
            #expect(outcome.words.contains("Add --partial"))
        }
        #expect(try await Tool.perilune.run("archive", "verify", "short.plar", in: folder).status == 1)
        #expect(try folder.names() == before)
        let part = try await run("decode", "short.plar", "--partial", "--to", "frames", in: folder).output
        let whole = try await run("decode", "whole.plar", "--to", "frames", in: folder).output
        #expect(!part.isEmpty && part.count < whole.count)
        #expect(whole.starts(with: part))
    }
}

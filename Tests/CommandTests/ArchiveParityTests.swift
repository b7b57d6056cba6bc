import Crypto
import Foundation
import TestSupport
import Testing

/// What is damaged comes back by the parity that lies beside an archive.
@Suite struct ArchiveParityTests {
    struct Verified: Decodable {
        struct Parity: Decodable {
            let state: String
            let covered: Int
            let damagedPages: Int
            let healablePages: Int
            let missingBlocks: Int
        }

        let intact: Bool
        let parity: Parity?
    }

    struct Repaired: Decodable {
        let units: Int
        let lost: Int
        let healed: Bool
        let healedPages: Int
    }

    private static let arguments = ["--input", "packets", "-o", "a.plar", "--raw", "--chunk", "65536", "--quiet"]

    /// A raw archive of some hundred pages with parity, as it was made.
    private func make(_ folder: TemporaryFolder, count: Int = 15_000) async throws -> [UInt8] {
        _ = try folder.write("in.packets", Array(GrowingArchiveTests.packets(seed: 401, count: count).joined()))
        let created = try await Tool.perilune.run(
            ["archive", "create", "in.packets", "--parity", "--json"] + Self.arguments,
            in: folder
        )
        #expect(created.status == 0, "\(created.words)")
        struct Created: Decodable { let parity: Int }
        #expect(try created.done(Created.self).parity == folder.read("a.plar.parity").count)
        #expect(try folder.names() == ["a.plar", "a.plar.parity", "in.packets"])
        return try folder.read("a.plar")
    }

    private func verify(_ folder: TemporaryFolder, status: Int32) async throws -> Verified {
        let outcome = try await Tool.perilune.run("archive", "verify", "a.plar", "--json", in: folder)
        #expect(outcome.status == status, "\(outcome.words)")
        return try outcome.done(Verified.self)
    }

    private func repair(_ folder: TemporaryFolder, status: Int32) async throws -> Repaired {
        let outcome = try await Tool.perilune.run(
            ["archive", "repair", "a.plar", "-o", "b.plar", "--force", "--json"],
            in: folder
        )
        #expect(outcome.status == status, "\(outcome.words)")
        return try outcome.done(Repaired.self)
    }

    @Test func whatIsDamagedComesBackOctetForOctet() async throws {
        let folder = try TemporaryFolder()
        let whole = try await make(folder)
        let sound = try #require(try await verify(folder, status: 0).parity)
        #expect(sound.state == "sound" && sound.covered == whole.count && sound.damagedPages == 0)

        var flipped = whole
        for place in stride(from: 100, to: whole.count, by: whole.count / 7) { flipped[place] ^= 0x20 }
        var overwritten = whole
        overwritten.replaceSubrange(30_000..<330_000, with: repeatElement(0, count: 300_000))
        var headless = whole
        headless.replaceSubrange(0..<70_000, with: repeatElement(0x55, count: 70_000))
        for damaged in [flipped, overwritten, headless, Array(whole.dropLast(200_000))] {
            _ = try folder.write("a.plar", damaged)
            let found = try await verify(folder, status: 1)
            #expect(!found.intact)
            #expect(try #require(found.parity).healablePages == found.parity?.damagedPages)
            let repaired = try await repair(folder, status: 0)
            #expect(repaired.healed && repaired.lost == 0 && repaired.units == 15_000)
            #expect(repaired.healedPages == found.parity?.damagedPages)
            #expect(try folder.read("b.plar") == whole)
            #expect(try folder.read("a.plar") == damaged)
        }
    }

    @Test func theHealedAndTheLostAreSaid() async throws {
        let folder = try TemporaryFolder()
        var damaged = try await make(folder)
        damaged[5000] ^= 1
        _ = try folder.write("a.plar", damaged)
        let verify = try await Tool.perilune.run("archive", "verify", "a.plar", in: folder)
        #expect(verify.status == 1)
        #expect(verify.text.hasSuffix("a.plar: parity: sound; 1 of 1 damaged pages can be healed\n"), "\(verify.text)")
        let repair = try await Tool.perilune.run("archive", "repair", "a.plar", in: folder)
        #expect(repair.status == 0)
        let words = "a.plar: 1 of 1 damaged pages are healed by the parity, every octet is what it was\n"
        #expect(repair.text.contains(words))
        #expect(repair.text.contains("a.repaired.plar: 15,000 units"))
    }

    @Test func whatCannotBeHealedIsDroppedAndTheRestIsHealed() async throws {
        let folder = try TemporaryFolder()
        let whole = try await make(folder)
        var damaged = whole
        // Stripe 3 has lost all of its parity and one page, stripe 20 one page.
        var parity = try folder.read("a.plar.parity")
        for block in ParityPlaces.blocks(parity, stripe: 3) { parity[block + 300] ^= 8 }
        _ = try folder.write("a.plar.parity", parity)
        damaged[(65 + 3) * 4096 + 50] ^= 1
        damaged[(130 + 20) * 4096 + 50] ^= 1
        _ = try folder.write("a.plar", damaged)
        let found = try #require(try await verify(folder, status: 1).parity)
        #expect(found.state == "damaged" && found.missingBlocks > 0)
        #expect(found.damagedPages == 1 && found.healablePages == 1)
        let partly = try await repair(folder, status: 1)
        #expect(!partly.healed && partly.healedPages == 1 && partly.lost > 0)
        #expect(try await Tool.perilune.run("archive", "verify", "b.plar", in: folder).status == 0)

        // Without parity more is lost.
        try FileManager.default.removeItem(atPath: folder.path("a.plar.parity"))
        let unhealed = try await repair(folder, status: 1)
        #expect(unhealed.lost > partly.lost && unhealed.healedPages == 0)
    }

    @Test func appendedUnitsAreCoveredWhenParityIsMadeAgain() async throws {
        let folder = try TemporaryFolder()
        let before = try await make(folder, count: 3000)
        let append = ["archive", "append", "in.packets"] + Self.arguments
        let appended = try await Tool.perilune.run(append.dropLast(), in: folder)
        #expect(appended.status == 0)
        #expect(appended.words.hasPrefix("a.plar.parity: does not cover what was appended."))
        let stale = try #require(try await verify(folder, status: 0).parity)
        #expect(stale.state == "stale" && stale.covered == before.count)
        let grown = try folder.read("a.plar")

        // What the parity was made for is healed all the same.
        var damaged = grown
        damaged[7000] ^= 4
        _ = try folder.write("a.plar", damaged)
        #expect(try await repair(folder, status: 0).healed)
        #expect(try folder.read("b.plar") == grown)

        _ = try folder.write("a.plar", grown)
        #expect(try await Tool.perilune.run(append + ["--parity"], in: folder).status == 0)
        #expect(try await verify(folder, status: 0).parity?.state == "sound")
    }

    @Test func parityIsMadeForAnArchiveThatIsThere() async throws {
        let folder = try TemporaryFolder()
        let whole = try await make(folder)
        let parity = try folder.read("a.plar.parity")
        // Replaced without parity: that of the old archive would heal the wrong one, and is gone.
        let replaced = ["archive", "create", "in.packets", "--force"] + Self.arguments
        #expect(try await Tool.perilune.run(replaced, in: folder).status == 0)
        #expect(try folder.names() == ["a.plar", "in.packets"])
        #expect(try folder.read("a.plar") == whole)
        let made = try await Tool.perilune.run("archive", "parity", "a.plar", "--json", in: folder)
        #expect(made.status == 0)
        struct Made: Decodable {
            let covered: Int
            let octets: Int
        }
        let totals = try made.done(Made.self)
        #expect(totals.covered == whole.count && totals.octets == parity.count)
        #expect(try folder.read("a.plar.parity") == parity)

        var damaged = whole
        damaged[9000] ^= 1
        _ = try folder.write("a.plar", damaged)
        let refused = try await Tool.perilune.run("archive", "parity", "a.plar", in: folder)
        #expect(refused.status == 2)
        #expect(refused.words.contains("Parity made now would keep the damage"))
        #expect(try folder.read("a.plar.parity") == parity)
    }

    @Test func everyPartOfARotatedArchiveHasItsOwn() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("in.packets", Array(GrowingArchiveTests.packets(seed: 402, count: 9000).joined()))
        let rotated = ["archive", "create", "in.packets", "--rotate-size", "131072", "--parity"] + Self.arguments
        #expect(try await Tool.perilune.run(rotated, in: folder).status == 0)
        let parts = try folder.names().filter { $0.hasSuffix(".plar") }
        #expect(parts.count > 2)
        #expect(try folder.names().filter { $0.hasSuffix(".parity") } == parts.map { "\($0).parity" })
        for part in parts {
            let verified = try await Tool.perilune.run("archive", "verify", part, "--json", in: folder)
            #expect(try verified.done(Verified.self).parity?.state == "sound", "\(part)")
        }
        // None is left of parts that the next archive of that name does not have.
        let replaced = ["archive", "create", "in.packets", "--force", "--parity"] + Self.arguments
        for part in parts.dropLast() { try FileManager.default.removeItem(atPath: folder.path(part)) }
        #expect(try await Tool.perilune.run(replaced, in: folder).status == 0)
        #expect(try folder.names().filter { $0.hasSuffix(".parity") } == ["a.plar.parity"])
    }

    @Test func parityOfAnotherArchiveHealsNothing() async throws {
        let folder = try TemporaryFolder()
        _ = try await make(folder, count: 2000)
        let parity = try folder.read("a.plar.parity")
        _ = try folder.write("in.packets", Array(GrowingArchiveTests.packets(seed: 403, count: 2001).joined()))
        let other = ["archive", "create", "in.packets", "--force"] + Self.arguments
        #expect(try await Tool.perilune.run(other, in: folder).status == 0)
        _ = try folder.write("a.plar.parity", parity)
        #expect(try await verify(folder, status: 0).parity?.state == "stale")
        // So small that this parity could put the other archive in its place.
        var damaged = try folder.read("a.plar")
        damaged[damaged.count / 2] ^= 1
        _ = try folder.write("a.plar", damaged)
        let repaired = try await repair(folder, status: 1)
        #expect(!repaired.healed && repaired.healedPages == 0 && repaired.units < 2001)
    }

    @Test func theOtherReaderHealsTheSame() async throws {
        let folder = try TemporaryFolder()
        let whole = try await make(folder)
        let reader = Fixtures.root.appending(path: "tools/read-archive").path
        var damaged = Array(whole.dropLast(30_000))
        var parity = try folder.read("a.plar.parity")
        damaged.replaceSubrange(200_000..<600_000, with: repeatElement(1, count: 400_000))
        for place in stride(from: 9000, to: 9000 + 40 * 4300, by: 4300) { parity[place] ^= 0x10 }
        _ = try folder.write("a.plar", damaged)
        _ = try folder.write("a.plar.parity", parity)
        let healed = try Shell.run("python3", [reader, "heal", folder.path("a.plar"), folder.path("a.plar.parity")])
        #expect(healed.status == 0, "\(healed.words)")
        #expect(healed.output == whole)
        #expect(try await repair(folder, status: 0).healed)

        damaged.insert(0, at: 10)
        _ = try folder.write("a.plar", damaged)
        let moved = try Shell.run("python3", [reader, "heal", folder.path("a.plar"), folder.path("a.plar.parity")])
        #expect(moved.status == 1)
    }
}

/// The places of parity in its file, by the sizes that the members say.
private enum ParityPlaces {
    static func blocks(_ parity: [UInt8], stripe: Int) -> [Int] {
        var places: [Int] = []
        var offset = 0
        while offset < parity.count {
            if parity[offset + 17] == 7, parity[offset + 134] == stripe { places.append(offset) }
            offset += (0..<8).reduce(0) { $0 | Int(parity[offset + 20 + $1]) << (8 * $1) }
        }
        return places
    }
}

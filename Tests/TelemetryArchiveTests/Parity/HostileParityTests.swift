import ChannelCoding
import TelemetryArchive
import TestSupport
import Testing

/// Parity that no writer makes, with every checksum right.
@Suite struct HostileParityTests {
    private static let whole = Result { try Protected(seed: 331, count: 6 * Protected.row) }

    /// Where a block's own fields begin in its member.
    private static let fields = 132

    /// Changes octets of a block's subfield and makes the header's checksum right again.
    private func forge(_ parity: [UInt8], block: Int, at place: Int, _ value: [UInt8]) -> [UInt8] {
        var forged = parity
        let member = Protected.blocks(parity)[block]
        let start = member.lowerBound + Self.fields + place
        forged.replaceSubrange(start..<start + value.count, with: value)
        let header = member.lowerBound..<member.upperBound - 10
        for index in 0..<4 { forged[header.lowerBound + 124 + index] = 0 }
        let checksum = CRC32C.checksum(forged.span.extracting(header))
        for index in 0..<4 {
            forged[header.lowerBound + 124 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index))
        }
        return forged
    }

    @Test(
        arguments: [
            ("a later version", 0, [2]),
            ("stripe 65", 2, [65]), ("stripe 255", 2, [255]),
            ("a fifth page of parity", 3, [4]), ("parity 255", 3, [255]),
            ("a group beyond all", 4, [255, 255, 255, 255]),
            ("a group of no octets", 8, [0, 0, 0, 0]),
            ("a group of 4 GiB", 8, [255, 255, 255, 255]),
            ("a group one octet too long", 8, [1, 0xC0, 0xF3, 0]),
            ("a group that is not full and not the last", 1, [0]),
            ("another length", 8, [1, 0, 1, 0]),
            ("another digest", 16, [1, 2, 3, 4]),
        ] as [(String, Int, [UInt8])]
    )
    func whatCannotBeIsLeftOut(what: String, place: Int, value: [UInt8]) throws {
        let whole = try Self.whole.get()
        let parity = forge(whole.parity, block: 70, at: place, value)
        #expect(parity != whole.parity)
        let archive = try whole.healed(whole.octets, parity: parity)
        #expect(archive.report.damage.count == 1 && archive.report.missingBlocks == 1, "\(what)")
        #expect(archive.report.isHealable)
        var damaged = whole.octets
        damaged[5 * Protected.page] ^= 1
        try whole.expectHealed(damaged, parity: parity, pages: 1, "\(what)")
    }

    @Test func aGroupFarBehindTheEndCostsNothing() throws {
        let whole = try Self.whole.get()
        // The last group that can be: 32 PiB of archive, of which one block tells.
        let far = forge(whole.parity, block: 70, at: 4, [0xFF, 0xFF, 0xFF, 0x7F])
        let archive = try whole.healed(whole.octets, parity: far)
        #expect(archive.report.coveredLength > 1 << 54)
        #expect(archive.size == Int64(whole.octets.count))
        #expect(!archive.report.isHealable && !archive.report.isSound)
        #expect(try Protected.read(archive) == whole.octets)
        #expect(try !archive.isProven())
    }

    @Test func aForgedPageIsNotTakenForWhatWas() throws {
        let whole = try Self.whole.get()
        let parity = forge(whole.parity, block: 3, at: 48 + 6 * 4 + 100, [0xAB, 0xCD])
        for extra in [[UInt8](), [1]] {
            var damaged = whole.octets
            damaged[3 * Protected.page + 1000] ^= 1
            // With a second one, both come out wrong.
            if !extra.isEmpty { damaged[(65 + 3) * Protected.page] ^= 1 }
            let archive = try whole.healed(damaged, parity: parity)
            #expect(try Protected.read(archive) == damaged)
            #expect(try !archive.isProven())
        }
    }

    @Test func forgedChecksumsDoNotSpoilWhatIsRight() throws {
        let whole = try Self.whole.get()
        let parity = forge(whole.parity, block: 3, at: 48, [0xAB, 0xCD])
        let archive = try whole.healed(whole.octets, parity: parity)
        #expect(archive.report.damagedPages == 1)
        #expect(try Protected.read(archive) == whole.octets)
        #expect(try archive.isProven())
    }

    @Test func blocksOfTwoArchivesAreNotMixed() throws {
        let whole = try Self.whole.get()
        let other = try Protected(seed: 332, count: whole.octets.count)
        var damaged = whole.octets
        damaged[0] ^= 1
        try whole.expectHealed(damaged, parity: whole.parity + other.parity, pages: 1, "ours first")
        let report = try whole.healed(damaged, parity: whole.parity + other.parity).report
        #expect(report.damage.count == 260 && !report.isSound)
        let theirs = try whole.healed(damaged, parity: other.parity + whole.parity)
        #expect(theirs.report.healablePages == 0)
        #expect(try Protected.read(theirs) == damaged)
    }

    @Test func anyOctetsAreSurvived() throws {
        let whole = try Protected(seed: 333, count: 30_000)
        var generator = SeededGenerator(seed: 334)
        let blocks = Protected.blocks(whole.parity)
        for round in 0..<300 {
            let place = Int(generator.next() % 48)
            let value = generator.octets(1 + Int(generator.next() % 4))
            let block = Int(generator.next() % UInt64(blocks.count))
            let parity = forge(whole.parity, block: block, at: place, value)
            var damaged = whole.octets
            damaged[Int(generator.next() % 30_000)] ^= 4
            let archive = try whole.healed(damaged, parity: parity)
            let octets = try Protected.read(archive)
            #expect(octets == whole.octets || octets == damaged, "round \(round)")
            if try archive.isProven() { #expect(octets == whole.octets, "round \(round)") }
        }
    }
}

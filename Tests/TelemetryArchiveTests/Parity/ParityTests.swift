import Foundation
import TelemetryArchive
import TestSupport
import Testing

/// Octets with their parity, to be damaged and healed.
struct Protected {
    static let page = 4096
    static let row = 65 * page
    static let group = 60 * row

    var octets: [UInt8]
    var parity: [UInt8]

    init(octets: [UInt8]) throws {
        self.octets = octets
        parity = try Protected.parity(of: octets)
    }

    init(seed: UInt64, count: Int) throws { try self.init(octets: Protected.made(seed: seed, count: count)) }

    /// Octets that follow from a seed, eight at a time because debug builds are slow.
    static func made(seed: UInt64, count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var octets: [UInt8] = []
        octets.reserveCapacity(count + 8)
        while octets.count < count {
            // The pointer is to this one number and read only during the call.
            unsafe withUnsafeBytes(of: generator.next()) { unsafe octets.append(contentsOf: $0) }
        }
        return Array(octets.prefix(count))
    }

    static func parity(of octets: [UInt8], cutAt cuts: [Int] = []) throws -> [UInt8] {
        var writer = try ParityWriter(MemoryArchive())
        var start = 0
        for cut in cuts + [octets.count] {
            try writer.push(octets.span.extracting(start..<cut))
            start = cut
        }
        try writer.finish()
        return writer.takeStorage().octets
    }

    func healed(_ damaged: [UInt8], parity: [UInt8]? = nil) throws -> HealedArchive<MemoryArchive> {
        try HealedArchive(MemoryArchive(damaged), parity: MemoryArchive(parity ?? self.parity))
    }

    static func read(_ archive: HealedArchive<MemoryArchive>) throws -> [UInt8] {
        var octets: [UInt8] = []
        var buffer: [UInt8] = []
        while octets.count < archive.size {
            try archive.read(at: Int64(octets.count), into: &buffer, count: 300_007)
            if buffer.isEmpty { break }
            octets += buffer
        }
        return octets
    }

    /// Expects that all comes back and is proven.
    func expectHealed(
        _ damaged: [UInt8],
        parity: [UInt8]? = nil,
        pages: Int? = nil,
        _ note: Comment,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let archive = try healed(damaged, parity: parity)
        #expect(archive.report.damagedPages == archive.report.healablePages, note, sourceLocation: location)
        if let pages { #expect(archive.report.healablePages == pages, note, sourceLocation: location) }
        #expect(try Protected.read(archive) == octets, note, sourceLocation: location)
        #expect(try archive.isProven(), note, sourceLocation: location)
    }

    /// Each block's place in a parity file, found by the size that each member says.
    static func blocks(_ parity: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var offset = 0
        while offset < parity.count {
            let size = (0..<8).reduce(0) { $0 | Int(parity[offset + 20 + $1]) << (8 * $1) }
            places.append(offset..<offset + size)
            offset += size
        }
        return Array(places.dropFirst())
    }
}

@Suite struct ParityTests {
    private static let small = Result { try Protected(seed: 301, count: 5 * Protected.row + 12_345) }

    @Test func whatIsWholeIsSoundAndUnchanged() throws {
        let whole = try Self.small.get()
        let archive = try whole.healed(whole.octets)
        #expect(archive.report.isSound && archive.report.isHealable && !archive.report.isOutgrown)
        #expect(archive.report.damagedPages == 0)
        #expect(archive.report.coveredLength == Int64(whole.octets.count))
        #expect(archive.report.blocks == 260)
        #expect(try Protected.read(archive) == whole.octets)
        #expect(try archive.isProven())
    }

    @Test func anyCutOfTheInputMakesTheSameParity() throws {
        var generator = SeededGenerator(seed: 302)
        let octets = Protected.made(seed: 303, count: 300_000)
        let cuts = (0..<200).map { _ in Int(generator.next() % 300_000) }.sorted()
        #expect(try Protected.parity(of: octets, cutAt: cuts) == Protected.parity(of: octets))
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 65 * 4096 - 1, 65 * 4096, 65 * 4096 + 1, 3 * 65 * 4096 + 77])
    func everyLengthIsRecordedAndHealed(count: Int) throws {
        let whole = try Protected(seed: 304, count: count)
        let archive = try whole.healed(whole.octets)
        #expect(archive.report.isSound == (count > 0))
        #expect(archive.report.coveredLength == Int64(count))
        guard count > 0 else { return }
        // Less than a mebioctet, so all of it may go: overwritten, or not there.
        try whole.expectHealed([UInt8](repeating: 0xA5, count: count), "overwritten")
        try whole.expectHealed([], "not there")
        // Parity is never much longer than what it protects.
        #expect(whole.parity.count < count + count / 9 + 8000)
    }

    /// Of stripes of five and six pages, the last one of which is not full.
    @Test func parityIsThatOfTheDescription() throws {
        let whole = try Self.small.get()
        let blocks = Protected.blocks(whole.parity)
        for stripe in [0, 3, 64] {
            var codeword: [[UInt8]] = (0..<(stripe == 64 ? 5 : 6)).map { row in
                let start = (row * 65 + stripe) * Protected.page
                var page = Array(whole.octets.dropFirst(start).prefix(Protected.page))
                page += [UInt8](repeating: 0, count: Protected.page - page.count)
                return page
            }
            for index in 0..<4 {
                let block = whole.parity[blocks[index * 65 + stripe]]
                codeword.append(Array(block.dropLast(10).suffix(Protected.page)))
            }
            for root in [1, 2, 4, 8] {
                for place in [0, 1, 2047, 4095] {
                    let value = codeword.reduce(0) { product($0, root) ^ Int($1[place]) }
                    #expect(value == 0, "stripe \(stripe), root \(root), octet \(place)")
                }
            }
        }
    }

    /// The product in the field, by long multiplication and division.
    private func product(_ left: Int, _ right: Int) -> Int {
        var sum = (0..<8).reduce(0) { right >> $1 & 1 == 1 ? $0 ^ left << $1 : $0 }
        for bit in (8..<16).reversed() where sum >> bit & 1 == 1 { sum ^= 0x11D << (bit - 8) }
        return sum
    }

    @Test func upToFourPagesOfEachStripeHeal() throws {
        let whole = try Self.small.get()
        var generator = SeededGenerator(seed: 305)
        let blocks = Protected.blocks(whole.parity)
        for round in 0..<12 {
            var damaged = whole.octets
            var parity = whole.parity
            var count = 0
            for stripe in 0..<65 {
                // Of five or six pages of the archive and four of parity, up to four in all.
                let rows = stripe <= 12_345 / Protected.page ? 6 : 5
                let chosen = Array(0..<(rows + 4)).shuffled(using: &generator).prefix(Int(generator.next() % 5))
                for place in chosen {
                    if place < rows {
                        let start = (place * 65 + stripe) * Protected.page
                        let end = min(start + Protected.page, damaged.count)
                        let octet = start + Int(generator.next() % UInt64(end - start))
                        damaged[octet] ^= UInt8(1 + generator.next() % 255)
                        count += 1
                    } else {
                        let block = blocks[(place - rows) * 65 + stripe]
                        parity[block.lowerBound + Int(generator.next() % UInt64(block.count - 10))] ^= 0x40
                    }
                }
            }
            try whole.expectHealed(damaged, parity: parity, pages: count, "round \(round)")
        }
    }

    @Test func fivePagesOfAStripeAreRefusedAndNothingElse() throws {
        let whole = try Self.small.get()
        var generator = SeededGenerator(seed: 306)
        for round in 0..<10 {
            let stripe = Int(generator.next() % 65)
            let parities = Int(generator.next() % 4)
            let blocks = Protected.blocks(whole.parity)
            var damaged = whole.octets
            var parity = whole.parity
            for index in 0..<parities { parity[blocks[index * 65 + stripe].lowerBound + 200] ^= 1 }
            var spoilt: [Int] = []
            for row in Array(0..<5).shuffled(using: &generator).prefix(5 - parities) {
                spoilt.append((row * 65 + stripe) * Protected.page)
                damaged[(row * 65 + stripe) * Protected.page + 17] ^= 0x80
            }
            // Another stripe with one damaged page heals all the same.
            damaged[(stripe + 1) % 65 * Protected.page] ^= 2
            let archive = try whole.healed(damaged, parity: parity)
            #expect(!archive.report.isHealable)
            #expect(archive.report.damagedPages == 6 - parities)
            #expect(archive.report.healablePages == 1)
            #expect(archive.report.unhealable == spoilt.sorted().map { Int64($0)..<Int64($0 + Protected.page) })
            #expect(try !archive.isProven())
            // What cannot be healed is as it is; nothing is invented.
            var expected = whole.octets
            for start in spoilt { expected[start + 17] ^= 0x80 }
            #expect(try Protected.read(archive) == expected, "round \(round)")
        }
    }

    private static let trials = ProcessInfo.processInfo.environment["PERILUNE_FULL"] == nil ? 2 : 300

    @Test func anyMebioctetOnEndHeals() throws {
        let length = 1 << 20
        let whole = try Protected(seed: 307, count: Protected.group + length + 999)
        var generator = SeededGenerator(seed: 308)
        // At the ends, over the border of the groups, and anywhere; all but the first begin within a page.
        var starts = [0, whole.octets.count - length, Protected.group - 1, Protected.group - 524_287]
        starts += (0..<Self.trials).map { _ in Int(generator.next() % UInt64(whole.octets.count - length)) }
        for start in starts {
            var damaged = whole.octets
            damaged.replaceSubrange(start..<start + length, with: repeatElement(0xEE, count: length))
            let archive = try whole.healed(damaged)
            #expect(archive.report.isHealable, "from \(start)")
            #expect(try archive.isProven(), "from \(start)")
        }
    }

    /// Each place where a mebioctet can begin within a page, by the pages that it touches.
    @Test(arguments: [0, 1, 2, 2047, 2048, 4094, 4095])
    func everyPhaseTouchesNoMoreThanHeals(phase: Int) throws {
        let whole = try Self.small.get()
        var damaged = whole.octets
        let start = 7 * Protected.page + phase
        for place in stride(from: start, to: start + (1 << 20), by: Protected.page / 2) { damaged[place] ^= 0xFF }
        damaged[start + (1 << 20) - 1] ^= 0xFF
        try whole.expectHealed(damaged, pages: phase == 0 ? 256 : 257, "phase \(phase)")
    }

    /// 260 pages on end are what 65 stripes allow; the 261st is the fifth of its stripe.
    @Test(arguments: [(260, true), (261, false)]) func stripesAllowSoMuch(pages: Int, isHealable: Bool) throws {
        let whole = try Self.small.get()
        var damaged = whole.octets
        for page in 40..<40 + pages { damaged[page * Protected.page + 5] ^= 1 }
        #expect(try whole.healed(damaged).report.isHealable == isHealable)
    }

    @Test func whatWasCutOffComesBack() throws {
        let whole = try Self.small.get()
        for lost in [1, 5000, 12_345, 12_346, 300_000, 1 << 20] {
            let archive = try whole.healed(Array(whole.octets.dropLast(lost)))
            #expect(archive.size == Int64(whole.octets.count), "\(lost)")
            #expect(try Protected.read(archive) == whole.octets, "\(lost)")
            #expect(try archive.isProven())
        }
        let tooMuch = try whole.healed(Array(whole.octets.dropLast(1_200_000)))
        #expect(!tooMuch.report.isHealable)
        #expect(try whole.octets.starts(with: Protected.read(tooMuch)))
    }

    @Test func insertedOrLostOctetsAreNotHealedAndNeverProven() throws {
        let whole = try Self.small.get()
        for place in [0, 5000, 200_000] {
            for length in [whole.octets.count + 1, whole.octets.count - 1] {
                var damaged = whole.octets
                if length > whole.octets.count { damaged.insert(7, at: place) } else { damaged.remove(at: place) }
                let archive = try whole.healed(damaged)
                #expect(!archive.report.isHealable)
                #expect(try !archive.isProven())
            }
        }
    }

    @Test func parityOfAShorterStateHealsThatAndSaysSo() throws {
        let whole = try Self.small.get()
        let more = Protected.made(seed: 309, count: 70_000)
        var grown = whole.octets + more
        grown[whole.octets.count - 1] ^= 1
        grown[40_000] ^= 1
        let archive = try whole.healed(grown)
        #expect(archive.report.isOutgrown && archive.report.isHealable)
        #expect(archive.report.coveredLength == Int64(whole.octets.count))
        #expect(archive.report.archiveLength == Int64(grown.count))
        #expect(archive.report.healablePages == 2)
        #expect(try Protected.read(archive) == whole.octets + more)
        #expect(try archive.isProven())
    }

    @Test func parityOfAnotherArchiveProvesNothing() throws {
        let whole = try Self.small.get()
        let other = Protected.made(seed: 310, count: whole.octets.count)
        let archive = try whole.healed(other)
        #expect(archive.report.healablePages == 0)
        #expect(try Protected.read(archive) == other)
        #expect(try !archive.isProven())
    }
}

@Suite struct DamagedParityTests {
    private static let small = Result { try Protected(seed: 311, count: 5 * Protected.row) }

    @Test func everyFlippedBitIsSeen() throws {
        let whole = try Protected(seed: 312, count: 20_000)
        var generator = SeededGenerator(seed: 313)
        for _ in 0..<400 {
            var parity = whole.parity
            let bit = Int(generator.next() % UInt64(parity.count * 8))
            parity[bit / 8] ^= 1 << UInt8(bit % 8)
            let report = try whole.healed(whole.octets, parity: parity).report
            #expect(!report.isSound, "bit \(bit)")
            #expect(report.damagedPages == 0 && report.uncheckedPages <= 1, "bit \(bit)")
        }
    }

    @Test func everyCutIsSeen() throws {
        let whole = try Protected(seed: 314, count: 20_000)
        var generator = SeededGenerator(seed: 315)
        for _ in 0..<100 {
            let length = Int(generator.next() % UInt64(whole.parity.count))
            let report = try whole.healed(whole.octets, parity: Array(whole.parity.prefix(length))).report
            #expect(!report.isSound, "length \(length)")
            #expect(report.damagedPages == 0)
        }
    }

    /// A fifth of the parity is gone, in one place, and a tenth of a mebioctet of the archive too.
    @Test func bothMayBeDamaged() throws {
        let whole = try Self.small.get()
        var generator = SeededGenerator(seed: 316)
        for round in 0..<8 {
            var parity = whole.parity
            let start = Int(generator.next() % UInt64(parity.count * 4 / 5))
            for place in stride(from: start, to: start + parity.count / 5, by: 100) { parity[place] ^= 0xFF }
            var damaged = whole.octets
            let from = Int(generator.next() % UInt64(damaged.count - 100_000))
            damaged.replaceSubrange(from..<from + 100_000, with: repeatElement(9, count: 100_000))
            let archive = try whole.healed(damaged, parity: parity)
            #expect(!archive.report.isSound && archive.report.isHealable, "round \(round)")
            #expect(try Protected.read(archive) == whole.octets, "round \(round)")
        }
    }

    /// Whatever is damaged how much, what is said to be healed is what it was.
    @Test func nothingWrongIsEverProven() throws {
        let whole = try Self.small.get()
        var generator = SeededGenerator(seed: 317)
        for round in 0..<16 {
            var damaged = whole.octets
            var parity = whole.parity
            for _ in 0..<(1 << (generator.next() % 10)) {
                damaged[Int(generator.next() % UInt64(damaged.count))] ^= UInt8(1 + generator.next() % 255)
            }
            for _ in 0..<(1 << (generator.next() % 8)) {
                parity[Int(generator.next() % UInt64(parity.count))] ^= UInt8(1 + generator.next() % 255)
            }
            let archive = try whole.healed(damaged, parity: parity)
            let octets = try Protected.read(archive)
            if archive.report.isHealable { #expect(octets == whole.octets, "round \(round)") }
            #expect(try archive.isProven() == (octets == whole.octets), "round \(round)")
            for (place, octet) in octets.enumerated() where octet != whole.octets[place] && octet != damaged[place] {
                Issue.record("round \(round): octet \(place) was invented")
                break
            }
        }
    }

    @Test func whatIsNoParitySaysNothing() throws {
        let whole = try Self.small.get()
        for parity in [[], [UInt8](repeating: 0x1F, count: 9000), try DamageTests.small().archive] {
            let archive = try whole.healed(whole.octets, parity: parity)
            #expect(!archive.report.isSound && !archive.report.isHealable)
            #expect(archive.report.pages == 0 && archive.report.blocks == 0)
            #expect(try Protected.read(archive) == whole.octets)
            #expect(try !archive.isProven())
        }
    }
}

/// Octets of members changed and put right, as only a mutant does.
enum MemberPatch {
    /// Walks from member to member by the sizes that headers tell.
    static func offsets(_ octets: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 0
        while octets.count >= offset + 128, octets[offset] == 0x1F, octets[offset + 12] == 0x50 {
            let size = Int(truncatingIfNeeded: number(octets, offset + 20, 8))
            guard size >= 138, size <= octets.count - offset else { break }
            ranges.append(offset..<(offset + size))
            offset += size
        }
        return ranges
    }

    static func number(_ octets: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(octets[offset + $1]) << UInt64(8 * $1) }
    }

    /// The ordinal of the first unit of a member.
    static func firstOrdinal(_ octets: [UInt8], _ offset: Int) -> UInt64 { number(octets, offset + 36, 8) }

    /// How many units a member has.
    static func unitCount(_ octets: [UInt8], _ offset: Int) -> UInt64 { number(octets, offset + 44, 4) }

    static func isIndex(_ member: [UInt8]?) -> Bool { kind(member) == 4 }

    static func isChunk(_ member: [UInt8]?) -> Bool { kind(member) == 2 || kind(member) == 3 }

    private static func kind(_ member: [UInt8]?) -> UInt8 { member.map { $0.count > 17 ? $0[17] : 0 } ?? 0 }

    /// Whether these are one member without units.
    static func isHead(_ member: [UInt8]?) -> Bool {
        guard let member, member.count > 128 else { return false }
        return unitCount(member, 0) == 0 && number(member, 20, 8) == member.count
    }

    /// Gives members other first ordinals.
    static func members(_ octets: [UInt8], _ ordinal: (UInt64) -> UInt64) -> [UInt8] {
        var octets = octets
        for range in offsets(octets) {
            put(&octets, range.lowerBound + 36, ordinal(firstOrdinal(octets, range.lowerBound)), 8)
            sealHeader(&octets, range)
        }
        return octets
    }

    /// Sets the checksum of every header to what its octets give.
    static func withRightHeaders(_ octets: [UInt8]) -> [UInt8] {
        var octets = octets
        for range in offsets(octets) { sealHeader(&octets, range) }
        return octets
    }

    /// Sets every checksum of units to what the octets give: a reader that checks them sees nothing.
    static func withRightChecksums(_ octets: [UInt8]) -> [UInt8] {
        var octets = octets
        for range in offsets(octets) {
            let head = headEnd(octets, range)
            guard head + 8 < range.upperBound, unitCount(octets, range.lowerBound) > 0 else { continue }
            let deflate = Array(octets[head..<(range.upperBound - 8)])
            put(&octets, range.lowerBound + 84, UInt64(castagnoli(deflate)), 4)
            guard let inflated = inflate(deflate) else { continue }
            put(&octets, range.lowerBound + 88, UInt64(castagnoli(inflated)), 4)
            put(&octets, range.upperBound - 8, UInt64(reflected(inflated, 0xEDB8_8320)), 4)
            sealHeader(&octets, range)
        }
        return octets
    }

    /// Ends a file before the first member whose header or deflate stream is another.
    static func beforeDamage(_ octets: [UInt8]) -> [UInt8] {
        var end = 0
        for range in offsets(octets) {
            let head = headEnd(octets, range)
            guard head + 8 <= range.upperBound else { break }
            let deflate = Array(octets[head..<(range.upperBound - 8)])
            var sealed = octets
            sealHeader(&sealed, range)
            let isRecord = unitCount(octets, range.lowerBound) == 0
            guard sealed == octets, isRecord || castagnoli(deflate) == number(octets, range.lowerBound + 84, 4) else {
                break
            }
            end = range.upperBound
        }
        return Array(octets[..<end])
    }

    /// Ends a file behind its first seal.
    static func upToSeal(_ octets: [UInt8]) -> [UInt8] {
        guard let seal = offsets(octets).first(where: { octets[$0.lowerBound + 17] == 5 }) else { return octets }
        return Array(octets[..<seal.upperBound])
    }

    /// Takes the heads of journals away, which say whose they are.
    static func withoutHeads(_ octets: [UInt8]) -> [UInt8] {
        offsets(octets).filter { unitCount(octets, $0.lowerBound) > 0 }.flatMap { octets[$0] }
    }

    /// Numbers the units of each journal from where the archive ends, whatever numbers they have.
    static func journalsBehind(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
        var files = files
        for (name, octets) in files where name.hasSuffix(".plar") {
            var next = offsets(octets).reduce(UInt64(0)) {
                max($0, firstOrdinal(octets, $1.lowerBound) + unitCount(octets, $1.lowerBound))
            }
            for (journal, members) in files.sorted(by: { $0.key < $1.key }) where journal.hasPrefix(name + ".j") {
                var members = members
                for range in offsets(members) where unitCount(members, range.lowerBound) > 0 {
                    put(&members, range.lowerBound + 36, next, 8)
                    next += unitCount(members, range.lowerBound)
                    sealHeader(&members, range)
                }
                files[journal] = members
            }
        }
        return files
    }

    private static func headEnd(_ octets: [UInt8], _ range: Range<Int>) -> Int {
        range.lowerBound + 12 + Int(number(octets, range.lowerBound + 10, 2))
    }

    private static func sealHeader(_ octets: inout [UInt8], _ range: Range<Int>) {
        let head = headEnd(octets, range)
        guard head <= range.upperBound, head - range.lowerBound >= 128 else { return }
        put(&octets, range.lowerBound + 124, 0, 4)
        put(&octets, range.lowerBound + 124, UInt64(castagnoli(Array(octets[range.lowerBound..<head]))), 4)
    }

    private static func put(_ octets: inout [UInt8], _ offset: Int, _ value: UInt64, _ width: Int) {
        for index in 0..<width { octets[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }

    /// CRC-32C bit by bit, written apart from the one under test.
    private static func castagnoli(_ octets: [UInt8]) -> UInt32 { reflected(octets, 0x82F6_3B78) }

    private static func reflected(_ octets: [UInt8], _ polynomial: UInt32) -> UInt32 {
        var crc: UInt32 = .max
        for octet in octets {
            crc ^= UInt32(octet)
            for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ polynomial : crc >> 1 }
        }
        return ~crc
    }

    /// The octets of stored blocks; nothing else is needed here.
    private static func inflate(_ deflate: [UInt8]) -> [UInt8]? {
        var octets: [UInt8] = []
        var place = 0
        while place + 5 <= deflate.count, deflate[place] & 6 == 0 {
            let length = Int(number(deflate, place + 1, 2))
            guard place + 5 + length <= deflate.count else { return nil }
            octets += deflate[(place + 5)..<(place + 5 + length)]
            if deflate[place] & 1 == 1 { return octets }
            place += 5 + length
        }
        return nil
    }
}

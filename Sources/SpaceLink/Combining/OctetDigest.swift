/// A digest of 64 bits that tells frames apart; not one that withstands an adversary.
struct OctetDigest {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The digest so far; never 0, which stands for none.
    var value: UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return max(mixed ^ (mixed >> 31), 1)
    }

    mutating func add(_ word: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        state = (product.high ^ product.low) &+ 0x9E37_79B9_7F4A_7C15
    }

    /// Adds octets by eight, and their number.
    mutating func add(_ octets: Span<UInt8>) {
        add(UInt64(octets.count))
        var position = 0
        while position + 8 <= octets.count {
            var word: UInt64 = 0
            for index in 0..<8 { word |= UInt64(octets[position + index]) << UInt64(8 * index) }
            add(word)
            position += 8
        }
        if position < octets.count { add(octets.uint64(at: position, octets: octets.count - position)) }
    }
}

/// The digests of the frames that were given out last, to know a frame that comes again.
struct RecentFrames: Sendable {
    /// How many are remembered.
    private static let limit = 1 << 13
    private var ring: [UInt64] = []
    private var next = 0
    private var counts: [UInt64: Int] = [:]

    func contains(_ digest: UInt64) -> Bool { counts[digest] != nil }

    mutating func insert(_ digest: UInt64) {
        counts[digest, default: 0] += 1
        guard ring.count == Self.limit else { return ring.append(digest) }
        let old = ring[next]
        ring[next] = digest
        next = (next + 1) % Self.limit
        if let count = counts[old] { counts[old] = count > 1 ? count - 1 : nil }
    }
}

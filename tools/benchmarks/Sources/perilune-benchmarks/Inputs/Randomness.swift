/// Numbers that are the same on every machine (SplitMix64).
struct Randomness {
    private var state: UInt64

    /// Begins at a seed.
    init(seed: UInt64) { state = seed }

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// A number below a bound; the bound is small, so that the bias is smaller than anybody sees.
    mutating func below(_ bound: Int) -> Int { Int(next() >> 1) % bound }

    /// Octets without order.
    mutating func octets(_ count: Int) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(count + 8)
        while octets.count < count {
            let word = next()
            for index in UInt64(0)..<8 { octets.append(UInt8(truncatingIfNeeded: word >> (8 * index))) }
        }
        octets.removeLast(octets.count - count)
        return octets
    }
}

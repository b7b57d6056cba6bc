/// Reading and writing up to 64 bits at any place in octets.
///
/// Bit 0 is the most significant bit of the first octet. The caller has checked that the bits lie inside.
enum BitField {
    /// Reads bits, the most significant first.
    ///
    /// - Parameters:
    ///   - octets: Where to read.
    ///   - bit: The place of the first bit.
    ///   - count: How many bits, 1…64.
    /// - Returns: The bits, right-aligned.
    @inline(__always)
    static func read(_ octets: Span<UInt8>, at bit: Int, count: Int) -> UInt64 {
        let first = bit >> 3
        let final = bit &+ count &- 1
        let last = final >> 3
        let unused = UInt64(7 &- (final & 7))
        var word = UInt64(octets[first]) & (0xFF >> UInt64(bit & 7))
        if first == last { return word >> unused }
        var index = first &+ 1
        while index < last {
            word = word << 8 | UInt64(octets[index])
            index &+= 1
        }
        return word << (8 &- unused) | UInt64(octets[last]) >> unused
    }

    /// Reads bits of a little-endian machine: octets in reverse, bits of an octet counted from its least significant.
    ///
    /// That is how a C compiler lays out bit fields there; for whole octets it is the plain reversal of octets.
    @inline(__always)
    static func readReversed(_ octets: Span<UInt8>, at bit: Int, count: Int) -> UInt64 {
        let first = bit >> 3
        let last = (bit &+ count &- 1) >> 3
        let shift = UInt64(bit & 7)
        var word = UInt64(octets[first]) >> shift
        var place = 8 &- shift
        var index = first &+ 1
        while index <= last {
            word |= UInt64(octets[index]) << place
            place &+= 8
            index &+= 1
        }
        return word & mask(count)
    }

    /// Writes bits, the most significant first.
    static func write(_ word: UInt64, into octets: inout MutableSpan<UInt8>, at bit: Int, count: Int) {
        var remaining = count
        var position = bit
        while remaining > 0 {
            let room = 8 - position & 7
            let taken = min(room, remaining)
            let piece = UInt8(truncatingIfNeeded: (word >> UInt64(remaining - taken)) & mask(taken))
            let shift = UInt8(room - taken)
            let hole = UInt8(truncatingIfNeeded: mask(taken)) << shift
            octets[position >> 3] = octets[position >> 3] & ~hole | piece << shift
            position += taken
            remaining -= taken
        }
    }

    /// Writes bits as ``readReversed(_:at:count:)`` reads them.
    static func writeReversed(_ word: UInt64, into octets: inout MutableSpan<UInt8>, at bit: Int, count: Int) {
        var remaining = count
        var position = bit
        var rest = word
        while remaining > 0 {
            let offset = position & 7
            let taken = min(8 - offset, remaining)
            let piece = UInt8(truncatingIfNeeded: rest & mask(taken))
            let hole = UInt8(truncatingIfNeeded: mask(taken)) << UInt8(offset)
            octets[position >> 3] = octets[position >> 3] & ~hole | piece << UInt8(offset)
            rest >>= UInt64(taken)
            position += taken
            remaining -= taken
        }
    }

    /// As many ones as there are bits, 1…64.
    @inline(__always)
    static func mask(_ count: Int) -> UInt64 {
        UInt64.max >> UInt64(64 &- count)
    }

    /// The bits in opposite order.
    static func mirrored(_ word: UInt64, count: Int) -> UInt64 {
        var source = word
        var result: UInt64 = 0
        for _ in 0..<count {
            result = result << 1 | source & 1
            source >>= 1
        }
        return result
    }
}

/// Bits that are put behind one another, upright or inverted.
public struct BitStream {
    /// The bits, the first most significant, filled with zeros to a whole octet.
    public private(set) var octets: [UInt8] = []
    /// How many bits there are.
    public private(set) var count = 0
    /// Whether what follows is put down inverted.
    public var isInverted = false

    /// Makes a stream of nothing.
    public init() {}

    /// Adds the first bits of some octets, all of them if not said otherwise.
    public mutating func append(_ more: [UInt8], bits: Int? = nil) {
        let shift = UInt8(count % 8)
        let added = bits ?? 8 * more.count
        for index in 0..<(added + 7) / 8 {
            let left = added - 8 * index
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            let octet = (isInverted ? ~more[index] : more[index]) & mask
            if shift == 0 {
                octets.append(octet)
            } else {
                octets[octets.count - 1] |= octet >> shift
                if left > 8 - Int(shift) { octets.append(octet << (8 - shift)) }
            }
        }
        count += added
    }

    /// Takes bits from the end away.
    public mutating func removeLast(_ bits: Int) {
        count = max(0, count - bits)
        octets.removeLast(octets.count - (count + 7) / 8)
        if count % 8 > 0 { octets[octets.count - 1] &= ~(0xFF >> UInt8(count % 8)) }
    }

    /// Turns a bit round, counted from the end.
    public mutating func flip(fromEnd bit: Int) {
        guard bit < count else { return }
        let place = count - 1 - bit
        octets[place / 8] ^= 0x80 >> UInt8(place % 8)
    }
}

/// Puts units close together whose last octet is not sent whole, as codeblocks of Turbo rate 1/3 are.
struct UnitPacker: Sendable {
    private let unsentBits: Int
    /// Bits that fill no octet yet, the first most significant, and how many.
    private var partial: UInt8 = 0
    private var count = 0

    init(unsentBits: Int) { self.unsentBits = unsentBits }

    /// Changes a unit to the octets that it fills, with what was left of the units before.
    mutating func apply(to unit: inout [UInt8]) {
        let bits = 8 * unit.count - unsentBits + count
        for index in unit.indices {
            let octet = unit[index]
            unit[index] = partial | octet >> UInt8(count)
            partial = count == 0 ? 0 : octet << UInt8(8 - count)
        }
        if bits > 8 * unit.count { unit.append(partial) }
        count = bits % 8
        guard count > 0 else {
            partial = 0
            return
        }
        partial = unit.removeLast() & ~(0xFF >> UInt8(count))
    }

    /// The octet that was not filled, if there is one.
    mutating func finish() -> [UInt8] {
        defer { (partial, count) = (0, 0) }
        return count == 0 ? [] : [partial]
    }
}

public import FuzzSupport

/// Packets of choices.
public enum Packets {
    /// A packet, mostly a space packet of one of a few applications.
    public static func one(_ choices: inout Choices) -> [UInt8] {
        let kind = choices.octet()
        let sequence = choices.number(0...16_383)
        let data = choices.noise(choices.number(1...80))
        if kind < 200 {
            let apid = choices.one(of: [1, 2, 3, 900, 2047])
            return [
                UInt8(apid >> 8) | kind & 0x18, UInt8(apid & 0xFF), UInt8(0xC0 | sequence >> 8), UInt8(sequence & 0xFF),
                0,
                UInt8(data.count - 1),
            ] + data
        }
        // Encapsulation packets of all four forms of the length.
        switch kind % 4 {
        case 0: return [0xE0]
        case 1: return [0xE5, UInt8(data.count + 2)] + data
        case 2: return [0xE6, 0, 0, UInt8(data.count + 4)] + data
        default: return [0xE7, 0, 0, 0, 0, 0, 0, UInt8(data.count + 8)] + data
        }
    }
}

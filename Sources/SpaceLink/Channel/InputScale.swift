/// How many octets of input stand for one octet of bits: one, but for symbols and convolutional codes.
struct InputScale: Sendable, Hashable {
    /// Octets of input.
    let input: Int
    /// The octets of bits that they stand for.
    let bits: Int

    static let one = InputScale(input: 1, bits: 1)

    /// Octets of input for octets of bits, rounded down.
    func octets(of octets: Int) -> Int { bits == 1 ? octets * input : octets * input / bits }

    /// Octets of input whose first symbol comes before a bit.
    func octets(beforeBit bit: Int64) -> Int64 {
        // Where octets come as they are, no division by a variable is paid for each frame.
        if bits == 1 { return (bit * Int64(input) + 7) >> 3 }
        let divisor = Int64(8 * bits)
        return (bit * Int64(input) + divisor - 1) / divisor
    }
}

/// How many octets of input stand for one octet of bits: one, but for symbols and convolutional codes.
struct InputScale: Sendable, Hashable {
    /// Octets of input.
    let input: Int
    /// The octets of bits that they stand for.
    let bits: Int

    static let one = InputScale(input: 1, bits: 1)

    /// Octets of input for octets of bits, rounded down.
    func octets(of octets: Int) -> Int { octets * input / bits }

    /// Octets of input whose first symbol comes before a bit.
    func octets(beforeBit bit: Int64) -> Int64 {
        let divisor = Int64(8 * bits)
        return (bit * Int64(input) + divisor - 1) / divisor
    }
}

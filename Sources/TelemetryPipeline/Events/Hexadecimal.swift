/// Octets as digits.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef")

    /// Two lower-case hexadecimal digits for each octet.
    package static func text(_ octets: some Sequence<UInt8>) -> String {
        String(octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

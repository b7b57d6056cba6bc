/// Hard bits as soft symbols.
enum SoftSymbols {
    /// How sure a hard bit is.
    private static let magnitude: Int8 = 32

    /// Makes a symbol of each bit, the most significant bit first.
    static func unpack(_ octets: Span<UInt8>, into symbols: inout [Int8]) {
        symbols.removeAll(keepingCapacity: true)
        for index in 0..<octets.count {
            let octet = octets[index]
            for bit in 0..<8 {
                symbols.append(octet << UInt8(bit) & 0x80 != 0 ? magnitude : -magnitude)
            }
        }
    }
}

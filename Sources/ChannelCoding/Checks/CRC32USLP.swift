/// The long frame check of USLP: x³² + x²³ + x²¹ + x¹¹ + x² + 1, preset to zeros, nothing reflected.
///
/// CCSDS 732.1-B, Frame Error Control Field. Over octets that end with their own check the checksum is zero.
public struct CRC32USLP: Sendable {
    /// The checksum of all octets so far.
    public private(set) var value: UInt32 = 0

    /// Starts with no octets.
    public init() {}

    /// Adds octets behind those so far.
    public mutating func update(_ octets: Span<UInt8>) {
        guard octets.count >= RemainderFold.worthwhile, let fold = Self.fold else { return updateByTables(octets) }
        var block = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<4 {
            block[index] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(index)))
        }
        fold.fold(octets, into: &block)
        value = 0
        updateByTables(block.span)
    }

    /// Adds octets behind those so far, with instructions that every processor has.
    package mutating func updateByTables(_ octets: Span<UInt8>) {
        let rows = Self.table
        let table = rows.span
        var crc = value
        var start = 0
        while start + 8 <= octets.count {
            let block = octets.extracting(start..<start + 8)
            var next: UInt32 = 0
            for index in 0..<4 {
                let top = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(index)))
                next ^= table[(7 - index) << 8 | Int(block[index] ^ top)]
                next ^= table[(3 - index) << 8 | Int(block[index + 4])]
            }
            crc = next
            start += 8
        }
        while start < octets.count {
            crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ octets[start])]
            start += 1
        }
        value = crc
    }

    /// The checksum of octets.
    public static func checksum(_ octets: Span<UInt8>) -> UInt32 {
        var crc = CRC32USLP()
        crc.update(octets)
        return crc.value
    }

    private static let fold = RemainderFold(polynomial: 0x00A0_0805, bits: 32, isReflected: false)
    private static let table: [UInt32] = CheckTable.rows(polynomial: 0x00A0_0805, steps: 8)
}

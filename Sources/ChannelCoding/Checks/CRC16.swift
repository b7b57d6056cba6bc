/// The cyclic redundancy check of frames and packets: x¹⁶ + x¹² + x⁵ + 1, preset to ones, nothing reflected.
///
/// CCSDS 132.0-B, Frame Error Control Field; ECSS-E-ST-70-41C, packet error control. Over octets that end with
/// their own check the checksum is zero. Sixteen octets are taken in one step (8 KB of tables); where the processor can,
/// longer messages are folded first.
public struct CRC16: Sendable {
    /// The checksum of all octets so far.
    public private(set) var value: UInt16 = 0xFFFF

    /// Starts with no octets.
    public init() {}

    /// Adds octets behind those so far.
    public mutating func update(_ octets: Span<UInt8>) {
        guard octets.count >= RemainderFold.worthwhile, let fold = Self.fold else { return updateByTables(octets) }
        var block = InlineArray<16, UInt8>(repeating: 0)
        block[0] = UInt8(truncatingIfNeeded: value >> 8)
        block[1] = UInt8(truncatingIfNeeded: value)
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
        while start + 16 <= octets.count {
            let block = octets.extracting(start..<start + 16)
            var next = table[15 << 8 | Int(block[0] ^ UInt8(truncatingIfNeeded: crc >> 8))]
            next ^= table[14 << 8 | Int(block[1] ^ UInt8(truncatingIfNeeded: crc))]
            for index in 2..<16 {
                next ^= table[(15 - index) << 8 | Int(block[index])]
            }
            crc = next
            start += 16
        }
        while start < octets.count {
            crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ octets[start])]
            start += 1
        }
        value = crc
    }

    /// The checksum of octets.
    public static func checksum(_ octets: Span<UInt8>) -> UInt16 {
        var crc = CRC16()
        crc.update(octets)
        return crc.value
    }

    private static let fold = RemainderFold(polynomial: 0x1021, bits: 16, isReflected: false)
    private static let table: [UInt16] = CheckTable.rows(polynomial: 0x1021, steps: 16)
}

/// The Castagnoli check that guards the archive: reflected, preset to ones, complemented at the end (RFC 3720).
///
/// Sixteen octets are taken in one step (16 KB of tables).
public struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    /// Starts with no octets.
    public init() {}

    /// The checksum of all octets so far.
    public var value: UInt32 { ~register }

    /// Adds octets behind those so far.
    public mutating func update(_ octets: Span<UInt8>) {
        guard octets.count >= RemainderFold.worthwhile, let fold = Self.fold else { return updateByTables(octets) }
        var block = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<4 {
            block[index] = UInt8(truncatingIfNeeded: register >> (8 * UInt32(index)))
        }
        fold.fold(octets, into: &block)
        register = 0
        updateByTables(block.span)
    }

    /// Adds octets behind those so far, with instructions that every processor has.
    package mutating func updateByTables(_ octets: Span<UInt8>) {
        let rows = Self.table
        let table = rows.span
        var crc = register
        var start = 0
        while start + 16 <= octets.count {
            let block = octets.extracting(start..<start + 16)
            var next: UInt32 = 0
            for index in 0..<4 {
                let low = UInt8(truncatingIfNeeded: crc >> (8 * UInt32(index)))
                next ^= table[(15 - index) << 8 | Int(block[index] ^ low)]
            }
            for index in 4..<16 {
                next ^= table[(15 - index) << 8 | Int(block[index])]
            }
            crc = next
            start += 16
        }
        while start < octets.count {
            crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ octets[start])]
            start += 1
        }
        register = crc
    }

    /// The checksum of octets.
    public static func checksum(_ octets: Span<UInt8>) -> UInt32 {
        var crc = CRC32C()
        crc.update(octets)
        return crc.value
    }

    private static let fold = RemainderFold(polynomial: 0x1EDC_6F41, bits: 32, isReflected: true)

    /// Row k holds what an octet adds when k more octets follow it in the same step.
    private static let table: [UInt32] = {
        var rows = [UInt32](repeating: 0, count: 16 << 8)
        for octet in 0..<256 {
            var crc = UInt32(octet)
            for _ in 0..<8 {
                crc = crc & 1 != 0 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1
            }
            rows[octet] = crc
        }
        for index in 256..<rows.count {
            let before = rows[index - 256]
            rows[index] = before >> 8 ^ rows[Int(before & 0xFF)]
        }
        return rows
    }()
}

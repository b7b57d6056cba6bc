/// Big-endian integers in a span; the caller has checked that the octets are there.
extension Span where Element == UInt8 {
    /// Two octets from `offset`.
    func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// Three octets from `offset`.
    func uint24(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 16 | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2])
    }

    /// Four octets from `offset`.
    func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
    }

    /// Up to eight octets from `offset`.
    func uint64(at offset: Int, octets: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<offset + octets { value = value << 8 | UInt64(self[index]) }
        return value
    }
}

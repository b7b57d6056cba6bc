/// The two-octet checksum of ISO 8473 that a packet may carry in place of a CRC (ECSS-E-ST-70-41C).
public enum ISOChecksum {
    /// The field that belongs behind octets; neither of its octets is ever zero.
    public static func checksum(_ octets: Span<UInt8>) -> UInt16 {
        let (first, second) = sums(of: octets)
        let high = (2 * 255 - first - second) % 255
        return UInt16(high == 0 ? 0xFF : high) << 8 | UInt16(second == 0 ? 0xFF : second)
    }

    /// Whether octets end with their own checksum.
    public static func isValid(_ octets: Span<UInt8>) -> Bool {
        guard octets.count >= 2 else { return false }
        let data = octets.extracting(first: octets.count - 2)
        return checksum(data) == UInt16(octets[octets.count - 2]) << 8 | UInt16(octets[octets.count - 1])
    }

    /// Both sums modulo 255, from 255 on, which is zero here.
    private static func sums(of octets: Span<UInt8>) -> (first: Int, second: Int) {
        var first = 0
        var second = 0
        var start = 0
        while start < octets.count {
            // 4,096 octets cannot overflow a word, so the division is rare.
            let end = min(start + 4096, octets.count)
            for index in start..<end {
                first += Int(octets[index])
                second += first
            }
            first %= 255
            second %= 255
            start = end
        }
        return (first, second)
    }
}

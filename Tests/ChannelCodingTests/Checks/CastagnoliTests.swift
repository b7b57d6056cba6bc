import ChannelCoding
import Testing

@Suite struct CastagnoliTests {
    /// The check value and the four strings of RFC 3720, section "CRC Examples".
    @Test func castagnoliCheckAgreesWithTheInternetStandard() {
        let ascending = (0..<32).map { UInt8($0) }
        #expect(CRC32C.checksum(Array("123456789".utf8).span) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
        #expect(CRC32C.checksum(ascending.span) == 0x46DD_794E)
        #expect(CRC32C.checksum(Array(ascending.reversed()).span) == 0x113F_DB5C)
    }
}

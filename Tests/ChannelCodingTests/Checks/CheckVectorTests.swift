import ChannelCoding
import TestSupport
import Testing

@Suite struct CheckVectorTests {
    @Test(arguments: try Fixtures.vectors("crc16")) func crc16AgreesWithVector(_ vector: Vector) throws {
        let data = try #require(vector.octets("data"))
        #expect(Hex.text(bigEndian(CRC16.checksum(data.span))) == vector.expected["crc"] as? String)
    }

    @Test(arguments: try Fixtures.vectors("crc32_uslp")) func uslpCheckAgreesWithVector(_ vector: Vector) throws {
        let data = try #require(vector.octets("data"))
        #expect(Hex.text(bigEndian(CRC32USLP.checksum(data.span))) == vector.expected["crc"] as? String)
    }

    @Test(arguments: try Fixtures.vectors("iso_checksum")) func isoChecksumAgreesWithVector(_ vector: Vector) throws {
        let data = try #require(vector.octets("data"))
        let checksum = ISOChecksum.checksum(data.span)
        #expect(Hex.text(bigEndian(checksum)) == vector.expected["checksum"] as? String)
        let packet = data + bigEndian(checksum)
        let isValid = ISOChecksum.isValid(packet.span)
        #expect(isValid)
    }

    /// The check value and the four strings of RFC 3720, section "CRC Examples".
    @Test func castagnoliCheckAgreesWithTheInternetStandard() {
        let ascending = (0..<32).map { UInt8($0) }
        #expect(CRC32C.checksum(Array("123456789".utf8).span) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
        #expect(CRC32C.checksum(ascending.span) == 0x46DD_794E)
        #expect(CRC32C.checksum(Array(ascending.reversed()).span) == 0x113F_DB5C)
    }

    private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

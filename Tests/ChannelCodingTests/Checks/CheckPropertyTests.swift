import ChannelCoding
import TestSupport
import Testing

/// The tables of many octets agree with division bit by bit, for every length and every cut.
@Suite struct CheckPropertyTests {
    private func divide(_ octets: [UInt8], bits: Int, polynomial: UInt64, preset: UInt64) -> UInt64 {
        var register = preset
        for octet in octets {
            for bit in 0..<8 {
                let top = register >> UInt64(bits - 1) & 1 ^ UInt64(octet >> (7 - bit) & 1)
                register = register << 1 & (1 << UInt64(bits) - 1) ^ (top == 1 ? polynomial : 0)
            }
        }
        return register
    }

    @Test(arguments: Array(0...200) + [1115, 4096]) func everyLengthAgreesWithDivision(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let octets = generator.octets(count)
        #expect(
            UInt64(CRC16.checksum(octets.span)) == divide(octets, bits: 16, polynomial: 0x1021, preset: 0xFFFF)
        )
        #expect(
            UInt64(CRC32USLP.checksum(octets.span)) == divide(octets, bits: 32, polynomial: 0x00A0_0805, preset: 0)
        )
        // The reflected check, by reflecting everything that goes in and comes out.
        let reflected = octets.map { octet in (0..<8).reduce(UInt8(0)) { $0 << 1 | octet >> $1 & 1 } }
        let remainder = divide(reflected, bits: 32, polynomial: 0x1EDC_6F41, preset: 0xFFFF_FFFF)
        let value = (0..<32).reduce(UInt32(0)) { $0 << 1 | UInt32(truncatingIfNeeded: remainder >> UInt64($1)) & 1 }
        #expect(CRC32C.checksum(octets.span) == ~value)
    }

    @Test func theCutOfTheInputChangesNothing() {
        var generator = SeededGenerator(seed: 3)
        let octets = generator.octets(400)
        let differences = ChunkingVerifier.differences(count: octets.count, boundaries: [16, 32, 100]) { pieces in
            var crc = CRC16()
            var long = CRC32USLP()
            var castagnoli = CRC32C()
            for piece in pieces {
                crc.update(octets.span.extracting(piece))
                long.update(octets.span.extracting(piece))
                castagnoli.update(octets.span.extracting(piece))
            }
            return [UInt32(crc.value), long.value, castagnoli.value]
        }
        #expect(differences == [])
    }

    /// ISO 8473 as it is written: two sums that start at 255, octet by octet.
    @Test func isoChecksumOfLongInputsAgreesWithItsDefinition() {
        var generator = SeededGenerator(seed: 8)
        for count in [1, 4095, 4096, 4097, 20_000] {
            let octets = generator.octets(count)
            var sums = (0xFF, 0xFF)
            for octet in octets {
                sums.0 = (sums.0 + Int(octet)) % 255
                sums.1 = (sums.1 + sums.0) % 255
            }
            let high = (255 - (sums.0 + sums.1) % 255) % 255
            let field = (high == 0 ? 255 : high) << 8 | (sums.1 == 0 ? 255 : sums.1)
            #expect(Int(ISOChecksum.checksum(octets.span)) == field)
        }
        let isValid = ISOChecksum.isValid([0xFF].span)
        #expect(!isValid)
    }
}

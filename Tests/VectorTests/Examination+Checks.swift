import ChannelCoding
import TestSupport

/// Randomisers and checks.
extension Examination {
    func randomizer() throws {
        let name = try text("sequence")
        let randomizer = try unwrap(PseudoRandomizer(rawValue: name), "a sequence \(name)")
        let skipped = try int("skip_octets")
        let data = try vector.octets("data") ?? [UInt8](repeating: 0, count: int("octets"))
        var octets = [UInt8](repeating: 0, count: skipped) + data
        var span = octets.mutableSpan
        randomizer.apply(to: &span)
        expect("octets", octets[skipped...])
        var again = octets.mutableSpan
        randomizer.apply(to: &again)
        equal(Array(octets[skipped...]), data, "what is randomised twice")
    }

    func crc16() throws {
        let data = try octets("data")
        let checksum = bigEndian(CRC16.checksum(data.span))
        expect("crc", checksum)
        let protected = data + checksum
        equal(CRC16.checksum(protected.span), 0, "the check of data and check")
    }

    func crc32() throws {
        let data = try octets("data")
        let checksum = bigEndian(CRC32USLP.checksum(data.span))
        expect("crc", checksum)
        let protected = data + checksum
        equal(CRC32USLP.checksum(protected.span), 0, "the check of data and check")
    }

    func isoChecksum() throws {
        let data = try octets("data")
        let checksum = bigEndian(ISOChecksum.checksum(data.span))
        expect("checksum", checksum)
        let protected = data + checksum
        isTrue(ISOChecksum.isValid(protected.span), "data and checksum are valid")
    }

    private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

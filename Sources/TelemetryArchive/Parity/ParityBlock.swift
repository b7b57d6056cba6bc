/// The subfield `PP` of a parity member: one page of parity, with all that is needed to use it alone.
///
/// ```
///  0  version u8 = 1
///  1  flags u8          bit 0: the archive ended with this group
///  2  stripe u8         0 … 64
///  3  index u8          which of the stripe's pages of parity, 0 … 3
///  4  group u32
///  8  length u32        octets of the archive in this group
/// 12  reserved u32
/// 16  digest [32]       SHA-256 of the archive from its first octet to this group's last
/// 48  checksums u32 …   CRC-32C of each of the stripe's pages
///     page [4096]
/// ```
struct ParityBlock: Hashable, Sendable {
    static let id = "PP"

    let group: ParityGroup
    let isLast: Bool
    let stripe: Int
    let index: Int
    let digest: [UInt8]
    let checksums: [UInt32]
    let page: [UInt8]

    init(
        group: ParityGroup,
        isLast: Bool,
        stripe: Int,
        index: Int,
        digest: [UInt8],
        checksums: [UInt32],
        page: [UInt8]
    ) {
        self.group = group
        self.isLast = isLast
        self.stripe = stripe
        self.index = index
        self.digest = digest
        self.checksums = checksums
        self.page = page
    }

    func encode() -> [UInt8] {
        var writer = OctetWriter()
        writer.put(UInt8(1))
        writer.put(UInt8(isLast ? 1 : 0))
        writer.put(UInt8(stripe))
        writer.put(UInt8(index))
        writer.put(UInt32(group.number))
        writer.put(UInt32(group.length))
        writer.put(UInt32(0))
        writer.put(octets: digest)
        for checksum in checksums { writer.put(checksum) }
        writer.put(octets: page)
        return writer.octets
    }

    init(decoding octets: [UInt8]) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the parity is of an unknown version") }
        isLast = try reader.read(UInt8.self) & 1 == 1
        stripe = Int(try reader.read(UInt8.self))
        index = Int(try reader.read(UInt8.self))
        let number = Int(try reader.read(UInt32.self))
        let length = Int(try reader.read(UInt32.self))
        _ = try reader.read(UInt32.self)
        guard number <= ParityGeometry.lastGroup, (1...ParityGeometry.groupLength).contains(length),
            isLast || length == ParityGeometry.groupLength
        else { throw FormatFault("a group of \(length) octets cannot be") }
        group = ParityGroup(number: number, length: length)
        guard stripe < group.stripes, index < group.parityPages(ofStripe: stripe) else {
            throw FormatFault("the group has no stripe \(stripe) with parity \(index)")
        }
        digest = Array(try reader.read(octets: 32))
        var checksums: [UInt32] = []
        for _ in 0..<group.pages(ofStripe: stripe) { checksums.append(try reader.read()) }
        self.checksums = checksums
        page = Array(try reader.read(octets: ParityGeometry.pageLength))
        guard reader.remaining == 0 else { throw FormatFault("octets follow the page") }
    }
}

/// Makes capture files octet by octet.
struct Capture {
    var isLittleEndian = true
    var octets: [UInt8] = []

    /// A pcap file of a link type.
    init(linkType: UInt32, isLittleEndian: Bool = true, magic: UInt32 = 0xA1B2_C3D4) {
        self.isLittleEndian = isLittleEndian
        octets = number(magic) + number(0x0004_0002) + number(0) + number(0) + number(65_535) + number(linkType)
    }

    /// A pcapng section with one interface, whose clock counts nanoseconds.
    init(blocksOfLinkType linkType: UInt16, isLittleEndian: Bool) {
        self.isLittleEndian = isLittleEndian
        octets = block(0x0A0D_0D0A, number(0x1A2B_3C4D) + number(1) + number(.max) + number(.max))
        let resolution = short(9) + short(1) + [9, 0, 0, 0]
        octets += block(1, short(linkType) + short(0) + number(0) + resolution + number(0))
    }

    func number(_ value: UInt32) -> [UInt8] {
        let octets = (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        return isLittleEndian ? octets.reversed() : octets
    }

    func short(_ value: UInt16) -> [UInt8] {
        let octets = [UInt8(value >> 8), UInt8(value & 0xFF)]
        return isLittleEndian ? octets.reversed() : octets
    }

    func block(_ type: UInt32, _ content: [UInt8]) -> [UInt8] {
        let padded = content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        let length = number(UInt32(padded.count + 12))
        return number(type) + length + padded + length
    }

    /// Adds a record to a pcap file.
    mutating func add(_ record: [UInt8]) {
        let length = number(UInt32(record.count))
        octets += number(1_700_000_000) + number(5) + length + length + record
    }

    /// Adds an enhanced packet block to a pcapng file: one second and five nanoseconds.
    mutating func addBlock(_ record: [UInt8]) {
        let length = number(UInt32(record.count))
        octets += block(6, number(0) + number(0) + number(1_000_000_005) + length + length + record)
    }

    /// An IPv4 packet with a UDP datagram from port 4000 to port 5000.
    static func datagram(_ payload: [UInt8], options: Int = 0, fragment: UInt8 = 0, proto: UInt8 = 17) -> [UInt8] {
        let length = payload.count + 8
        let total = length + 20 + options
        return [
            0x45 + UInt8(options / 4), 0, UInt8(total >> 8), UInt8(total & 0xFF), 0, 0, fragment, 0, 64, proto, 0, 0,
        ]
            + [10, 0, 0, 1, 10, 0, 0, 2] + [UInt8](repeating: 1, count: options)
            + [0x0F, 0xA0, 0x13, 0x88, UInt8(length >> 8), UInt8(length & 0xFF), 0, 0] + payload
    }

    /// An Ethernet frame around it, with so many VLAN tags.
    static func ethernet(_ packet: [UInt8], tags: Int = 0, type: [UInt8] = [8, 0]) -> [UInt8] {
        [UInt8](repeating: 2, count: 12) + (0..<tags).flatMap { _ -> [UInt8] in [0x81, 0, 0, 7] } + type + packet
    }
}

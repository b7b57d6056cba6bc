import SpaceLink
import TestSupport
import Testing

/// Makes packets and AOS frames octet by octet, without the encoder under test.
enum Build {
    /// A space packet of a length, filled with a pattern of its own.
    static func packet(apid: UInt16, count: Int, length: Int) -> [UInt8] {
        precondition(length >= 7)
        let data = length - 7
        var octets: [UInt8] = [
            UInt8(apid >> 8), UInt8(apid & 0xFF), 0xC0 | UInt8(count >> 8 & 0x3F), UInt8(count & 0xFF),
            UInt8(data >> 8), UInt8(data & 0xFF),
        ]
        octets += (0...data).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) }
        return octets
    }

    /// An AOS frame without options around a packet zone.
    static func frame(
        count: Int,
        pointer: Int,
        zone: [UInt8],
        spacecraft: Int = 10,
        channel: Int = 1
    ) -> [UInt8] {
        [
            0x40 | UInt8(spacecraft >> 2), UInt8(spacecraft << 6 & 0xC0) | UInt8(channel), UInt8(count >> 16 & 0xFF),
            UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), 0, UInt8(pointer >> 8), UInt8(pointer & 0xFF),
        ] + zone
    }

    /// The link of such frames with a zone of so many octets.
    static func link(zone: Int) -> LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.frame.length = zone + 8
        return link
    }
}

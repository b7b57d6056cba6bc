public import FuzzSupport
public import SpaceLink

/// Units in what a station wraps around them.
public enum Envelopes {
    /// Wraps a unit as an envelope asks for it, now and then with something wrong.
    public static func wrapped(
        _ unit: [UInt8],
        in envelope: LinkDescription.Envelope,
        _ choices: inout Choices
    ) -> [UInt8] {
        switch envelope {
        case .kiss: KISS.framed(unit.span, unixMilliseconds: choices.octet() < 32 ? 1_700_000_000_000 : nil)
        case .pcap: record(of: unit, &choices)
        case .none, .octets: unit
        }
    }

    /// What comes before all units.
    public static func header(of envelope: LinkDescription.Envelope) -> [UInt8] {
        guard envelope == .pcap else { return [] }
        // Version 2.4, snapshot length 65535, link type 101, bare IP.
        return [0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 101]
    }

    private static func record(of unit: [UInt8], _ choices: inout Choices) -> [UInt8] {
        let datagram = unit.count + 8
        let total = datagram + 20
        let length = [UInt8(total >> 8 & 0xFF), UInt8(total & 0xFF)]
        var octets: [UInt8] = [0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0] + length + [0, 0] + length
        octets += [0x45, 0] + length + [0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        octets += [0x10, 0, 0x20, 0, UInt8(datagram >> 8 & 0xFF), UInt8(datagram & 0xFF), 0, 0] + unit
        if choices.octet() < 8 { octets[choices.number(0...43)] ^= choices.octet() }
        return octets
    }
}

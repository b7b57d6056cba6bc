/// KISS framing: its octets, and how a unit is put into it.
public enum KISS {
    static let delimiter: UInt8 = 0xC0
    static let escape: UInt8 = 0xDB
    static let data: UInt8 = 0
    static let time: UInt8 = 9

    /// What the second octet of an escape sequence stands for.
    static func plain(of octet: UInt8) -> UInt8? {
        switch octet {
        case 0xDC: delimiter
        case 0xDD: escape
        default: nil
        }
    }

    /// Puts a unit into a data frame, behind a time stamp if there is one.
    ///
    /// - Parameters:
    ///   - unit: The octets of the unit.
    ///   - unixMilliseconds: When it was received, in milliseconds since 1970-01-01 UTC.
    /// - Returns: One frame, or two.
    public static func framed(_ unit: Span<UInt8>, unixMilliseconds: UInt64? = nil) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(unit.count + 16)
        if let unixMilliseconds {
            var stamp: [UInt8] = []
            stamp.append(bigEndian: unixMilliseconds, octets: 8)
            append(stamp.span, command: time, to: &octets)
        }
        append(unit, command: data, to: &octets)
        return octets
    }

    private static func append(_ data: Span<UInt8>, command: UInt8, to octets: inout [UInt8]) {
        octets.append(delimiter)
        octets.append(command)
        for index in 0..<data.count {
            switch data[index] {
            case delimiter: octets += [escape, 0xDC]
            case escape: octets += [escape, 0xDD]
            case let octet: octets.append(octet)
            }
        }
        octets.append(delimiter)
    }
}

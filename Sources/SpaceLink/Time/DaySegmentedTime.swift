/// CCSDS day segmented time code (CDS): UTC day, millisecond of the day, and finer.
///
/// CCSDS 301.0-B, CCSDS Day Segmented Time Code. A day with a leap second has 86401000 milliseconds.
public struct DaySegmentedTime: Sendable, Hashable {
    /// Octets of the day count, 2 or 3.
    public let dayOctets: Int
    /// Octets below the millisecond: 0, 2 (microseconds) or 4 (picoseconds).
    public let subMillisecondOctets: Int
    /// Day 0, in UTC days since 1958-01-01.
    public let epochDay: Int

    /// Makes a code, or nothing if a width is none that the standard knows.
    public init?(dayOctets: Int, subMillisecondOctets: Int, epochDay: Int = 0) {
        guard dayOctets == 2 || dayOctets == 3, [0, 2, 4].contains(subMillisecondOctets), abs(epochDay) < 200_000
        else { return nil }
        self.dayOctets = dayOctets
        self.subMillisecondOctets = subMillisecondOctets
        self.epochDay = epochDay
    }

    /// The length of the time field in octets.
    public var length: Int { dayOctets + 4 + subMillisecondOctets }

    /// Reads a preamble field, or nothing if this is no CDS preamble.
    static func preamble(_ octets: Span<UInt8>, agencyEpochDay: Int) -> (code: DaySegmentedTime, length: Int)? {
        guard octets.count >= 1, octets[0] >> 4 == 4, octets[0] & 3 != 3 else { return nil }
        let code = DaySegmentedTime(
            dayOctets: octets[0] & 4 == 0 ? 2 : 3,
            subMillisecondOctets: 2 * Int(octets[0] & 3),
            epochDay: octets[0] & 8 == 0 ? 0 : agencyEpochDay
        )
        return code.map { ($0, 1) }
    }

    /// The preamble field that says this code.
    func preamble() -> [UInt8] {
        [0x40 | (epochDay == 0 ? 0 : 8) | (dayOctets == 3 ? 4 : 0) | UInt8(subMillisecondOctets / 2)]
    }

    /// Decodes a time field; picoseconds are cut off at the nanosecond.
    ///
    /// - Parameters:
    ///   - octets: The field from its first octet.
    ///   - leapSeconds: The table to use.
    /// - Returns: The instant, or nothing if octets are missing or the day has no such time.
    public func decode(_ octets: Span<UInt8>, leapSeconds: LeapSeconds = .known) -> TAITime? {
        guard octets.count >= length else { return nil }
        let day = Int(octets.uint64(at: 0, octets: dayOctets)) + epochDay
        let milliseconds = Int64(octets.uint32(at: dayOctets))
        var nanoseconds: Int64 = 0
        switch subMillisecondOctets {
        case 2: nanoseconds = Int64(octets.uint16(at: dayOctets + 4)) * 1000
        case 4: nanoseconds = Int64(octets.uint32(at: dayOctets + 4)) / 1000
        default: break
        }
        guard nanoseconds < 1_000_000 else { return nil }
        return TAITime(
            day: day,
            nanosecondOfDay: milliseconds * 1_000_000 + nanoseconds,
            leapSeconds: leapSeconds
        )
    }

    /// Encodes an instant; what is finer than the field is cut off.
    ///
    /// - Parameters:
    ///   - time: The instant; days outside the field's range are taken modulo that range.
    ///   - leapSeconds: The table to use.
    /// - Returns: The time field.
    public func encode(_ time: TAITime, leapSeconds: LeapSeconds = .known) -> [UInt8] {
        let (day, nanosecondOfDay) = time.utcDay(leapSeconds: leapSeconds)
        var octets: [UInt8] = []
        octets.append(bigEndian: UInt64(bitPattern: Int64(day - epochDay)), octets: dayOctets)
        octets.append(bigEndian: UInt64(nanosecondOfDay / 1_000_000), octets: 4)
        let below = UInt64(nanosecondOfDay % 1_000_000)
        switch subMillisecondOctets {
        case 2: octets.append(bigEndian: below / 1000, octets: 2)
        case 4: octets.append(bigEndian: below * 1000, octets: 4)
        default: break
        }
        return octets
    }
}

/// CCSDS calendar segmented time code (CCS): a UTC date and time in binary coded decimals.
///
/// CCSDS 301.0-B, CCSDS Calendar Segmented Time Code.
public struct CalendarSegmentedTime: Sendable, Hashable {
    /// How the code names the day.
    public enum Calendar: String, Sendable, Codable {
        /// Month and day of the month.
        case monthDay
        /// Day of the year.
        case dayOfYear
    }

    /// How the code names the day.
    public let calendar: Calendar
    /// Octets below the second, two decimals each, 0 to 6.
    public let subsecondOctets: Int

    /// Makes a code, or nothing if the width is none that the standard knows.
    public init?(calendar: Calendar, subsecondOctets: Int) {
        guard (0...6).contains(subsecondOctets) else { return nil }
        self.calendar = calendar
        self.subsecondOctets = subsecondOctets
    }

    /// The length of the time field in octets.
    public var length: Int { 7 + subsecondOctets }

    /// Reads a preamble field, or nothing if this is no CCS preamble.
    static func preamble(_ octets: Span<UInt8>) -> (code: CalendarSegmentedTime, length: Int)? {
        guard octets.count >= 1, octets[0] >> 4 == 5 else { return nil }
        return CalendarSegmentedTime(
            calendar: octets[0] & 8 == 0 ? .monthDay : .dayOfYear,
            subsecondOctets: Int(octets[0] & 7)
        ).map { ($0, 1) }
    }

    /// The preamble field that says this code.
    func preamble() -> [UInt8] {
        [0x50 | (calendar == .dayOfYear ? 8 : 0) | UInt8(subsecondOctets)]
    }

    /// Decodes a time field; decimals beyond the ninth are cut off.
    ///
    /// - Parameters:
    ///   - octets: The field from its first octet.
    ///   - leapSeconds: The table to use.
    /// - Returns: The instant, or nothing if octets are missing, digits are none, or the day has no such time.
    public func decode(_ octets: Span<UInt8>, leapSeconds: LeapSeconds = .known) -> TAITime? {
        guard octets.count >= length else { return nil }
        var pairs: [Int] = []
        for index in 0..<length {
            let high = octets[index] >> 4
            let low = octets[index] & 15
            guard high < 10, low < 10 else { return nil }
            pairs.append(Int(high * 10 + low))
        }
        let year = pairs[0] * 100 + pairs[1]
        let date =
            switch calendar {
            case .monthDay: CivilDate(year: year, month: pairs[2], day: pairs[3])
            case .dayOfYear: CivilDate(year: year, dayOfYear: pairs[2] * 100 + pairs[3])
            }
        // Ten decimals, of which the last is cut off.
        var fraction: Int64 = 0
        for index in 7..<12 { fraction = fraction * 100 + Int64(index < length ? pairs[index] : 0) }
        guard let date,
            let nanosecondOfDay = TAITime.nanosecondOfDay(pairs[4], pairs[5], pairs[6], fraction / 10)
        else { return nil }
        return TAITime(day: date.dayNumber, nanosecondOfDay: nanosecondOfDay, leapSeconds: leapSeconds)
    }

    /// Encodes an instant; what is finer than the field is cut off.
    ///
    /// - Parameters:
    ///   - time: The instant.
    ///   - leapSeconds: The table to use.
    /// - Returns: The time field.
    public func encode(_ time: TAITime, leapSeconds: LeapSeconds = .known) -> [UInt8] {
        let (day, nanosecondOfDay) = time.utcDay(leapSeconds: leapSeconds)
        let date = CivilDate(dayNumber: day)
        let second = Int(nanosecondOfDay / TAITime.nanosecondsPerSecond)
        let minute = min(second / 60, 1439)
        let dayPairs =
            switch calendar {
            case .monthDay: [date.month, date.day]
            case .dayOfYear: [date.dayOfYear / 100, date.dayOfYear % 100]
            }
        var pairs = [date.year / 100, date.year % 100] + dayPairs
        pairs += [minute / 60, minute % 60, second - minute * 60]
        var fraction = nanosecondOfDay % TAITime.nanosecondsPerSecond * 1000
        var decimals: [Int] = []
        for _ in 0..<6 {
            decimals.insert(Int(fraction % 100), at: 0)
            fraction /= 100
        }
        pairs += decimals.prefix(subsecondOctets)
        return pairs.map { UInt8(($0 / 10) << 4 | $0 % 10) }
    }
}

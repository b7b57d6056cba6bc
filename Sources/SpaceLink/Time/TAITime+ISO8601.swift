/// Instants as text: ISO 8601 in UTC, as `2026-03-01T12:00:00.25Z`.
extension TAITime {
    /// The text with as many decimals as it needs.
    public var utc: String {
        var text = utc(fractionDigits: 9)
        text.removeLast()
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text + "Z"
    }

    /// The text with a fixed number of decimals; what lies beyond is cut off, not rounded.
    ///
    /// - Parameters:
    ///   - fractionDigits: Decimals of the second, 0 to 9.
    ///   - leapSeconds: The table to use.
    /// - Returns: The text.
    public func utc(fractionDigits: Int, leapSeconds: LeapSeconds = .known) -> String {
        let (day, nanosecondOfDay) = utcDay(leapSeconds: leapSeconds)
        let date = CivilDate(dayNumber: day)
        let second = Int(nanosecondOfDay / Self.nanosecondsPerSecond)
        // A leap second belongs to the last minute of its day.
        let minute = min(second / 60, 1439)
        var text = digits(date.year, 4) + "-" + digits(date.month, 2) + "-" + digits(date.day, 2)
        text += "T" + digits(minute / 60, 2) + ":" + digits(minute % 60, 2) + ":" + digits(second - minute * 60, 2)
        if fractionDigits > 0 {
            let fraction = digits(Int(nanosecondOfDay % Self.nanosecondsPerSecond), 9)
            text += "." + fraction.prefix(min(fractionDigits, 9))
        }
        return text + "Z"
    }

    private func digits(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// The instant that a text names, or nothing if it is no UTC time of ISO 8601 or the day has no such time.
    ///
    /// The forms are `YYYY-MM-DDThh:mm:ss[.f…]Z` and, with the day of the year, `YYYY-DDDThh:mm:ss[.f…]Z`. Decimals
    /// beyond the ninth are cut off.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - leapSeconds: The table to use.
    public init?(utc text: String, leapSeconds: LeapSeconds = .known) {
        var reader = DigitReader(octets: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.skip("-") else { return nil }
        let date: CivilDate?
        if reader.digitsAhead == 3 {
            guard let dayOfYear = reader.number(digits: 3) else { return nil }
            date = CivilDate(year: year, dayOfYear: dayOfYear)
        } else {
            guard let month = reader.number(digits: 2), reader.skip("-"), let day = reader.number(digits: 2) else {
                return nil
            }
            date = CivilDate(year: year, month: month, day: day)
        }
        guard let date, reader.skip("T"),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            let fraction = reader.nanoseconds(), reader.skip("Z"), reader.isAtEnd,
            let nanosecondOfDay = TAITime.nanosecondOfDay(hour, minute, second, fraction)
        else { return nil }
        self.init(day: date.dayNumber, nanosecondOfDay: nanosecondOfDay, leapSeconds: leapSeconds)
    }

    /// The time of day, or nothing if a clock cannot show it; second 60 only in the day's last minute.
    static func nanosecondOfDay(_ hour: Int, _ minute: Int, _ second: Int, _ nanoseconds: Int64) -> Int64? {
        let last = hour == 23 && minute == 59 ? 60 : 59
        guard (0...23).contains(hour), (0...59).contains(minute), (0...last).contains(second) else { return nil }
        return Int64(hour * 3600 + minute * 60 + second) * nanosecondsPerSecond + nanoseconds
    }
}

/// Reads digits and separators from left to right.
private struct DigitReader {
    let octets: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == octets.count }

    /// How many digits follow.
    var digitsAhead: Int { octets[position...].prefix { (0x30...0x39).contains($0) }.count }

    /// Reads exactly so many digits.
    mutating func number(digits: Int) -> Int? {
        guard digitsAhead >= digits else { return nil }
        let value = octets[position..<position + digits].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        position += digits
        return value
    }

    /// Reads one separator.
    mutating func skip(_ separator: Unicode.Scalar) -> Bool {
        guard position < octets.count, UInt32(octets[position]) == separator.value else { return false }
        position += 1
        return true
    }

    /// Reads a point and decimals as nanoseconds; zero if there is no point.
    mutating func nanoseconds() -> Int64? {
        guard skip(".") else { return 0 }
        let count = digitsAhead
        guard count > 0 else { return nil }
        let kept = min(count, 9)
        guard var value = number(digits: kept) else { return nil }
        for _ in kept..<9 { value *= 10 }
        position += count - kept
        return Int64(value)
    }
}

extension TAITime {
    /// The instant that a computer's clock tells.
    ///
    /// Such clocks count seconds since 1970-01-01 UTC and leave leap seconds out (IEEE Std 1003.1, Seconds Since the Epoch).
    ///
    /// - Parameters:
    ///   - unixNanoseconds: Nanoseconds of that count.
    ///   - leapSeconds: The leap seconds that are known.
    public init?(unixNanoseconds: Int64, leapSeconds: LeapSeconds = .known) {
        let nanosecondsPerDay = 86_400 * Self.nanosecondsPerSecond
        var (days, rest) = unixNanoseconds.quotientAndRemainder(dividingBy: nanosecondsPerDay)
        if rest < 0 {
            days -= 1
            rest += nanosecondsPerDay
        }
        let epoch = 4383  // days from 1958-01-01 to 1970-01-01: twelve years, three of them leap years
        self.init(day: epoch + Int(days), nanosecondOfDay: rest, leapSeconds: leapSeconds)
    }
}

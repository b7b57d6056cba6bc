/// The steps of TAI − UTC: from which day on, how many seconds.
///
/// The table that was known when this was written is ``known``; a later one takes its place by being passed to the
/// conversions. Before its first step the difference counts as zero.
public struct LeapSeconds: Sendable, Hashable {
    /// One step.
    public struct Step: Sendable, Hashable {
        /// The first UTC day of the step, in days since 1958-01-01.
        public let day: Int
        /// TAI − UTC (s) from that day on.
        public let difference: Int

        /// Makes a step.
        public init(day: Int, difference: Int) {
            self.day = day
            self.difference = difference
        }
    }

    /// The steps in order of time.
    public let steps: [Step]

    /// Makes a table, or nothing if days or differences do not grow.
    public init?(steps: [Step]) {
        for (earlier, later) in zip(steps, steps.dropFirst())
        where later.day <= earlier.day || later.difference <= earlier.difference {
            return nil
        }
        self.steps = steps
    }

    private init(january: [Int], july: [Int]) {
        let days =
            january.compactMap { CivilDate(year: $0, month: 1, day: 1)?.dayNumber }
            + july.compactMap { CivilDate(year: $0, month: 7, day: 1)?.dayNumber }
        steps = days.sorted().enumerated().map { Step(day: $0.element, difference: 10 + $0.offset) }
    }

    /// The steps from 1972-01-01 (10 s) to 2017-01-01 (37 s), as the IERS announced them in its Bulletin C.
    public static let known = LeapSeconds(
        january: [
            1972, 1973, 1974, 1975, 1976, 1977, 1978, 1979, 1980, 1988, 1990, 1991, 1996, 1999, 2006, 2009, 2017,
        ],
        july: [1972, 1981, 1982, 1983, 1985, 1992, 1993, 1994, 1997, 2012, 2015]
    )

    /// TAI − UTC (s) on a UTC day.
    func difference(onDay day: Int) -> Int {
        steps.last { $0.day <= day }?.difference ?? 0
    }

    /// How many seconds a UTC day has.
    func seconds(inDay day: Int) -> Int {
        guard let index = steps.firstIndex(where: { $0.day == day + 1 }), index > 0 else { return 86_400 }
        return 86_400 + steps[index].difference - steps[index - 1].difference
    }
}

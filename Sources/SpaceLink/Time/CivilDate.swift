/// A day of the Gregorian calendar, and its number since 1958-01-01.
///
/// The arithmetic counts days from 1 March, so that the leap day is the last of its year.
struct CivilDate: Hashable {
    var year: Int
    var month: Int
    var day: Int

    private static let daysTo1958 = 715_085

    /// The date of a day number; day 0 is 1958-01-01.
    init(dayNumber: Int) {
        // Step 1: days since 0000-03-01, split into eras of 400 years (146097 days).
        let days = dayNumber + Self.daysTo1958
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        // Step 2: the year of the era, less the leap days before.
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Step 3: months of 31 and 30 days in turn, from March on.
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// A date, or nothing if the calendar has no such day.
    init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        self.year = year
        self.month = month
        self.day = day
        guard CivilDate(dayNumber: dayNumber) == self else { return nil }
    }

    /// The date of a day of the year, counted from 1, or nothing if the year has no such day.
    init?(year: Int, dayOfYear: Int) {
        guard dayOfYear >= 1, let first = CivilDate(year: year, month: 1, day: 1) else { return nil }
        self.init(dayNumber: first.dayNumber + dayOfYear - 1)
        guard self.year == year else { return nil }
    }

    /// Days since 1958-01-01.
    var dayNumber: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - Self.daysTo1958
    }

    /// The day of the year, counted from 1.
    var dayOfYear: Int {
        var first = self
        first.month = 1
        first.day = 1
        return dayNumber - first.dayNumber + 1
    }
}

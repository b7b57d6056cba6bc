extension TimeCode: Codable {
    private enum Key: String, CodingKey, CaseIterable {
        case code
        case offset
        case preamble
        case coarse
        case fine
        case epoch
        case dayOctets
        case subMillisecondOctets
        case calendar
        case subsecondOctets
    }

    private enum Code: String, Codable {
        case cuc
        case cds
        case ccs
    }

    /// Reads a time code; unknown keys and widths that the standard does not know are refused.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: AnyKey.self).allKeys
        let container = try decoder.container(keyedBy: Key.self)
        func refuse(_ text: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
        }
        if let unknown = names.first(where: { Key(rawValue: $0.stringValue) == nil }) {
            throw refuse("A time code has no key “\(unknown.stringValue)”.")
        }
        func integer(_ key: Key, _ standard: Int) throws -> Int {
            try container.decodeIfPresent(Int.self, forKey: key) ?? standard
        }
        var epoch = TAITime(nanoseconds: 0)
        if let text = try container.decodeIfPresent(String.self, forKey: .epoch) {
            guard let time = TAITime(utc: text) else { throw refuse("The epoch “\(text)” is no UTC time.") }
            epoch = time
        }
        let form: Form?
        switch try container.decode(Code.self, forKey: .code) {
        case .cuc:
            form = UnsegmentedTime(
                coarseOctets: try integer(.coarse, 4),
                fineOctets: try integer(.fine, 2),
                epoch: epoch
            ).map { .unsegmented($0) }
        case .cds:
            let (day, nanosecondOfDay) = epoch.utcDay(leapSeconds: .known)
            guard nanosecondOfDay == 0 else { throw refuse("The epoch of a CDS code must be the start of a day.") }
            form = DaySegmentedTime(
                dayOctets: try integer(.dayOctets, 2),
                subMillisecondOctets: try integer(.subMillisecondOctets, 2),
                epochDay: day
            ).map { .daySegmented($0) }
        case .ccs:
            form = CalendarSegmentedTime(
                calendar: try container.decodeIfPresent(CalendarSegmentedTime.Calendar.self, forKey: .calendar)
                    ?? .monthDay,
                subsecondOctets: try integer(.subsecondOctets, 0)
            ).map { .calendarSegmented($0) }
        }
        guard let form else { throw refuse("CCSDS 301.0-B knows no time code of these widths.") }
        let offset = try integer(.offset, SpacePacketHeader.length)
        guard offset >= 0 else { throw refuse("The offset of a time code cannot be negative.") }
        self.init(
            form,
            offset: offset,
            hasPreamble: try container.decodeIfPresent(Bool.self, forKey: .preamble) ?? false
        )
    }

    /// Writes a time code with all keys of its form.
    ///
    /// - Parameter encoder: What to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(offset, forKey: .offset)
        try container.encode(hasPreamble, forKey: .preamble)
        switch form {
        case .unsegmented(let code):
            try container.encode(Code.cuc, forKey: .code)
            try container.encode(code.coarseOctets, forKey: .coarse)
            try container.encode(code.fineOctets, forKey: .fine)
            try container.encode(code.epoch.utc, forKey: .epoch)
        case .daySegmented(let code):
            try container.encode(Code.cds, forKey: .code)
            try container.encode(code.dayOctets, forKey: .dayOctets)
            try container.encode(code.subMillisecondOctets, forKey: .subMillisecondOctets)
            let epoch = TAITime(day: code.epochDay, nanosecondOfDay: 0, leapSeconds: .known)
            try container.encode((epoch ?? TAITime(nanoseconds: 0)).utc, forKey: .epoch)
        case .calendarSegmented(let code):
            try container.encode(Code.ccs, forKey: .code)
            try container.encode(code.calendar, forKey: .calendar)
            try container.encode(code.subsecondOctets, forKey: .subsecondOctets)
        }
    }
}

/// Any key, to see which there are.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

import Foundation
import SpaceLink
import TestSupport
import Testing

@Suite struct TimeTests {
    private func code(_ json: String) throws -> TimeCode {
        try JSONDecoder().decode(TimeCode.self, from: Data(json.utf8))
    }

    @Test(arguments: [
        (1_861_920_035, "2016-12-31T23:59:59Z"), (1_861_920_036, "2016-12-31T23:59:60Z"),
        (1_861_920_037, "2017-01-01T00:00:00Z"), (0, "1958-01-01T00:00:00Z"),
        (2_000_000_000, "2021-05-18T03:32:43Z"), (-86_400, "1957-12-31T00:00:00Z"),
        (1_325_419_227, "2000-01-01T11:59:55Z"),
    ])
    func secondsHaveTheirText(_ seconds: Int64, _ text: String) {
        #expect(TAITime(nanoseconds: seconds * 1_000_000_000).utc == text)
        #expect(TAITime(utc: text)?.nanoseconds == seconds * 1_000_000_000)
    }

    @Test func everyInstantAroundALeapSecondHasItsOwnText() {
        let start: Int64 = 1_861_920_030 * 1_000_000_000
        for step in 0..<200 {
            let time = TAITime(nanoseconds: start + Int64(step) * 71_123_457)
            #expect(TAITime(utc: time.utc) == time)
        }
    }

    @Test func randomInstantsSurviveTheirText() {
        var generator = SeededGenerator(seed: 7)
        // From 1972 on: before, ten seconds of UTC would be said twice.
        let from: Int64 = 442_000_000_000_000_000
        for _ in 0..<5000 {
            let time = TAITime(nanoseconds: .random(in: from...Int64.max, using: &generator))
            #expect(TAITime(utc: time.utc) == time)
        }
    }

    @Test(arguments: [
        "", "2020", "2020-01-01", "2020-01-01T00:00:00", "2020-13-01T00:00:00Z", "2021-02-29T00:00:00Z",
        "2020-01-01T24:00:00Z", "2020-01-01T00:60:00Z", "2020-01-01T00:00:60Z", "2015-12-31T23:59:60Z",
        "2020-01-01T00:00:00.Z", "2020-01-01T00:00:00Z ", "2020-000T00:00:00Z", "2021-366T00:00:00Z",
        "9999-01-01T00:00:00Z", "2020-01-01T00:00:61Z",
    ])
    func textsThatNameNoTimeAreRefused(_ text: String) {
        #expect(TAITime(utc: text) == nil)
    }

    @Test func daysOfTheYearAndDecimalsAreRead() {
        #expect(TAITime(utc: "2020-366T00:00:00Z") == TAITime(utc: "2020-12-31T00:00:00Z"))
        #expect(TAITime(utc: "2020-01-01T00:00:00.25Z")?.utc == "2020-01-01T00:00:00.25Z")
        #expect(TAITime(utc: "2020-01-01T00:00:00.1234567899Z")?.utc == "2020-01-01T00:00:00.123456789Z")
        #expect(TAITime(utc: "2020-01-01T00:00:00.25Z")?.utc(fractionDigits: 3) == "2020-01-01T00:00:00.250Z")
    }

    @Test func codesThatTheStandardDoesNotKnowAreRefused() {
        for json in [
            #"{"code": "cuc", "coarse": 8}"#, #"{"code": "cds", "dayOctets": 4}"#, #"{"code": "gps"}"#, "{}",
            #"{"code": "cds", "epoch": "2000-01-01T12:00:00Z"}"#, #"{"code": "cuc", "course": 4}"#,
            #"{"code": "cuc", "offset": -1}"#, #"{"code": "cuc", "epoch": "yesterday"}"#,
        ] {
            #expect(throws: (any Error).self) { try code(json) }
        }
    }

    @Test func codesSurviveTheirJSON() throws {
        for json in [
            #"{"code": "cuc", "offset": 10, "coarse": 4, "fine": 3, "epoch": "2000-01-01T12:00:00Z", "preamble": true}"#,
            #"{"code": "cds", "offset": 6, "dayOctets": 3, "subMillisecondOctets": 4, "epoch": "2000-01-01T00:00:00Z"}"#,
            #"{"code": "ccs", "calendar": "dayOfYear", "subsecondOctets": 3}"#,
        ] {
            let code = try code(json)
            #expect(try JSONDecoder().decode(TimeCode.self, from: JSONEncoder().encode(code)) == code)
            let time = try #require(TAITime(utc: "2026-03-01T12:34:56.75Z"))
            let field = code.encode(time)
            #expect(field.count == code.length)
            #expect(code.decode(octets: field) == time)
            let packet = [UInt8](repeating: 0, count: code.offset) + field
            #expect(code.time(ofPacket: packet) == time)
            #expect(code.time(ofPacket: packet.dropLast()) == nil)
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1_500_000_000, "1969-12-31T23:59:58.5Z"),
            (1_483_228_799_000_000_000, "2016-12-31T23:59:59Z"), (1_483_228_800_000_000_000, "2017-01-01T00:00:00Z"),
            (1_700_000_000_250_000_000, "2023-11-14T22:13:20.25Z"),
        ] as [(Int64, String)]
    )
    func computersCountWithoutLeapSeconds(nanoseconds: Int64, utc: String) throws {
        #expect(TAITime(unixNanoseconds: nanoseconds)?.utc == utc)
    }

    @Test func hostileFieldsHoldNoTime() throws {
        var generator = SeededGenerator(seed: 3)
        let codes = try ["cuc", "cds", "ccs"].map { try code(#"{"code": "\#($0)", "offset": 0, "preamble": true}"#) }
        for _ in 0..<2000 {
            let octets = generator.octets(Int.random(in: 0...20, using: &generator))
            for code in codes { _ = code.time(ofPacket: octets) }
        }
        let late: [UInt8] = [0xFF, 0xFF, 0x05, 0x26, 0x5C, 0x00]
        let day = try code(#"{"code": "cds", "offset": 0, "subMillisecondOctets": 0}"#)
        #expect(day.decode(octets: late) == nil)
    }
}

import Foundation
import SpaceLink
import TestSupport

/// Time codes and leap seconds.
extension Examination {
    private func code(_ fields: [String: Any]) throws -> TimeCode {
        let whole = fields.merging(["preamble": flag("p_field_present")]) { $1 }
        return try JSONDecoder().decode(TimeCode.self, from: JSONSerialization.data(withJSONObject: whole))
    }

    /// The UTC text of an epoch such as `1958-01-01T00:00:00 TAI` or `2000-01-01 UTC`.
    private func epoch(_ text: String) throws -> String {
        let parts = text.split(separator: " ").map { String($0) }
        guard parts.count == 2 else { throw Failure.unusable("no epoch is \(text)") }
        let utc = parts[0] + (parts[0].contains("T") ? "Z" : "T00:00:00Z")
        switch parts[1] {
        case "UTC": return utc
        case "TAI":
            let noSteps = try unwrap(LeapSeconds(steps: []), "a table without leap seconds")
            return try unwrap(TAITime(utc: utc, leapSeconds: noSteps), "the epoch \(text)").utc
        default: throw Failure.unusable("no time scale is \(parts[1])")
        }
    }

    /// What a text with more than nine decimals says to the nanosecond.
    private func nanoseconds(_ text: String) -> String {
        guard let point = text.firstIndex(of: ".") else { return text }
        return text[..<point] + "." + text[text.index(after: point)...].dropLast().prefix(9) + "Z"
    }

    private func bigEndian(_ octets: some Sequence<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }

    /// Whatever is finer than a nanosecond, the time itself comes back.
    private func isEncodable(_ time: TAITime, _ code: TimeCode) {
        let octets = code.encode(time)
        equal(octets.count, code.length, "the octets of the time encoded again")
        equal(code.decode(octets.span), time, "the time that comes back")
    }

    func unsegmentedTime() throws {
        let octets = try octets("octets")
        let coarse: Int = try expected("coarse_octets")
        let fine: Int = try expected("fine_octets")
        let code = try code(["code": "cuc", "coarse": coarse, "fine": fine, "epoch": epoch(text("epoch"))])
        equal(code.length, octets.count, "the length of the code")
        let time = try unwrap(code.decode(octets.span), "a time in these octets")
        equal(time.utc(fractionDigits: 9), nanoseconds(try expected("utc")), "utc")
        let field = octets.suffix(coarse + fine)
        expect("coarse", bigEndian(field.prefix(coarse)))
        if fine <= 8 { expect("fine", bigEndian(field.suffix(fine))) } else { implied("fine") }
        implied("code_id", "seconds_since_epoch")
        // Up to three octets of fraction are coarser than a nanosecond, so that nothing is lost.
        if fine <= 3 { equal(code.encode(time), octets, "the time encoded again") }
        isEncodable(time, code)
    }

    func daySegmentedTime() throws {
        let octets = try octets("octets")
        let preamble = flag("p_field_present") ? 1 : 0
        let fraction: Int = try expected("sub_ms_octets")
        let days = octets.count - fraction - 4 - preamble
        let epoch = try epoch(expected("epoch"))
        let code = try code(["code": "cds", "dayOctets": days, "subMillisecondOctets": fraction, "epoch": epoch])
        let time = try unwrap(code.decode(octets.span), "a time in these octets")
        equal(time.utc(fractionDigits: 9), nanoseconds(try expected("utc")), "utc")
        let field = octets.dropFirst(preamble)
        expect("day", bigEndian(field.prefix(days)))
        expect("ms_of_day", bigEndian(field.dropFirst(days).prefix(4)))
        expect("sub_ms", bigEndian(field.suffix(fraction)))
        if fraction < 4 { equal(code.encode(time), octets, "the time encoded again") }
        isEncodable(time, code)
    }

    func calendarSegmentedTime() throws {
        let octets = try octets("octets")
        let fraction: Int = try expected("subsecond_octets")
        let variant: String = try expected("variant")
        let calendar = variant == "month-day" ? "monthDay" : "dayOfYear"
        let code = try code(["code": "ccs", "calendar": calendar, "subsecondOctets": fraction])
        let time = try unwrap(code.decode(octets.span), "a time in these octets")
        let utc = nanoseconds(try expected("utc"))
        equal(time, TAITime(utc: utc), "utc")
        equal(time.utc, TAITime(utc: utc)?.utc, "the text of utc")
        if fraction < 5 { equal(code.encode(time), octets, "the time encoded again") }
        isEncodable(time, code)
    }

    func leapSeconds() throws {
        let table: [[Any]] = try expected("tai_minus_utc_from")
        equal(LeapSeconds.known.steps.count, table.count, "the number of steps")
        for (row, step) in zip(table, LeapSeconds.known.steps) {
            guard let date = row.first as? String, let difference = row.last as? Int else {
                throw Failure.missing("the date or the difference of a step")
            }
            equal(step.difference, difference, "TAI - UTC from \(date)")
            let time = try unwrap(TAITime(utc: date + "T00:00:00Z"), "the date \(date)")
            equal(time.nanoseconds, Int64(step.day * 86_400 + difference) * 1_000_000_000, "the start of \(date)")
        }
    }
}

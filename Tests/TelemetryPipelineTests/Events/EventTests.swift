import AttitudeMonitor
import Foundation
import SpaceLink
import TelemetryPipeline
import Testing

@Suite struct EventTests {
    private struct Payload: Encodable {
        var zeta = 1.5
        var alpha: String? = "a/b \"c\"\n"
        var none: Int?
        var endless = Double.infinity
        var undefined = Double.nan
    }

    @Test func anEventIsOneLineWithItsVersionAndSortedKeys() {
        #expect(
            EventLine("sample", Payload()).text
                == #"{"alpha":"a/b \"c\"\n","endless":"Infinity","event":"sample","undefined":"NaN","v":1,"zeta":1.5}"#
                + "\n"
        )
        #expect(EventLine("done", NoPayload()).text == "{\"event\":\"done\",\"v\":1}\n")
    }

    private static let event = """
        {"id": 1, "state": "raised", "condition": "gyroZero", "severity": "critical", "onset": 12.3456,
         "detected": 13.0004, "evidence": [], "integrator": 0.5, "believed": [], "doubted": [], "isolation": [],
         "unavailable": [], "clearsWhen": "", "avoid": []}
        """

    private struct Times: Decodable {
        let onset: String
        let detected: String
        let condition: String
    }

    private struct Seconds: Decodable {
        let onset: Double
        let detected: Double
    }

    @Test func anAnomalyOfTelemetryIsToldInUTCToTheMillisecond() throws {
        let event = try JSONDecoder().decode(AnomalyEvent.self, from: Data(Self.event.utf8))
        let origin = try #require(TAITime(utc: "2016-12-31T23:59:50.123Z"))
        let line = EventLine("anomaly", AnomalyReport(event, scale: .utc(origin: origin))).text
        let times = try JSONDecoder().decode(Times.self, from: Data(line.utf8))
        #expect(times.condition == "gyroZero")
        // The leap second at the end of 2016 lies between.
        #expect(times.onset == "2017-01-01T00:00:01.469Z")
        #expect(times.detected == "2017-01-01T00:00:02.123Z")
    }

    @Test func anAnomalyOfATableKeepsItsSeconds() throws {
        let event = try JSONDecoder().decode(AnomalyEvent.self, from: Data(Self.event.utf8))
        let line = EventLine("anomaly", AnomalyReport(event, scale: .seconds)).text
        let times = try JSONDecoder().decode(Seconds.self, from: Data(line.utf8))
        #expect(times.onset == 12.3456)
        #expect(times.detected == 13.0004)
    }

    @Test func timesBeyondAllCalendarsAreUnknown() throws {
        let origin = TAITime(nanoseconds: 0)
        #expect(TimeScale.utc(origin: origin).text(.infinity) == "unknown")
        #expect(TimeScale.utc(origin: origin).text(.nan) == "unknown")
        #expect(TimeScale.utc(origin: origin).text(1e300) == "unknown")
        #expect(TimeScale.utc(origin: TAITime(nanoseconds: .max)).text(10) == "unknown")
        #expect(TimeScale.seconds.text(1.23456) == "1.235")
    }
}

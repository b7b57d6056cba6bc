import AttitudeMonitor
import Foundation
import TestSupport
import Testing

/// Real craft of which no vehicle is known: healthy, so silent.
@Suite struct RecordingTests {
    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: [
            Recording(
                file: "hakuto-r_apid1855_expected.csv",
                time: "seq",
                roles: [
                    "gx_dps": "gyro.a.rate.x", "gy_dps": "gyro.a.rate.y", "gz_dps": "gyro.a.rate.z",
                    "qx": "attitude.quaternion.x", "qy": "attitude.quaternion.y", "qz": "attitude.quaternion.z",
                    "qw": "attitude.quaternion.w",
                ],
                rows: 119
            ),
            Recording(
                file: "jpss1_apid11_expected.csv",
                time: "t_s",
                roles: [
                    "q1": "attitude.quaternion.x", "q2": "attitude.quaternion.y", "q3": "attitude.quaternion.z",
                    "q4": "attitude.quaternion.w",
                ],
                rows: 7200
            ),
        ],
        ["attitude", "starTracker.1"]
    )
    func aHealthyCraftWithoutVehicleIsSilent(recording: Recording, source: String) throws {
        let text = try String(decoding: Fixtures.recording(recording.file), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let header = try #require(lines.first)
        let timeColumn = try #require(header.firstIndex(of: recording.time))
        let table = try RoleTable(
            columns: header.map { name in
                let role = recording.roles[name] ?? "other.\(name)"
                return RoleColumn(role: role.replacing("attitude.quaternion", with: source + ".quaternion"))
            }
        )
        #expect(table.unknownRoles == ["other.\(recording.time)"])
        #expect(lines.count - 1 == recording.rows)
        // By sequence number the true interval is not known: nothing may depend on it.
        for scale in [1.0, 0.1, 4] {
            var monitor = AttitudeMonitor(MonitorConfiguration())
            var events: [AnomalyEvent] = []
            for line in lines.dropFirst() {
                let values = zip(header, line).map { name, text in
                    (Double(text) ?? .nan) * (name.hasSuffix("_dps") ? Double.pi / 180 : 1)
                }
                let time = (Double(line[timeColumn]) ?? .nan) * scale
                monitor.push(row: values.span, table: table, time: time) { events.append(copy $0) }
            }
            monitor.finish { events.append(copy $0) }
            #expect(events.alarms.isEmpty, "time × \(scale):\n\(events.story)")
            #expect(monitor.unwatched.contains { $0.condition == .uncommandedTorque })
        }
    }

    struct Recording: CustomTestStringConvertible {
        var file: String
        var time: String
        var roles: [String: String]
        var rows: Int

        var testDescription: String { file }
    }
}

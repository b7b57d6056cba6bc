import AttitudeMonitor
import Foundation
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct DetectionTableTests {
    struct Judged {
        var rows = 0
        var badRows = 0
        var firstBadLine: Int?
        var unknown: [String] = []
        var isUTC = false
        var events: [AnomalyEvent] = []
        var alarms: [AnomalyEvent] { events.filter { $0.severity >= .warning } }
    }

    private func judge(path: String, _ mappings: [String] = []) throws -> Judged {
        var table = try DetectionTable(path: path, mappings: mappings.map { try DetectionTable.Mapping($0) })
        var monitor = AttitudeMonitor(MonitorConfiguration())
        var judged = Judged()
        while try table.next(&monitor, { judged.events.append($0) }) {}
        monitor.finish { judged.events.append(copy $0) }
        judged.rows = table.rows
        judged.badRows = table.badRows
        judged.firstBadLine = table.firstBadLine
        judged.unknown = table.unknownColumns
        if case .utc = table.scale { judged.isUTC = true }
        return judged
    }

    private func judge(_ text: String, _ mappings: [String] = []) throws -> Judged {
        let folder = try TemporaryFolder()
        return try judge(path: folder.write("t.csv", Array(text.utf8)), mappings)
    }

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: ["starTracker.1.quaternion", "attitude.quaternion"]
    )
    func aHealthyLanderIsLeftInPeace(quaternion: String) throws {
        let judged = try judge(
            path: ExpectedRecording.path("hakuto-r_apid1855_expected.csv"),
            ["seq=time"] + ["x", "y", "z"].map { "g\($0)_dps=gyro.a.rate.\($0):deg/s" }
                + ["x", "y", "z", "w"].map { "q\($0)=\(quaternion).\($0)" }
        )
        #expect(judged.rows == 119)
        #expect(judged.badRows == 0)
        #expect(judged.unknown.isEmpty)
        #expect(judged.alarms.isEmpty, "\(judged.alarms.map(\.condition))")
    }

    @Test(
        .enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)),
        arguments: ["starTracker.1.quaternion", "attitude.quaternion"]
    )
    func aHealthyOrbiterIsLeftInPeaceThoughItsQuaternionChangesSign(quaternion: String) throws {
        let judged = try judge(
            path: ExpectedRecording.path("jpss1_apid11_expected.csv"),
            ["t_s=time"] + zip(1...4, ["x", "y", "z", "w"]).map { "q\($0)=\(quaternion).\($1)" }
        )
        #expect(judged.rows == 7200)
        #expect(judged.badRows == 0)
        #expect(judged.alarms.isEmpty, "\(judged.alarms.map(\.condition))")
    }

    @Test func headingsThatAreRolesNeedNoMapping() throws {
        let judged = try judge("time,gyro.a.rate.x,gyro.a.rate.y,gyro.a.rate.z,comment\n0,1,2,3,a\n1,1,2,3,b\n")
        #expect(judged.rows == 2)
        #expect(judged.unknown == ["comment"])
        #expect(!judged.isUTC)
    }

    @Test func timesMayBeISO8601() throws {
        let judged = try judge(
            """
            when,gx
            2023-01-01T00:00:00Z,0.1
            2023-01-01T00:00:00.250Z,0.1
            not a time,0.1
            2023-13-01T00:00:00Z,0.1

            """,
            ["when=time", "gx=gyro.a.rate.x:deg/s"]
        )
        #expect(judged.isUTC)
        #expect(judged.rows == 2)
        #expect(judged.badRows == 2)
        #expect(judged.firstBadLine == 4)
    }

    @Test func badRowsAreCountedAndPassedOver() throws {
        let judged = try judge(
            "time,gyro.a.rate.x\r\n 0 , 0.1 \r\n\r\n1\r\n2,3,4\r\n\"3\",\"0.1\"\r\n,1\r\ninf,1\r\n4,\r\n5,text"
        )
        #expect(judged.rows == 4, "0, 3, 4 without a value, 5 with a text")
        #expect(judged.badRows == 4)
        #expect(judged.firstBadLine == 4)
    }

    @Test func aByteOrderMarkIsNoPartOfAHeading() throws {
        #expect(try judge("\u{FEFF}time,gyro.a.rate.x\n0,0.1\n").rows == 1)
    }

    @Test func aTableThatCannotBeJudgedSaysWhy() throws {
        for (text, mappings, words) in [
            ("", [], "is empty"), ("a,b\n", [], "has no column 'time'"), ("time,b\n", [], "no column is a role"),
            ("time,b\n", ["c=gyro.a.rate.x"], "has no column 'c'; its columns are time, b"),
        ] as [(String, [String], String)] {
            let failure = #expect(throws: PipelineFailure.self) { _ = try judge(text, mappings) }
            #expect(failure?.description.contains(words) == true, "\(String(describing: failure))")
        }
        #expect(throws: MonitorError.self) { _ = try judge("time,a,b\n", ["a=engine.on", "b=engine.on"]) }
    }

    @Test func mappingsReadColumnRoleAndUnit() throws {
        let plain = try DetectionTable.Mapping("t=time")
        #expect([plain.column, plain.role] == ["t", "time"])
        #expect(plain.factor == 1)
        let scaled = try DetectionTable.Mapping("g x=gyro.a.rate.x:deg/s")
        #expect([scaled.column, scaled.role] == ["g x", "gyro.a.rate.x"])
        #expect(scaled.factor == 0.017453292519943295)
        for text in ["", "=", "a", "a=", "=b", "a=b:parsec", "a=b:count*x", "a=b:count*"] {
            #expect(throws: PipelineFailure.self) { try DetectionTable.Mapping(text) }
        }
    }

    @Test(arguments: [
        ("", 1), ("rad/s", 1), ("m/s^2", 1), ("deg", Double.pi / 180), ("°/s", Double.pi / 180),
        ("arcsec", Double.pi / 648_000), ("rpm", Double.pi / 30), ("ms", 1e-3), ("us", 1e-6), ("g", 9.80665),
        ("count*0.25", 0.25), ("count*1e-3", 1e-3),
    ])
    func unitsBecomeSI(unit: String, factor: Double) throws {
        let found = try #require(AngularUnit.factor(unit))
        #expect(abs(found - factor) <= factor * 1e-15)
    }
}

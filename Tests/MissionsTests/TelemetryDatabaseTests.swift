import MissionDatabase
import Missions
import Testing

/// The packet layouts of Luna-25.
@Suite struct TelemetryDatabaseTests {
    private let database: MissionDatabase

    init() throws { database = try MissionProfile.named("luna-25").craft().makeDatabase() }

    @Test func nothingInItIsUnsupported() {
        #expect(database.diagnostics.isEmpty, "\(database.diagnostics)")
    }

    @Test func theAttitudeMonitorFindsItsRoles() {
        let roles = Set(database.parameters.compactMap(\.role))
        var wanted: Set = [
            "guidance.mode", "guidance.slewing", "gyro.a.valid", "gyro.b.valid", "starTracker.1.valid",
            "time.tag.starTracker.1", "accelerometer.enabled", "engine.commanded", "engine.on", "engine.elapsed",
            "engine.plannedDuration", "engine.plannedVelocityChange", "engine.chamberPressure", "spacecraft.mass",
            "tank.1.pressure", "tank.2.pressure", "battery.voltage", "array.current", "navigation.altitude",
        ]
        for group in [
            "gyro.a.angle", "gyro.a.rate", "gyro.b.rate", "accelerometer.velocity", "attitude.rate",
            "attitude.target.rate", "attitude.error", "navigation.velocity",
        ] {
            wanted.formUnion(["x", "y", "z"].map { "\(group).\($0)" })
        }
        for group in ["starTracker.1.quaternion", "attitude.quaternion", "attitude.target.quaternion"] {
            wanted.formUnion(["x", "y", "z", "w"].map { "\(group).\($0)" })
        }
        wanted.formUnion((1...6).map { "thruster.\($0).onTime" })
        #expect(roles == wanted, "\(roles.symmetricDifference(wanted).sorted())")
    }

    @Test func rolesAreBoundOnceWithTheirKind() {
        var seen: Set<String> = []
        for parameter in database.parameters {
            guard let role = parameter.role else { continue }
            #expect(seen.insert(role).inserted, "\(role) twice")
            let isSum = role.contains(".angle.") || role.contains("accelerometer.velocity") || role.hasSuffix(".onTime")
            #expect(parameter.kind == (isSum ? "accumulated" : "instant"), "\(role)")
        }
    }

    @Test func theStarTrackerIsDatedByItsOwnTag() {
        for axis in ["x", "y", "z", "w"] {
            let parameter = database.parameters.first { $0.role == "starTracker.1.quaternion.\(axis)" }
            #expect(parameter?.timeTag == "STAR_TRACKER_1_TIME")
        }
        #expect(database.parameters.first { $0.name == "STAR_TRACKER_1_TIME" }?.unit == "s")
    }

    @Test(arguments: [
        ("FastAttitude", 32), ("AttitudeHousekeeping", 33), ("Propulsion", 34), ("Power", 35), ("Thermal", 36),
        ("Computer", 37), ("Navigation", 38),
    ])
    func packetsAreWrittenAndReadBack(container: String, apid: Int) throws {
        var encoder = try database.makeEncoder(container: container)
        var octets: [UInt8] = []
        encoder.encode(into: &octets)
        #expect(Int(octets[0] & 7) << 8 | Int(octets[1]) == apid)
        #expect(octets[0] & 0xF8 == 0x08, "a telemetry packet with secondary header")
        #expect(Int(octets[4]) << 8 | Int(octets[5]) == octets.count - 7)
        var decoder = try database.makeDecoder()
        var samples = SampleBuffer()
        let outcome = decoder.decode(octets.span, into: &samples)
        guard case .decoded(let index) = outcome else {
            Issue.record("\(container): \(outcome)")
            return
        }
        #expect(database.containers[index].name == container)
    }

    @Test func theFastPacketHasTheSizeThatTheLinkIsMadeFor() throws {
        #expect((96...128).contains(try database.makeEncoder(container: "FastAttitude").packetLength))
    }
}

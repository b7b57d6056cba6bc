import AttitudeMonitor
import Testing

@Suite struct RoleTableTests {
    @Test(arguments: [
        "gyro.a.rate.x", "gyro.d.angle.z", "gyro.b.valid", "starTracker.1.quaternion.w", "starTracker.4.valid",
        "attitude.quaternion.x", "attitude.rate.y", "attitude.target.quaternion.w", "attitude.target.rate.z",
        "attitude.error.x", "accelerometer.acceleration.z", "accelerometer.velocity.x", "accelerometer.enabled",
        "engine.commanded", "engine.on", "engine.thrust", "engine.chamberPressure", "engine.plannedDuration",
        "engine.elapsed", "engine.plannedVelocityChange", "thruster.12.onTime", "thruster.3.commanded",
        "thruster.0.open", "guidance.mode", "guidance.slewing", "spacecraft.mass", "navigation.altitude",
        "time.tag.gyro.a", "time.tag.starTracker.1", "time.tag.accelerometer",
    ])
    func everyRoleOfTheVocabularyIsUnderstoodAndUsed(role: String) throws {
        let table = try RoleTable(columns: [RoleColumn(role: role)])
        #expect(table.unknownRoles.isEmpty)
        #expect(table.unusedRoles.isEmpty)
    }

    @Test(arguments: ["wheel.1.speed", "tank.2.pressure", "sunSensor.direction.x", "battery.voltage", "link.agc"])
    func rolesThatThisVersionDoesNotJudgeByAreSaid(role: String) throws {
        let table = try RoleTable(columns: [RoleColumn(role: role)])
        #expect(table.unusedRoles == [role])
    }

    @Test(arguments: [
        "", ".", "gyro", "gyro.e.rate.x", "gyro.a.rate.w", "gyro.a.rate", "starTracker.9.quaternion.x",
        "thruster.99999999999999999999.onTime", "thruster.-1.onTime", "attitude.rate.w", "engine.fuel", "x",
    ])
    func otherNamesAreReportedAndNotFatal(role: String) throws {
        let table = try RoleTable(columns: [RoleColumn(role: role)])
        #expect(table.unknownRoles == [role])
    }

    @Test func oneRoleTwiceIsAnError() {
        #expect(throws: MonitorError.duplicateRole(role: "engine.on", first: 0, second: 2)) {
            try RoleTable(columns: ["engine.on", "x", "engine.on"].map { RoleColumn(role: $0) })
        }
    }

    @Test func theModeColumnIsFound() throws {
        let table = try RoleTable(columns: [RoleColumn(role: "engine.on"), RoleColumn(role: "guidance.mode")])
        #expect(table.modeColumn == 1)
    }
}

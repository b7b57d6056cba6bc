public import AttitudeMonitor
public import MissionDatabase
public import RigidBody
public import SpaceLink

/// One spacecraft of a mission: how it speaks, what its packets mean, what it is built like.
public struct Craft: Sendable {
    /// Its name in the mission, `lander`.
    public let id: String
    /// Its name for people.
    public let title: String
    /// Its spacecraft identifier in transfer frames.
    public let spacecraft: Int
    /// How its downlink is made.
    public let link: LinkDescription
    /// How its packets tell the time.
    public let timeCode: TimeCode
    /// The XTCE file, with its path in the profile.
    public let database: ProfileFile
    /// The body, actuators and sensors as the attitude monitor wants them.
    public let vehicle: Vehicle
    /// The whole vehicle file, with what only the simulator reads.
    public let vehicleFile: ProfileFile
    /// How the attitude monitor watches this craft.
    public let monitor: MonitorSettings
    /// What the simulator must know beyond the body.
    public let simulator: SimulatorSettings?
    /// The scenarios of this craft, by name.
    public let scenarios: [String: ProfileFile]
    /// Where each figure comes from, by key path: p public, d derived, a assumed, and the source.
    public let notes: [String: String]

    /// The name of the mission it belongs to.
    public let mission: String

    /// Compiles the XTCE database.
    ///
    /// - Returns: The database, ready to decode and encode.
    /// - Throws: The first thing in the file that cannot be, with line and column.
    public func makeDatabase() throws(XTCEError) -> MissionDatabase {
        try MissionDatabase(xtce: database.octets, name: "\(mission)/\(database.path)")
    }

    /// What the attitude monitor is made of.
    public var monitorConfiguration: MonitorConfiguration {
        MonitorConfiguration(vehicle: vehicle, settings: monitor)
    }

    /// The file of a scenario.
    ///
    /// - Parameter name: Its name, without folder and ending.
    /// - Returns: The file.
    /// - Throws: `.unknownScenario` with the nearest name.
    public func scenario(_ name: String) throws(MissionError) -> ProfileFile {
        guard let file = scenarios[name] else {
            throw .unknownScenario(name: name, mission: mission, craft: id, known: scenarios.keys.sorted())
        }
        return file
    }
}

import ArgumentParser

/// A part of Perilune whose speed is measured, in the order of the table.
enum Room: String, CaseIterable, Codable, ExpressibleByArgument {
    case machine
    case channelCoding = "ChannelCoding"
    case spaceLink = "SpaceLink"
    case missionDatabase = "MissionDatabase"
    case attitudeMonitor = "AttitudeMonitor"
    case telemetryArchive = "TelemetryArchive"
    case landerSimulator = "LanderSimulator"
    case telemetryPipeline = "TelemetryPipeline"

    init?(argument: String) {
        let wanted = argument.lowercased()
        guard let room = Self.allCases.first(where: { $0.rawValue.lowercased() == wanted }) else { return nil }
        self = room
    }
}

public import Missions
public import SpaceLink

/// What form a pass takes.
public enum PassFormat: String, Sendable, Hashable, CaseIterable, Codable {
    /// Markers and coded frames at the link's constant rate.
    case cadu
    /// Transfer frames alone, at the same rate.
    case frames
    /// Space packets one behind the other.
    case packets
}

/// Which pass to fly.
public struct PassRequest: Sendable {
    /// The craft.
    public var craft: Craft
    /// What shall happen.
    public var scenario: Scenario
    /// The number from which everything random is drawn.
    public var seed: UInt64
    /// Seconds; the scenario's own, or 600, if absent.
    public var duration: Double?
    /// Fast packets a second; those of the link if absent.
    public var rate: Double?
    /// The instant of the first sample; that of the craft's profile if absent.
    public var start: TAITime?
    /// The form of the output.
    public var format: PassFormat
    /// The link, `low`, `nominal` or `critical`; the scenario's own, or the craft's default, if absent.
    public var link: String?

    /// Asks for a pass.
    ///
    /// - Parameters:
    ///   - craft: The craft.
    ///   - scenario: What shall happen.
    ///   - seed: The number from which everything random is drawn.
    ///   - duration: Seconds; the scenario's own if absent.
    ///   - rate: Fast packets a second; those of the link if absent.
    ///   - start: The instant of the first sample; that of the profile if absent.
    ///   - format: The form of the output.
    ///   - link: `low`, `nominal` or `critical`; the scenario's own if absent.
    public init(
        craft: Craft,
        scenario: Scenario,
        seed: UInt64,
        duration: Double? = nil,
        rate: Double? = nil,
        start: TAITime? = nil,
        format: PassFormat = .cadu,
        link: String? = nil
    ) {
        self.craft = craft
        self.scenario = scenario
        self.seed = seed
        self.duration = duration
        self.rate = rate
        self.start = start
        self.format = format
        self.link = link
    }

    /// Sets the instant of the first sample.
    ///
    /// - Parameter text: The instant in UTC, ISO 8601.
    /// - Throws: `.badStart` for anything else.
    public mutating func setStart(utc text: String) throws(SimulationError) {
        guard let instant = TAITime(utc: text) else { throw .badStart(text) }
        start = instant
    }

    /// Asks for a pass of a scenario that ships with the craft.
    ///
    /// - Parameters:
    ///   - craft: The craft.
    ///   - scenario: The name of the scenario.
    ///   - seed: The number from which everything random is drawn.
    ///   - duration: Seconds; the scenario's own if absent.
    /// - Throws: `.mission` with the nearest name.
    public init(craft: Craft, scenario: String, seed: UInt64, duration: Double? = nil) throws(SimulationError) {
        do {
            let file = try craft.scenario(scenario)
            self.init(craft: craft, scenario: try Scenario(file: file), seed: seed, duration: duration)
        } catch {
            throw .mission(error)
        }
    }
}

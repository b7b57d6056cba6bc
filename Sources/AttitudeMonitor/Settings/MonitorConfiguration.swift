public import RigidBody

/// All that a monitor knows before the first sample.
public struct MonitorConfiguration: Sendable {
    /// The craft; a vehicle of which nothing is known leaves judgement by physics and by the first stretch of data.
    public var vehicle: Vehicle
    /// What ground says of modes, plans and limits.
    public var settings: MonitorSettings

    /// Makes a configuration.
    public init(vehicle: Vehicle = Vehicle(), settings: MonitorSettings = MonitorSettings()) {
        self.vehicle = vehicle
        self.settings = settings
    }
}

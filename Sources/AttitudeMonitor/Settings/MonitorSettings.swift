/// What a guidance mode is about, whatever its label.
public enum ModeKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Keeps an attitude.
    case hold
    /// Turns to another attitude.
    case slew
    /// Keeps an attitude under thrust.
    case burn
    /// Turns steadily, on purpose.
    case spin
    /// Brings a rate down.
    case detumble
    /// Keeps the Sun in sight, often turning.
    case safe
    /// Flies down to the surface.
    case descent
    /// Stands on the surface.
    case surface
}

/// One burn as planned on ground.
public struct BurnPlan: Sendable, Hashable, Codable {
    /// Planned ignition (s, in the scale of the samples); absent means any burn that is not planned otherwise.
    public var start: Double?
    /// Planned duration (s).
    public var duration: Double?
    /// Planned velocity change (m/s).
    public var velocityChange: Double?

    /// Makes a plan.
    public init(start: Double? = nil, duration: Double? = nil, velocityChange: Double? = nil) {
        self.start = start
        self.duration = duration
        self.velocityChange = velocityChange
    }
}

/// What the monitor is told beyond the vehicle: the object `monitor` of a mission profile; every key is optional.
public struct MonitorSettings: Sendable, Hashable, Codable {
    /// The mildest severity that is reported; all if absent.
    public var minimumSeverity: Severity?
    /// The kind of each guidance mode by its label; labels that are themselves kinds need no entry.
    public var modes: [String: ModeKind]?
    /// How long (s) after a change of mode the limits of the mode before still hold; 20 if absent.
    public var graceTime: Double?
    /// Burns as planned; what telemetry says of its plan goes before it.
    public var burns: [BurnPlan]?
    /// How far (s) time tags of different channels in one sample may be apart; 0.05 if absent.
    public var tagUncertainty: Double?
    /// The rate (rad/s) beyond which the craft counts as lost; 20 deg/s if absent.
    public var lossRate: Double?
    /// The rate (rad/s) beyond which it tumbles; 8 deg/s if absent.
    public var tumbleRate: Double?
    /// The largest rate (rad/s) of a planned slew, where no target rate is telemetered; 2 deg/s if absent.
    public var slewRate: Double?
    /// The largest deviation of a quaternion's norm from one; 0.002 if absent.
    public var quaternionNormTolerance: Double?
    /// How long (s) a star tracker may be without stars; 180 if absent.
    public var starTrackerOutage: Double?
    /// The lowest altitude (m) that telemetry may report; -100 if absent.
    public var minimumAltitude: Double?
    /// How long (s) all evidence must be quiet before an event is cleared; 10 if absent.
    public var clearTime: Double?

    /// Makes settings in which nothing is said.
    public init() {}
}

/// Ready answers for what settings leave open.
struct ResolvedSettings: Sendable {
    var minimumSeverity: Severity
    var graceTime: Double
    var tagUncertainty: Double
    var lossRate: Double
    var tumbleRate: Double
    var slewRate: Double
    var normTolerance: Double
    var trackerOutage: Double
    var minimumAltitude: Double
    var clearTime: Double

    init(_ settings: MonitorSettings) {
        minimumSeverity = settings.minimumSeverity ?? .information
        graceTime = Self.positive(settings.graceTime) ?? 20
        tagUncertainty = Self.positive(settings.tagUncertainty) ?? 0.05
        lossRate = Self.positive(settings.lossRate) ?? 0.349_065_85
        tumbleRate = Self.positive(settings.tumbleRate) ?? 0.139_626_34
        slewRate = Self.positive(settings.slewRate) ?? 0.034_906_585
        normTolerance = Self.positive(settings.quaternionNormTolerance) ?? 2e-3
        trackerOutage = Self.positive(settings.starTrackerOutage) ?? 180
        minimumAltitude = settings.minimumAltitude.flatMap { $0.isFinite ? $0 : nil } ?? -100
        clearTime = Self.positive(settings.clearTime) ?? 10
    }

    private static func positive(_ value: Double?) -> Double? {
        value.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
}

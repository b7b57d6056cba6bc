public import RigidBody

/// What one instant of telemetry says of attitude: sensors, actuators and guidance, as far as they were heard.
///
/// SI units, angles in rad, body frame, quaternions scalar last and body to inertial. Not a number, or `nil`, means
/// *not in this sample*, never zero. Each group may carry its own time tag in the scale of ``time``; without one it is
/// dated by ``time``.
public struct AttitudeSample: Sendable {
    /// On-board time (s) of the sample, in one continuous scale.
    public var time: Double
    /// Gyro units a, b, c and d.
    public var gyros = InlineArray<4, GyroReading>(repeating: GyroReading())
    /// Star trackers 1, 2, 3 and 4.
    public var starTrackers = InlineArray<4, StarTrackerReading>(repeating: StarTrackerReading())
    /// The attitude that the craft itself believes in, and where it means to point.
    public var attitude = AttitudeReading()
    /// The accelerometers.
    public var accelerometer = AccelerometerReading()
    /// The engine.
    public var engine = EngineReading()
    /// Thrusters by the number in their roles, 0 to 32.
    public var thrusters = InlineArray<33, ThrusterReading>(repeating: ThrusterReading())
    /// Altitude (m) above the surface.
    public var altitude = Double.nan
    /// Mass (kg) as the craft counts it.
    public var mass = Double.nan
    /// Whether guidance says that it turns the craft.
    public var isSlewing: Bool?
    /// Whether the link casts doubt on all of it: no check speaks for the frame that brought it, and noise was near.
    ///
    /// Doubtful samples raise nothing and reassure nobody; what they showed, if it was so, good samples will confirm.
    public var isDoubtful = false
    /// The label of the guidance mode, where it comes with the sample.
    public var mode: String?

    /// Makes a sample in which nothing was heard.
    public init(time: Double) { self.time = time }
}

/// One gyro unit at one instant.
public struct GyroReading: Sendable {
    /// Rate (rad/s).
    public var rate = Vector3.absent
    /// Accumulated angle (rad) since an arbitrary start; only differences count.
    public var angle = Vector3.absent
    /// Whether ``rate`` is the mean since the reading before, not the value at the instant.
    public var isAveraged = false
    /// What the unit says of itself.
    public var isValid: Bool?
    /// Its own time tag (s).
    public var time = Double.nan

    /// Makes a reading in which nothing was heard.
    public init() {}
}

/// One star tracker at one instant.
public struct StarTrackerReading: Sendable {
    /// Attitude, body to inertial, as telemetered: its norm is judged, not assumed.
    public var quaternion = Quaternion.absent
    /// What the unit says of itself.
    public var isValid: Bool?
    /// Its own time tag (s).
    public var time = Double.nan

    /// Makes a reading in which nothing was heard.
    public init() {}
}

/// The on-board estimate of attitude and rate, its target, and the difference.
public struct AttitudeReading: Sendable {
    /// Estimated attitude.
    public var quaternion = Quaternion.absent
    /// Estimated rate (rad/s).
    public var rate = Vector3.absent
    /// Target attitude.
    public var targetQuaternion = Quaternion.absent
    /// Target rate (rad/s).
    public var targetRate = Vector3.absent
    /// Attitude error (rad) as the craft computes it.
    public var error = Vector3.absent
    /// Its own time tag (s).
    public var time = Double.nan

    /// Makes a reading in which nothing was heard.
    public init() {}
}

/// The accelerometers at one instant.
public struct AccelerometerReading: Sendable {
    /// Acceleration (m/s²).
    public var acceleration = Vector3.absent
    /// Accumulated velocity change (m/s) since an arbitrary start; only differences count.
    public var velocity = Vector3.absent
    /// Whether the unit is switched on for use.
    public var isEnabled: Bool?
    /// Its own time tag (s).
    public var time = Double.nan

    /// Makes a reading in which nothing was heard.
    public init() {}
}

/// The engine at one instant.
public struct EngineReading: Sendable {
    /// Whether it is told to burn.
    public var isCommanded: Bool?
    /// Whether it burns, by its own tell-tale.
    public var isOn: Bool?
    /// Thrust (N) as measured on board.
    public var thrust = Double.nan
    /// Chamber pressure (Pa).
    public var chamberPressure = Double.nan
    /// Planned duration (s) of this burn.
    public var plannedDuration = Double.nan
    /// Time (s) since ignition as the craft counts it.
    public var elapsed = Double.nan
    /// Planned velocity change (m/s) of this burn.
    public var plannedVelocityChange = Double.nan

    /// Makes a reading in which nothing was heard.
    public init() {}
}

/// One attitude thruster at one instant.
public struct ThrusterReading: Sendable {
    /// Accumulated time (s) for which it was commanded open; only differences count.
    public var onTime = Double.nan
    /// Whether it is commanded open now.
    public var isCommanded: Bool?
    /// Whether its valve reports open.
    public var isOpen: Bool?

    /// Makes a reading in which nothing was heard.
    public init() {}
}

extension Vector3 {
    /// The vector that was not heard.
    static let absent = Vector3(.nan, .nan, .nan)
}

extension Quaternion {
    /// The attitude that was not heard.
    static let absent = Quaternion(.nan, .nan, .nan, .nan)
}

public import RigidBody

/// The scenario in `truth.json`: what the file asks for, with every value that was drawn.
public struct DrawnScenario: Sendable, Encodable {
    /// The name of the scenario.
    public let name: String
    /// The mission.
    public let mission: String
    /// The craft.
    public let craft: String
    /// The phase of flight.
    public let phase: String
    /// Seconds.
    public let duration: Double
    /// Fast packets a second.
    public let rate: Double
    /// The link.
    public let link: String
    /// Bits a second of the link.
    public let bitRate: Double
    /// The form of the output.
    public let format: String
    /// The start.
    public let initial: Initial
    /// The turn, if one was flown.
    public let slew: Slew?
    /// The burn, if one was flown.
    public let burn: Burn?
    /// The faults drawn; those that chance left out are not here.
    public let faults: [Fault]
    /// What the channel did.
    public let channel: Channel
    /// How the craft differs from the drawings.
    public let dispersion: Dispersion

    /// The start.
    public struct Initial: Sendable, Encodable {
        /// Body to inertial.
        public let quaternion: Quaternion
        /// Rate (rad/s, body frame).
        public let rate: Vector3
        /// Position (m, inertial frame).
        public let position: Vector3
        /// Velocity (m/s, inertial frame).
        public let velocity: Vector3
        /// Mass (kg).
        public let mass: Double
        /// Direction of the Sun, inertial frame.
        public let sun: Vector3
    }

    /// A turn.
    public struct Slew: Sendable, Encodable {
        /// When it begins (s).
        public let start: Double
        /// When it is planned to end (s).
        public let end: Double
        /// Axis, body frame.
        public let axis: Vector3
        /// Angle (rad).
        public let angle: Double
        /// Even rate (rad/s).
        public let rate: Double
    }

    /// A burn.
    public struct Burn: Sendable, Encodable {
        /// When it is commanded (s).
        public let ignition: Double
        /// Planned duration (s).
        public let plannedDuration: Double
        /// Planned velocity change (m/s).
        public let plannedVelocityChange: Double
        /// When it should end (s).
        public let plannedCutoff: Double
        /// Time (s) of burning after which a timer cuts the engine.
        public let backupTimer: Double
        /// When the engine was told to stop (s); absent if that never was.
        public let cutoff: Double?
        /// Seconds from ignition to cut-off.
        public let duration: Double?
        /// Velocity change (m/s) that the engine truly gave.
        public let velocityChange: Double
        /// Height (m) of the lowest point of the orbit at the end.
        public let periluneAltitude: Double
    }

    /// A fault drawn.
    public struct Fault: Sendable, Encodable {
        /// Its kind.
        public let type: String
        /// The part.
        public let target: String
        /// When it begins (s).
        public let onset: Double
        /// Its size.
        public let size: Double
    }

    /// What the channel did.
    public struct Channel: Sendable, Encodable {
        /// Share of frames lost.
        public let frameLoss: Double
        /// Share of bits wrong.
        public let bitErrorRate: Double
    }

    /// How the craft differs from the drawings.
    public struct Dispersion: Sendable, Encodable {
        /// Thrust (N) of the engine as built.
        public let engineThrust: Double
        /// Torque (N·m) of each thruster as built.
        public let thrusterTorques: [Vector3]
    }
}

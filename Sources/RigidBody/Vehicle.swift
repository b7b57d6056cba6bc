/// What is known of a craft's body, actuators and sensors: SI units, angles in rad, body frame.
///
/// It reads from and writes to JSON as the `vehicle.json` of a mission. Every key is optional: what is absent narrows
/// what a monitor can say, and is never guessed here.
public struct Vehicle: Sendable, Hashable, Codable {
    /// Mass (kg) at the start of the data.
    public var mass: Double?
    /// Inertia about the centre of mass.
    public var inertia: Inertia?
    /// Attitude thrusters.
    public var thrusters: [Thruster]?
    /// Main and braking engines.
    public var engines: [Engine]?
    /// Gyros by the name that their roles bear (`a` in `gyro.a.rate.x`).
    public var gyros: [String: Gyro]?
    /// Star trackers by the name that their roles bear (`1` in `starTracker.1.quaternion.x`).
    public var starTrackers: [String: StarTracker]?
    /// The accelerometers, all axes alike.
    public var accelerometer: Accelerometer?
    /// Rate and pointing limits by guidance mode.
    public var modes: [String: ModeLimits]?

    /// Makes a vehicle of which nothing is known.
    public init() {}

    /// The inertia tensor (kg·m²) about the centre of mass, products as they stand in the matrix.
    public struct Inertia: Sendable, Hashable, Codable {
        /// Moment about the x axis (kg·m²).
        public var xx: Double
        /// Moment about the y axis (kg·m²).
        public var yy: Double
        /// Moment about the z axis (kg·m²).
        public var zz: Double
        /// Matrix element xy (kg·m²), zero if absent.
        public var xy: Double?
        /// Matrix element xz (kg·m²), zero if absent.
        public var xz: Double?
        /// Matrix element yz (kg·m²), zero if absent.
        public var yz: Double?
        /// Relative uncertainty of the moments (1σ).
        public var uncertainty: Double?

        /// The tensor.
        public var matrix: Matrix3 { Matrix3(xx: xx, yy: yy, zz: zz, xy: xy ?? 0, xz: xz ?? 0, yz: yz ?? 0) }
    }

    /// One attitude thruster.
    public struct Thruster: Sendable, Hashable, Codable {
        /// The number in its roles (`5` in `thruster.5.onTime`).
        public var id: Int
        /// Torque (N·m, body frame) while it is open.
        public var torque: Vector3
        /// Relative uncertainty of the torque (1σ).
        public var scaleTolerance: Double?
        /// Shortest pulse (s).
        public var minimumOnTime: Double?
    }

    /// One engine.
    public struct Engine: Sendable, Hashable, Codable {
        /// Its name.
        public var id: String
        /// Nominal thrust (N).
        public var thrust: Double
        /// Direction of the force on the craft, a unit vector in the body frame.
        public var direction: Vector3
        /// Largest distance (m) of the line of thrust from the centre of mass.
        public var offset: Double?
        /// Relative tolerance of the thrust.
        public var thrustTolerance: Double?
    }

    /// One gyro unit of three axes.
    public struct Gyro: Sendable, Hashable, Codable {
        /// Angular random walk (rad/√s).
        public var angularRandomWalk: Double?
        /// Bias (rad/s, 1σ).
        public var bias: Double?
        /// Scale factor error (relative, 1σ).
        public var scale: Double?
        /// Quantum of the telemetered value (rad/s for rates, rad for accumulated angles).
        public var resolution: Double?
        /// Largest rate that it can read (rad/s).
        public var range: Double?
    }

    /// One star tracker.
    public struct StarTracker: Sendable, Hashable, Codable {
        /// Noise across the boresight (rad, 1σ).
        public var across: Double?
        /// Noise about the boresight (rad, 1σ).
        public var about: Double?
        /// Boresight, a unit vector in the body frame.
        public var boresight: Vector3?
        /// Rate (rad/s) above which it loses its stars.
        public var maximumRate: Double?
        /// Uncertainty of its time tag (s).
        public var timeTagError: Double?
    }

    /// The accelerometers.
    public struct Accelerometer: Sendable, Hashable, Codable {
        /// Noise of one reading (m/s², 1σ).
        public var noise: Double?
        /// Bias (m/s², 1σ).
        public var bias: Double?
    }

    /// What a guidance mode keeps to while all is well.
    public struct ModeLimits: Sendable, Hashable, Codable {
        /// Largest rate (rad/s) off the reference.
        public var rate: Double?
        /// Largest attitude error (rad).
        public var attitude: Double?
    }
}

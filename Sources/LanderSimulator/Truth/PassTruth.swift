public import RigidBody

/// What really happened in a pass: the content of `truth.json`; times in seconds from `start`.
public struct PassTruth: Sendable, Encodable {
    /// The version of this form.
    public let v = 1
    /// Who wrote it.
    public let generator = "perilune-generate 0.1.0"
    /// The mission.
    public let mission: String
    /// The craft.
    public let craft: String
    /// The scenario with every drawn value.
    public let scenario: DrawnScenario
    /// The seed.
    public let seed: UInt64
    /// The instant (ISO 8601, UTC) of the first sample.
    public let start: String
    /// The faults that happened.
    public let faults: [Fault]
    /// When the craft could no longer be saved; absent if that never was.
    public let pointOfNoReturn: PointOfNoReturn?
    /// The true state, once a second.
    public let states: [State]
    /// What became of each octet of the output.
    public let fate: [Fate]
    /// Frames and packets by virtual channel, as sent.
    public let channels: [Channel]
    /// SHA-256 of all packets that are not idle, one behind the other as sent.
    public let packetsSHA256: String

    /// A fault that happened.
    public struct Fault: Sendable, Hashable, Encodable {
        /// Its kind, such as `thrusterOpen`.
        public let type: String
        /// The part, such as `thruster.5`.
        public let target: String
        /// When it began (s).
        public let onset: Double
        /// When it ended (s); `nil` for one that stays.
        public let end: Double?
        /// Its size, where its kind has one.
        public let size: Double
        /// What a monitor may say of it, and from when.
        public let expected: [Expected]

        private enum CodingKeys: String, CodingKey {
            case type, target, onset, end, size, expected
        }

        /// Writes the fault, `end` as null where it stays.
        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(type, forKey: .type)
            try values.encode(target, forKey: .target)
            try values.encode(onset, forKey: .onset)
            try values.encode(end, forKey: .end)
            try values.encode(size, forKey: .size)
            try values.encode(expected, forKey: .expected)
        }
    }

    /// A condition that a monitor may raise, and when it could first be seen.
    public struct Expected: Sendable, Hashable, Encodable {
        /// The condition.
        public let condition: String
        /// The time (s).
        public let onset: Double
    }

    /// When the craft could no longer be saved.
    public struct PointOfNoReturn: Sendable, Hashable, Encodable {
        /// The time (s).
        public let time: Double
        /// What was passed.
        public let reason: String
        /// How that was found.
        public let how: String
    }

    /// The true state at a time.
    public struct State: Sendable, Hashable, Encodable {
        /// The time (s).
        public let time: Double
        /// Body to inertial.
        public let quaternion: Quaternion
        /// Rate (rad/s, body frame).
        public let rate: Vector3
        /// Angular momentum (N·m·s, inertial frame).
        public let angularMomentum: Vector3
        /// Position (m, inertial frame, Moon's centre).
        public let position: Vector3
        /// Velocity (m/s, inertial frame).
        public let velocity: Vector3
        /// Mass (kg).
        public let mass: Double
        /// Guidance mode.
        public let mode: String
        /// Whether the engine burns.
        public let engine: Bool
    }

    /// What became of a range of output octets, end excluded; nothing of a lost frame is in the output.
    public struct Fate: Sendable, Hashable, Encodable {
        /// Its octets in the output; written as `[first, one behind the last]`.
        public let octets: Range<Int64>
        /// The index of the frame (or packet) as sent.
        public let frame: Int
        /// `sent`, `corrupted` or `lost`.
        public let what: String
        /// Bits that are wrong, for `corrupted`.
        public let errors: Int?

        private enum CodingKeys: String, CodingKey {
            case octets, frame, what, errors
        }

        /// Writes the range as a pair.
        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            var pair = values.nestedUnkeyedContainer(forKey: .octets)
            try pair.encode(octets.lowerBound)
            try pair.encode(octets.upperBound)
            try values.encode(frame, forKey: .frame)
            try values.encode(what, forKey: .what)
            try values.encodeIfPresent(errors, forKey: .errors)
        }
    }

    /// What was sent on a virtual channel.
    public struct Channel: Sendable, Hashable, Encodable {
        /// The spacecraft identifier.
        public let spacecraft: Int
        /// The virtual channel.
        public let virtualChannel: Int
        /// Frames.
        public let frames: Int
        /// Packets by application process, idle ones left out.
        public let apids: [Packets]
    }

    /// The packets of one application process.
    public struct Packets: Sendable, Hashable, Encodable {
        /// The application process.
        public let apid: Int
        /// How many.
        public let packets: Int
        /// Their octets, headers included.
        public let octets: Int
    }
}

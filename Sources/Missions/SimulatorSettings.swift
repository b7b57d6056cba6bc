/// What the simulator must know of a craft beyond its body: link rates, orbit, burn, start.
public struct SimulatorSettings: Sendable, Hashable, Codable {
    /// The instant (ISO 8601, UTC) at which a pass starts unless told otherwise.
    public var start: String
    /// The virtual channel that carries the packets.
    public var virtualChannel: Int
    /// The link used unless told otherwise, a key of ``links``.
    public var defaultLink: String
    /// The container whose rate `--rate` sets.
    public var fastPacket: String
    /// The links by name, `low`, `nominal` and `critical`.
    public var links: [String: Link]
    /// The orbit at the start.
    public var orbit: Orbit
    /// The burn of the burn scenarios; absent for a craft that flies none.
    public var burn: Burn?

    /// How fast a link is and what it carries.
    public struct Link: Sendable, Hashable, Codable {
        /// Bits a second of the whole stream, markers and check symbols included.
        public var bitRate: Double
        /// Seconds after which an open frame is filled up with idle data and sent.
        public var latency: Double
        /// Packets a second by container name; a container that is absent is not sent.
        public var rates: [String: Double]
    }

    /// A circular orbit about the Moon.
    public struct Orbit: Sendable, Hashable, Codable {
        /// Height (m) above the mean sphere.
        public var altitude: Double
        /// Inclination (rad) to the equator.
        public var inclination: Double
    }

    /// A burn against the direction of flight.
    public struct Burn: Sendable, Hashable, Codable {
        /// Velocity change (m/s) at which the engine is cut.
        public var velocityChange: Double
        /// Planned duration (s).
        public var duration: Double
        /// The time (s) after which a timer cuts the engine.
        public var backupTimer: Double
    }

    static let keys = KeyTree.object([
        "start": .any, "virtualChannel": .any, "defaultLink": .any, "fastPacket": .any,
        "links": .names(.object(["bitRate": .any, "latency": .any, "rates": .names(.any)])),
        "orbit": .plain("altitude", "inclination"),
        "burn": .plain("velocityChange", "duration", "backupTimer"),
    ])

    /// The first figure that cannot be, with its key path.
    var defect: (key: String, reason: String)? {
        if links[defaultLink] == nil {
            return ("defaultLink", "no link \(defaultLink); \(NearestName.hint(for: defaultLink, among: links.keys))")
        }
        if !(0...62).contains(virtualChannel) { return ("virtualChannel", "a virtual channel is 0 to 62") }
        if !(orbit.altitude > 0 && orbit.altitude < 1e7) { return ("orbit.altitude", "this is no height of an orbit") }
        if !(orbit.inclination.magnitude <= 4) { return ("orbit.inclination", "this is no angle in rad") }
        for (name, link) in links.sorted(by: { $0.key < $1.key }) {
            if !(link.bitRate >= 1 && link.bitRate <= 1e9) { return ("links.\(name).bitRate", "from 1 to 1e9") }
            if !(link.latency > 0) { return ("links.\(name).latency", "this must be more than 0") }
            if link.rates[fastPacket] == nil {
                return ("links.\(name).rates", "the fast packet \(fastPacket) has no rate here")
            }
            for (packet, rate) in link.rates.sorted(by: { $0.key < $1.key }) where !(rate >= 1e-4 && rate <= 50) {
                return ("links.\(name).rates.\(packet)", "a rate is 0.0001 to 50 a second")
            }
        }
        if let burn {
            if !(burn.velocityChange > 0) { return ("burn.velocityChange", "this must be more than 0") }
            if !(burn.duration > 0 && burn.duration <= 1e5) { return ("burn.duration", "more than 0, up to 100000 s") }
            if !(burn.backupTimer >= burn.duration && burn.backupTimer <= 1e5) {
                return ("burn.backupTimer", "the timer ends before the burn")
            }
        }
        return nil
    }
}

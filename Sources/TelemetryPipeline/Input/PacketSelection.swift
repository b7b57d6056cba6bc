public import SpaceLink

/// Which packets are meant: by application process, virtual channel and on-board time.
public struct PacketSelection: Sendable {
    /// A spacecraft's virtual channel.
    public struct Channel: Sendable, Hashable {
        /// Spacecraft id.
        public let spacecraft: Int
        /// Virtual channel id.
        public let virtualChannel: Int
    }

    /// Application process identifiers; all if empty.
    public let apids: Set<Int>
    /// Virtual channels; all if empty.
    public let channels: Set<Channel>
    /// First on-board time that is meant.
    public let from: TAITime?
    /// First on-board time that is meant no more.
    public let until: TAITime?

    /// All packets.
    public static let everything = PacketSelection()

    private init() {
        apids = []
        channels = []
        from = nil
        until = nil
    }

    /// Reads what a person wrote.
    ///
    /// - Parameters:
    ///   - apids: Numbers of 0…2047.
    ///   - channels: `SCID/VCID`.
    ///   - from: ISO 8601, UTC.
    ///   - until: ISO 8601, UTC.
    /// - Throws: ``PipelineFailure/badValue(name:text:wanted:)``.
    public init(
        apids: [String] = [],
        channels: [String] = [],
        from: String? = nil,
        until: String? = nil
    ) throws(PipelineFailure) {
        var numbers: Set<Int> = []
        for text in apids {
            guard let number = Int(text), (0...2047).contains(number) else {
                throw .badValue(name: "--apid", text: text, wanted: "an application process identifier of 0 to 2047")
            }
            numbers.insert(number)
        }
        var chosen: Set<Channel> = []
        for text in channels {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let spacecraft = parts[0], let channel = parts[1] else {
                throw .badValue(name: "--channel", text: text, wanted: "SPACECRAFT/CHANNEL, for example 91/1")
            }
            chosen.insert(Channel(spacecraft: spacecraft, virtualChannel: channel))
        }
        self.apids = numbers
        self.channels = chosen
        self.from = try Self.time("--from", from)
        self.until = try Self.time("--until", until)
        if let from = self.from, let until = self.until, until < from {
            throw .badValue(name: "--until", text: until.utc, wanted: "later than --from \(from.utc)")
        }
    }

    /// Whether times matter.
    public var hasTimeRange: Bool { from != nil || until != nil }

    /// Whether a packet is meant.
    ///
    /// - Parameters:
    ///   - packet: What is known of it.
    ///   - time: Its on-board time; one without is not meant where a range was given.
    /// - Returns: Whether all that was given holds.
    public func contains(_ packet: PacketRecord, time: TAITime?) -> Bool {
        guard apids.isEmpty || apids.contains(packet.apid) else { return false }
        if !channels.isEmpty {
            let channel = Channel(spacecraft: packet.spacecraft, virtualChannel: packet.virtualChannel)
            guard channels.contains(channel) else { return false }
        }
        guard hasTimeRange else { return true }
        guard let time else { return false }
        if let from, time < from { return false }
        if let until, time >= until { return false }
        return true
    }

    private static func time(_ name: String, _ text: String?) throws(PipelineFailure) -> TAITime? {
        guard let text else { return nil }
        guard let time = TAITime(utc: text) else {
            throw .badValue(name: name, text: text, wanted: "a time in ISO 8601, UTC, like 2023-08-19T11:10:00Z")
        }
        return time
    }
}

/// What an acknowledged unit survives.
public enum ArchiveDurability: String, Sendable, Hashable, Codable, CaseIterable {
    /// A loss of power: the journal is synchronised before each acknowledgement.
    case durable
    /// The end of the program: the journal is written, but when it reaches the medium is left to the system.
    case relaxed
    /// Nothing is promised: no journal; what was packed into chunks is acknowledged.
    case none
}

/// How a live archive is written.
///
/// Times are nanoseconds of a clock that only the caller knows.
public struct LiveArchiveSettings: Sendable, Hashable {
    /// How chunks are written.
    public var archive = ArchiveSettings()
    /// What an acknowledged unit survives.
    public var durability = ArchiveDurability.durable
    /// How long a unit waits for its acknowledgement, so that one synchronisation serves many.
    public var commitInterval: Int64 = 20_000_000
    /// Octets of units that do not wait longer.
    public var commitOctets = 256 << 10
    /// How long units gather before they become a chunk that is not full.
    public var chunkAge: Int64 = 600_000_000_000
    /// Octets of a part after which the next one begins.
    public var rotationSize: Int64?
    /// How long a part is written before the next one begins.
    public var rotationInterval: Int64?

    /// The usual settings: durable, 20 ms, 600 s, one part.
    public init() {}
}

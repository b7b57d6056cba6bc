/// How an archive is written.
public struct ArchiveSettings: Sendable, Hashable {
    /// How units are stored.
    public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        /// The exact octets, deflated: any gzip reads them.
        case raw
        /// Columns of numbers, deflated: much smaller, but only a reader of archives puts the octets together again.
        case packed
    }

    /// Octets of units after which a chunk is closed, 1 to 8 MiB.
    public var chunkSize = 1 << 20
    /// How hard zlib tries, 1 to 9.
    public var level = 6
    /// How units are stored.
    public var form = Form.packed
    /// Chunks after which an index is written.
    public var chunksPerIndex = 64
    /// Octets of a chunk that are tried as they are.
    static let sampleSize = 64 << 10

    /// The usual settings: chunks of 1 MiB, packed, level 6, an index for each 64 chunks.
    public init() {}

    /// The usual settings with another chunk size.
    public init(chunkSize: Int) { self.chunkSize = chunkSize }
}

/// The bounds within which an archive stays, so that a reader needs to believe no number beyond them.
enum ArchiveLimit {
    /// Octets of one unit, and of a chunk before its last unit.
    static let unitLength = 8 << 20
    /// Octets of the units of a chunk.
    static let rawSize = 2 * unitLength
    /// Units of a chunk.
    static let unitCount = 65_536
    /// Octets of a member with units: what cannot be compressed grows by less than a tenth of a per cent.
    static let memberSize = rawSize + rawSize / 64 + MemberHeader.maximumLength + 1024
}

/// How much is in an archive.
public struct ArchiveTotals: Sendable, Hashable, Codable {
    /// Frames or packets.
    public var units: Int64 = 0
    /// Their octets.
    public var octets: Int64 = 0

    /// Nothing yet.
    public init() {}

    /// So many.
    init(units: Int64, octets: Int64) {
        self.units = units
        self.octets = octets
    }
}

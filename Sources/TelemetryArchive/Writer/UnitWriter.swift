public import SpaceLink

/// What units can be given to: an archive that appears when it is whole, or one that grows.
public protocol UnitWriter: ~Copyable {
    /// What survives what the writer promises.
    var committed: ArchiveTotals { get }
    /// What was appended, committed or not.
    var appended: ArchiveTotals { get }
    /// When ``tick(now:)`` has something to do at the latest, or `nil` if nothing waits.
    var due: Int64? { get }

    /// Keeps a frame.
    mutating func append(frame: FrameRecord, receptionTime: TAITime?, octets: Span<UInt8>) throws(ArchiveError)

    /// Keeps a packet.
    mutating func append(
        packet: PacketRecord,
        onboardTime: TAITime?,
        receptionTime: TAITime?,
        octets: Span<UInt8>
    ) throws(ArchiveError)

    /// Tells an archive of frames that a packet became complete with the frame appended last.
    mutating func note(packet: PacketRecord, onboardTime: TAITime?, length: Int) throws(ArchiveError)

    /// Does what has become due by the caller's clock.
    mutating func tick(now: Int64) throws(ArchiveError)

    /// Writes what has gathered and returns when it is safe.
    mutating func flush() throws(ArchiveError)

    /// Seals the archive.
    mutating func finish() throws(ArchiveError)
}

extension ArchiveWriter: UnitWriter where Storage: ~Copyable {
    /// Never: a chunk is written when it is full.
    public var due: Int64? { nil }

    /// Does nothing.
    public mutating func tick(now: Int64) throws(ArchiveError) {}
}

public import SpaceLink

/// Takes what a link decoder finds straight into an archive: frames with the packets noted, or packets.
///
/// A sink cannot throw: the first failure of the archive is kept in ``failure``, and nothing more is written. Look at it
/// after each push.
public struct ArchiveSink<Writer: UnitWriter & ~Copyable>: ~Copyable, LinkSink {
    private var writer: Writer
    /// Why nothing more is written, if so.
    public private(set) var failure: ArchiveError?
    /// When the octets that are being pushed were received.
    public var receptionTime: TAITime?

    private let content: ArchiveContent
    private let onboardTime: (PacketRecord, Span<UInt8>) -> TAITime?

    /// Leads a decoder's output into an archive.
    ///
    /// - Parameters:
    ///   - writer: The archive.
    ///   - content: What the archive keeps, as its metadata says.
    ///   - onboardTime: Tells the time that a packet tells.
    public init(
        _ writer: consuming Writer,
        content: ArchiveContent,
        onboardTime: @escaping (PacketRecord, Span<UInt8>) -> TAITime? = { _, _ in nil }
    ) {
        self.writer = writer
        self.content = content
        self.onboardTime = onboardTime
    }

    /// What is on the storage and synchronised.
    public var committed: ArchiveTotals { writer.committed }

    /// What was appended, committed or not.
    public var appended: ArchiveTotals { writer.appended }

    /// Writes what has gathered and returns when it is safe; throws the first failure if there was one.
    public mutating func flush() throws(ArchiveError) {
        if let failure { throw failure }
        try writer.flush()
    }

    /// Seals the archive; throws the first failure if there was one.
    public mutating func finish() throws(ArchiveError) {
        if let failure { throw failure }
        try writer.finish()
    }

    /// When ``tick(now:)`` has something to do at the latest, or `nil` if nothing waits.
    public var due: Int64? { writer.due }

    /// Does what has become due; throws the first failure if there was one.
    public mutating func tick(now: Int64) throws(ArchiveError) {
        if let failure { throw failure }
        try writer.tick(now: now)
    }

    /// Ends writing and gives the writer back.
    ///
    /// - Returns: The writer, with everything that was written.
    public consuming func takeWriter() -> Writer { writer }

    /// Keeps a frame.
    public mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        guard failure == nil, content == .frames else { return }
        do { try writer.append(frame: frame, receptionTime: receptionTime, octets: octets) } catch { failure = error }
    }

    /// Keeps a packet, or notes it.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard failure == nil else { return }
        let time = onboardTime(packet, octets)
        do {
            switch content {
            case .frames: try writer.note(packet: packet, onboardTime: time, length: octets.count)
            case .packets:
                try writer.append(packet: packet, onboardTime: time, receptionTime: receptionTime, octets: octets)
            }
        } catch {
            failure = error
        }
    }
}

/// Packing that others do; see ``ArchiveWriter/packElsewhere()``.
extension ArchiveSink: ChunkOwner where Writer: ChunkOwner & ~Copyable {
    /// Lets full chunks wait for ``takeJobs()``.
    package mutating func packElsewhere() { writer.packElsewhere() }

    /// Ends the chunk that gathers.
    package mutating func cut() { writer.cut() }

    /// The chunks that became full since the last call, in order.
    package mutating func takeJobs() -> [ChunkJob] { writer.takeJobs() }

    /// Stores a chunk that was packed elsewhere; throws the first failure if there was one.
    package mutating func append(_ packed: PackedChunk) throws(ArchiveError) {
        if let failure { throw failure }
        try writer.append(packed)
    }
}

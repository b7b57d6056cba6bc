/// Where an archive is read from: octets at any place, as from a file.
public protocol ArchiveSource {
    /// How many octets there are, as seen when the source was opened.
    var size: Int64 { get }

    /// Reads octets into a buffer, replacing what it held.
    ///
    /// - Parameters:
    ///   - offset: The first octet to read.
    ///   - buffer: Holds exactly `count` octets afterwards, fewer only where the source ends.
    ///   - count: How many octets to read.
    /// - Throws: `.storage` if the source fails.
    func read(at offset: Int64, into buffer: inout [UInt8], count: Int) throws(ArchiveError)
}

/// Where an archive is written to: a place that only grows.
public protocol ArchiveStorage: ~Copyable {
    /// Adds octets at the end.
    mutating func append(_ octets: Span<UInt8>) throws(ArchiveError)

    /// Returns when everything appended so far would survive a loss of power.
    mutating func synchronize() throws(ArchiveError)
}

/// An archive in memory, to write to and read from.
public struct MemoryArchive: ArchiveSource, ArchiveStorage, Sendable {
    /// The octets of the archive.
    public var octets: [UInt8]

    /// Starts with the octets of an archive, or with none.
    public init(_ octets: [UInt8] = []) { self.octets = octets }

    /// How many octets there are.
    public var size: Int64 { Int64(octets.count) }

    /// Copies octets out.
    public func read(at offset: Int64, into buffer: inout [UInt8], count: Int) throws(ArchiveError) {
        buffer.removeAll(keepingCapacity: true)
        guard offset >= 0, offset < size, count > 0 else { return }
        let start = Int(offset)
        buffer.append(contentsOf: octets[start..<min(octets.count, start + count)])
    }

    /// Copies octets in.
    public mutating func append(_ octets: Span<UInt8>) throws(ArchiveError) {
        self.octets.append(span: octets)
    }

    /// Does nothing: memory does not survive a loss of power.
    public mutating func synchronize() throws(ArchiveError) {}
}

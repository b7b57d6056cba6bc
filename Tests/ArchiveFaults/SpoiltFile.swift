public import TelemetryArchive

/// A file of which an end is missing, or a bit is another; nothing is copied for it.
public struct SpoiltFile: ArchiveSource {
    private let octets: [UInt8]
    private let flipped: Int?
    /// Octets that are left.
    public let size: Int64

    /// Spoils a file.
    ///
    /// - Parameters:
    ///   - octets: The file.
    ///   - length: How many of its octets are left; all if not said.
    ///   - bit: Which bit is turned round.
    public init(_ octets: [UInt8], length: Int? = nil, flipping bit: Int? = nil) {
        self.octets = octets
        size = Int64(length ?? octets.count)
        flipped = bit
    }

    /// Copies octets out.
    public func read(at offset: Int64, into buffer: inout [UInt8], count: Int) throws(ArchiveError) {
        buffer.removeAll(keepingCapacity: true)
        guard offset >= 0, offset < size, count > 0 else { return }
        let start = Int(offset)
        let end = min(Int(size), start + count)
        buffer.append(contentsOf: octets[start..<end])
        guard let flipped, (start..<end).contains(flipped / 8) else { return }
        buffer[flipped / 8 - start] ^= 1 << UInt8(flipped % 8)
    }
}

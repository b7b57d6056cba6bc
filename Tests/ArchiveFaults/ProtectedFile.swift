import TelemetryArchive

/// A file with its parity, to be damaged and healed.
public struct ProtectedFile: Sendable {
    /// What came of healing.
    public enum Healing: String, Sendable, CaseIterable {
        /// Every octet is what it was, and that is proven.
        case healed
        /// It is not, and that is said.
        case refused
        /// It is not, and nothing says it; or it is, and is called damaged.
        case wrong
    }

    /// The file as it was written.
    public let octets: [UInt8]
    /// Its parity.
    public let parity: [UInt8]

    /// Makes the parity of a file.
    ///
    /// - Parameter octets: The file.
    /// - Throws: What the writer of parity throws.
    public init(_ octets: [UInt8]) throws {
        self.octets = octets
        var writer = try ParityWriter(MemoryArchive())
        try writer.push(octets.span)
        try writer.finish()
        parity = writer.takeStorage().octets
    }

    /// Heals the file and compares it with what it was.
    ///
    /// - Parameters:
    ///   - damaged: What is left of the file.
    ///   - parity: What is left of its parity.
    /// - Returns: What came of it.
    /// - Throws: What the reader throws.
    public func heal(_ damaged: [UInt8], parity: [UInt8]) throws -> Healing {
        let archive = try HealedArchive(MemoryArchive(damaged), parity: MemoryArchive(parity))
        var isEqual = archive.size == Int64(octets.count)
        var place = 0
        var buffer: [UInt8] = []
        while isEqual, place < octets.count {
            try archive.read(at: Int64(place), into: &buffer, count: 1 << 20)
            isEqual = !buffer.isEmpty && octets[place..<min(place + buffer.count, octets.count)] == buffer[...]
            place += buffer.count
        }
        let isProven = try archive.isProven()
        guard isProven == isEqual, !archive.report.isHealable || isEqual else { return .wrong }
        return isEqual ? .healed : .refused
    }
}

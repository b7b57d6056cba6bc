import LinkIO

/// Small files, whole.
public enum FileContents {
    /// Reads a file into memory.
    ///
    /// - Parameters:
    ///   - path: The file, `-` for standard input.
    ///   - limit: The largest size that is taken.
    /// - Returns: Its octets.
    /// - Throws: `IOFailure`, or ``PipelineFailure/badFile(path:reason:)`` for a file beyond the limit.
    public static func read(_ path: String, limit: Int) throws -> [UInt8] {
        var source = try OctetSource(path: path)
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try source.read(into: &piece)
            if count == 0 { return octets }
            octets.append(contentsOf: piece[..<count])
            guard octets.count <= limit else {
                throw PipelineFailure.badFile(
                    path: path,
                    reason: "is larger than \(limit) octets; is it the right file?"
                )
            }
        }
    }
}

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

/// Words that a person may have meant.
public enum Spelling {
    /// The candidate that is fewest edits away, if it is near enough to be meant.
    ///
    /// - Parameters:
    ///   - word: What was written.
    ///   - candidates: What could have been written.
    /// - Returns: The nearest within a third of the word's length, at least two edits.
    public static func nearest(to word: String, among candidates: [String]) -> String? {
        let scored = candidates.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.utf8.count / 3) else { return nil }
        return best.0
    }

    /// Levenshtein's distance, one row at a time.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}

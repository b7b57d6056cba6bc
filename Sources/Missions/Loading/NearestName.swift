/// The right name that a wrong one was most likely meant to be.
package enum NearestName {
    /// The name among some that takes the fewest single-character edits to reach, if they are few enough to be a slip.
    package static func of(_ name: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        let ranked = names.map { (name: $0, edits: edits(from: wanted, to: Array($0.lowercased()))) }
        let best = ranked.min { ($0.edits, $0.name) < ($1.edits, $1.name) }
        guard let best, best.edits <= max(2, max(wanted.count, best.name.count) / 2) else { return nil }
        return best.name
    }

    /// "did you mean x?" where a name is near, else the list of what there is.
    package static func hint(for name: String, among names: some Sequence<String>) -> String {
        let known = names.sorted()
        if let nearest = of(name, among: known) { return "did you mean \(nearest)?" }
        return known.isEmpty ? "there is none" : "there is \(known.joined(separator: ", "))"
    }

    /// Levenshtein's distance, one row at a time.
    private static func edits(from: [Character], to: [Character]) -> Int {
        var row = Array(0...to.count)
        for (i, left) in from.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in to.enumerated() {
                let substituted = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[to.count]
    }
}

import Foundation

/// The figures as people read them.
struct Table {
    let machine: Machine
    let clock: BenchmarkClock
    let figures: [Figure]
    let notes: [String]

    /// The lines to print.
    var lines: [String] {
        var lines = [
            machine.words,
            "load \(Self.number(machine.load)) at the start; clock: \(clock.rawValue); medians; MB are 10^6 octets",
        ]
        if machine.load > 1, clock == .wall {
            lines.append("others use this machine: figures by the wall clock are too low (--clock processor is fairer)")
        }
        lines.append("")
        let head = ["room", "what", "input", "figure", "unit", "peer or limit", "ratio", "goal", "equal work"]
        let rows = [head] + figures.map(cells)
        lines += Self.aligned(rows, numeric: [3, 6, 7])
        lines += notes.map { "note: \($0)" }
        return lines
    }

    /// Rows with their columns aligned and a line under the head; the last column is not filled up.
    static func aligned(_ rows: [[String]], numeric: Set<Int>) -> [String] {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines: [String] = []
        for (index, row) in rows.enumerated() {
            let cells = row.indices.map { column -> String in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                if numeric.contains(column) { return padding + row[column] }
                return column == row.count - 1 ? row[column] : row[column] + padding
            }
            lines.append(cells.joined(separator: "  "))
            if index == 0 { lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")) }
        }
        return lines
    }

    private func cells(_ figure: Figure) -> [String] {
        [
            figure.room.rawValue, figure.what, figure.input, Self.number(figure.value), figure.unit,
            figure.reference.map { "\($0.name) \(Self.number($0.value))" } ?? "–",
            figure.ratio.map(Self.number) ?? "–", figure.goal?.text ?? "–", figure.proof,
        ]
    }

    /// Three digits, with thousands apart.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let magnitude = value.magnitude
        if magnitude < 100 {
            let digits = magnitude < 0.1 ? 4 : magnitude < 1 ? 3 : magnitude < 10 ? 2 : 1
            let text = String(format: "%.\(digits)f", value)
            return text
        }
        // Beyond a thousand the digits behind the third say nothing.
        let step = max(1, pow(10, floor(log10(magnitude)) - 2))
        var digits = Array(String(Int((value / step).rounded() * step)))
        var place = digits.count - 3
        while place > (value < 0 ? 1 : 0) {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}

public import AttitudeMonitor
import LinkIO
import SpaceLink

/// A table of samples (CSV with a heading) fed to the monitor, row by row.
public struct DetectionTable: ~Copyable {
    /// One `--map COLUMN=ROLE[:unit]`.
    public struct Mapping: Sendable {
        /// The column's heading.
        public let column: String
        /// The role, or `time`.
        public let role: String
        /// Factor to SI.
        public let factor: Double

        /// Reads what a person wrote.
        ///
        /// - Parameter text: `COLUMN=ROLE` or `COLUMN=ROLE:unit`.
        /// - Throws: ``PipelineFailure/badValue(name:text:wanted:)``.
        public init(_ text: String) throws(PipelineFailure) {
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
                throw .badValue(name: "--map", text: text, wanted: "COLUMN=ROLE or COLUMN=ROLE:unit")
            }
            let right = sides[1].split(separator: ":", maxSplits: 1)
            let unit = right.count == 2 ? String(right[1]) : ""
            guard let factor = AngularUnit.factor(unit) else {
                throw .badValue(
                    name: "--map",
                    text: text,
                    wanted: "a role with a unit of deg, deg/s, rpm, count*FACTOR, …"
                )
            }
            column = String(sides[0])
            role = String(right[0])
            self.factor = factor
        }
    }

    /// The scale of the events' times: UTC if the table's own times are, else its seconds.
    public private(set) var scale = TimeScale.seconds
    /// Rows that were judged.
    public private(set) var rows = 0
    /// Rows that could not be read, and the first such line.
    public private(set) var badRows = 0
    /// The first line that could not be read.
    public private(set) var firstBadLine: Int?
    /// Headings that are no role.
    public let unknownColumns: [String]

    private var reader: LineReader
    private let timeColumn: Int
    private let timeFactor: Double
    private let modeColumn: Int?
    private let factors: [Double]
    private let table: RoleTable
    private var mode: String?
    private var origin: TAITime?

    /// Opens a table and binds its columns.
    ///
    /// - Parameters:
    ///   - path: The CSV file, `-` for standard input.
    ///   - mappings: Columns whose heading is no role.
    /// - Throws: `IOFailure`, ``PipelineFailure`` or `MonitorError`.
    public init(path: String, mappings: [Mapping]) throws {
        var reader = try LineReader(path: path)
        guard var heading = try reader.next(), !heading.isEmpty else {
            throw PipelineFailure.empty(path: path)
        }
        // Spreadsheets put a byte order mark before their text.
        if heading.unicodeScalars.first == "\u{FEFF}" { heading.unicodeScalars.removeFirst() }
        let headings = Self.cells(heading)
        var columns: [RoleColumn] = []
        var factors: [Double] = []
        var timeColumn: Int?
        var timeFactor = 1.0
        for (index, name) in headings.enumerated() {
            let mapping = mappings.first { $0.column == name }
            let role = mapping?.role ?? name
            if role == "time" {
                timeColumn = index
                timeFactor = mapping?.factor ?? 1
            }
            columns.append(RoleColumn(role: role == "time" ? "unused.\(index)" : role, kind: Self.kind(of: role)))
            factors.append(mapping?.factor ?? 1)
        }
        for mapping in mappings where !headings.contains(mapping.column) {
            throw PipelineFailure.badFile(
                path: path,
                reason: "has no column '\(mapping.column)'; its columns are \(headings.joined(separator: ", "))"
            )
        }
        guard let timeColumn else {
            throw PipelineFailure.badFile(
                path: path,
                reason:
                    "has no column 'time'; name one with --map COLUMN=time (columns: \(headings.joined(separator: ", ")))"
            )
        }
        let table = try RoleTable(columns: columns)
        guard columns.count - 1 > table.unknownRoles.count - 1 else {
            throw PipelineFailure.badFile(
                path: path,
                reason: "no column is a role; name them with --map, as in --map gx=gyro.a.rate.x:deg/s"
            )
        }
        unknownColumns = table.unknownRoles.filter { !$0.hasPrefix("unused.") }
        modeColumn = table.modeColumn
        self.table = table
        self.reader = reader
        self.timeColumn = timeColumn
        self.timeFactor = timeFactor
        self.factors = factors
    }

    /// Judges the next row.
    ///
    /// - Parameters:
    ///   - monitor: The monitor.
    ///   - body: Takes each event.
    /// - Returns: Whether there was a row.
    /// - Throws: `IOFailure` or ``PipelineFailure/badFile(path:reason:)``.
    public mutating func next(_ monitor: inout AttitudeMonitor, _ body: (AnomalyEvent) -> Void) throws -> Bool {
        guard let text = try reader.next() else { return false }
        if text.isEmpty { return true }
        let cells = Self.cells(text)
        guard cells.count == factors.count, let time = time(cells[timeColumn]) else {
            badRows += 1
            if firstBadLine == nil { firstBadLine = reader.number }
            return true
        }
        if let modeColumn, !cells[modeColumn].isEmpty, cells[modeColumn] != mode {
            mode = cells[modeColumn]
            monitor.push(mode: cells[modeColumn], time: time)
        }
        let values = cells.indices.map { index in
            index == timeColumn ? Double.nan : Self.number(cells[index]) * factors[index]
        }
        monitor.push(row: values.span, table: table, time: time) { body(copy $0) }
        rows += 1
        return true
    }

    private mutating func time(_ text: String) -> Double? {
        if let seconds = Double(text) { return seconds.isFinite ? seconds * timeFactor : nil }
        guard let time = TAITime(utc: text) else { return nil }
        if origin == nil {
            origin = time
            scale = .utc(origin: time)
        }
        return origin.map { Double(time.nanoseconds - $0.nanoseconds) * 1e-9 }
    }

    private static func number(_ text: String) -> Double {
        switch text {
        case "true", "True", "TRUE": 1
        case "false", "False", "FALSE": 0
        default: Double(text) ?? .nan
        }
    }

    /// Roles whose name says that they accumulate.
    private static func kind(of role: String) -> ChannelKind {
        let accumulated =
            role.hasSuffix(".onTime") || role.contains(".angle.") || role.contains("accelerometer.velocity.")
        return accumulated ? .accumulated : .instant
    }

    /// The cells of a line; quotes around a cell are taken off, commas inside them kept.
    private static func cells(_ line: String) -> [String] {
        var cells: [String] = []
        var cell = ""
        var quoted = false
        for character in line {
            switch character {
            case "\"": quoted.toggle()
            case "," where !quoted:
                cells.append(cell)
                cell = ""
            default: cell.append(character)
            }
        }
        cells.append(cell)
        return cells.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }
}

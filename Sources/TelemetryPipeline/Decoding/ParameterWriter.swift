import LinkIO
public import MissionDatabase
public import SpaceLink

/// How parameters are written.
public enum ParameterFormat: String, Sendable, CaseIterable {
    /// Comma-separated values with a heading.
    case csv
    /// One JSON object a line.
    case ndjson
}

/// How a table of parameters is laid out.
public enum ParameterShape: String, Sendable, CaseIterable {
    /// A row for each value.
    case long
    /// A row for each packet, a table for each container.
    case wide
}

/// Decodes packets to parameters and writes them as tables.
public struct ParameterWritingSink: LinkSink, ~Copyable {
    /// Packets that were decoded.
    public private(set) var packets = 0
    /// Values that were written.
    public private(set) var values = 0
    /// Packets that no container matched, by APID.
    public private(set) var unknownPackets: [Int: Int] = [:]
    /// Packets shorter or longer than their container.
    public private(set) var misfits = 0
    /// The first failure: of the output, or of packets that do not fit one table.
    public private(set) var failure: (any Error)?

    private let database: MissionDatabase
    private let format: ParameterFormat
    private let shape: ParameterShape
    private let timeCode: TimeCode?
    private let selection: PacketSelection
    private let path: String
    private let replacing: Bool
    private var decoder: PacketDecoder
    private var samples = SampleBuffer()
    private var output: OctetOutput?
    private var tables: [Int: WideTable] = [:]
    private var line = ""
    private var cells: [ParameterCells] = []

    private final class WideTable {
        var output: OctetOutput?
        var parameters: [Int] = []

        init(_ output: consuming OctetOutput) { self.output = consume output }
    }

    /// Opens the output.
    ///
    /// - Parameters:
    ///   - database: What packets mean.
    ///   - path: A file, `-`, or for wide tables a folder.
    ///   - format: How values are written.
    ///   - shape: How tables are laid out.
    ///   - timeCode: How packets tell the time.
    ///   - selection: Which packets.
    ///   - replacing: Whether files may be replaced.
    /// - Throws: `XTCEError` or `IOFailure`.
    public init(
        database: MissionDatabase,
        path: String,
        format: ParameterFormat,
        shape: ParameterShape,
        timeCode: TimeCode?,
        selection: PacketSelection,
        replacing: Bool
    ) throws {
        let decoder = try database.makeDecoder()
        let isFolder = shape == .wide && path != "-" && !path.hasSuffix(".\(format.rawValue)")
        var output: OctetOutput?
        if !isFolder { output = try OctetOutput(path: path, replacing: replacing) }
        if shape == .long, format == .csv {
            try output?.write("time,receptionTime,container,parameter,raw,value,unit,validity,alarm\n")
        }
        self.database = database
        self.path = path
        self.format = format
        self.shape = shape
        self.timeCode = timeCode
        self.selection = selection
        self.replacing = replacing
        self.decoder = decoder
        self.output = output
    }

    /// Decodes and writes one packet.
    public mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        guard failure == nil, !packet.isIdle else { return }
        let time = timeCode?.time(ofPacket: octets)
        guard selection.contains(packet, time: time) else { return }
        let container: Int
        var isShort = false
        switch decoder.decode(octets, into: &samples) {
        case .unknown:
            unknownPackets[packet.apid, default: 0] += 1
            return
        case .decoded(let found): container = found
        case .truncated(let found):
            container = found
            isShort = true
            misfits += 1
        case .excess(let found, _), .unsupported(let found):
            container = found
            misfits += 1
        }
        packets += 1
        values += samples.count
        do {
            switch shape {
            case .long: try writeLong(container, time: time?.utc ?? "", packet)
            case .wide: try writeWide(container, time: time?.utc ?? "", packet, isShort: isShort)
            }
        } catch {
            failure = error
        }
    }

    private mutating func writeLong(_ container: Int, time: String, _ packet: PacketRecord) throws(IOFailure) {
        let name = database.containers[container].qualifiedName
        if cells.isEmpty { cells = database.parameters.map { ParameterCells($0) } }
        line.removeAll(keepingCapacity: true)
        for index in 0..<samples.count {
            let parameter = samples.parameter(at: index)
            switch format {
            case .csv:
                line += time
                line += ",,"
                line += name
                line += cells[parameter].name
                Self.append(samples.raw(at: index), to: &line)
                line += ","
                Self.append(samples.engineering(at: index), to: &line)
                line += cells[parameter].unit
                line += Self.name(samples.validity(at: index), isDoubtful: packet.isDoubtful)
                line += ","
                line += Self.name(samples.alarm(at: index))
                line += "\n"
            case .ndjson:
                let unit = database.parameters[parameter].unit ?? ""
                line +=
                    EventLine(
                        "sample",
                        SampleEvent(
                            time: time.isEmpty ? nil : time,
                            container: name,
                            parameter: database.parameters[parameter].qualifiedName,
                            raw: JSONValue(samples.raw(at: index)),
                            value: JSONValue(samples.engineering(at: index)),
                            unit: unit.isEmpty ? nil : unit,
                            validity: Self.name(samples.validity(at: index), isDoubtful: packet.isDoubtful),
                            alarm: Self.name(samples.alarm(at: index)),
                            quality: SampleQuality(packet)
                        )
                    ).text
            }
        }
        try output?.write(line)
    }

    /// Numbers need no quotes, and most values are numbers.
    private static func append(_ value: Value, to line: inout String) {
        switch value {
        case .signed(let number): line += String(number)
        case .unsigned(let number): line += String(number)
        case .float(let number): line += number.description
        case .boolean(let flag): line += flag ? "true" : "false"
        case .string, .binary: line += cell(value.description)
        }
    }

    /// What the database has against a value comes before what the link has.
    private static func name(_ validity: SampleValidity, isDoubtful: Bool) -> String {
        switch validity {
        case .valid: isDoubtful ? "doubtful" : "valid"
        case .outOfRange: "outOfRange"
        case .uncalibrated: "uncalibrated"
        case .unmatched: "unmatched"
        }
    }

    private static func name(_ alarm: AlarmLevel) -> String {
        switch alarm {
        case .none: "none"
        case .watch: "watch"
        case .warning: "warning"
        case .distress: "distress"
        case .critical: "critical"
        case .severe: "severe"
        }
    }

    /// What stands around the values of a parameter in each of its rows.
    private struct ParameterCells {
        let name: String
        let unit: String

        init(_ parameter: Parameter) {
            name = "," + ParameterWritingSink.cell(parameter.qualifiedName) + ","
            unit = "," + ParameterWritingSink.cell(parameter.unit ?? "") + ","
        }
    }

    private mutating func writeWide(
        _ container: Int,
        time: String,
        _ packet: PacketRecord,
        isShort: Bool
    ) throws {
        let table = try table(of: container)
        line.removeAll(keepingCapacity: true)
        switch format {
        case .csv:
            let parameters = (0..<samples.count).map { samples.parameter(at: $0) }
            if heading(table).isEmpty {
                // A packet cut short cannot say what columns there are.
                if isShort { return }
                line += "time"
                for parameter in parameters { line += "," + Self.cell(database.parameters[parameter].name) }
                line += "\n"
                if let table { table.parameters = parameters } else { wideHeading = parameters }
                wideContainer = container
            }
            try requireColumns(parameters, of: container, heading(table), isShared: table == nil)
            line += time
            for index in 0..<samples.count {
                line += ","
                Self.append(samples.engineering(at: index), to: &line)
            }
            line += String(repeating: ",", count: heading(table).count - parameters.count) + "\n"
        case .ndjson:
            var row: [String: JSONValue] = [:]
            for index in 0..<samples.count {
                row[database.parameters[samples.parameter(at: index)].name] = JSONValue(samples.engineering(at: index))
            }
            line +=
                EventLine(
                    "row",
                    RowEvent(
                        time: time.isEmpty ? nil : time,
                        container: database.containers[container].qualifiedName,
                        values: row,
                        quality: SampleQuality(packet)
                    )
                ).text
        }
        if let table { try table.output?.write(line) } else { try output?.write(line) }
    }

    private var wideHeading: [Int] = []
    private var wideContainer: Int?

    private func heading(_ table: WideTable?) -> [Int] { table?.parameters ?? wideHeading }

    /// Refuses a row that would stand under the names of other parameters.
    private func requireColumns(
        _ parameters: [Int],
        of container: Int,
        _ heading: [Int],
        isShared: Bool
    ) throws(PipelineFailure) {
        let name = database.containers[container].name
        if isShared, let first = wideContainer, first != container {
            throw .missing(
                what: "\(path): packets of \(database.containers[first].name) and \(name) are two tables",
                remedy: "name a folder for them, choose one by --apid, or write --shape long"
            )
        }
        guard heading.starts(with: parameters) else {
            throw .missing(
                what: "\(path): not every packet of \(name) holds the same parameters, which a wide table needs",
                remedy: "write --shape long"
            )
        }
    }

    /// The table of a container, when tables go into a folder.
    private mutating func table(of container: Int) throws(IOFailure) -> WideTable? {
        guard output == nil else { return nil }
        if let table = tables[container] { return table }
        try Folders.make(path)
        let file = "\(path)/\(database.containers[container].name).\(format.rawValue)"
        let table = WideTable(try OctetOutput(path: file, replacing: replacing))
        tables[container] = table
        return table
    }

    fileprivate static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Makes the files appear.
    ///
    /// - Throws: The first failure, if there was one.
    public consuming func commit() throws {
        if let failure { throw failure }
        if let output = output.take() { try output.commit() }
        for table in tables.values { if let output = table.output.take() { try output.commit() } }
    }
}

private struct SampleEvent: Encodable {
    let time: String?
    let container: String
    let parameter: String
    let raw: JSONValue
    let value: JSONValue
    let unit: String?
    let validity: String
    let alarm: String
    let quality: SampleQuality

    private enum Keys: String, CodingKey {
        case time
        case container
        case parameter
        case raw
        case value
        case unit
        case validity
        case alarm
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encodeIfPresent(time, forKey: .time)
        try keys.encode(container, forKey: .container)
        try keys.encode(parameter, forKey: .parameter)
        try keys.encode(raw, forKey: .raw)
        try keys.encode(value, forKey: .value)
        try keys.encodeIfPresent(unit, forKey: .unit)
        try keys.encode(validity, forKey: .validity)
        try keys.encode(alarm, forKey: .alarm)
        try quality.encode(to: encoder)
    }
}

private struct RowEvent: Encodable {
    let time: String?
    let container: String
    let values: [String: JSONValue]
    let quality: SampleQuality

    private enum Keys: String, CodingKey {
        case time
        case container
        case values
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encodeIfPresent(time, forKey: .time)
        try keys.encode(container, forKey: .container)
        try keys.encode(values, forKey: .values)
        try quality.encode(to: encoder)
    }
}

/// A value as it stands in JSON.
struct JSONValue: Encodable {
    private let value: Value

    init(_ value: Value) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .signed(let number): try container.encode(number)
        case .unsigned(let number): try container.encode(number)
        case .float(let number): try container.encode(number)
        case .boolean(let flag): try container.encode(flag)
        case .string(let text): try container.encode(text)
        case .binary: try container.encode(value.description)
        }
    }
}

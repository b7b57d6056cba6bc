public import AttitudeMonitor
import MissionDatabase

/// Which samples of one container feed the attitude monitor, found once and used for every packet.
struct ContainerBinding {
    /// One column: where its value lies among the packet's samples, and how to read it.
    struct Column {
        let sample: Int
        let parameter: Int
        /// Time tags are seconds of the on-board scale; the monitor wants them from the origin of the run.
        let isTimeTag: Bool
    }

    /// A column that displays show.
    struct View {
        let column: Int
        let quantity: AttitudeState.Quantity
    }

    let columns: [Column]
    let views: [View]
    let table: RoleTable
    let modeSample: Int?
    /// Whether any column feeds the monitor.
    let isUseful: Bool

    /// Binds the samples that the buffer holds now.
    ///
    /// Only layouts that never change are bound by position; ``fits(_:)`` notices when one does.
    init(_ samples: SampleBuffer, database: MissionDatabase, overlay: RoleOverlay) throws(MonitorError) {
        var columns: [Column] = []
        var roles: [RoleColumn] = []
        var modeSample: Int?
        let present = (0..<samples.count).map { database.parameters[samples.parameter(at: $0)] }
        let tags = Self.timeTags(of: present, overlay)
        for (index, parameter) in present.enumerated() {
            guard let role = overlay.role(of: parameter) ?? tags[parameter.name] else { continue }
            if role.role == "guidance.mode" { modeSample = index }
            let isTimeTag = role.role.hasPrefix("time.tag.")
            columns.append(Column(sample: index, parameter: samples.parameter(at: index), isTimeTag: isTimeTag))
            roles.append(role)
        }
        self.columns = columns
        views = roles.indices.compactMap { column in
            AttitudeState.Quantity(role: roles[column].role).map { View(column: column, quantity: $0) }
        }
        self.modeSample = modeSample
        table = try RoleTable(columns: roles)
        isUseful = columns.count > table.unknownRoles.count + table.unusedRoles.count
    }

    /// Roles of parameters that only date others, by name: a sensor's `perilune.timeTag` points to them.
    private static func timeTags(of present: [Parameter], _ overlay: RoleOverlay) -> [String: RoleColumn] {
        var tags: [String: RoleColumn] = [:]
        for parameter in present {
            guard let tag = parameter.timeTag, let role = overlay.role(of: parameter)?.role else { continue }
            let parts = role.split(separator: ".")
            let hasUnit = parts.first == "gyro" || parts.first == "starTracker"
            let group = parts.prefix(hasUnit ? 2 : 1).joined(separator: ".")
            tags[tag.split(separator: "/").last.map(String.init) ?? tag] = RoleColumn(role: "time.tag.\(group)")
        }
        return tags
    }

    /// Whether the buffer still has the layout that was bound.
    func fits(_ samples: SampleBuffer) -> Bool {
        columns.allSatisfy { $0.sample < samples.count && samples.parameter(at: $0.sample) == $0.parameter }
    }
}

/// Roles given beside the database: `{"parameter": {"role": …, "kind": …, "unit": …}}`.
public struct RoleOverlay: Sendable, Codable {
    /// What one parameter is to the monitor.
    public struct Entry: Sendable, Codable {
        /// The role.
        public var role: String
        /// The kind; instant if absent.
        public var kind: ChannelKind?
        /// The unit of the engineering value, converted to SI (`deg/s`, `deg`, `rpm`).
        public var unit: String?
    }

    /// Entries by parameter name, qualified or not.
    public var entries: [String: Entry]

    /// Makes an overlay of nothing.
    public init() { entries = [:] }

    /// Reads the object as it stands.
    public init(from decoder: any Decoder) throws {
        entries = try decoder.singleValueContainer().decode([String: Entry].self)
    }

    /// Writes the object as it stands.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(entries)
    }

    /// The role of a parameter: the overlay's, else the database's own.
    func role(of parameter: Parameter) -> RoleColumn? {
        if let entry = entry(of: parameter) { return RoleColumn(role: entry.role, kind: entry.kind ?? .instant) }
        guard let role = parameter.role else { return nil }
        return RoleColumn(role: role, kind: parameter.kind.flatMap(ChannelKind.init) ?? .instant)
    }

    /// The factor that turns a parameter's engineering value into SI.
    func factor(of parameter: Parameter) -> Double {
        entry(of: parameter)?.unit.flatMap(AngularUnit.factor) ?? 1
    }

    private func entry(of parameter: Parameter) -> Entry? {
        entries[parameter.qualifiedName] ?? entries[parameter.name]
    }
}

/// Units that telemetry of angles and rates comes in.
public enum AngularUnit {
    private static let degree = 0.017453292519943295

    /// The factor to SI (rad, rad/s) of a unit, or of `count*FACTOR`; `nil` for a unit that is not known.
    public static func factor(_ unit: String) -> Double? {
        switch unit {
        case "", "1", "rad", "rad/s", "s", "m", "m/s", "m/s2", "m/s^2", "kg", "N": return 1
        case "deg", "deg/s", "°", "°/s": return degree
        case "arcsec", "arcsec/s": return degree / 3600
        case "rpm": return 6 * degree
        case "ms": return 1e-3
        case "us": return 1e-6
        case "g": return 9.80665
        default:
            let parts = unit.split(separator: "*")
            guard parts.count == 2, parts[0] == "count" else { return nil }
            return Double(parts[1])
        }
    }
}

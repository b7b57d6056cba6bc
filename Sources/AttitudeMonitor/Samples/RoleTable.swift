/// How the values of a channel relate to time.
public enum ChannelKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The value at its time tag.
    case instant
    /// A sum since an arbitrary start: differences are exact over gaps.
    case accumulated
    /// The mean since the value before.
    case averaged
}

/// One scalar column of a table: what it is, and how it relates to time.
public struct RoleColumn: Sendable, Hashable, Codable {
    /// The role, such as `gyro.a.rate.x`.
    public var role: String
    /// The kind.
    public var kind: ChannelKind

    /// Makes a column of a role and a kind.
    public init(role: String, kind: ChannelKind = .instant) {
        self.role = role
        self.kind = kind
    }
}

/// Why columns cannot be used together.
public enum MonitorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Two columns claim one role.
    case duplicateRole(role: String, first: Int, second: Int)

    /// The error as a sentence.
    public var description: String {
        switch self {
        case .duplicateRole(let role, let first, let second):
            "columns \(first) and \(second) both claim the role \(role): give one of them another role, or none"
        }
    }
}

/// Which scalar columns feed which channel of the monitor.
///
/// Roles that are no part of the vocabulary are listed in ``unknownRoles`` and their columns passed over; roles that
/// are known but that this version does not judge by are in ``unusedRoles``.
public struct RoleTable: Sendable {
    /// The columns as they were given.
    public let columns: [RoleColumn]
    /// Roles that mean nothing here.
    public let unknownRoles: [String]
    /// Roles that are understood and not used by this version.
    public let unusedRoles: [String]
    /// Where the mode label is, if a column bears it: its values come through ``AttitudeMonitor/push(mode:time:)``.
    public let modeColumn: Int?

    private let slots: [RoleSlot]

    /// Binds columns to channels.
    ///
    /// - Parameter columns: One for each value of a row, in order.
    /// - Throws: `.duplicateRole` if a role occurs twice.
    public init(columns: [RoleColumn]) throws(MonitorError) {
        var seen: [String: Int] = [:]
        var slots: [RoleSlot] = []
        var unknown: [String] = []
        var unused: [String] = []
        var modeColumn: Int?
        for (index, column) in columns.enumerated() {
            if let first = seen.updateValue(index, forKey: column.role) {
                throw .duplicateRole(role: column.role, first: first, second: index)
            }
            let slot = RoleSlot(role: column.role, kind: column.kind)
            slots.append(slot)
            switch slot.field {
            case .unknown: unknown.append(column.role)
            case .unused: unused.append(column.role)
            case .mode: modeColumn = index
            default: break
            }
        }
        self.columns = columns
        self.slots = slots
        self.unknownRoles = unknown
        self.unusedRoles = unused
        self.modeColumn = modeColumn
    }

    /// Gathers one row into a sample; values beyond the columns are passed over.
    func sample(of values: Span<Double>, time: Double) -> AttitudeSample {
        var sample = AttitudeSample(time: time)
        for column in 0..<min(values.count, slots.count) {
            let value = values[column]
            if !value.isNaN { slots[column].write(value, to: &sample) }
        }
        return sample
    }
}

/// How a run of octets is put together again: elements in their order, most of them rows of groups.
struct SequencePlan {
    /// Groups a sequence may have.
    static let groupLimit = 4096
    /// How many zones may lie in each other: frames hold packets, and these hold records.
    static let depthLimit = 2

    /// Whether the elements of groups are packets whose sequence count is kept as its step.
    var hasCounts = false
    /// How many elements before one tell which comes next, or that intervals do: see ``ElementOrder``.
    var context = 0
    /// Lengths of the elements that belong to no group.
    var oddLengths: [Int] = []
    var groups: [GroupPlan] = []

    /// How many elements there are.
    var count: Int { groups.reduce(oddLengths.count) { $0 + $1.count } }
    /// Octets of an element's name: 0 not as foreseen, 1 odd, 2 … a group.
    var nameWidth: Int { groups.count + 2 > 256 ? 2 : 1 }
}

/// Elements of one length that have one layout.
struct GroupPlan {
    /// What holds for a group.
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// Rows are stored as they are.
        static let rows = Flags(rawValue: 1)
        /// The last two octets are a CRC-16 of all before, kept as the difference to the right one.
        static let checksum = Flags(rawValue: 2)
        /// Between head and trailer lies a zone of packets, kept apart.
        static let zone = Flags(rawValue: 4)
        /// The zone has records of one length that go on from element to element, and no pointers.
        static let records = Flags(rawValue: 8)
        /// The elements go on with the packet before: they are none themselves.
        static let part = Flags(rawValue: 16)
    }

    var count: Int
    /// Octets of an element.
    var length: Int
    var flags: Flags = []
    var zone: PacketZone?
    /// The elements of all zones, joined; one sequence, or none.
    var inner: [SequencePlan] = []
    var fields: [Field] = []

    /// Octets of a row: the element without its zone.
    var rowLength: Int { length - (zone?.length(in: length) ?? 0) }
}

extension SequencePlan {
    func encode(into writer: inout OctetWriter) {
        writer.put(UInt8(hasCounts ? 1 : 0))
        writer.put(UInt8(context))
        writer.put(varint: UInt64(groups.count))
        writer.put(varint: UInt64(oddLengths.count))
        for length in oddLengths { writer.put(varint: UInt64(length)) }
        for group in groups { group.encode(into: &writer) }
    }

    /// Reads a plan.
    ///
    /// - Parameters:
    ///   - reader: The head of the payload.
    ///   - length: Octets that the elements together have.
    ///   - depth: In how many zones it lies.
    /// - Throws: `FormatFault` if the plan does not come to that length.
    init(_ reader: inout OctetReader, length: Int, depth: Int = 0) throws(FormatFault) {
        let flags: UInt8 = try reader.read()
        let context: UInt8 = try reader.read()
        guard flags <= 1, ElementOrder.contexts.contains(Int(context)) else {
            throw FormatFault("a packed sequence has an unknown form")
        }
        hasCounts = flags == 1
        self.context = Int(context)
        let groupCount = try reader.readCount(limit: min(SequencePlan.groupLimit, reader.remaining))
        let oddCount = try reader.readCount(limit: min(length, reader.remaining))
        var left = length
        oddLengths.reserveCapacity(oddCount)
        for _ in 0..<oddCount {
            oddLengths.append(try reader.readCount(limit: left))
            left -= oddLengths[oddLengths.count - 1]
        }
        for _ in 0..<groupCount {
            let group = try GroupPlan(&reader, limit: left, depth: depth)
            left -= group.count * group.length
            groups.append(group)
        }
        guard left == 0 else { throw FormatFault("the groups of a packed chunk lack \(left) octets") }
    }
}

extension GroupPlan {
    func encode(into writer: inout OctetWriter) {
        writer.put(varint: UInt64(count))
        writer.put(varint: UInt64(length))
        writer.put(flags.rawValue)
        if let zone {
            zone.encode(into: &writer)
            for sequence in inner { sequence.encode(into: &writer) }
        }
        guard !flags.contains(.rows) else { return }
        for field in fields { field.encode(into: &writer) }
    }

    init(_ reader: inout OctetReader, limit: Int, depth: Int) throws(FormatFault) {
        count = try reader.readCount(limit: limit)
        length = try reader.readCount(limit: limit)
        flags = Flags(rawValue: try reader.read())
        guard count > 0, length > 0, count <= limit / length, flags.rawValue <= 31,
            flags.contains(.zone) || !flags.contains(.records)
        else {
            throw FormatFault("a packed group announces \(count) rows of \(length) octets")
        }
        if flags.contains(.checksum), length < 3 { throw FormatFault("a packed group has no room for a checksum") }
        if flags.contains(.zone) {
            guard depth < SequencePlan.depthLimit else { throw FormatFault("too many packed zones are within others") }
            let zone = try PacketZone(&reader, length: length)
            self.zone = zone
            inner = [try SequencePlan(&reader, length: zone.length(in: length) * count, depth: depth + 1)]
        }
        guard !flags.contains(.rows) else { return }
        var left = rowLength
        while left > 0 {
            let field = try Field(&reader, place: rowLength - left, residuals: count - 1)
            guard field.width <= left else { throw FormatFault("the fields of a packed group are longer than a row") }
            fields.append(field)
            left -= field.width
        }
    }
}

extension OctetReader {
    /// A number that may not be above a limit.
    mutating func readCount(limit: Int) throws(FormatFault) -> Int {
        let value = try readVarint()
        guard value <= UInt64(max(limit, 0)) else {
            throw FormatFault("a packed chunk announces \(value) where at most \(limit) can be")
        }
        return Int(value)
    }
}

/// Fields learned once for each kind of row, and again when there is much more to learn from.
struct LayoutMemory {
    private struct Name: Hashable {
        let start: UInt64
        let length: Int
    }

    private struct Layout {
        var fields: [Field]
        var rows: Int
        var age = 0
        /// How often constants were found to be none.
        var mends = 0
        /// Whether columns were cheaper than rows, once it was tried.
        var areCheaper: Bool?
    }

    /// Layouts kept at most; more kinds of rows are learned each time.
    private static let limit = 8192
    /// Chunks after which a layout is learned anew, because what a field holds may change.
    private static let lifetime = 64
    /// How often a layout is mended before it is learned anew.
    private static let mendsLimit = 8

    /// Lists kept at most: each has a table of all keys.
    private static let listLimit = 64

    private var layouts: [Name: Layout] = [:]
    private var lists: [Int: (list: KeyedList?, age: Int)] = [:]
    private var contexts: [Int: (context: Int, age: Int)] = [:]
    private var recordings: [Name: (records: RecordSeries?, age: Int)] = [:]

    /// The fields of a group of rows, and whether columns of them are known to be cheaper than rows.
    mutating func fields(_ rows: Span<UInt8>, length: Int) -> (fields: [Field], areCheaper: Bool?) {
        let count = rows.count / length
        let name = LayoutMemory.name(rows, length)
        if var known = layouts[name], known.age < LayoutMemory.lifetime, count <= 2 * known.rows || known.rows >= 512 {
            let fields = mended(known.fields, rows, length)
            if fields.count > known.fields.count { known.mends += 1 }
            if known.mends <= LayoutMemory.mendsLimit {
                known.age += 1
                known.fields = fields
                layouts[name] = known
                return (known.fields, known.areCheaper)
            }
        }
        var learner = FieldLearner(rows, length: length)
        let fields = learner.fields(rows)
        if layouts.count < LayoutMemory.limit { layouts[name] = Layout(fields: fields, rows: count) }
        return (fields, nil)
    }

    /// The records that go on from one element of a group to the next.
    mutating func records(_ octets: Span<UInt8>, _ starts: [Int], length: Int) -> RecordSeries? {
        guard let first = starts.first else { return nil }
        let name = LayoutMemory.name(octets.extracting(first..<octets.count), length)
        if let known = recordings[name], known.age < LayoutMemory.lifetime {
            recordings[name]?.age += 1
            return known.records
        }
        let records = RecordSeries.find(octets, starts, length: length)
        if recordings.count < LayoutMemory.limit { recordings[name] = (records, 0) }
        return records
    }

    /// The keys of packets with one identification, if they are lists of keyed values and parts of them are cheaper.
    mutating func keys(
        _ octets: Span<UInt8>,
        _ packets: [Range<Int>],
        _ identification: Int,
        _ trial: inout Deflater
    ) throws(ArchiveError) -> KeyedList? {
        if let known = lists[identification], known.age < LayoutMemory.lifetime {
            lists[identification]?.age += 1
            return known.list
        }
        var list = KeyedList.find(octets, packets)
        if let found = list, try !found.isCheaper(octets, packets, &trial) { list = nil }
        if list == nil || lists.count < LayoutMemory.listLimit { lists[identification] = (list, 0) }
        return list
    }

    /// Remembers what was found of fields and whether columns are cheaper than rows.
    mutating func note(_ fields: [Field], areCheaper: Bool, _ rows: Span<UInt8>, length: Int) {
        let name = LayoutMemory.name(rows, length)
        layouts[name]?.fields = fields
        layouts[name]?.areCheaper = areCheaper
    }

    /// The cheapest context for the order of a sequence, by how many groups it has.
    mutating func context(_ names: [UInt16], groups: Int) -> Int {
        if let known = contexts[groups], known.age < LayoutMemory.lifetime {
            contexts[groups]?.age += 1
            return known.context
        }
        let context = ElementOrder.best(names, groups: groups)
        if contexts.count < LayoutMemory.limit { contexts[groups] = (context, 0) }
        return context
    }

    private static func name(_ rows: Span<UInt8>, _ length: Int) -> Name {
        var start: UInt64 = 0
        for index in 0..<min(length, 2) { start = start << 8 | UInt64(rows[index]) }
        return Name(start: start, length: length)
    }

    /// The fields, with octets that are constant no more as fields of their own.
    private func mended(_ fields: [Field], _ rows: Span<UInt8>, _ length: Int) -> [Field] {
        var result: [Field] = []
        var place = 0
        for field in fields {
            defer { place += field.width }
            guard field.predictor == .constant else {
                result.append(field)
                continue
            }
            var run = 0
            for index in place..<(place + field.width) {
                guard !isConstant(index, rows, length) else {
                    run += 1
                    continue
                }
                if run > 0 { result.append(Field(width: run, predictor: .constant)) }
                result.append(Field(width: 1, predictor: .xor))
                run = 0
            }
            if run > 0 { result.append(Field(width: run, predictor: .constant)) }
        }
        return result
    }

    private func isConstant(_ index: Int, _ rows: Span<UInt8>, _ length: Int) -> Bool {
        let first = rows[index]
        var place = index + length
        while place < rows.count {
            if rows[place] != first { return false }
            place += length
        }
        return true
    }
}

/// Elements of a sequence before they are packed: where each begins in its octets, and to which group it belongs.
struct Elements {
    /// Odd ones belong to no group.
    static let odd = -1

    private(set) var starts: [Int] = []
    private(set) var lengths: [Int] = []
    private(set) var groups: [Int] = []
    private(set) var names: [UInt64: Int] = [:]

    var groupCount: Int { names.count }

    mutating func append(start: Int, length: Int, name: UInt64?) {
        starts.append(start)
        lengths.append(length)
        groups.append(name.map { group(named: $0) } ?? Elements.odd)
    }

    private mutating func group(named name: UInt64) -> Int {
        if let known = names[name] { return known }
        guard groupCount < SequencePlan.groupLimit else { return Elements.odd }
        names[name] = names.count
        return names.count - 1
    }

    /// Numbers the groups by their names, so that those that are alike are neighbours.
    mutating func sort() {
        var numbers = [Int](repeating: 0, count: names.count)
        for (number, name) in names.sorted(by: { $0.key < $1.key }).enumerated() { numbers[name.value] = number }
        for index in groups.indices where groups[index] >= 0 { groups[index] = numbers[groups[index]] }
        names = names.mapValues { numbers[$0] }
    }

    /// The first group of parts, once sorted: their names are the greatest.
    var firstPart: Int { names.keys.count { $0 & Elements.partBit == 0 } }

    /// Where the elements of each group begin.
    func startsByGroup() -> [[Int]] {
        var result = [[Int]](repeating: [], count: groupCount)
        for (index, group) in groups.enumerated() where group >= 0 { result[group].append(starts[index]) }
        return result
    }

    /// Where the elements that belong to a group begin.
    var groupedStarts: [Int] { starts(upTo: groupCount) }

    /// Where the elements that belong to one of the first groups begin.
    func starts(upTo group: Int) -> [Int] {
        groups.indices.lazy.filter { groups[$0] >= 0 && groups[$0] < group }.map { starts[$0] }
    }
}

/// Takes sequences apart into plans and planes.
struct SequencePacker: ~Copyable {
    /// Groups with fewer rows have too little in common.
    private static let leastRows = 4
    /// How much of a group's rows is tried.
    private static let trialSize = 32 << 10

    /// Octets of planes from which on a group can be read without the others.
    private static let leastSegment = 32 << 10

    private(set) var store = PlaneStore()
    /// Groups that are so large.
    private var segments = 0
    /// The first rows of all groups.
    private(set) var heads: [UInt8] = []
    /// Fields learned before, by the octets that begin a group's rows and their length.
    var layouts: LayoutMemory
    private var trial = Deflater(level: 6)
    /// The values of one field at a time.
    private var values: [UInt64] = []

    /// Whether large groups shall be readable alone.
    private let isReadInParts: Bool

    /// Begins a chunk.
    ///
    /// - Parameters:
    ///   - layouts: What was learned before.
    ///   - isReadInParts: Whether large groups shall be readable alone, which costs a little.
    init(layouts: LayoutMemory, isReadInParts: Bool) {
        self.layouts = layouts
        self.isReadInParts = isReadInParts
    }

    /// Packs whole packets; units that are none stay as they are.
    mutating func packPackets(_ octets: [UInt8], lengths: [Int]) throws(ArchiveError) -> SequencePlan {
        var elements = Elements()
        var start = 0
        for length in lengths {
            elements.append(start: start, length: length, name: Elements.packetName(octets, start, length))
            start += length
        }
        var octets = octets
        return try pack(&octets, elements, arePackets: true, depth: 0)
    }

    /// Packs frames: their packets apart where their zones are found.
    mutating func packFrames(_ octets: [UInt8], lengths: [Int]) throws(ArchiveError) -> SequencePlan {
        var elements = Elements()
        var start = 0
        for length in lengths {
            elements.append(start: start, length: length, name: Elements.frameName(octets, start, length))
            start += length
        }
        var octets = octets
        return try pack(&octets, elements, arePackets: false, depth: 0)
    }

    private mutating func pack(
        _ octets: inout [UInt8],
        _ unsorted: Elements,
        arePackets: Bool,
        depth: Int
    ) throws(ArchiveError) -> SequencePlan {
        var elements = arePackets ? try unsorted.cutKeyed(octets, &layouts, &trial) : unsorted
        elements.sort()
        let firstPart = arePackets ? elements.firstPart : elements.groupCount
        var plan = SequencePlan()
        let byGroup = elements.startsByGroup()
        plan.hasCounts = arePackets
        packOrder(elements, octets, arePackets: arePackets, &plan)
        var lengths = [Int](repeating: 0, count: elements.groupCount)
        for (index, group) in elements.groups.enumerated() where group >= 0 { lengths[group] = elements.lengths[index] }
        for (group, starts) in byGroup.enumerated() {
            var part = GroupPlan(count: starts.count, length: lengths[group])
            if group >= firstPart {
                part.flags.insert(.part)
            } else if Derived.haveChecksums(octets, starts, length: part.length) {
                part.flags.insert(.checksum)
                for start in starts { Derived.toggleChecksum(&octets, at: start, length: part.length) }
            }
            if !arePackets, depth == 0 {
                try packZone(&octets, starts, &part)
            } else if arePackets, group < firstPart, depth < SequencePlan.depthLimit {
                try packRecords(octets, starts, &part, depth: depth)
            }
            plan.groups.append(part)
        }
        if arePackets { Derived.takeCounts(&octets, elements.starts(upTo: firstPart)) }
        for (group, starts) in byGroup.enumerated() { try packRows(octets, starts, &plan.groups[group]) }
        return plan
    }

    private mutating func packOrder(
        _ elements: Elements,
        _ octets: [UInt8],
        arePackets: Bool,
        _ plan: inout SequencePlan
    ) {
        let names = elements.groups.map { UInt16($0 + 2) }
        // Lists come again in long runs, which zlib finds.
        let haveParts = arePackets && elements.firstPart < elements.groupCount
        let kind = haveParts ? PlaneStore.Kind.text : .order
        plan.context = haveParts ? 0 : layouts.context(names, groups: elements.groupCount)
        let kept = ElementOrder.kept(names, context: plan.context, groups: elements.groupCount)
        store.add(kept.map { UInt8(truncatingIfNeeded: $0) }, kind)
        if elements.groupCount + 2 > 256 { store.add(kept.map { UInt8($0 >> 8) }, kind) }
        var odd: [UInt8] = []
        for (index, group) in elements.groups.enumerated() where group < 0 {
            plan.oddLengths.append(elements.lengths[index])
            let start = elements.starts[index]
            odd.append(span: octets.span.extracting(start..<(start + elements.lengths[index])))
        }
        store.add(odd, .text)
    }

    /// Finds the zone of packets in a group of frames and packs it.
    private mutating func packZone(
        _ octets: inout [UInt8],
        _ starts: [Int],
        _ part: inout GroupPlan
    ) throws(ArchiveError) {
        guard let zone = PacketZone.find(octets.span, starts: starts, length: part.length) else { return }
        let size = zone.length(in: part.length)
        var inner: [UInt8] = []
        inner.reserveCapacity(size * starts.count)
        var pointers: [Int] = []
        for start in starts {
            pointers.append(zone.pointerValue(octets.span.extracting(start..<(start + part.length))))
            inner.append(span: octets.span.extracting((start + zone.start)..<(start + zone.start + size)))
        }
        var walk = ZoneWalk(size: size)
        walk.run(inner, pointers)
        let packets = walk.elements.groupedStarts
        part.flags.insert(.zone)
        part.zone = zone
        part.inner = [try pack(&inner, walk.elements, arePackets: true, depth: 1)]
        Derived.togglePointers(&octets, starts, zone, size: size, packets: packets)
    }

    /// Finds records that go on from packet to packet of a group and packs them.
    private mutating func packRecords(
        _ octets: [UInt8],
        _ starts: [Int],
        _ part: inout GroupPlan,
        depth: Int
    ) throws(ArchiveError) {
        guard let records = layouts.records(octets.span, starts, length: part.length) else { return }
        let zone = PacketZone(pointer: 0, start: records.start, trailer: part.flags.contains(.checksum) ? 2 : 0)
        let size = zone.length(in: part.length)
        var inner: [UInt8] = []
        inner.reserveCapacity(size * starts.count)
        for start in starts {
            inner.append(span: octets.span.extracting((start + zone.start)..<(start + zone.start + size)))
        }
        let (elements, arePackets) = records.cut(inner)
        part.flags.formUnion([.zone, .records])
        part.zone = zone
        part.inner = [try pack(&inner, elements, arePackets: arePackets, depth: depth + 1)]
    }

    /// Puts the rows of a group into planes, by columns or, where that is cheaper, as they are.
    private mutating func packRows(
        _ octets: [UInt8],
        _ starts: [Int],
        _ part: inout GroupPlan
    ) throws(ArchiveError) {
        let length = part.rowLength
        var rows: [UInt8] = []
        rows.reserveCapacity(length * starts.count)
        for start in starts {
            guard let zone = part.zone else {
                rows.append(span: octets.span.extracting(start..<(start + length)))
                continue
            }
            rows.append(span: octets.span.extracting(start..<(start + zone.start)))
            rows.append(span: octets.span.extracting((start + part.length - zone.trailer)..<(start + part.length)))
        }
        guard starts.count >= SequencePacker.leastRows else {
            part.flags.insert(.rows)
            return store.add(rows, .text)
        }
        var layout = layouts.fields(rows.span, length: length)
        if layout.areCheaper == false {
            part.flags.insert(.rows)
            return store.add(rows, .text)
        }
        let isNew = layout.areCheaper == nil
        var columns: [[UInt8]] = []
        var place = 0
        for index in layout.fields.indices {
            columns += try planes(of: &layout.fields[index], at: place, rows.span, length, isNew: isNew)
            place += layout.fields[index].width
        }
        if isNew {
            layout.areCheaper = try areCheaper(columns, than: rows)
            layouts.note(layout.fields, areCheaper: layout.areCheaper == true, rows.span, length: length)
        }
        guard layout.areCheaper == true else {
            part.flags.insert(.rows)
            return store.add(rows, .text)
        }
        part.fields = layout.fields
        heads.append(contentsOf: rows[0..<length])
        let size = columns.reduce(0) { $0 + $1.count }
        let isLarge = isReadInParts && size >= SequencePacker.leastSegment
        if isLarge { segments += 1 }
        for column in columns { store.add(column, .residuals(isLarge ? segments : 0)) }
    }

    /// Whether columns, by the frequencies of their octets, cost less than what zlib makes of the rows.
    private mutating func areCheaper(_ columns: [[UInt8]], than rows: [UInt8]) throws(ArchiveError) -> Bool {
        let sample = min(rows.count, SequencePacker.trialSize)
        var deflated: [UInt8] = []
        try trial.compress(rows.span.extracting(0..<sample), into: &deflated)
        let inRows = (deflated.count * 8 * Entropy.bit) / sample * rows.count
        var inColumns = 0
        for column in columns { inColumns += Histogram(column).cost }
        return inColumns < inRows
    }

    /// The residuals of one field, least significant octets first, with their bits before them where most are zero.
    private mutating func planes(
        of field: inout Field,
        at place: Int,
        _ rows: Span<UInt8>,
        _ length: Int,
        isNew: Bool
    ) throws(ArchiveError) -> [[UInt8]] {
        guard field.predictor != .constant else { return [] }
        field.load(rows, at: place, length: length, into: &values)
        if field.predictor == .copy {
            var original: [UInt64] = []
            field.load(rows, at: place - field.distance, length: length, into: &original)
            for row in values.indices { values[row] ^= original[row] }
        }
        field.difference(&values)
        if isNew { field.isSparse = false }
        guard isNew || field.isSparse else { return cut(values, field.width) }
        let sparse = SparseResiduals(values.span.extracting(1..<values.count), width: field.width)
        field.filled = sparse.filled
        guard isNew else { return sparse.planes }
        let plain = cut(values, field.width)
        field.isSparse = try sparse.isCheaper(than: plain, &trial)
        return field.isSparse ? sparse.planes : plain
    }

    /// Planes of all residuals but the first.
    private func cut(_ values: [UInt64], _ width: Int) -> [[UInt8]] {
        (0..<width).map { Field.plane($0, of: values.span.extracting(1..<values.count)) }
    }
}

extension Elements {
    /// A packet's group: identification and length, if it is a packet of just this length.
    static func packetName(_ octets: [UInt8], _ start: Int, _ length: Int) -> UInt64? {
        guard length > 6, octets[start] >> 5 == 0,
            Int(octets[start + 4]) << 8 | Int(octets[start + 5]) == length - 7
        else { return nil }
        return UInt64(octets[start]) << 24 | UInt64(octets[start + 1]) << 16 | UInt64(length - 7)
    }

    /// A frame's group: spacecraft and channel, as the first octets tell, and length.
    static func frameName(_ octets: [UInt8], _ start: Int, _ length: Int) -> UInt64? {
        guard length >= 8 else { return nil }
        let isUSLP = octets[start] >> 4 == 0b1100
        let name = UInt64(octets[start]) << 8 | UInt64(octets[start + 1])
        let more = isUSLP ? UInt64(octets[start + 2]) << 8 | UInt64(octets[start + 3]) : 0
        return name << 48 | more << 32 | UInt64(length)
    }
}

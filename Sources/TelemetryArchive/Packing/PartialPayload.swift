/// Packets of some application processes, taken from a packed chunk without unpacking the others.
struct PartialPayload {
    /// Which units of the chunk these are, rising.
    private(set) var units: [Int] = []
    /// Their octets, one behind the other.
    private(set) var octets: [UInt8] = []

    /// Unpacks what belongs to some application processes, and whatever belongs to none.
    ///
    /// Gives `nil` if units cannot be told apart without unpacking them all.
    ///
    /// - Parameters:
    ///   - deflate: The deflate stream, whose checksum was compared.
    ///   - pieces: Its pieces.
    ///   - size: Octets of the payload.
    ///   - rawSize: Octets of all units.
    ///   - apids: The application processes.
    ///   - lengths: Tells the octets of each unit, where units are made of parts.
    /// - Throws: `FormatFault` for a payload that is none, or what `lengths` throws.
    init?(
        _ deflate: Span<UInt8>,
        pieces: PieceTable,
        size: Int,
        rawSize: Int,
        apids: Set<Int>,
        lengths: () throws(FormatFault) -> [Int]
    ) throws(FormatFault) {
        var inflater = Inflater()
        var starts = [0]
        for piece in pieces.sizes { starts.append(starts[starts.count - 1] + piece) }
        guard pieces.sizes.count > 1 else { return nil }
        let first = deflate.extracting(0..<starts[1])
        let headOctets = try inflater.inflatePiece(first, room: PackedPayload.headLimit + 4)
        let head = try PayloadHead(headOctets, size: size, rawSize: rawSize)
        guard head.clusters.count == pieces.sizes.count, head.clusters[0].count == headOctets.count else {
            throw FormatFault("a packed chunk has other pieces than its header says")
        }
        var payload = [UInt8](repeating: 0, count: size)
        payload.put(headOctets.span, at: 0)
        var isInflated = [Bool](repeating: false, count: head.clusters.count)
        func inflate(_ numbers: some Sequence<Int>) throws(FormatFault) {
            for number in numbers where number > 0 && !isInflated[number] {
                isInflated[number] = true
                let range = head.clusters[number]
                let piece = deflate.extracting(starts[number]..<starts[number + 1])
                let octets = try inflater.inflatePiece(piece, room: range.count)
                guard octets.count == range.count else { throw FormatFault("a piece of a packed chunk is too short") }
                payload.put(octets.span, at: range.lowerBound)
            }
        }
        let plan = head.plan
        let haveParts = plan.groups.contains { $0.flags.contains(.part) }
        let places = GroupPlaces.list(plan)
        try inflate(head.numbers[0...plan.nameWidth])
        try inflate(head.numbers.suffix(1))
        var wanted: [Bool] = []
        for (group, place) in zip(plan.groups, places) {
            guard !group.flags.contains(.part) else {
                wanted.append(false)
                continue
            }
            let isText = group.flags.contains(.rows)
            if isText { try inflate(head.numbers[place.planes]) }
            let start = isText ? head.planes[place.planes.lowerBound] : head.firstRows.map { $0 + place.head }
            guard group.rowLength > 1 else { return nil }
            let name = start.map { Int(payload[$0]) << 8 | Int(payload[$0 + 1]) } ?? 0
            wanted.append(apids.contains(name & 0x7FF))
        }
        var cut: CutUnits?
        if haveParts {
            let order = SequenceUnpacker.order(of: plan, payload, head.planes)
            guard let found = CutUnits(plan, order, lengths: try lengths(), wanted: wanted) else { return nil }
            wanted = found.needed
            cut = found
        }
        for (place, isWanted) in zip(places, wanted) where isWanted {
            try inflate(head.numbers[place.inner])
            try inflate(head.numbers[place.planes])
        }
        var unpacker = SequenceUnpacker(payload: payload, planes: head.planes, heads: head.firstRows)
        let found = try unpacker.unpack(plan, length: plan.length(wanted), wanted: wanted)
        (units, octets) = cut?.taken(from: found) ?? (found.elements, found.octets)
    }
}

/// Which elements the units of a chunk are made of, where some are cut into parts.
private struct CutUnits {
    /// The groups whose elements wanted units have.
    private(set) var needed: [Bool]
    /// For each element its octets, and its unit if that is wanted, else -1.
    private var elements: [(length: Int, unit: Int)] = []

    /// Finds the units that begin with an element of a wanted group, or of none.
    ///
    /// Gives `nil` if units do not begin and end where elements do, or have a packet that is not their beginning.
    ///
    /// - Parameters:
    ///   - plan: The plan of all elements.
    ///   - order: For each element its group, or -1.
    ///   - lengths: Octets of each unit.
    ///   - wanted: For each group whether its packets are wanted.
    init?(_ plan: SequencePlan, _ order: [Int], lengths: [Int], wanted: [Bool]) {
        needed = wanted
        elements.reserveCapacity(order.count)
        var odd = plan.oddLengths.makeIterator()
        for (unit, octets) in lengths.enumerated() {
            var left = octets
            var isWanted = false
            while left > 0 {
                guard elements.count < order.count else { return nil }
                let group = order[elements.count]
                let isFirst = left == octets
                let isPart = group < 0 || plan.groups[group].flags.contains(.part)
                if isFirst { isWanted = isPart || wanted[group] }
                let length = group < 0 ? odd.next() : plan.groups[group].length
                guard let length, length <= left, isFirst || isPart else { return nil }
                if isWanted, group >= 0 { needed[group] = true }
                elements.append((length, isWanted ? unit : -1))
                left -= length
            }
        }
        guard elements.count == order.count else { return nil }
    }

    /// The wanted units and their octets, from all elements of the groups that they need.
    func taken(from found: SequenceUnpacker.Unpacked) -> (units: [Int], octets: [UInt8]) {
        var units: [Int] = []
        var octets: [UInt8] = []
        var place = 0
        for index in found.elements {
            let (length, unit) = elements[index]
            defer { place += length }
            guard unit >= 0 else { continue }
            if units.last != unit { units.append(unit) }
            octets.append(span: found.octets.span.extracting(place..<(place + length)))
        }
        return (units, octets)
    }
}

/// Where the planes of a group are among all, and its first row among the first rows.
private struct GroupPlaces {
    var inner: Range<Int>
    var planes: Range<Int>
    var head: Int

    static func list(_ plan: SequencePlan) -> [GroupPlaces] {
        var next = plan.nameWidth + 1
        var head = 0
        var places = plan.groups.map { group in
            let start = next
            for sequence in group.inner {
                next += sequence.planeCount
                head += sequence.headsLength
            }
            return GroupPlaces(inner: start..<next, planes: 0..<0, head: 0)
        }
        for (index, group) in plan.groups.enumerated() {
            places[index].planes = next..<(next + group.planeCount)
            places[index].head = head
            next += group.planeCount
            head += group.headLength
        }
        return places
    }
}

extension SequencePlan {
    /// Octets of some groups and of all odd elements.
    func length(_ wanted: [Bool]) -> Int {
        zip(groups, wanted).reduce(oddLengths.reduce(0, +)) { $0 + ($1.1 ? $1.0.count * $1.0.length : 0) }
    }
}

/// Packets of some application processes, taken from a packed chunk without unpacking the others.
struct PartialPayload {
    /// Which units of the chunk these are, rising.
    private(set) var units: [Int] = []
    /// Their octets, one behind the other.
    private(set) var octets: [UInt8] = []

    /// Unpacks what belongs to some application processes, and whatever belongs to none.
    ///
    /// Gives `nil` if units cannot be told apart without unpacking them all, because some are made of parts.
    ///
    /// - Parameters:
    ///   - deflate: The deflate stream, whose checksum was compared.
    ///   - pieces: Its pieces.
    ///   - size: Octets of the payload.
    ///   - rawSize: Octets of all units.
    ///   - apids: The application processes.
    /// - Throws: `FormatFault` for a payload that is none.
    init?(
        _ deflate: Span<UInt8>,
        pieces: PieceTable,
        size: Int,
        rawSize: Int,
        apids: Set<Int>
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
        guard !plan.groups.contains(where: { $0.flags.contains(.part) }) else { return nil }
        let places = GroupPlaces.list(plan)
        try inflate(head.numbers[0...plan.nameWidth])
        try inflate(head.numbers.suffix(1))
        var wanted: [Bool] = []
        for (group, place) in zip(plan.groups, places) {
            let isText = group.flags.contains(.rows)
            if isText { try inflate(head.numbers[place.planes]) }
            let start = isText ? head.planes[place.planes.lowerBound] : head.firstRows.map { $0 + place.head }
            guard group.rowLength > 1 else { return nil }
            let name = start.map { Int(payload[$0]) << 8 | Int(payload[$0 + 1]) } ?? 0
            wanted.append(apids.contains(name & 0x7FF))
            guard wanted[wanted.count - 1] else { continue }
            try inflate(head.numbers[place.inner])
            try inflate(head.numbers[place.planes])
        }
        var unpacker = SequenceUnpacker(payload: payload, planes: head.planes, heads: head.firstRows)
        let found = try unpacker.unpack(plan, length: plan.length(wanted), wanted: wanted)
        units = found.elements
        octets = found.octets
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

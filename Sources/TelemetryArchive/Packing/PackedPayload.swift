/// What a packed chunk inflates to: a head that says how the units are put together, then planes by cluster.
///
/// Nothing in it is believed: every size is compared with the units' octets or with the payload's before memory is taken.
enum PackedPayload {
    static let version: UInt8 = 1
    /// Octets of a head.
    static let headLimit = 1 << 20

    /// Whether a payload of that size can be one of so many octets.
    static func isPossible(_ size: Int, rawSize: Int) -> Bool {
        size <= min(2 * rawSize + headLimit, ArchiveLimit.rawSize)
    }

    /// Puts the units' octets together again.
    ///
    /// - Parameters:
    ///   - payload: The whole payload.
    ///   - rawSize: Octets of the units.
    /// - Returns: Exactly that many octets.
    /// - Throws: `FormatFault` if the payload is not one, or not of units of that size.
    static func unpack(_ payload: [UInt8], rawSize: Int) throws(FormatFault) -> [UInt8] {
        var start = OctetReader(payload)
        let headLength = Int(try start.read(UInt32.self))
        guard headLength <= headLimit else { throw FormatFault("the head of a packed chunk is too long") }
        var head = OctetReader(try start.read(octets: headLength))
        let version: UInt8 = try head.read()
        guard version == PackedPayload.version else { throw FormatFault("the packed chunk is of version \(version)") }
        let clusters: UInt8 = try head.read()
        let plan = try SequencePlan(&head, length: rawSize)
        guard plan.planeCount < head.remaining else { throw FormatFault("a packed chunk lacks clusters of planes") }
        var sizes: [Int] = []
        var headsLength = 0
        plan.listPlanes(&sizes, &headsLength)
        sizes.append(headsLength)
        let numbers = try head.read(octets: sizes.count)
        guard head.remaining == 0 else { throw FormatFault("the head of a packed chunk is too long") }
        let planes = try place(sizes, numbers, clusters: Int(clusters), from: 4 + headLength, until: payload.count)
        var unpacker = SequenceUnpacker(payload: payload, planes: planes, heads: planes[planes.count - 1])
        return try unpacker.unpack(plan, length: rawSize).octets
    }

    /// Where each plane begins; `nil` for planes of zeros, which are not there.
    private static func place(
        _ sizes: [Int],
        _ numbers: ArraySlice<UInt8>,
        clusters: Int,
        from start: Int,
        until end: Int
    ) throws(FormatFault) -> [Int?] {
        var totals = [Int](repeating: 0, count: clusters + 1)
        for (size, number) in zip(sizes, numbers) {
            guard Int(number) <= clusters else { throw FormatFault("a plane is in a cluster that is not there") }
            totals[Int(number)] += size
        }
        var next = totals
        var position = start
        for cluster in 1..<(clusters + 1) {
            next[cluster] = position
            position += totals[cluster]
        }
        guard position == end else {
            throw FormatFault("the planes of a packed chunk end at \(position) where it has \(end) octets")
        }
        return zip(sizes, numbers).map { size, number in
            guard number > 0 else { return nil }
            defer { next[Int(number)] += size }
            return next[Int(number)]
        }
    }
}

extension SequencePlan {
    /// How many planes ``listPlanes(_:_:)`` lists.
    var planeCount: Int {
        groups.reduce(nameWidth + 1) { sum, group in
            let own = group.flags.contains(.rows) ? 1 : group.fields.reduce(0) { $0 + $1.planeCount }
            return group.inner.reduce(sum + own) { $0 + $1.planeCount }
        }
    }

    /// The sizes of all planes in the order of the head; that of the first rows comes behind them all.
    func listPlanes(_ sizes: inout [Int], _ heads: inout Int) {
        for _ in 0..<nameWidth { sizes.append(count) }
        sizes.append(oddLengths.reduce(0, +))
        for group in groups {
            for inner in group.inner { inner.listPlanes(&sizes, &heads) }
        }
        for group in groups {
            if group.flags.contains(.rows) {
                sizes.append(group.count * group.rowLength)
                continue
            }
            heads += group.rowLength
            for field in group.fields {
                sizes.append(contentsOf: field.planeSizes(residuals: group.count - 1))
            }
        }
    }
}

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
        let head = try PayloadHead(payload, size: payload.count, rawSize: rawSize)
        var unpacker = SequenceUnpacker(payload: payload, planes: head.planes, heads: head.firstRows)
        return try unpacker.unpack(head.plan, length: rawSize).octets
    }
}

/// The head of a payload, and where in the payload everything else is.
struct PayloadHead {
    let plan: SequencePlan
    /// Where each plane begins; `nil` for planes of zeros, which are not there.
    let planes: [Int?]
    /// For each plane its cluster, from 1 on, or 0 if it is not there; the last is that of the first rows.
    let numbers: [Int]
    /// Where each cluster is; the head is number 0.
    let clusters: [Range<Int>]

    /// Where the first rows begin, `nil` if they are all zeros.
    var firstRows: Int? { planes[planes.count - 1] }

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - payload: The payload from its start, its head at least.
    ///   - size: Octets of the whole payload.
    ///   - rawSize: Octets of the units.
    /// - Throws: `FormatFault` if the payload cannot have this head, or not that of units of that size.
    init(_ payload: [UInt8], size: Int, rawSize: Int) throws(FormatFault) {
        var start = OctetReader(payload)
        let headLength = Int(try start.read(UInt32.self))
        guard headLength <= PackedPayload.headLimit else { throw FormatFault("the head of a packed chunk is too long") }
        var head = OctetReader(try start.read(octets: headLength))
        let version: UInt8 = try head.read()
        guard version == PackedPayload.version else { throw FormatFault("the packed chunk is of version \(version)") }
        let count = Int(try head.read(UInt8.self))
        plan = try SequencePlan(&head, length: rawSize)
        guard plan.planeCount < head.remaining else { throw FormatFault("a packed chunk lacks clusters of planes") }
        var sizes: [Int] = []
        var headsLength = 0
        plan.listPlanes(&sizes, &headsLength)
        sizes.append(headsLength)
        numbers = try head.read(octets: sizes.count).map { Int($0) }
        guard head.remaining == 0 else { throw FormatFault("the head of a packed chunk is too long") }

        var totals = [Int](repeating: 0, count: count + 1)
        for (size, number) in zip(sizes, numbers) {
            guard number <= count else { throw FormatFault("a plane is in a cluster that is not there") }
            totals[number] += size
        }
        var clusters = [0..<(4 + headLength)]
        for cluster in 1..<(count + 1) {
            let start = clusters[cluster - 1].upperBound
            clusters.append(start..<(start + totals[cluster]))
        }
        let end = clusters[count].upperBound
        guard end == size else {
            throw FormatFault("the planes of a packed chunk end at \(end) where it has \(size) octets")
        }
        var next = clusters.map(\.lowerBound)
        planes = zip(sizes, numbers).map { size, number in
            guard number > 0 else { return nil }
            defer { next[number] += size }
            return next[number]
        }
        self.clusters = clusters
    }
}

extension SequencePlan {
    /// How many planes ``listPlanes(_:_:)`` lists.
    var planeCount: Int {
        groups.reduce(nameWidth + 1) { $0 + $1.planeCount + $1.inner.reduce(0) { $0 + $1.planeCount } }
    }

    /// Octets of the first rows.
    var headsLength: Int {
        groups.reduce(0) { $0 + $1.headLength + $1.inner.reduce(0) { $0 + $1.headsLength } }
    }

    /// The sizes of all planes in the order of the head; that of the first rows comes behind them all.
    func listPlanes(_ sizes: inout [Int], _ heads: inout Int) {
        for _ in 0..<nameWidth { sizes.append(count) }
        sizes.append(oddLengths.reduce(0, +))
        for group in groups {
            for inner in group.inner { inner.listPlanes(&sizes, &heads) }
        }
        for group in groups {
            heads += group.headLength
            if group.flags.contains(.rows) {
                sizes.append(group.count * group.rowLength)
                continue
            }
            for field in group.fields { sizes.append(contentsOf: field.planeSizes(residuals: group.count - 1)) }
        }
    }
}

extension GroupPlan {
    /// How many planes its rows have, those of what is in its zone left out.
    var planeCount: Int { flags.contains(.rows) ? 1 : fields.reduce(0) { $0 + $1.planeCount } }

    /// Octets of its first row that are kept with those of the others.
    var headLength: Int { flags.contains(.rows) ? 0 : rowLength }
}

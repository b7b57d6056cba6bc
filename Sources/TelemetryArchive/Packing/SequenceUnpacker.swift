/// Puts sequences together from their plans and planes.
struct SequenceUnpacker {
    private let payload: [UInt8]
    private let planes: [Int?]
    private var nextPlane = 0
    private var nextHead: Int?
    /// The residuals of one field at a time.
    private var residuals: [UInt64] = []
    /// Those of a sparse field that are kept.
    private var kept: [UInt64] = []

    /// Begins with the first plane.
    ///
    /// - Parameters:
    ///   - payload: Where the planes are.
    ///   - planes: Where each begins, `nil` for one of zeros.
    ///   - heads: Where the first rows begin, `nil` if they are zeros.
    init(payload: [UInt8], planes: [Int?], heads: Int?) {
        self.payload = payload
        self.planes = planes
        nextHead = heads
    }

    /// A sequence put together.
    struct Unpacked {
        /// The octets of all elements.
        var octets: [UInt8]
        /// Where the elements of groups begin that are no parts.
        var starts: [Int] = []
        /// Which elements these are and the odd ones, if only some groups are wanted.
        var elements: [Int] = []
    }

    /// Unpacks the next sequence.
    ///
    /// - Parameters:
    ///   - plan: Its plan, whose sizes and planes were checked.
    ///   - length: Its octets.
    ///   - wanted: For each group whether it is wanted; all if absent. The planes of the others need not be there.
    /// - Returns: Its octets, or those of the wanted groups and of odd elements.
    /// - Throws: `FormatFault` if the order of its elements does not agree with the plan.
    mutating func unpack(
        _ plan: SequencePlan,
        length: Int,
        wanted: [Bool]? = nil
    ) throws(FormatFault) -> Unpacked {
        var result = Unpacked(octets: [UInt8](repeating: 0, count: length))
        let byGroup = try placeElements(plan, wanted, &result)
        var packets = [[Int]](repeating: [], count: plan.groups.count)
        for (index, group) in plan.groups.enumerated() where group.zone != nil {
            guard wanted?[index] ?? true else {
                for sequence in group.inner { skip(planes: sequence.planeCount, heads: sequence.headsLength) }
                continue
            }
            packets[index] = try unpackZone(group, byGroup[index], &result.octets)
        }
        for (index, group) in plan.groups.enumerated() {
            guard wanted?[index] ?? true else {
                skip(planes: group.planeCount, heads: group.headLength)
                continue
            }
            guard byGroup[index].count == group.count else {
                throw FormatFault("the order of a packed chunk lacks elements of a group")
            }
            try unpackRows(group, byGroup[index], &result.octets)
            guard let zone = group.zone, !group.flags.contains(.records) else { continue }
            let size = zone.length(in: group.length)
            Derived.togglePointers(&result.octets, byGroup[index], zone, size: size, packets: packets[index])
        }
        try restore(plan, byGroup, result.starts, &result.octets)
        return result
    }

    private mutating func skip(planes: Int, heads: Int) {
        nextPlane += planes
        if let head = nextHead { nextHead = head + heads }
    }

    private func octet(_ plane: Int?, _ index: Int) -> UInt8 {
        guard let plane else { return 0 }
        return payload[plane + index]
    }

    private mutating func takePlane() -> Int? {
        defer { nextPlane += 1 }
        return planes[nextPlane]
    }

    /// Reads the order and puts the odd elements where they belong.
    private mutating func placeElements(
        _ plan: SequencePlan,
        _ wanted: [Bool]?,
        _ result: inout Unpacked
    ) throws(FormatFault) -> [[Int]] {
        let low = takePlane()
        let high = plan.nameWidth == 2 ? takePlane() : nil
        let odd = takePlane()
        var order = ElementOrder(context: plan.context, groups: plan.groups.count)
        var byGroup = [[Int]](repeating: [], count: plan.groups.count)
        let lengths = plan.groups.map(\.length)
        let areParts = plan.groups.map { $0.flags.contains(.part) }
        var left = plan.groups.map(\.count)
        for (index, count) in left.enumerated() { byGroup[index].reserveCapacity(count) }
        result.starts.reserveCapacity(plan.count)
        var place = 0
        var oddCount = 0
        var oddPlace = 0
        for index in 0..<plan.count {
            let name = order.decode(UInt16(octet(low, index)) | UInt16(octet(high, index)) << 8)
            if name == 1, oddCount < plan.oddLengths.count {
                let length = plan.oddLengths[oddCount]
                for offset in 0..<length { result.octets[place + offset] = octet(odd, oddPlace + offset) }
                oddCount += 1
                oddPlace += length
                place += length
                if wanted != nil { result.elements.append(index) }
                continue
            }
            let group = Int(name) - 2
            guard group >= 0, group < left.count, left[group] > 0 else {
                throw FormatFault("the order of a packed chunk names \(name), which is not there any more")
            }
            left[group] -= 1
            guard wanted?[group] ?? true else { continue }
            byGroup[group].append(place)
            if !areParts[group] { result.starts.append(place) }
            if wanted != nil { result.elements.append(index) }
            place += lengths[group]
        }
        return byGroup
    }

    /// For each element of the first sequence its group, or -1; of what cannot be, too.
    static func order(of plan: SequencePlan, _ payload: [UInt8], _ planes: [Int?]) -> [Int] {
        let unpacker = SequenceUnpacker(payload: payload, planes: planes, heads: nil)
        let high = plan.nameWidth == 2 ? planes[1] : nil
        var order = ElementOrder(context: plan.context, groups: plan.groups.count)
        return (0..<plan.count).map { index in
            let kept = UInt16(unpacker.octet(planes[0], index)) | UInt16(unpacker.octet(high, index)) << 8
            let group = Int(order.decode(kept)) - 2
            return plan.groups.indices.contains(group) ? group : -1
        }
    }

    /// Unpacks the packets of a group of frames, puts them into their zones and tells where they begin there.
    private mutating func unpackZone(
        _ group: GroupPlan,
        _ starts: [Int],
        _ octets: inout [UInt8]
    ) throws(FormatFault) -> [Int] {
        guard let zone = group.zone, let plan = group.inner.first else { return [] }
        let size = zone.length(in: group.length)
        let inner = try unpack(plan, length: size * group.count)
        for (index, start) in starts.enumerated() {
            octets.put(inner.octets.span.extracting((index * size)..<(index * size + size)), at: start + zone.start)
        }
        return inner.starts
    }

    private mutating func unpackRows(
        _ group: GroupPlan,
        _ starts: [Int],
        _ octets: inout [UInt8]
    ) throws(FormatFault) {
        let length = group.rowLength
        let rows = try unpackRows(group)
        let split = group.zone?.start ?? length
        let gap = group.length - length
        for (row, start) in starts.enumerated() {
            let row = rows.span.extracting((row * length)..<(row * length + length))
            octets.put(row.extracting(0..<split), at: start)
            if split < length { octets.put(row.extracting(split..<length), at: start + gap + split) }
        }
    }

    /// The rows of a group, one behind the other.
    private mutating func unpackRows(_ group: GroupPlan) throws(FormatFault) -> [UInt8] {
        let length = group.rowLength
        let size = length * group.count
        guard !group.flags.contains(.rows) else {
            return takePlane().map { Array(payload[$0..<($0 + size)]) } ?? [UInt8](repeating: 0, count: size)
        }
        var rows = [UInt8](repeating: 0, count: size)
        if let head = nextHead {
            rows.fill(payload.span.extracting(head..<(head + length)))
            nextHead = head + length
        }
        var place = 0
        for field in group.fields {
            try unpack(field, at: place, &rows, length)
            place += field.width
        }
        return rows
    }

    /// Unpacks one field of all rows, which are equal to the first yet.
    private mutating func unpack(
        _ field: Field,
        at place: Int,
        _ rows: inout [UInt8],
        _ length: Int
    ) throws(FormatFault) {
        guard field.predictor != .constant else { return }
        let count = rows.count / length - 1
        if field.isSparse { try takeSparse(field, count: count) } else { takeResiduals(field.width, count: count) }
        field.restore(residuals.span, at: place, length: length, into: &rows)
    }

    /// Takes so many residuals from their planes.
    private mutating func takeResiduals(_ width: Int, count: Int) {
        let payload = payload  // a second reference, so that the residuals can change meanwhile
        residuals.removeAll(keepingCapacity: true)
        residuals.append(contentsOf: repeatElement(0, count: count))
        for plane in 0..<width {
            guard let start = takePlane() else { continue }
            let octets = payload.span.extracting(start..<(start + count))
            var target = residuals.mutableSpan
            precondition(octets.count == target.count)  // so that it is not looked at again in the loop
            for index in octets.indices { target[index] |= UInt64(octets[index]) &<< UInt64(8 * plane) }
        }
    }

    /// Takes the residuals of which only those other than zero are kept.
    private mutating func takeSparse(_ field: Field, count: Int) throws(FormatFault) {
        var isKept: [UInt8] = []
        if let bits = takePlane() { isKept = Array(payload[bits..<(bits + (count + 7) / 8)]) }
        if count % 8 > 0, let last = isKept.indices.last { isKept[last] &= 0xFF >> UInt8(8 - count % 8) }
        let filled = isKept.reduce(0) { $0 + $1.nonzeroBitCount }
        guard filled == field.filled else {
            throw FormatFault("a sparse field of a packed group has \(filled) residuals, not \(field.filled)")
        }
        takeResiduals(field.width, count: filled)
        residuals.append(0)  // behind the last one kept, which is looked at where none is left
        swap(&residuals, &kept)
        let kept = kept
        residuals.removeAll(keepingCapacity: true)
        residuals.append(contentsOf: repeatElement(0, count: count))
        guard filled > 0 else { return }
        var next = 0
        let source = kept.span
        var target = residuals.mutableSpan
        for row in target.indices {
            let bit = isKept[row >> 3] >> UInt8(row & 7) & 1
            target[row] = source[next] & (0 &- UInt64(bit))
            next += Int(bit)
        }
    }

    /// Puts back what was derivable.
    private func restore(
        _ plan: SequencePlan,
        _ byGroup: [[Int]],
        _ grouped: [Int],
        _ octets: inout [UInt8]
    ) throws(FormatFault) {
        if plan.hasCounts {
            guard plan.groups.allSatisfy({ $0.length >= 6 || $0.flags.contains(.part) }) else {
                throw FormatFault("a packed group has packets shorter than their headers")
            }
            Derived.restoreCounts(&octets, grouped)
        }
        for (group, starts) in zip(plan.groups, byGroup) where group.flags.contains(.checksum) {
            for start in starts { Derived.toggleChecksum(&octets, at: start, length: group.length) }
        }
    }
}

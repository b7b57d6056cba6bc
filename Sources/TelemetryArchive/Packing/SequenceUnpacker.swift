/// Puts sequences together from their plans and planes.
struct SequenceUnpacker {
    private let payload: [UInt8]
    private let planes: [Int?]
    private var nextPlane = 0
    private var nextHead: Int?
    /// The values of one field at a time.
    private var values: [UInt64] = []

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
        /// Which elements those of groups are.
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
                result.elements.append(index)
                continue
            }
            let group = Int(name) - 2
            guard plan.groups.indices.contains(group), byGroup[group].count < plan.groups[group].count else {
                throw FormatFault("the order of a packed chunk names \(name), which is not there any more")
            }
            guard wanted?[group] ?? true else { continue }
            byGroup[group].append(place)
            if !plan.groups[group].flags.contains(.part) { result.starts.append(place) }
            result.elements.append(index)
            place += plan.groups[group].length
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
        var rows = [UInt8](repeating: 0, count: length * group.count)
        if group.flags.contains(.rows) {
            if let plane = takePlane() { rows.put(payload.span.extracting(plane..<(plane + rows.count)), at: 0) }
        } else {
            if let head = nextHead {
                for index in 0..<length { rows[index] = payload[head + index] }
                nextHead = head + length
            }
            var place = 0
            for field in group.fields {
                try unpack(field, at: place, &rows, length)
                place += field.width
            }
        }
        let split = group.zone?.start ?? length
        let gap = group.length - length
        for (row, start) in starts.enumerated() {
            let row = rows.span.extracting((row * length)..<(row * length + length))
            octets.put(row.extracting(0..<split), at: start)
            if split < length { octets.put(row.extracting(split..<length), at: start + gap + split) }
        }
    }

    /// Unpacks one field of all rows but the first.
    private mutating func unpack(
        _ field: Field,
        at place: Int,
        _ rows: inout [UInt8],
        _ length: Int
    ) throws(FormatFault) {
        let count = rows.count / length
        guard field.predictor != .constant else {
            for index in place..<(place + field.width) where rows[index] != 0 {
                for row in 1..<max(count, 1) { rows[row * length + index] = rows[index] }
            }
            return
        }
        var column: [UInt64] = []
        swap(&column, &values)  // so that the payload can be read while it changes
        defer { swap(&column, &values) }
        column.removeAll(keepingCapacity: true)
        column.append(contentsOf: repeatElement(0, count: count))
        if field.isSparse {
            try takeSparse(field, &column)
        } else {
            for plane in 0..<field.width {
                guard let start = takePlane() else { continue }
                let residuals = payload.span.extracting(start..<(start + count - 1))
                var target = column.mutableSpan
                for row in residuals.indices { target[row + 1] |= UInt64(residuals[row]) << UInt64(8 * plane) }
            }
        }
        var original: [UInt64] = []
        if field.predictor == .copy {
            field.load(rows.span, at: place - field.distance, length: length, into: &original)
        }
        column[0] = first(of: field, rows.span, place) ^ (original.first ?? 0)
        field.sum(&column)
        if field.predictor == .copy {
            for row in column.indices { column[row] ^= original[row] }
        }
        field.store(&column, at: place, length: length, into: &rows)
    }

    /// Takes the residuals of which only those other than zero are kept.
    private mutating func takeSparse(_ field: Field, _ column: inout [UInt64]) throws(FormatFault) {
        let bits = takePlane()
        var rows: [Int] = []
        rows.reserveCapacity(field.filled)
        if let bits {
            for row in 0..<(column.count - 1) where payload[bits + row / 8] >> (row % 8) & 1 == 1 {
                rows.append(row + 1)
            }
        }
        guard rows.count == field.filled else {
            throw FormatFault("a sparse field of a packed group has \(rows.count) residuals, not \(field.filled)")
        }
        for plane in 0..<field.width {
            guard let start = takePlane() else { continue }
            for (index, row) in rows.enumerated() {
                column[row] |= UInt64(payload[start + index]) << UInt64(8 * plane)
            }
        }
    }

    private func first(of field: Field, _ rows: Span<UInt8>, _ place: Int) -> UInt64 {
        var value: [UInt64] = []
        field.load(rows.extracting(place..<(place + field.width)), at: 0, length: field.width, into: &value)
        return value[0]
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

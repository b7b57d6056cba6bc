/// Puts sequences together from their plans and planes.
struct SequenceUnpacker {
    private let payload: [UInt8]
    private let planes: [Int?]
    private var nextPlane = 0
    private var nextHead: Int?

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

    /// Unpacks the next sequence.
    ///
    /// - Parameters:
    ///   - plan: Its plan, whose sizes and planes were checked.
    ///   - length: Its octets.
    /// - Returns: Its octets, and where the elements of groups begin.
    /// - Throws: `FormatFault` if the order of its elements does not agree with the plan.
    mutating func unpack(_ plan: SequencePlan, length: Int) throws(FormatFault) -> (octets: [UInt8], starts: [Int]) {
        var octets = [UInt8](repeating: 0, count: length)
        let (byGroup, grouped) = try placeElements(plan, &octets)
        var packets = [[Int]](repeating: [], count: plan.groups.count)
        for (index, group) in plan.groups.enumerated() where group.zone != nil {
            packets[index] = try unpackZone(group, byGroup[index], &octets)
        }
        for (index, group) in plan.groups.enumerated() {
            unpackRows(group, byGroup[index], &octets)
            guard let zone = group.zone else { continue }
            let size = zone.length(in: group.length)
            Derived.togglePointers(&octets, byGroup[index], zone, size: size, packets: packets[index])
        }
        try restore(plan, byGroup, grouped, &octets)
        return (octets, grouped)
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
        _ octets: inout [UInt8]
    ) throws(FormatFault) -> (byGroup: [[Int]], grouped: [Int]) {
        let low = takePlane()
        let high = plan.nameWidth == 2 ? takePlane() : nil
        let odd = takePlane()
        var order = ElementOrder(context: plan.context)
        var byGroup = [[Int]](repeating: [], count: plan.groups.count)
        var grouped: [Int] = []
        var place = 0
        var oddCount = 0
        var oddPlace = 0
        for index in 0..<plan.count {
            let name = order.decode(UInt16(octet(low, index)) | UInt16(octet(high, index)) << 8)
            if name == 1, oddCount < plan.oddLengths.count {
                let length = plan.oddLengths[oddCount]
                for offset in 0..<length { octets[place + offset] = octet(odd, oddPlace + offset) }
                oddCount += 1
                oddPlace += length
                place += length
                continue
            }
            let group = Int(name) - 2
            guard plan.groups.indices.contains(group), byGroup[group].count < plan.groups[group].count else {
                throw FormatFault("the order of a packed chunk names \(name), which is not there any more")
            }
            byGroup[group].append(place)
            grouped.append(place)
            place += plan.groups[group].length
        }
        return (byGroup, grouped)
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
            for offset in 0..<size { octets[start + zone.start + offset] = inner.octets[index * size + offset] }
        }
        return inner.starts
    }

    private mutating func unpackRows(_ group: GroupPlan, _ starts: [Int], _ octets: inout [UInt8]) {
        let length = group.rowLength
        var rows = [UInt8](repeating: 0, count: length * group.count)
        if group.flags.contains(.rows) {
            if let plane = takePlane() { rows = Array(payload[plane..<(plane + rows.count)]) }
        } else {
            if let head = nextHead {
                for index in 0..<length { rows[index] = payload[head + index] }
                nextHead = head + length
            }
            var place = 0
            for field in group.fields {
                unpack(field, at: place, &rows, length)
                place += field.width
            }
        }
        let split = group.zone?.start ?? length
        let gap = group.length - length
        for (row, start) in starts.enumerated() {
            for index in 0..<split { octets[start + index] = rows[row * length + index] }
            for index in split..<length { octets[start + gap + index] = rows[row * length + index] }
        }
    }

    /// Unpacks one field of all rows but the first.
    private mutating func unpack(_ field: Field, at place: Int, _ rows: inout [UInt8], _ length: Int) {
        let count = rows.count / length
        guard field.predictor != .constant else {
            for row in 1..<max(count, 1) {
                for index in place..<(place + field.width) { rows[row * length + index] = rows[index] }
            }
            return
        }
        var starts = [Int](repeating: -1, count: field.width)
        for index in starts.indices { starts[index] = takePlane() ?? -1 }
        var last = field.value(rows.span, at: place)
        var beforeLast = last
        for row in 1..<max(count, 1) {
            var residual: UInt64 = 0
            for (plane, start) in starts.enumerated() where start >= 0 {
                residual |= UInt64(payload[start + row - 1]) << UInt64(8 * plane)
            }
            let value = field.value(residual, last, beforeLast)
            field.put(value, into: &rows, at: row * length + place)
            beforeLast = last
            last = value
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
            guard plan.groups.allSatisfy({ $0.length > 6 }) else {
                throw FormatFault("a packed group has packets shorter than their headers")
            }
            Derived.restoreCounts(&octets, grouped)
        }
        for (group, starts) in zip(plan.groups, byGroup) where group.flags.contains(.checksum) {
            for start in starts { Derived.toggleChecksum(&octets, at: start, length: group.length) }
        }
    }
}

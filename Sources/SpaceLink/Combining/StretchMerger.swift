/// Merges what two streams have between two frames that both have, in the order of the downlink.
struct StretchMerger {
    private var left: [FrameCopy]
    private var right: [FrameCopy]
    private var leftOrder: StretchOrder
    private var rightOrder: StretchOrder
    /// Where each channel's frames stand in the streams, last first.
    private var leftPlaces: [FrameCopy.Channel: [Int64]]
    private var rightPlaces: [FrameCopy.Channel: [Int64]]

    /// What gave the last frame.
    private enum Side {
        case left
        case right
        case both
    }

    /// What the streams have in common around the stretch.
    struct Surroundings {
        /// The last count of each channel before the stretch.
        var bases: [FrameCopy.Channel: UInt64] = [:]
        /// The clocks, in either stream, of the frame before the stretch.
        var clocks: (left: Double, right: Double)?
        /// The frame behind the stretch as either stream has it.
        var next: (left: FrameCopy, right: FrameCopy)?
    }

    init(_ left: [FrameCopy], _ right: [FrameCopy], _ surroundings: Surroundings) {
        let bases = Self.bases(left, right, surroundings)
        leftOrder = StretchOrder(
            left,
            bases: bases,
            start: surroundings.clocks?.left,
            next: surroundings.next?.left
        )
        rightOrder = StretchOrder(
            right,
            bases: bases,
            start: surroundings.clocks?.right,
            next: surroundings.next?.right
        )
        StretchOrder.align(&leftOrder, &rightOrder, hasStart: surroundings.clocks != nil)
        leftPlaces = Self.places(leftOrder)
        rightPlaces = Self.places(rightOrder)
        self.left = left
        self.right = right
    }

    /// The counts from which both streams are unrolled.
    ///
    /// They are those before the stretch, and for channels that are heard for the first time the earlier of their first
    /// ones. The channel of the frame behind the stretch needs none, if only
    /// that frame says how the streams lie.
    private static func bases(
        _ left: [FrameCopy],
        _ right: [FrameCopy],
        _ surroundings: Surroundings
    ) -> [FrameCopy.Channel: UInt64] {
        var bases = surroundings.bases
        let tied = surroundings.clocks == nil ? surroundings.next?.left.channel : nil
        var firsts: [FrameCopy.Channel: UInt64] = [:]
        for (stream, others) in [(left, right), (right, left)] {
            for copy in stream {
                guard let channel = copy.channel, channel != tied, surroundings.bases[channel] == nil else { continue }
                guard firsts[channel] == nil else { continue }
                let mask = max(copy.modulus, 1) - 1
                let other = others.first { $0.channel == channel }?.count ?? copy.count
                let first = (other &- copy.count) & mask <= mask / 2 ? copy.count : other
                firsts[channel] = first
                bases[channel] = (first &- 1) & mask
            }
        }
        return bases
    }

    private static func places(_ order: StretchOrder) -> [FrameCopy.Channel: [Int64]] {
        var places: [FrameCopy.Channel: [Int64]] = [:]
        for case let place? in order.places.reversed() { places[place.channel, default: []].append(place.position) }
        return places
    }

    /// Hands the frames on, each once, dated from the frame before the stretch on.
    mutating func merge(_ emit: (consuming FrameCopy) -> Void) {
        var (own, other) = (0, 0)
        var last: Side?
        while own < left.count, other < right.count {
            if isSame(own, other) {
                var copy = left[own]
                copy.absorb(right[other])
                copy.clock = leftOrder.clocks[own]
                takeLeft(&own)
                takeRight(&other)
                last = .both
                emit(copy)
            } else if isLeftFirst(own, other, last: last) {
                emit(dated(left[own], leftOrder.clocks[own]))
                takeLeft(&own)
                last = .left
            } else {
                emit(dated(right[other], rightOrder.clocks[other]))
                takeRight(&other)
                last = .right
            }
        }
        for index in own..<left.count { emit(dated(left[index], leftOrder.clocks[index])) }
        for index in other..<right.count { emit(dated(right[index], rightOrder.clocks[index])) }
    }

    private func dated(_ copy: FrameCopy, _ clock: Double) -> FrameCopy {
        var copy = copy
        copy.clock = clock
        return copy
    }

    private mutating func takeLeft(_ index: inout Int) {
        if let place = leftOrder.places[index] { _ = leftPlaces[place.channel]?.popLast() }
        index += 1
    }

    private mutating func takeRight(_ index: inout Int) {
        if let place = rightOrder.places[index] { _ = rightPlaces[place.channel]?.popLast() }
        index += 1
    }

    /// Whether two frames are copies of one: counted alike and not known to differ, or due at one moment.
    private func isSame(_ own: Int, _ other: Int) -> Bool {
        if left[own].isBad || right[other].isBad {
            guard (leftOrder.clocks[own] - rightOrder.clocks[other]).magnitude < 0.5 else {
                return left[own].isBad && right[other].isBad
                    && Self.areAlike(left[own].octets, right[other].octets)
            }
            return true
        }
        let hasSameOctets = left[own].contentDigest == right[other].contentDigest
        guard let place = leftOrder.places[own], let twin = rightOrder.places[other] else { return hasSameOctets }
        guard place == twin else { return false }
        if hasSameOctets { return true }
        return left[own].record.virtualChannel == right[other].record.virtualChannel
            && !(left[own].isVerified && right[other].isVerified)
    }

    /// Whether less than a quarter of the bits differ: noise that still is the same codeblock.
    private static func areAlike(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var bits = 0
        for index in one.indices { bits += (one[index] ^ other[index]).nonzeroBitCount }
        return bits < one.count * 2
    }

    /// Whether the left frame comes first: by the counts, by what directly follows what, and else by the clocks.
    private func isLeftFirst(_ own: Int, _ other: Int, last: Side?) -> Bool {
        // 1. Nothing was sent between two frames that stand side by side.
        let leftGoesOn = leftOrder.isTied[own] && (own == 0 ? last == nil : last == .left || last == .both)
        let rightGoesOn = rightOrder.isTied[other] && (other == 0 ? last == nil : last == .right || last == .both)
        if leftGoesOn != rightGoesOn { return leftGoesOn }
        // 2. Of two runs of frames side by side, the one with the earlier counts comes first.
        let ownEnd = Self.endOfRun(own, leftOrder)
        let otherEnd = Self.endOfRun(other, rightOrder)
        let leftWaits = (own..<ownEnd).contains { Self.waits(leftOrder.places[$0], for: rightPlaces) }
        let rightWaits = (other..<otherEnd).contains { Self.waits(rightOrder.places[$0], for: leftPlaces) }
        if leftWaits != rightWaits { return rightWaits }
        // 3. The run that leads to the frame behind the stretch comes last.
        let leftLeads = ownEnd == left.count && leftOrder.isTied[ownEnd]
        let rightLeads = otherEnd == right.count && rightOrder.isTied[otherEnd]
        if leftLeads != rightLeads { return rightLeads }
        return leftOrder.clocks[own] <= rightOrder.clocks[other]
    }

    /// The end of the frames that stand side by side from one on.
    private static func endOfRun(_ index: Int, _ order: StretchOrder) -> Int {
        var end = index + 1
        while end < order.places.count, order.isTied[end] { end += 1 }
        return end
    }

    /// Whether the other stream still has a frame that is counted before this one.
    private static func waits(_ place: StretchOrder.Place?, for places: [FrameCopy.Channel: [Int64]]) -> Bool {
        guard let place, let next = places[place.channel]?.last else { return false }
        return next < place.position
    }
}

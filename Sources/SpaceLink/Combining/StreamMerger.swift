/// Merges two streams of frames of one downlink into one.
///
/// ```
/// left    1 2 3     6 7 8 9         11 12
/// right       3 4 5 6     9 10      11 12
///             ▲     ▲     ▲         ▲  ▲    frames that both have
/// ```
/// Frames with the same octets are one frame; the nearest such pair, by the frames that it skips, says how the streams
/// lie. What stands between two pairs is merged by ``StretchMerger``. Counts of eight bits repeat after 256 frames, so
/// no count is trusted to say which frame is which over any distance: the octets do.
struct StreamMerger: Sendable {
    /// One of the two streams.
    enum Side {
        case left
        case right
    }

    private var left = CopyQueue()
    private var right = CopyQueue()
    private var isLeftFinished = false
    private var isRightFinished = false
    private let window: Int

    /// What was found to come next, in order; taken by the owner.
    private(set) var ready: [FrameCopy] = []
    /// The stream that must go on before anything more can be said; nothing if both may.
    private(set) var wanted: Side? = .left
    /// Frames that both streams have and that are not idle.
    private(set) var commonFrames = 0
    /// How often the window was full before a common frame was found, and the order of the streams was taken from counts.
    private(set) var unalignedStretches = 0
    /// Frames of one stream that were given out before, by the input they are from.
    private(set) var repetitions: [Int: Int] = [:]
    /// Whether the streams have nothing in common within the window, and no count tells which comes first.
    private(set) var isLost = false

    private var surroundings = StretchMerger.Surroundings()
    /// When the last frame that both have was sent, in lengths of a frame.
    private var clock = 0.0
    private var recent = RecentFrames()
    private var isInRepetition = false
    /// Channels whose count was seen to change.
    private var countingChannels: Set<FrameCopy.Channel> = []
    /// Frames that are not idle, by side.
    private var tellingFrames: (left: Int, right: Int) = (0, 0)

    // The search for the next frame that both have.
    private var leftIndices: [UInt64: Int] = [:]
    private var rightIndices: [UInt64: Int] = [:]
    private var leftSearched = 0
    private var rightSearched = 0
    private var best: (left: Int, right: Int)?

    init(window: Int) { self.window = window }

    /// Whether everything was given out.
    var isFinished: Bool { isLeftFinished && isRightFinished && left.isEmpty && right.isEmpty }

    /// Whether a frame was found that both have and that is not idle.
    private var isAligned: Bool { commonFrames > 0 }

    mutating func push(_ copy: consuming FrameCopy, _ side: Side) {
        switch side {
        case .left:
            if copy.isTelling { tellingFrames.left += 1 }
            left.append(copy)
        case .right:
            if copy.isTelling { tellingFrames.right += 1 }
            right.append(copy)
        }
    }

    mutating func finish(_ side: Side) {
        switch side {
        case .left: isLeftFinished = true
        case .right: isRightFinished = true
        }
    }

    mutating func takeReady() -> [FrameCopy] {
        var taken: [FrameCopy] = []
        swap(&taken, &ready)
        return taken
    }

    /// Goes as far as the frames at hand allow.
    mutating func advance() {
        wanted = nil
        while !isLost {
            guard !left.isEmpty, !right.isEmpty else {
                if left.isEmpty, !isLeftFinished {
                    wanted = .left
                } else if right.isEmpty, !isRightFinished {
                    wanted = .right
                } else {
                    mergeStretch(left.count, right.count, isCommon: false)
                }
                if isFinished || wanted != nil { return }
                continue
            }
            if matches(0, 0) {
                mergeStretch(0, 0, isCommon: true)
                continue
            }
            switch search() {
            case .found(let own, let other): mergeStretch(own, other, isCommon: true)
            case .wants(let side):
                let waiting = side == .left ? left.count : right.count
                guard waiting >= window else {
                    wanted = side
                    return
                }
                forceStretch()
            case .nothing: mergeStretch(left.count, right.count, isCommon: false)
            }
        }
    }

    private func matches(_ own: Int, _ other: Int) -> Bool {
        let digest = left.digest(at: own)
        return digest != 0 && digest == right.digest(at: other) && (isAligned || left.isTelling(at: own))
    }

    private enum Finding {
        case found(Int, Int)
        case wants(Side)
        case nothing
    }

    /// Looks for the frames that both have and that skip the fewest others.
    private mutating func search() -> Finding {
        while true {
            // A pair that was not seen yet skips at least as many as the shorter look ahead.
            let ownEnd = leftSearched == left.count && isLeftFinished ? Int.max : leftSearched
            let otherEnd = rightSearched == right.count && isRightFinished ? Int.max : rightSearched
            if let best, best.left + best.right <= min(ownEnd, otherEnd) { return .found(best.left, best.right) }
            if ownEnd == .max, otherEnd == .max { return .nothing }
            if ownEnd <= otherEnd {
                guard leftSearched < left.count else { return .wants(.left) }
                note(.left)
            } else {
                guard rightSearched < right.count else { return .wants(.right) }
                note(.right)
            }
        }
    }

    /// Enters the next frame of a stream into the search.
    private mutating func note(_ side: Side) {
        let index: Int
        let digest: UInt64
        let isTelling: Bool
        switch side {
        case .left:
            index = leftSearched
            leftSearched += 1
            (digest, isTelling) = (left.digest(at: index), left.isTelling(at: index))
        case .right:
            index = rightSearched
            rightSearched += 1
            (digest, isTelling) = (right.digest(at: index), right.isTelling(at: index))
        }
        guard digest != 0, isTelling || isAligned else { return }
        switch side {
        case .left:
            if leftIndices[digest] == nil { leftIndices[digest] = index }
            if let other = rightIndices[digest] { consider(index, other) }
        case .right:
            if rightIndices[digest] == nil { rightIndices[digest] = index }
            if let other = leftIndices[digest] { consider(other, index) }
        }
    }

    private mutating func consider(_ own: Int, _ other: Int) {
        if let best, best.left + best.right <= own + other { return }
        best = (own, other)
    }

    private mutating func resetSearch() {
        guard leftSearched > 0 || rightSearched > 0 else { return }
        leftIndices.removeAll(keepingCapacity: leftIndices.count < 1 << 10)
        rightIndices.removeAll(keepingCapacity: rightIndices.count < 1 << 10)
        leftSearched = 0
        rightSearched = 0
        best = nil
    }

    /// Gives out the first frames of both streams, and the pair behind them.
    private mutating func mergeStretch(_ own: Int, _ other: Int, isCommon: Bool) {
        if own > 0 || other > 0 {
            if isCommon { surroundings.next = (left[own], right[other]) }
            giveOut(withoutRepetitions(left.removeFirst(own)), withoutRepetitions(right.removeFirst(other)))
            surroundings.next = nil
        }
        if isCommon {
            var copy = left.removeFirst()
            let twin = right.removeFirst()
            if let last = surroundings.clocks {
                clock += max(copy.clock - last.left, twin.clock - last.right)
            } else {
                clock = copy.clock
            }
            surroundings.clocks = (copy.clock, twin.clock)
            if !copy.record.isIdle { commonFrames += 1 }
            copy.absorb(twin)
            copy.clock = clock
            give(copy, isCommon: true)
        }
        resetSearch()
    }

    private mutating func giveOut(_ own: [FrameCopy], _ other: [FrameCopy]) {
        let start = surroundings.clocks == nil ? 0 : clock
        guard own.isEmpty || other.isEmpty else {
            var merger = StretchMerger(own, other, surroundings)
            var merged: [FrameCopy] = []
            merger.merge { merged.append($0) }
            for index in merged.indices {
                merged[index].clock += start
                give(merged[index])
            }
            return
        }
        var shift = start - (surroundings.clocks?.left ?? 0)
        if own.isEmpty {
            let unshifted = surroundings.next.map { $0.left.clock - $0.right.clock } ?? 0
            shift = surroundings.clocks.map { start - $0.right } ?? unshifted
        }
        for copy in own + other {
            var copy = copy
            copy.clock += shift
            give(copy)
        }
    }

    private mutating func give(_ copy: FrameCopy, isCommon: Bool = false) {
        if isCommon {
            guard !isRepetition(copy, after: surroundings.bases, isInRepetition) else {
                isInRepetition = true
                repetitions[copy.winner, default: 0] += 1
                return
            }
            isInRepetition = false
        }
        if let channel = copy.channel {
            if let last = surroundings.bases.updateValue(copy.count, forKey: channel), last != copy.count {
                countingChannels.insert(channel)
            }
        }
        if copy.contentDigest != 0 { recent.insert(copy.contentDigest) }
        ready.append(copy)
    }

    /// The frames of a stretch without those that came before: their counts would lead the order astray.
    private mutating func withoutRepetitions(_ copies: [FrameCopy]) -> [FrameCopy] {
        var seen: Set<UInt64> = []
        var counts = surroundings.bases
        var kept: [FrameCopy] = []
        kept.reserveCapacity(copies.count)
        var isInRepetition = isInRepetition
        for copy in copies {
            if copy.contentDigest != 0 {
                let isKnown = !seen.insert(copy.contentDigest).inserted
                if isRepetition(copy, after: counts, isInRepetition, isKnown: isKnown) {
                    isInRepetition = true
                    repetitions[copy.winner, default: 0] += 1
                    continue
                }
                isInRepetition = false
                if let channel = copy.channel { counts[channel] = copy.count }
            }
            kept.append(copy)
        }
        self.isInRepetition = isInRepetition
        return kept
    }

    /// Whether a frame was given out before and does not just look like one that was.
    ///
    /// The octets of a frame come round with its counts where nothing else in it changes, as in idle ones: then the count
    /// goes on from the frame before, while that of a repetition goes back.
    private func isRepetition(
        _ copy: borrowing FrameCopy,
        after counts: [FrameCopy.Channel: UInt64],
        _ isInRepetition: Bool,
        isKnown: Bool = false
    ) -> Bool {
        guard isKnown || recent.contains(copy.contentDigest), copy.contentDigest != 0 else { return false }
        guard !isInRepetition else { return true }
        guard let channel = copy.channel, copy.modulus > 0, let last = counts[channel] else {
            return !copy.record.isIdle
        }
        let step = (copy.count &- last) & (copy.modulus - 1)
        guard copy.record.isIdle else { return step != 1 }
        // Some craft do not count their idle frames.
        return step > copy.modulus / 2 || (step == 0 && countingChannels.contains(channel))
    }

    /// Whether the streams are of one downlink: enough of their frames are the same.
    var isRelated: Bool { commonFrames >= min(3, tellingFrames.left, tellingFrames.right) }

    /// Gives out the older half of the window of the stream that comes first, though no common frame was found.
    private mutating func forceStretch() {
        guard let side = earlierSide() else {
            isLost = true
            return
        }
        unalignedStretches += 1
        switch side {
        case .left: mergeStretch(max(1, min(left.count, window / 2)), 0, isCommon: false)
        case .right: mergeStretch(0, max(1, min(right.count, window / 2)), isCommon: false)
        }
    }

    /// The stream whose first frame comes first, as far as counts say.
    private func earlierSide() -> Side? {
        let goesOn = (left: follows(left), right: follows(right))
        if goesOn.left != goesOn.right { return goesOn.left ? .left : .right }
        return sideByWideCounts()
    }

    /// Whether the first counted frame of a stream is the next one of its channel.
    private func follows(_ queue: CopyQueue) -> Bool {
        for index in 0..<min(queue.count, 8) {
            let copy = queue[index]
            guard !copy.isBad, let channel = copy.channel, copy.modulus > 0 else { continue }
            guard let last = surroundings.bases[channel] else { return false }
            return (copy.count &- last) & (copy.modulus - 1) == 1
        }
        return false
    }

    private func sideByWideCounts() -> Side? {
        var firsts: [FrameCopy.Channel: UInt64] = [:]
        for index in 0..<left.count {
            let copy = left[index]
            guard !copy.record.isIdle, copy.modulus >= StretchOrder.wideModulus, let channel = copy.channel else {
                continue
            }
            if firsts[channel] == nil { firsts[channel] = copy.count }
        }
        for index in 0..<right.count {
            let copy = right[index]
            guard !copy.record.isIdle, copy.modulus >= StretchOrder.wideModulus, let channel = copy.channel,
                let first = firsts[channel]
            else { continue }
            let step = (copy.count &- first) & (copy.modulus - 1)
            return step < copy.modulus / 2 ? .left : .right
        }
        return nil
    }
}

/// The order of a sequence's elements as ranks: how many others were due before the one that came.
///
/// What a spacecraft reports, it reports at intervals. Each name is due one interval after it came last, the interval
/// being smoothed over its last ones; names that came once only are due behind all that came twice, and those that never
/// came follow in their own order. So every rank names one element, and most ranks are small.
struct DueOrder {
    /// What is known of a name.
    private struct Past {
        /// Which element it was last, -1 if it never came.
        var last = -1
        /// Parts of an element from one time to the next, smoothed; 0 if it did not come twice.
        var interval = 0
    }

    /// Parts of one element in which intervals are counted.
    private static let part = 16
    /// Added when a name came only once.
    private static let once = 1 << 40
    /// When names are due that never came.
    private static let never = 1 << 44

    /// When a name is due, and the name in the lowest sixteen bits: all names in order.
    private var names: [UInt64]
    private var pasts: [Past]
    private var now = 0

    /// Begins with names from 1 on, none of which has come.
    init(count: Int) {
        names = (0..<count).map { DueOrder.key(UInt16($0 + 1), due: DueOrder.never) }
        pasts = [Past](repeating: Past(), count: count + 1)
    }

    private static func key(_ name: UInt16, due: Int) -> UInt64 { UInt64(due) << 16 | UInt64(name) }

    /// The rank of the name that comes next.
    mutating func encode(_ name: UInt16) -> UInt16 {
        guard let rank = names.firstIndex(where: { UInt16(truncatingIfNeeded: $0) == name }) else { return 0 }
        move(rank)
        return UInt16(rank)
    }

    /// The name of a rank, or 0 if there is none.
    mutating func decode(_ rank: UInt16) -> UInt16 {
        guard Int(rank) < names.count else { return 0 }
        let name = UInt16(truncatingIfNeeded: names[Int(rank)])
        move(Int(rank))
        return name
    }

    /// Puts the name that came where it is due next.
    private mutating func move(_ rank: Int) {
        let name = UInt16(truncatingIfNeeded: names[rank])
        var past = pasts[Int(name)]
        if past.last >= 0 {
            let gap = (now - past.last) * DueOrder.part
            past.interval = past.interval == 0 ? gap : (past.interval + gap) / 2
        }
        past.last = now
        pasts[Int(name)] = past
        let due = now * DueOrder.part + (past.interval == 0 ? DueOrder.once : past.interval)
        now += 1
        let key = DueOrder.key(name, due: due)
        let isLater = key > names[rank]
        var low = isLater ? rank + 1 : 0
        var high = isLater ? names.count : rank
        var names = names.mutableSpan
        while high - low > 16 {
            let middle = (low + high) / 2
            if names[middle] < key { low = middle + 1 } else { high = middle }
        }
        for index in low..<high { low += names[index] < key ? 1 : 0 }  // to count the last ones costs no wrong guesses
        if isLater {
            low -= 1
            for index in rank..<low { names[index] = names[index + 1] }
        } else {
            for index in (low..<rank).reversed() { names[index + 1] = names[index] }
        }
        names[low] = key
    }
}

/// The order of a sequence's elements as ranks: how many others were due before the one that came.
///
/// What a spacecraft reports, it reports at intervals. Each name is due one interval after it came last, the interval
/// being smoothed over its last ones; names that came once only are due behind all that came twice, and those that never
/// came follow in their own order. So every rank names one element, and most ranks are small.
struct DueOrder {
    /// Parts of one element in which intervals are counted.
    private static let part = 16
    /// Added when a name came only once.
    private static let once = 1 << 40

    /// All names, those that came before by when they are due, then the others.
    private var names: [UInt16]
    private var haveCome = 0
    private var last: [Int]
    private var interval: [Int]
    private var due: [Int]
    private var now = 0

    /// Begins with names from 1 on, none of which has come.
    init(count: Int) {
        names = (0..<count).map { UInt16($0 + 1) }
        last = [Int](repeating: -1, count: count + 1)
        interval = [Int](repeating: 0, count: count + 1)
        due = interval
    }

    /// The rank of the name that comes next.
    mutating func encode(_ name: UInt16) -> UInt16 {
        guard let rank = names.firstIndex(of: name) else { return 0 }
        move(rank)
        return UInt16(rank)
    }

    /// The name of a rank, or 0 if there is none.
    mutating func decode(_ rank: UInt16) -> UInt16 {
        guard Int(rank) < names.count else { return 0 }
        let name = names[Int(rank)]
        move(Int(rank))
        return name
    }

    /// Puts the name that came where it is due next.
    private mutating func move(_ rank: Int) {
        let name = names[rank]
        let index = Int(name)
        if last[index] >= 0 {
            let gap = (now - last[index]) * DueOrder.part
            interval[index] = interval[index] == 0 ? gap : (interval[index] + gap) / 2
        }
        last[index] = now
        due[index] = now * DueOrder.part + (interval[index] == 0 ? DueOrder.once : interval[index])
        now += 1
        if rank >= haveCome { haveCome += 1 }
        names.remove(at: rank)
        var low = 0
        var high = haveCome - 1
        while low < high {
            let middle = (low + high) / 2
            let other = names[middle]
            if (due[Int(other)], other) < (due[index], name) { low = middle + 1 } else { high = middle }
        }
        names.insert(name, at: low)
    }
}

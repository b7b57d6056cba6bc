/// The order of a sequence's elements, by name: 1 an odd one, 2 … one of a group.
///
/// Telemetry repeats itself: what followed the last few elements before is foreseen again, and where it comes, zero is
/// kept instead of the name; or each name's interval tells when it is due, see ``DueOrder``.
struct ElementOrder {
    /// How many elements before are looked at, or ``due``.
    static let contexts = 0...4
    /// The order by intervals.
    private static let due = 4

    private let context: Int
    private var following: [UInt64: UInt16] = [:]
    private var last: UInt64 = 0
    private var intervals: DueOrder?

    /// Begins a sequence.
    ///
    /// - Parameters:
    ///   - context: One of ``contexts``.
    ///   - groups: How many groups the sequence has.
    init(context: Int, groups: Int) {
        self.context = context
        intervals = context == ElementOrder.due ? DueOrder(count: groups + 1) : nil
    }

    private var key: UInt64 { context == 0 ? 0 : last & (UInt64.max >> UInt64(64 - 16 * context)) }

    private mutating func learn(_ name: UInt16, _ key: UInt64) {
        following[key] = name
        last = last << 16 | UInt64(name)
    }

    /// What is kept for the next name.
    mutating func encode(_ name: UInt16) -> UInt16 {
        guard context > 0 else { return name }
        if let rank = intervals?.encode(name) { return rank }
        let key = key
        let isForeseen = following[key] == name
        learn(name, key)
        return isForeseen ? 0 : name
    }

    /// The name for which something was kept; zero if nothing could be foreseen.
    mutating func decode(_ kept: UInt16) -> UInt16 {
        guard context > 0 else { return kept }
        if let name = intervals?.decode(kept) { return name }
        let key = key
        let name = kept == 0 ? following[key] ?? 0 : kept
        learn(name, key)
        return name
    }

    /// What is kept of an order with a context.
    static func kept(_ names: [UInt16], context: Int, groups: Int) -> [UInt16] {
        var order = ElementOrder(context: context, groups: groups)
        return names.map { order.encode($0) }
    }

    /// The cheapest context for an order.
    static func best(_ names: [UInt16], groups: Int) -> Int {
        var best = (context: 0, cost: Int.max)
        for context in contexts {
            let histogram = Histogram(
                kept(names, context: context, groups: groups).map { UInt8(truncatingIfNeeded: $0) }
            )
            let cost = histogram.cost + histogram.symbols.count * 8 * Entropy.bit
            if cost < best.cost { best = (context, cost) }
        }
        return best.context
    }
}

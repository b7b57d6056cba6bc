/// The order of a sequence's elements, by name: 1 an odd one, 2 … one of a group.
///
/// Telemetry repeats itself: what followed the last few elements before is foreseen again, and where it comes, zero is
/// kept instead of the name.
struct ElementOrder {
    private let context: Int
    private var following: [UInt64: UInt16] = [:]
    private var last: UInt64 = 0

    init(context: Int) { self.context = context }

    private var key: UInt64 { context == 0 ? 0 : last & (UInt64.max >> UInt64(64 - 16 * context)) }

    private mutating func learn(_ name: UInt16) {
        guard context > 0 else { return }
        following[key] = name
        last = last << 16 | UInt64(name)
    }

    /// What is kept for the next name.
    mutating func encode(_ name: UInt16) -> UInt16 {
        let isForeseen = context > 0 && following[key] == name
        learn(name)
        return isForeseen ? 0 : name
    }

    /// The name for which something was kept; zero if nothing could be foreseen.
    mutating func decode(_ kept: UInt16) -> UInt16 {
        let name = kept == 0 && context > 0 ? following[key] ?? 0 : kept
        learn(name)
        return name
    }

    /// The cheapest context for an order, and what is kept with it.
    static func best(_ names: [UInt16]) -> (context: Int, kept: [UInt16]) {
        var best: (context: Int, kept: [UInt16], cost: Int)?
        for context in 0...3 {
            var order = ElementOrder(context: context)
            let kept = names.map { order.encode($0) }
            let histogram = Histogram(kept.map { UInt8(truncatingIfNeeded: $0) })
            let cost = histogram.cost + histogram.symbols.count * 8 * Entropy.bit
            if cost < best?.cost ?? .max { best = (context, kept, cost) }
        }
        return best.map { ($0.context, $0.kept) } ?? (0, names)
    }
}

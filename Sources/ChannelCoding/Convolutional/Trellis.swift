/// The 64 states of the code and the cheapest paths to them.
///
/// State s holds the last six bits, the newest lowest. Old states i and i + 32 lead to 2i and 2i + 1; both
/// polynomials begin and end with a one, so the four branches of such a butterfly have one cost or its complement.
///
/// Costs are octets without a sign. Any state is reached from any other in six bits, so no two differ by more than
/// 6 · 14 = ``spread``. The best state goes on by half the magnitude of a pair or less, as one of its two branches
/// costs no more than that. So if state 0 stands at 84, eight bits later no cost is above 84 + 8 · 7 + 84, and no sum
/// on the way above 255: it is enough to put state 0 back to 84 before every eight bits.
struct Trellis: Sendable {
    /// The largest magnitude of a symbol.
    static let largest = 7
    /// The level of a symbol of which nothing is known.
    static let unknown = UInt8(largest)

    /// The costs of the branches from states i and i + 32, of the first and the second sixteen.
    struct Costs: Sendable {
        var plain = (Lanes.zero, Lanes.zero)
        var complement = (Lanes.zero, Lanes.zero)
    }

    private static let spread: UInt8 = 84

    /// The cost of each state, sixteen in each vector.
    typealias States = (Lanes, Lanes, Lanes, Lanes)

    private var states: States = (.zero, .zero, .zero, .zero)
    /// What was taken off all costs since the start.
    private var taken = 0

    private let costs: [Costs]
    private let usesKernel: Bool

    /// All states equally likely.
    ///
    /// - Parameter usesKernel: Whether instructions that not every processor has may be used where there are any.
    init(usesKernel: Bool) {
        costs = Self.table
        self.usesKernel = usesKernel && Kernel.canAdvanceTrellis
    }

    /// Makes the zero state more likely than all others by as much as costs can differ.
    mutating func startAtZero() {
        let other = Lanes(repeating: Self.spread)
        states = (other, other, other, other)
        states.0[0] = 0
    }

    /// The cost of state 0 since the start, less than 84 from that of the best.
    var total: Int { taken + Int(states.0[0]) }

    /// Goes on by eight bits for every sixteen symbols.
    ///
    /// - Parameters:
    ///   - symbols: C1 and C2 of each bit, from 0 for a zero to 14 for a one.
    ///   - decisions: Takes for each eight bits an octet for each state: whether the way to it came from the upper half
    ///     of states, after the first of the bits in the most significant one.
    ///   - first: The place in `decisions` of the first eight bits, in eights of bits.
    mutating func advance(_ symbols: Span<UInt8>, decisions: inout MutableSpan<UInt8>, from first: Int) {
        let table = self.costs
        guard !usesKernel else {
            var room = decisions._mutatingExtracting(64 * first..<64 * first + 4 * symbols.count)
            taken += Kernel.advance(
                table.span,
                symbols: symbols,
                spread: Self.spread,
                states: &states,
                decisions: &room
            )
            return
        }
        advanceByLanes(symbols, table, decisions: &decisions, from: first)
    }

    /// What the kernel does, where there is none.
    private mutating func advanceByLanes(
        _ symbols: Span<UInt8>,
        _ table: [Costs],
        decisions: inout MutableSpan<UInt8>,
        from first: Int
    ) {
        let costs = table.span
        var (s0, s1, s2, s3) = states
        for octet in 0..<symbols.count / 16 {
            let levels = symbols.extracting(16 * octet..<16 * octet + 16)
            let excess = s0[0] &- Self.spread
            taken += Int(s0[0]) - Int(Self.spread)
            let offset = Lanes(repeating: excess)
            (s0, s1, s2, s3) = (s0 &- offset, s1 &- offset, s2 &- offset, s3 &- offset)
            var (d0, d1, d2, d3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
            for bit in 0..<8 {
                let cost = costs[Int(levels[2 * bit]) << 4 | Int(levels[2 * bit + 1])]
                let (low0, low1) = Self.interleave(s0 &+ cost.plain.0, s0 &+ cost.complement.0)
                let (high0, high1) = Self.interleave(s2 &+ cost.complement.0, s2 &+ cost.plain.0)
                let (low2, low3) = Self.interleave(s1 &+ cost.plain.1, s1 &+ cost.complement.1)
                let (high2, high3) = Self.interleave(s3 &+ cost.complement.1, s3 &+ cost.plain.1)
                s0 = Self.lesser(low0, high0, &d0)
                s1 = Self.lesser(low1, high1, &d1)
                s2 = Self.lesser(low2, high2, &d2)
                s3 = Self.lesser(low3, high3, &d3)
            }
            let place = 64 * (first + octet)
            (~d0).store(in: &decisions, at: place)
            (~d1).store(in: &decisions, at: place + 16)
            (~d2).store(in: &decisions, at: place + 32)
            (~d3).store(in: &decisions, at: place + 48)
        }
        states = (s0, s1, s2, s3)
    }

    /// The lesser of two costs; whether it is the lower one's becomes the next bit of `isLow`.
    @inline(__always)
    private static func lesser(_ low: Lanes, _ high: Lanes, _ isLow: inout Lanes) -> Lanes {
        let lesser = low.lesser(high)
        // A lane that is true has all bits set, which is -1.
        isLow = isLow &+ isLow &- Lanes.zero.replacing(with: 255, where: lesser .== low)
        return lesser
    }

    /// The costs of even and odd states, in turn.
    @inline(__always)
    private static func interleave(_ even: Lanes, _ odd: Lanes) -> (Lanes, Lanes) {
        var (first, second) = (Lanes.zero, Lanes.zero)
        first.evenHalf = even.lowHalf
        first.oddHalf = odd.lowHalf
        second.evenHalf = even.highHalf
        second.oddHalf = odd.highHalf
        return (first, second)
    }

    /// The state with the least cost, the first of them.
    var best: Int {
        var best = 0
        var least = UInt8.max
        for (vector, lanes) in [states.0, states.1, states.2, states.3].enumerated() {
            for lane in 0..<16 where lanes[lane] < least {
                least = lanes[lane]
                best = vector << 4 | lane
            }
        }
        return best
    }

    /// The costs of all pairs of symbols: 16·(C1 + 7) + C2 + 7.
    private static let table: [Costs] = (0..<256).map { index in
        let pair = (index >> 4 - largest, index & 15 - largest)
        var costs = Costs()
        for state in 0..<32 {
            let (first, second) = ConvolutionalCode.symbols(ofRegister: state << 1)
            let plain = cost(of: pair.0, expected: first) + cost(of: pair.1, expected: second)
            let complement = abs(pair.0) + abs(pair.1) - plain
            if state < 16 {
                costs.plain.0[state] = UInt8(plain)
                costs.complement.0[state] = UInt8(complement)
            } else {
                costs.plain.1[state - 16] = UInt8(plain)
                costs.complement.1[state - 16] = UInt8(complement)
            }
        }
        return costs
    }

    private static func cost(of symbol: Int, expected: Int) -> Int {
        (symbol > 0) == (expected == 1) ? 0 : abs(symbol)
    }
}

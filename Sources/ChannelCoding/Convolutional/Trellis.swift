/// The 64 states of the code and the cheapest paths to them.
///
/// State s holds the last six bits, the newest lowest. Old states i and i + 32 lead to 2i and 2i + 1; both
/// polynomials begin and end with a one, so the four branches of such a butterfly have one cost or its complement.
/// Costs are octets that wrap around: they differ by less than 112, so the sign of a difference is right.
struct Trellis: Sendable {
    /// The largest magnitude of a symbol.
    static let largest = 7

    /// Sixteen states or branches; vectors of 32 are not compiled to vector instructions throughout.
    typealias Lanes = SIMD16<Int8>

    /// The costs of the branches from states i and i + 32, of the first and the second sixteen.
    struct Costs: Sendable {
        var plain = (Lanes.zero, Lanes.zero)
        var complement = (Lanes.zero, Lanes.zero)
    }

    /// Where a decision stands among those of its bit, four vectors long: the vector, then the lane.
    static func place(of state: Int) -> (vector: Int, lane: Int) { ((state & 1) << 1 | state >> 5, state >> 1 & 15) }

    /// The cost of each state, sixteen in each vector.
    private var states = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    /// The cost of state 0 since the start, less than 84 from that of the best.
    private(set) var total = 0

    private let costs: [Costs]

    /// All states equally likely.
    init() { costs = Self.table }

    /// Makes the zero state more likely than all others by as much as costs can differ.
    mutating func startAtZero() {
        let other = Lanes(repeating: 84)
        states = (other, other, other, other)
        states.0[0] = 0
    }

    /// Goes on by one bit for each pair of symbols.
    ///
    /// - Parameters:
    ///   - symbols: C1 and C2 in turn, from -7 to 7, positive for a one and zero if unknown.
    ///   - decisions: Takes for each bit what the way from the upper half of states costs more than the other: four
    ///     vectors, two for even states, two for odd ones.
    ///   - first: The place in `decisions` of the first bit.
    mutating func advance(_ symbols: Span<Int8>, decisions: inout MutableSpan<Lanes>, from first: Int) {
        let table = self.costs
        let costs = table.span
        var (s0, s1, s2, s3) = states
        var total = self.total
        for bit in 0..<symbols.count / 2 {
            let cost = costs[(Int(symbols[2 * bit]) + 7) << 4 + Int(symbols[2 * bit + 1]) + 7]
            let before = s0[0]
            let even0 = Self.better(s0 &+ cost.plain.0, s2 &+ cost.complement.0)
            let even1 = Self.better(s1 &+ cost.plain.1, s3 &+ cost.complement.1)
            let odd0 = Self.better(s0 &+ cost.complement.0, s2 &+ cost.plain.0)
            let odd1 = Self.better(s1 &+ cost.complement.1, s3 &+ cost.plain.1)
            let place = 4 * (first + bit)
            decisions[place] = even0.gain
            decisions[place + 1] = even1.gain
            decisions[place + 2] = odd0.gain
            decisions[place + 3] = odd1.gain
            s0 = Self.interleave(even0.cost.lowHalf, odd0.cost.lowHalf)
            s1 = Self.interleave(even0.cost.highHalf, odd0.cost.highHalf)
            s2 = Self.interleave(even1.cost.lowHalf, odd1.cost.lowHalf)
            s3 = Self.interleave(even1.cost.highHalf, odd1.cost.highHalf)
            total &+= Int(s0[0] &- before)
        }
        states = (s0, s1, s2, s3)
        self.total = total
    }

    /// The lesser of two costs, and by how much the second is above the first.
    @inline(__always)
    private static func better(_ first: Lanes, _ second: Lanes) -> (cost: Lanes, gain: Lanes) {
        let gain = second &- first
        return (first &+ (gain & (gain &>> 7)), gain)
    }

    @inline(__always)
    private static func interleave(_ even: SIMD8<Int8>, _ odd: SIMD8<Int8>) -> Lanes {
        var lanes = Lanes.zero
        lanes.evenHalf = even
        lanes.oddHalf = odd
        return lanes
    }

    /// The state with the least cost.
    var best: Int {
        let lanes = [states.0, states.1, states.2, states.3]
        let costs = (0..<64).map { lanes[$0 >> 4][$0 & 15] &- states.0[0] }
        return costs.indices.min { costs[$0] < costs[$1] } ?? 0
    }

    /// The costs of all pairs of symbols: 16·(C1 + 7) + C2 + 7.
    private static let table: [Costs] = (0..<256).map { index in
        let pair = (index >> 4 - 7, index & 15 - 7)
        var costs = Costs()
        for state in 0..<32 {
            let (first, second) = ConvolutionalCode.symbols(ofRegister: state << 1)
            let plain = cost(of: pair.0, expected: first) + cost(of: pair.1, expected: second)
            let complement = abs(pair.0) + abs(pair.1) - plain
            if state < 16 {
                costs.plain.0[state] = Int8(plain)
                costs.complement.0[state] = Int8(complement)
            } else {
                costs.plain.1[state - 16] = Int8(plain)
                costs.complement.1[state - 16] = Int8(complement)
            }
        }
        return costs
    }

    private static func cost(of symbol: Int, expected: Int) -> Int {
        (symbol > 0) == (expected == 1) ? 0 : abs(symbol)
    }
}

/// One of the two codes of a Turbo code, decoded by the best path through each bit (max-log-MAP).
struct TurboConstituent: Sendable {
    let steps: Int
    /// What was received of the three parities in each step, zero where nothing was sent.
    var parities: [Int32]
    /// For each step the best way from the start to each state.
    private var forward: [Int32]

    /// Less than any path, and far from overflow.
    private static let never: Int32 = -1_000_000_000

    init(steps: Int) {
        self.steps = steps
        parities = [Int32](repeating: 0, count: 3 * steps)
        forward = [Int32](repeating: 0, count: TurboTrellis.states * (steps + 1))
    }

    /// Weighs all paths.
    ///
    /// - Parameters:
    ///   - bits: What is believed of each bit that goes in, the last four too; positive is 1.
    ///   - target: Takes what the code itself says of each bit, without `bits`.
    mutating func decode(_ bits: Span<Int32>, into target: inout MutableSpan<Int32>) {
        goForward(bits)
        goBackward(bits, &target)
    }

    private mutating func goForward(_ bits: Span<Int32>) {
        let (count, received, table) = (steps, parities, TurboTrellis.labels)
        let parity = received.span
        let labels = table.span
        var forward = self.forward.mutableSpan
        forward[0] = 0
        for state in 1..<16 { forward[state] = Self.never }
        for step in 0..<count {
            let weights = Self.weights(bits[step], parity[3 * step], parity[3 * step + 1], parity[3 * step + 2])
            let (base, next) = (16 * step, 16 * step + 16)
            for state in 0..<16 {
                let (low, bit) = (state >> 1, state & 1)
                let one = forward[base + low] &+ weights[labels[2 * low + bit]]
                let other = forward[base + low + 8] &+ weights[labels[2 * low + 16 + bit]]
                forward[next + state] = max(one, other)
            }
        }
    }

    private func goBackward(_ bits: Span<Int32>, _ target: inout MutableSpan<Int32>) {
        let parity = parities.span
        let table = TurboTrellis.labels
        let labels = table.span
        let forward = self.forward.span
        var behind = InlineArray<16, Int32>(repeating: Self.never)
        behind[0] = 0
        for step in (0..<steps).reversed() {
            let weights = Self.weights(bits[step], parity[3 * step], parity[3 * step + 1], parity[3 * step + 2])
            var before = InlineArray<16, Int32>(repeating: Self.never)
            var best = InlineArray<2, Int32>(repeating: 2 * Self.never)
            for index in 0..<32 {
                let (state, label) = (index >> 1, labels[index])
                let way = behind[TurboTrellis.next(state, entering: index & 1)] &+ weights[label]
                before[state] = max(before[state], way)
                best[label & 1] = max(best[label & 1], forward[16 * step + state] &+ way)
            }
            behind = before
            target[step] = best[1] &- best[0] &- bits[step]
        }
    }

    /// The weight of each label: the sum of what speaks for its ones.
    @inline(__always)
    private static func weights(_ bit: Int32, _ one: Int32, _ two: Int32, _ three: Int32) -> InlineArray<16, Int32> {
        var weights = InlineArray<16, Int32>(repeating: 0)
        weights[1] = bit
        for index in 0..<2 { weights[2 + index] = weights[index] &+ one }
        for index in 0..<4 { weights[4 + index] = weights[index] &+ two }
        for index in 0..<8 { weights[8 + index] = weights[index] &+ three }
        return weights
    }
}

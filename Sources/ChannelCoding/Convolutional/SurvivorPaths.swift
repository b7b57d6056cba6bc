/// The decisions of a trellis over a block of bits and over those before it, and the way back along them.
///
/// All paths to the states of one bit come from one state some constraint lengths before. So a block is traced back in
/// ``parts``, each from the best state ``depth`` octets behind it; they do not wait for each other, and a processor
/// goes along all of them at the same time.
struct SurvivorPaths: Sendable {
    /// The octets that are traced back before a decision counts: 192 bits, more than fifteen constraint lengths.
    static let depth = 24
    /// The parts that are traced back side by side, six.
    static let parts = 6
    /// The octets of a part.
    static let partLength = 35
    /// The octets of a block: with eight bits each, divisible by the bits of every puncturing period.
    static let blockLength = parts * partLength

    /// A state at the end of each part.
    typealias Ends = InlineArray<6, Int>

    /// For each octet of bits one for each state: those of ``depth`` octets before the block, then the block's.
    private var decisions = [UInt8](repeating: 0, count: 64 * (depth + blockLength))
    /// The octets before the block that were decided on, none or ``depth``.
    private(set) var history = 0

    /// Goes on by a block.
    ///
    /// - Parameters:
    ///   - symbols: The symbols of a block.
    ///   - trellis: Is moved on.
    /// - Returns: The best states.
    mutating func advance(_ symbols: TrellisSymbols, _ trellis: inout Trellis) -> Ends {
        var ends = Ends(repeating: 0)
        for part in 0..<Self.parts {
            advance(symbols, octets: Self.partLength * part..<Self.partLength * (part + 1), &trellis)
            ends[part] = trellis.best
        }
        return ends
    }

    /// Goes on within a block.
    ///
    /// - Parameters:
    ///   - symbols: The symbols of a block.
    ///   - octets: Those octets of the block that come next.
    ///   - trellis: Is moved on.
    mutating func advance(_ symbols: TrellisSymbols, octets: Range<Int>, _ trellis: inout Trellis) {
        let levels = symbols.levels.span.extracting(16 * octets.lowerBound..<16 * octets.upperBound)
        var span = decisions.mutableSpan
        trellis.advance(levels, decisions: &span, from: Self.depth + octets.lowerBound)
    }

    /// Gives out what was kept of the block before, and this one but for its last ``depth`` octets, which are kept.
    ///
    /// - Parameters:
    ///   - ends: The best states.
    ///   - output: Takes the octets.
    mutating func trace(from ends: Ends, into output: inout [UInt8]) {
        traceParts(from: ends, into: &output)
        keepEnd()
    }

    private func traceParts(from ends: Ends, into output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: Self.blockLength))
        var target = output.mutableSpan
        var states = ends
        let way = decisions.span
        for octet in (0..<Self.partLength + Self.depth).reversed() {
            for part in 0..<Self.parts {
                let place = octet + Self.partLength * part
                let bits = Self.back(along: way.extracting(64 * place..<64 * place + 64), &states[part])
                if octet < Self.partLength { target[start + place] = bits }
            }
        }
        if history == 0 { output.removeSubrange(start..<start + Self.depth) }
    }

    /// Keeps the last ``depth`` octets of the block for the next one.
    private mutating func keepEnd() {
        history = Self.depth
        var kept = decisions.mutableSpan
        for index in 0..<64 * Self.depth { kept[index] = kept[64 * Self.blockLength + index] }
    }

    /// Gives out what was kept of the block before, and the whole of a last one.
    ///
    /// - Parameters:
    ///   - octets: The octets of the last block.
    ///   - end: The best state behind them.
    ///   - output: Takes the octets.
    func trace(octets: Int, from end: Int, into output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: history + octets))
        var target = output.mutableSpan
        var state = end
        for octet in (0..<history + octets).reversed() {
            let place = 64 * (Self.depth - history + octet)
            target[start + octet] = Self.back(along: decisions.span.extracting(place..<place + 64), &state)
        }
    }

    /// Goes back by eight bits from the state behind them, and gives those bits.
    @inline(__always)
    private static func back(along decisions: Span<UInt8>, _ state: inout Int) -> UInt8 {
        let last = state
        var bits = 0
        for bit in 0..<8 {
            if bit == 2 { bits = state << 2 | last & 3 }
            let isUpper = Int(decisions[state & 63]) >> bit & 1
            state = state >> 1 | isUpper << 5
        }
        return UInt8(truncatingIfNeeded: bits)
    }
}

/// Finds the most likely bits behind soft or hard channel symbols.
///
/// Symbols are taken in blocks of 1,680 bits, whatever the cut of the input. Within a block they are scaled by their
/// mean magnitude to fifteen steps; paths are traced back over 192 bits before a decision counts. The first symbol
/// of a puncturing period is found by trying all and taking the cheapest; it is looked for again when a block
/// becomes expensive. An inverted stream gives inverted bits, which the search for markers puts right.
public struct ViterbiDecoder: Sendable {
    /// The code.
    public let code: ConvolutionalCode
    /// The bits decoded so far.
    public private(set) var bitCount: Int64 = 0
    /// How often the start of the puncturing period was moved after it had been found.
    public private(set) var slips = 0

    /// Divisible by eight and by the bits of every puncturing period.
    private static let blockBits = 1680
    /// More than fifteen constraint lengths.
    private static let depth = 192

    private let sent: [Int]
    private let periodPairs: Int
    private let blockSymbols: Int
    private var trellis = Trellis()
    /// Symbols that wait; one period more than a block, so that every start can be tried.
    private var waiting: [Int8] = []
    private var pairs: [Int8]
    /// Of `depth` bits before the block and of the block.
    private var decisions: [Trellis.Lanes]
    private var history = 0
    private var isLocked: Bool
    /// The cost of a block, in parts per thousand of its magnitudes, above which the start is looked for again.
    private var limit = 1000
    private var partial: UInt8 = 0
    private var output: [UInt8] = []

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - phase: The symbols before the first period, if known.
    ///   - startsAtZero: Whether the encoder's register was zero before the first bit.
    public init(_ code: ConvolutionalCode, phase: Int? = nil, startsAtZero: Bool = false) {
        self.code = code
        sent = code.sentSymbols
        periodPairs = 2 * code.bitsPerPeriod
        blockSymbols = Self.blockBits / code.bitsPerPeriod * sent.count
        pairs = [Int8](repeating: 0, count: 2 * Self.blockBits)
        decisions = [Trellis.Lanes](repeating: .zero, count: 4 * (Self.depth + Self.blockBits))
        isLocked = phase != nil
        toSkip = max(phase ?? 0, 0) % sent.count
        if startsAtZero { trellis.startAtZero() }
    }

    /// Symbols that belong to no period.
    private var toSkip: Int

    /// Takes soft symbols.
    ///
    /// - Parameters:
    ///   - symbols: Positive for a one, the magnitude says how sure, zero is an erasure.
    ///   - body: Called with decoded octets.
    public mutating func push(soft symbols: Span<Int8>, _ body: (Span<UInt8>) -> Void) {
        var next = min(toSkip, symbols.count)
        toSkip -= next
        while next < symbols.count {
            let count = min(symbols.count - next, blockSymbols + sent.count - waiting.count)
            let start = waiting.count
            waiting.append(contentsOf: repeatElement(0, count: count))
            var target = waiting.mutableSpan
            for index in 0..<count { target[start + index] = symbols[next + index] }
            next += count
            if waiting.count == blockSymbols + sent.count { decodeBlock() }
        }
        emit(body)
    }

    /// Takes hard symbols, packed, the most significant bit first.
    ///
    /// - Parameters:
    ///   - octets: The symbols.
    ///   - body: Called with decoded octets.
    public mutating func push(hard octets: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        push(hard: octets, symbolCount: 8 * octets.count, body)
    }

    /// Takes hard symbols, packed, the most significant bit first.
    ///
    /// - Parameters:
    ///   - octets: The symbols.
    ///   - symbolCount: How many of them count.
    ///   - body: Called with decoded octets.
    public mutating func push(hard octets: Span<UInt8>, symbolCount: Int, _ body: (Span<UInt8>) -> Void) {
        let count = min(max(symbolCount, 0), 8 * octets.count)
        var soft = [Int8](repeating: 0, count: count)
        for index in 0..<count {
            soft[index] = octets[index >> 3] & 0x80 >> UInt8(index & 7) != 0 ? 64 : -64
        }
        push(soft: soft.span, body)
    }

    /// Ends the stream.
    ///
    /// - Parameter body: Called with the last octets; the bits behind ``bitCount`` in the last one are zero.
    public mutating func finish(_ body: (Span<UInt8>) -> Void) {
        while !waiting.isEmpty { decodeBlock() }
        trace(from: trellis.best, bits: history, keeping: 0)
        history = 0
        let count = UInt8(truncatingIfNeeded: bitCount & 7)
        if count != 0 { output.append(partial << (8 - count)) }
        partial = 0
        emit(body)
    }

    private mutating func emit(_ body: (Span<UInt8>) -> Void) {
        guard !output.isEmpty else { return }
        body(output.span)
        output.removeAll(keepingCapacity: true)
    }

    /// Decodes a block of the symbols that wait, or all of them if they are fewer.
    private mutating func decodeBlock() {
        if !isLocked { findStart() }
        let before = trellis
        var block = advance()
        if trellis.total - before.total > block.magnitude * limit / 1000, findStart() > 0 {
            slips += 1
            trellis = before
            block = advance()
        }
        waiting.removeFirst(min(blockSymbols, waiting.count))
        history += block.bits
        if history > Self.depth { trace(from: trellis.best, bits: history, keeping: Self.depth) }
    }

    private mutating func advance() -> (bits: Int, magnitude: Int) {
        let block = fillPairs(from: 0)
        let symbols = pairs
        let history = history
        var next = trellis
        var span = decisions.mutableSpan
        next.advance(symbols.span.extracting(0..<2 * block.bits), decisions: &span, from: history)
        trellis = next
        return block
    }

    /// Drops the symbols before the cheapest start.
    ///
    /// - Returns: How many were dropped.
    @discardableResult
    private mutating func findStart() -> Int {
        var spare = decisions
        var costs: [Int] = []
        for start in sent.indices {
            let block = fillPairs(from: start)
            let symbols = pairs
            var trial = Trellis()
            var span = spare.mutableSpan
            trial.advance(symbols.span.extracting(0..<2 * block.bits), decisions: &span, from: 0)
            costs.append(trial.total * 1000 / max(block.magnitude, 1))
        }
        guard let least = costs.min(), let start = costs.firstIndex(of: least) else { return 0 }
        isLocked = true
        // Halfway between the right start and the wrong ones.
        limit = max((least + (costs.reduce(0, +) - least) / max(costs.count - 1, 1)) / 2, 1)
        waiting.removeFirst(min(start, waiting.count))
        return start
    }

    /// Puts symbols where their bits are, scaled; what was not sent is unknown.
    private mutating func fillPairs(from start: Int) -> (bits: Int, magnitude: Int) {
        let count = max(min(waiting.count - start, blockSymbols), 0)
        let (waiting, sent) = (self.waiting, self.sent)
        let symbols = waiting.span.extracting(start..<start + count)
        var sum = 0
        var known = 0
        for index in 0..<count {
            sum += Int(symbols[index].magnitude)
            known += symbols[index] == 0 ? 0 : 1
        }
        let factor = sum == 0 ? 0 : (4 << 16) * known / sum
        let inversion = code.invertC2 ? 1 : 0
        var magnitude = 0
        var last = -1
        var place = 0
        var base = 0
        let period = periodPairs
        var span = pairs.mutableSpan
        for index in 0..<span.count { span[index] = 0 }
        for index in 0..<count {
            let symbol = symbols[index]
            let scaled = min((Int(symbol.magnitude) * factor + 1 << 15) >> 16, Trellis.largest)
            let target = base + sent[place]
            let isNegative = (symbol < 0) != (inversion & target == 1)
            span[target] = Int8(truncatingIfNeeded: isNegative ? -scaled : scaled)
            magnitude += scaled
            last = max(last, target)
            place += 1
            if place == sent.count {
                place = 0
                base += period
            }
        }
        return ((last + 2) / 2, magnitude)
    }

    /// Goes back along the decisions, and gives out all bits but the newest.
    private mutating func trace(from state: Int, bits: Int, keeping kept: Int) {
        let count = bits - kept
        guard count > 0 else { return }
        var decoded = [UInt8](repeating: 0, count: count)
        var way = decisions.mutableSpan
        var state = state
        for bit in (0..<bits).reversed() {
            if bit < count { decoded[bit] = UInt8(truncatingIfNeeded: state & 1) }
            let place = Trellis.place(of: state)
            state = state >> 1 | (way[4 * bit + place.vector][place.lane] < 0 ? 32 : 0)
        }
        for index in 0..<4 * kept {
            way[index] = way[4 * count + index]
        }
        for bit in decoded {
            partial = partial << 1 | bit
            bitCount += 1
            if bitCount & 7 == 0 { output.append(partial) }
        }
        history = kept
    }
}

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

    private static let blockBits = 8 * SurvivorPaths.blockLength
    /// The hard symbols that are made soft at a time.
    private static let unpackedLength = 4096

    /// The symbols sent in a puncturing period.
    private let period: Int
    private let blockSymbols: Int
    private var trellis: Trellis
    /// A trellis at its start.
    private let fresh: Trellis
    private var paths = SurvivorPaths()
    /// Where starts are tried.
    private var trialPaths = SurvivorPaths()
    private var symbols: TrellisSymbols
    /// Symbols that wait; one period more than a block, so that every start can be tried.
    private var waiting: [UInt8]
    private var waitingCount = 0
    /// Symbols that belong to no period.
    private var toSkip: Int
    private var isLocked: Bool
    /// The cost of a block, in thousandths for each symbol that is no erasure, above which the start is looked for
    /// again.
    private var limit = 1000 * Trellis.largest
    private var unpacked: [UInt8] = []
    private var output: [UInt8] = []

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - phase: The symbols before the first period, if known.
    ///   - startsAtZero: Whether the encoder's register was zero before the first bit.
    public init(_ code: ConvolutionalCode, phase: Int? = nil, startsAtZero: Bool = false) {
        self.init(code, phase: phase, startsAtZero: startsAtZero, usesKernel: true)
    }

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - phase: The symbols before the first period, if known.
    ///   - startsAtZero: Whether the encoder's register was zero before the first bit.
    ///   - usesKernel: Whether instructions that not every processor has may be used where there are any.
    package init(_ code: ConvolutionalCode, phase: Int? = nil, startsAtZero: Bool = false, usesKernel: Bool) {
        self.code = code
        fresh = Trellis(usesKernel: usesKernel)
        trellis = fresh
        period = code.sentSymbols.count
        blockSymbols = Self.blockBits / code.bitsPerPeriod * period
        symbols = TrellisSymbols(code, bits: Self.blockBits)
        waiting = [UInt8](repeating: 0, count: blockSymbols + period)
        isLocked = phase != nil
        toSkip = max(phase ?? 0, 0) % period
        if startsAtZero { trellis.startAtZero() }
    }

    /// Takes soft symbols.
    ///
    /// - Parameters:
    ///   - symbols: Positive for a one, the magnitude says how sure, zero is an erasure.
    ///   - body: Called with decoded octets.
    public mutating func push(soft symbols: Span<Int8>, _ body: (Span<UInt8>) -> Void) {
        var next = skip(of: symbols.count)
        while next < symbols.count {
            let piece = symbols.extracting(next..<min(symbols.count, next + waiting.count - waitingCount))
            let start = waitingCount
            waitingCount += piece.count
            next += piece.count
            var target = waiting.mutableSpan
            for index in 0..<piece.count { target[start + index] = UInt8(bitPattern: piece[index]) }
            decodeFullBlock(body)
        }
    }

    /// Takes soft symbols as they stand in a stream of octets.
    ///
    /// - Parameters:
    ///   - octets: A symbol each, as a two's complement.
    ///   - body: Called with decoded octets.
    public mutating func push(soft octets: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var next = skip(of: octets.count)
        while next < octets.count {
            let piece = octets.extracting(next..<min(octets.count, next + waiting.count - waitingCount))
            let start = waitingCount
            waitingCount += piece.count
            next += piece.count
            var target = waiting.mutableSpan
            for index in 0..<piece.count { target[start + index] = piece[index] }
            decodeFullBlock(body)
        }
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
        // The buffer steps aside, so that it and the rest can change together.
        var soft: [UInt8] = []
        swap(&soft, &unpacked)
        defer { swap(&soft, &unpacked) }
        if soft.isEmpty { soft = [UInt8](repeating: 0, count: Self.unpackedLength) }
        let all = min(max(symbolCount, 0), 8 * octets.count)
        for first in stride(from: 0, to: all, by: Self.unpackedLength) {
            let count = min(all - first, Self.unpackedLength)
            let piece = octets.extracting(first / 8..<(first + count + 7) / 8)
            var target = soft.mutableSpan
            for index in 0..<piece.count {
                let octet = piece[index]
                for bit in 0..<8 {
                    target[8 * index + bit] = octet << UInt8(bit) & 0x80 != 0 ? 64 : 192
                }
            }
            push(soft: soft.span.extracting(0..<count), body)
        }
    }

    /// Ends the stream.
    ///
    /// - Parameter body: Called with the last octets; the bits behind ``bitCount`` in the last one are zero.
    public mutating func finish(_ body: (Span<UInt8>) -> Void) {
        var isWhole = true
        while isWhole { isWhole = decodeBlock() }
        emit(body)
    }

    /// Passes over symbols that belong to no period, and says how many.
    private mutating func skip(of count: Int) -> Int {
        let skipped = min(toSkip, count)
        toSkip -= skipped
        return skipped
    }

    private mutating func decodeFullBlock(_ body: (Span<UInt8>) -> Void) {
        guard waitingCount == waiting.count else { return }
        decodeBlock()
        emit(body)
    }

    private mutating func emit(_ body: (Span<UInt8>) -> Void) {
        guard !output.isEmpty else { return }
        body(output.span)
        output.removeAll(keepingCapacity: true)
    }

    /// Decodes a block of the symbols that wait, or all of them if they are fewer, which ends the stream.
    ///
    /// - Returns: Whether it was a whole block.
    @discardableResult
    private mutating func decodeBlock() -> Bool {
        if !isLocked { findStart() }
        let before = trellis
        var block = advance()
        if trellis.total - before.total > block.known * limit / 1000, findStart() > 0 {
            slips += 1
            trellis = before
            block = advance()
        }
        drop(min(blockSymbols, waitingCount))
        let count = output.count
        if block.bits == Self.blockBits {
            paths.trace(from: block.ends, into: &output)
            bitCount += Int64(8 * (output.count - count))
        } else {
            bitCount += Int64(8 * paths.history + block.bits)
            paths.trace(octets: (block.bits + 7) / 8, from: trellis.best, into: &output)
            let unused = UInt8(truncatingIfNeeded: -bitCount & 7)
            if unused > 0, let last = output.popLast() { output.append(last & 0xFF << unused) }
        }
        return block.bits == Self.blockBits
    }

    /// Moves the trellis on by a block.
    private mutating func advance() -> (bits: Int, known: Int, ends: SurvivorPaths.Ends) {
        let block = symbols.fill(waiting, 0..<min(blockSymbols, waitingCount))
        if block.bits == Self.blockBits {
            return (block.bits, block.known, paths.advance(symbols, &trellis))
        }
        paths.advance(symbols, octets: 0..<(block.bits + 7) / 8, &trellis)
        return (block.bits, block.known, SurvivorPaths.Ends(repeating: 0))
    }

    /// Drops the symbols before the cheapest start.
    ///
    /// - Returns: How many were dropped.
    @discardableResult
    private mutating func findStart() -> Int {
        var least = Int.max
        var sum = 0
        var best = 0
        for start in 0..<period {
            let last = min(waitingCount, start + blockSymbols)
            let block = symbols.fill(waiting, min(start, last)..<last)
            var trial = fresh
            trialPaths.advance(symbols, octets: 0..<(block.bits + 7) / 8, &trial)
            let cost = trial.total * 1000 / max(block.known, 1)
            sum += cost
            if cost < least { (least, best) = (cost, start) }
        }
        isLocked = true
        // Halfway between the right start and the wrong ones.
        limit = max((least + (sum - least) / (period - 1)) / 2, 1)
        drop(min(best, waitingCount))
        return best
    }

    /// Drops the first of the symbols that wait.
    private mutating func drop(_ count: Int) {
        let kept = waitingCount - count
        waitingCount = kept
        var span = waiting.mutableSpan
        for index in 0..<kept { span[index] = span[count + index] }
    }
}

/// A block of channel symbols as the trellis takes them: in levels, C1 and C2 of each bit, what was not sent unknown.
struct TrellisSymbols: Sendable {
    /// The levels from 0, surely a zero, to 14, surely a one; C1 and C2 in turn.
    private(set) var levels: [UInt8]

    /// Where the symbols of a period go, as in ``ConvolutionalCode/sentSymbols``.
    private let sent: [Int]
    private let bitsPerPeriod: Int
    private let invertC2: Bool
    /// Whether every symbol has its place as it comes.
    private let isPlain: Bool
    /// The levels of the symbols that came, before they are put in their places.
    private var unplaced: [UInt8]

    /// Makes room for a block.
    init(_ code: ConvolutionalCode, bits: Int) {
        sent = code.sentSymbols
        bitsPerPeriod = code.bitsPerPeriod
        invertC2 = code.invertC2
        isPlain = sent == [0, 1]
        levels = [UInt8](repeating: Trellis.unknown, count: 2 * bits)
        unplaced = isPlain ? [] : levels
    }

    /// Takes a block of symbols from the first of a period on.
    ///
    /// - Parameters:
    ///   - octets: Symbols, as two's complements.
    ///   - range: Those of them that make the bits of the block, or fewer.
    /// - Returns: The bits they belong to, behind which all is unknown, and how many are no erasures.
    mutating func fill(_ octets: [UInt8], _ range: Range<Int>) -> (bits: Int, known: Int) {
        let symbols = octets.span.extracting(range)
        let (sum, known) = Self.magnitude(of: symbols)
        let bounds = Self.bounds(mean: sum, of: known)
        let rest = (sent.prefix(range.count % sent.count).max() ?? -2) / 2 + 1
        let bits = range.count / sent.count * bitsPerPeriod + rest
        if 2 * bits < levels.count { forget() }
        if isPlain {
            let oddLanes = Lanes(0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255)
            Self.slice(symbols, bounds, inverting: invertC2 ? oddLanes : .zero, into: &levels)
        } else {
            Self.slice(symbols, bounds, inverting: .zero, into: &unplaced)
            for place in sent.indices { put(place, of: range.count) }
        }
        return (bits, known)
    }

    /// Makes all unknown.
    private mutating func forget() {
        for index in levels.indices { levels[index] = Trellis.unknown }
    }

    /// Puts those symbols in their places that have one place in a period.
    private mutating func put(_ place: Int, of count: Int) {
        let (from, to) = (sent.count, 2 * bitsPerPeriod)
        let source = unplaced
        let symbols = source.span
        let isInverted = invertC2 && sent[place] & 1 == 1
        var target = sent[place]
        var span = levels.mutableSpan
        let mask: UInt8 = isInverted ? 255 : 0
        for period in 0..<max(0, (count - place + from - 1) / from) {
            span[target] = (symbols[period * from + place] ^ mask) &+ (mask & 15)
            target += to
        }
    }

    /// The sum of all magnitudes, and how many are not zero, of 4,080 symbols or fewer.
    private static func magnitude(of symbols: Span<UInt8>) -> (sum: Int, known: Int) {
        var low = SIMD8<UInt16>.zero
        var high = SIMD8<UInt16>.zero
        var zeros = Lanes.zero
        let count = (symbols.count + 15) / 16
        for index in 0..<count {
            let lanes = sixteen(symbols, at: 16 * index)
            // The lesser of a number and its negative, as numbers without a sign, is the magnitude.
            let magnitude = lanes.lesser(.zero &- lanes)
            low = low &+ SIMD8<UInt16>(truncatingIfNeeded: magnitude.lowHalf)
            high = high &+ SIMD8<UInt16>(truncatingIfNeeded: magnitude.highHalf)
            zeros = zeros &- Lanes.zero.replacing(with: 255, where: lanes .== Lanes.zero)
        }
        var sum = 0
        var known = 16 * count
        for lane in 0..<8 { sum += Int(low[lane]) + Int(high[lane]) }
        for lane in 0..<16 { known -= Int(zeros[lane]) }
        return (sum, known)
    }

    /// The greatest symbol below each level but the lowest, so that four of seven steps are the mean magnitude.
    private static func bounds(mean sum: Int, of known: Int) -> InlineArray<14, Int8> {
        var bounds = InlineArray<14, Int8>(repeating: 127)
        let factor = sum == 0 ? 0 : (4 << 16) * known / sum
        for step in 1...7 {
            // The least magnitude that makes so many steps, rounded to the nearest.
            let least = factor == 0 ? 128 : min(((step << 16) - 1 << 15 + factor - 1) / factor, 129)
            bounds[6 + step] = Int8(min(least - 1, 127))
            bounds[7 - step] = Int8(-min(least, 128))
        }
        return bounds
    }

    /// Counts for each symbol the bounds that it is above.
    private static func slice(
        _ symbols: Span<UInt8>,
        _ bounds: InlineArray<14, Int8>,
        inverting mask: Lanes,
        into levels: inout [UInt8]
    ) {
        // Where the mask is set: 14 - level, which is the level's complement plus 15.
        let offset = mask & 15
        var target = levels.mutableSpan
        for index in 0..<(symbols.count + 15) / 16 {
            let lanes = sixteen(symbols, at: 16 * index)
            let lowest = Lanes.zero.replacing(with: 255, where: lanes .== Lanes(repeating: 128))
            let symbol = SIMD16<Int8>(truncatingIfNeeded: lanes &- lowest)
            var level = Lanes.zero
            for index in 0..<14 {
                let bound = SIMD16<Int8>(repeating: bounds[index])
                level = level &- Lanes.zero.replacing(with: 255, where: symbol .> bound)
            }
            let inverted = (level ^ mask) &+ offset
            inverted.store(in: &target, at: 16 * index)
        }
    }

    /// Sixteen symbols; zeros fill up the last ones.
    @inline(__always)
    private static func sixteen(_ symbols: Span<UInt8>, at place: Int) -> Lanes {
        place + 16 <= symbols.count ? Lanes(symbols, at: place) : last(symbols, from: place)
    }

    @inline(never)
    private static func last(_ symbols: Span<UInt8>, from place: Int) -> Lanes {
        var last = Lanes.zero
        for index in place..<symbols.count { last[index - place] = symbols[index] }
        return last
    }
}

/// The checks of one block row at work: what they hear from their bits, and what they answer.
///
/// A check answers each of its bits with the parity of all others, as sure as the least sure of them, less a quarter.
struct MinimumSumRow: Sendable {
    private let size: Int
    /// One number for each check, five times and more: the least magnitude heard, the second least, the parity of what
    /// was heard, that of the bits as they stand (both negative if odd), and what each bit said.
    private var work: [Int16]

    init(size: Int, weight: Int) {
        self.size = size
        work = [Int16](repeating: 0, count: size * (4 + weight))
    }

    mutating func begin() {
        let size = self.size
        var work = self.work.mutableSpan
        for index in 0..<2 * size { work[index] = .max }
        for index in 2 * size..<4 * size { work[index] = 0 }
    }

    /// Whether all checks held as the bits stood when they were heard.
    var holds: Bool {
        let work = self.work.span
        var sum: Int16 = 0
        for index in 3 * size..<4 * size { sum |= work[index] }
        return sum >= 0
    }

    /// Hears the bits of a circulant.
    mutating func collect(
        _ number: Int,
        _ circulant: ParityMatrix.Circulant,
        beliefs: Span<Int16>,
        messages: Span<Int16>,
        from first: Int
    ) {
        let start = circulant.column * size
        let wrap = size - circulant.shift
        let bits = beliefs.extracting(start..<start + size)
        let said = messages.extracting(first..<first + size)
        let tail = bits.extracting(circulant.shift..<size)
        let head = bits.extracting(0..<circulant.shift)
        collect(number, tail, said, 0..<wrap)
        collect(number, head, said, wrap..<size)
    }

    private mutating func collect(_ number: Int, _ bits: Span<Int16>, _ said: Span<Int16>, _ rows: Range<Int>) {
        let (second, parity, standing) = (size, 2 &* size, 3 &* size)
        let heard = (4 &+ number) &* size
        var work = self.work.mutableSpan
        let start = rows.lowerBound
        for row in rows {
            let belief = bits[row &- start]
            let value = belief &- said[row]
            work[heard &+ row] = value
            work[standing &+ row] ^= belief
            work[parity &+ row] ^= value
            let magnitude = max(value, 0 &- value)
            let smallest = work[row]
            work[second &+ row] = min(work[second &+ row], max(smallest, magnitude))
            work[row] = min(smallest, magnitude)
        }
    }

    /// Answers the bits of a circulant.
    ///
    /// - Returns: Whether a bit changed.
    func answer(
        _ number: Int,
        _ circulant: ParityMatrix.Circulant,
        beliefs: inout MutableSpan<Int16>,
        messages: inout MutableSpan<Int16>,
        from first: Int
    ) -> Bool {
        let start = circulant.column * size
        let wrap = size - circulant.shift
        let tail = answer(number, 0..<wrap, &beliefs, start + circulant.shift, &messages, first)
        let head = answer(number, wrap..<size, &beliefs, start - wrap, &messages, first)
        return tail || head
    }

    /// Answers the bits of some rows; bit `offset` + row is the one of a row.
    private func answer(
        _ number: Int,
        _ rows: Range<Int>,
        _ beliefs: inout MutableSpan<Int16>,
        _ offset: Int,
        _ messages: inout MutableSpan<Int16>,
        _ first: Int
    ) -> Bool {
        let work = self.work.span
        let least = work.extracting(0..<size)
        let secondLeast = work.extracting(size..<2 * size)
        let parity = work.extracting(2 * size..<3 * size)
        let heard = work.extracting((4 + number) * size..<(5 + number) * size)
        var changes: Int16 = 0
        for row in rows {
            let value = heard[row]
            let magnitude = max(value, 0 &- value)
            let other = magnitude == least[row] ? secondLeast[row] : least[row]
            let sure = min(other &- other >> 2, LowDensityParityCheck.Decoder.largestMessage)
            let answer = parity[row] ^ value < 0 ? 0 &- sure : sure
            let before = beliefs[offset &+ row]
            // Two rows of a circulant pair may meet in a bit, so the difference is added.
            let after = before &+ answer &- messages[first &+ row]
            messages[first &+ row] = answer
            beliefs[offset &+ row] = after
            changes |= before ^ after
        }
        return changes < 0
    }
}

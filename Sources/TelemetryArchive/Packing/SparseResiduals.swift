/// Residuals of which most are zero: a bit for each, and planes of the others alone.
struct SparseResiduals {
    /// One residual in so many must be zero before it is tried.
    private static let leastShare = 4
    /// What one run of zeros costs where zlib looks for runs.
    private static let runCost = 9 * Entropy.bit
    /// Shorter runs are no runs to zlib.
    private static let leastRun = 4

    /// The bits, then the planes of residuals that are not zero, least significant octets first.
    let planes: [[UInt8]]
    /// How many residuals are not zero.
    let filled: Int
    private let count: Int

    init(_ residuals: Span<UInt64>, width: Int) {
        count = residuals.count
        var bits = [UInt8](repeating: 0, count: (residuals.count + 7) / 8)
        var kept = [UInt64](repeating: 0, count: residuals.count)
        var filled = 0
        for index in residuals.indices {
            // Without a branch, which would often be guessed wrong: what is not kept is written over.
            kept[filled] = residuals[index]
            let bit: UInt8 = residuals[index] != 0 ? 1 : 0
            bits[index / 8] |= bit &<< UInt8(index % 8)
            filled += Int(bit)
        }
        planes = [bits] + (0..<width).map { Field.plane($0, of: kept.span.extracting(0..<filled)) }
        self.filled = filled
    }

    /// Whether they will cost less than plain planes.
    ///
    /// - Parameters:
    ///   - plain: The planes of all residuals.
    ///   - trial: Tries what zlib makes of the bits, which may repeat where their frequencies do not tell.
    /// - Returns: Whether they will.
    /// - Throws: `.zlib` if it fails.
    func isCheaper(than plain: [[UInt8]], _ trial: inout Deflater) throws(ArchiveError) -> Bool {
        guard (count - filled) * SparseResiduals.leastShare > count, filled > 0 else { return false }
        let dense = planes.dropFirst().reduce(0) { $0 + Histogram($1).cost }
        let usual = plain.reduce(0) { $0 + SparseResiduals.cost($1) }
        guard dense < usual else { return false }
        let map = planes[0]
        var deflated: [UInt8] = []
        try trial.compress(map.span, into: &deflated)
        let bits = min(Histogram(map).cost, deflated.count * 8 * Entropy.bit)
        return dense + bits + 16 * 8 * Entropy.bit < usual
    }

    /// What a plane costs with a Huffman code, where every octet takes a bit at least, or with runs of zeros.
    private static func cost(_ plane: [UInt8]) -> Int {
        let histogram = Histogram(plane)
        guard histogram.symbols.count > 1 else { return 0 }
        let plainly = max(histogram.cost, plane.count * Entropy.bit)
        var runs = 0
        var run = 0
        var saved = 0
        for octet in plane {
            run = octet == 0 ? run + 1 : 0
            if run == leastRun {
                runs += 1
                saved += leastRun
            } else if run > leastRun {
                saved += 1
            }
        }
        let others = histogram.symbols.filter { $0 != 0 }.map { histogram.counts[Int($0)] }
        let symbols = others + [histogram.counts[0] - saved, runs]
        let total = symbols.reduce(0, +)
        let inRuns = symbols.reduce(Entropy.weight(total)) { $0 - Entropy.weight($1) } + runs * runCost / 2
        return min(plainly, inRuns)
    }
}

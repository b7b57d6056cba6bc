/// Cuts an input every way that matters and compares what a stage makes of it.
///
/// A stage must give the same values and the same ledger for the same octets, however they arrive: whole, one by
/// one, cut at and beside every boundary of interest, and at random.
public enum ChunkingVerifier {
    /// Runs a stage once for each cut and names the cuts whose result differs from that of the whole input.
    ///
    /// - Parameters:
    ///   - count: The octets of the input.
    ///   - boundaries: Octets before which a cut is of interest: the starts of frames, the ends of headers.
    ///   - seed: Of the random cuts.
    ///   - randomCuts: How many random cuts are tried.
    ///   - oneByOneLimit: The longest input that is also given octet by octet.
    ///   - run: Feeds a fresh stage with the octets of each range in turn, ends it, and returns all that it
    ///     gave: values and ledger.
    /// - Returns: A line for each cut with another result; empty if all agree.
    /// - Throws: What the stage throws.
    public static func differences<Result: Equatable>(
        count: Int,
        boundaries: [Int] = [],
        seed: UInt64 = 1,
        randomCuts: Int = 8,
        oneByOneLimit: Int = 20_000,
        run: ([Range<Int>]) throws -> Result
    ) rethrows -> [String] {
        let whole = try run([0..<count])
        return try cuts(
            count: count,
            boundaries: boundaries,
            seed: seed,
            randomCuts: randomCuts,
            oneByOneLimit: oneByOneLimit
        ).compactMap { cut in
            try run(cut.pieces) == whole ? nil : cut.name
        }
    }

    /// A way to cut an input.
    public struct Cut: Sendable {
        /// What it is, with all that is needed to repeat it.
        public let name: String
        /// The pieces in order; some may be empty.
        public let pieces: [Range<Int>]
    }

    /// All cuts that are tried.
    ///
    /// - Parameters:
    ///   - count: The octets of the input.
    ///   - boundaries: Octets before which a cut is of interest.
    ///   - seed: Of the random cuts.
    ///   - randomCuts: How many random cuts there are.
    ///   - oneByOneLimit: The longest input that is also cut octet by octet.
    /// - Returns: The cuts, each with its name.
    public static func cuts(
        count: Int,
        boundaries: [Int],
        seed: UInt64,
        randomCuts: Int,
        oneByOneLimit: Int
    ) -> [Cut] {
        var cuts: [Cut] = []
        if count <= oneByOneLimit {
            cuts.append(Cut(name: "one by one", pieces: pieces(count, at: Array(0..<count))))
        }
        cuts.append(Cut(name: "an empty piece between halves", pieces: pieces(count, at: [count / 2, count / 2])))
        for shift in [-1, 0, 1] where !boundaries.isEmpty {
            let places = boundaries.map { $0 + shift }
            cuts.append(Cut(name: "at all boundaries \(shift)", pieces: pieces(count, at: places)))
        }
        for boundary in boundaries.prefix(64) {
            for shift in [-1, 0, 1] {
                cuts.append(Cut(name: "at \(boundary + shift) only", pieces: pieces(count, at: [boundary + shift])))
            }
        }
        for number in 0..<randomCuts {
            var generator = SeededGenerator(seed: seed &+ UInt64(number))
            // Short, middling and long pieces take turns.
            let longest = [3, 100, 5_000][number % 3]
            var places: [Int] = []
            var place = 0
            while place < count {
                place += Int.random(in: 0...longest, using: &generator)
                places.append(place)
            }
            cuts.append(Cut(name: "at random, seed \(seed &+ UInt64(number))", pieces: pieces(count, at: places)))
        }
        return cuts
    }

    private static func pieces(_ count: Int, at places: [Int]) -> [Range<Int>] {
        let ends = places.map { min(max($0, 0), count) }.sorted() + [count]
        return zip([0] + ends.dropLast(), ends).map { $0..<$1 }
    }
}

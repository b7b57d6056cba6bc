/// Runs of octets of one kind each, from which a packed chunk is made: those that look alike share a deflate block.
struct PlaneStore {
    /// What a plane holds.
    enum Kind: Hashable {
        /// Rows as they are, in which zlib shall look for what repeats.
        case text
        /// The order of elements.
        case order
        /// Octets of residuals of one group, or of all that are small: number 0.
        case residuals(Int)
    }

    private(set) var planes: [[UInt8]] = []
    private(set) var kinds: [Kind] = []

    mutating func add(_ plane: [UInt8], _ kind: Kind) {
        planes.append(plane)
        kinds.append(kind)
    }
}

/// Which planes share a Huffman table, and lie in one piece of the deflate stream.
///
/// Text comes first, then the order; a large group has pieces of its own, so that it can be read alone.
struct PlaneClusters {
    /// Clusters that are made at most of one kind.
    private static let kindLimit = 24
    /// Clusters that are made at most.
    private static let limit = 240

    /// For each plane 0 if it is all zeros, which are not written, or its cluster from 1 on.
    private(set) var numbers: [UInt8] = []
    private(set) var count = 0
    /// Whether the first cluster is of text.
    let haveText: Bool

    init(_ store: PlaneStore) {
        numbers = [UInt8](repeating: 0, count: store.planes.count)
        let filled = store.planes.indices.filter { store.planes[$0].contains { $0 != 0 } }
        let kinds = Dictionary(grouping: filled) { store.kinds[$0] }
        let texts = kinds[.text] ?? []
        haveText = !texts.isEmpty
        if haveText {
            count = 1
            for plane in texts { numbers[plane] = 1 }
        }
        add(kinds[.order] ?? [], store)
        for number in 0...store.planes.count {
            if let members = kinds[.residuals(number)] { add(members, store) }
        }
    }

    /// Clusters planes of one kind.
    private mutating func add(_ members: [Int], _ store: PlaneStore) {
        // The dearest first, so that they make the clusters and the small ones join.
        let planes = members.map { plane in
            let histogram = Histogram(store.planes[plane])
            return (plane: plane, histogram: histogram, cost: histogram.cost)
        }
        var clusters: [Histogram] = []
        for (plane, histogram, cost) in planes.sorted(by: { ($1.cost, $0.plane) < ($0.cost, $1.plane) }) {
            let isRoom = clusters.count < PlaneClusters.kindLimit && count + clusters.count < PlaneClusters.limit
            let own = isRoom || clusters.isEmpty ? cost + histogram.tableCost : Int.max
            var best = (cost: own, cluster: clusters.count)
            for (index, cluster) in clusters.enumerated() {
                let cost = histogram.costOfJoining(cluster)
                if cost < best.cost { best = (cost, index) }
            }
            if best.cluster == clusters.count { clusters.append(Histogram()) }
            clusters[best.cluster].add(histogram)
            numbers[plane] = UInt8(count + best.cluster + 1)
        }
        count += clusters.count
    }
}

/// Deflates pieces that follow one another in one stream, each in the way that suits it.
struct PieceDeflater: ~Copyable {
    /// How much of a long piece is tried in each way.
    private static let trialSize = 4 << 10
    /// Looking far back for matches is several times slower than runs: it must save a part in so many.
    private static let leastGain = 64
    /// A code alone must save one part in so many before anything is looked for further back.
    private static let noiseShare = 8
    /// Pieces in which it costs little to look anyway.
    private static let smallPiece = 32 << 10

    /// A way to deflate residuals.
    private enum Way {
        case filtered
        case runs
        case huffman
    }

    private var usual: Deflater
    private var filtered: Deflater
    private var runs: Deflater
    private var huffman: Deflater

    init(level: Int) {
        usual = Deflater(level: level)
        filtered = Deflater(level: level, strategy: .filtered)
        runs = Deflater(level: level, strategy: .runs)
        huffman = Deflater(level: level, strategy: .huffmanOnly)
    }

    /// Appends a piece in which things repeat; it ends with a full flush.
    mutating func append(text piece: Span<UInt8>, to output: inout [UInt8]) throws(ArchiveError) {
        try usual.compressPiece(piece, into: &output)
    }

    /// Appends a piece of residuals that ends with a full flush.
    mutating func append(planes piece: Span<UInt8>, to output: inout [UInt8]) throws(ArchiveError) {
        let size = min(piece.count, PieceDeflater.trialSize)
        let middle = (piece.count - size) / 2
        let trial = piece.extracting(middle..<(middle + size))
        var best = try deflated(trial, .runs)
        var winner = Way.runs
        let alone = try deflated(trial, .huffman)
        if alone.count < best.count { (best, winner) = (alone, .huffman) }
        // Where a code alone gains little, octets are noise, in which little is to be found further back.
        let isNoise = best.count * PieceDeflater.noiseShare >= size * (PieceDeflater.noiseShare - 1)
        if !isNoise || piece.count <= PieceDeflater.smallPiece {
            let matched = try deflated(trial, .filtered)
            let limit = best.count - best.count / PieceDeflater.leastGain
            if matched.count < limit { (best, winner) = (matched, .filtered) }
        }
        guard size < piece.count else { return output.append(contentsOf: best) }
        try deflate(piece, winner, &output)
    }

    /// What a piece comes to.
    private mutating func deflated(_ piece: Span<UInt8>, _ way: Way) throws(ArchiveError) -> [UInt8] {
        var deflated: [UInt8] = []
        try deflate(piece, way, &deflated)
        return deflated
    }

    private mutating func deflate(_ piece: Span<UInt8>, _ way: Way, _ output: inout [UInt8]) throws(ArchiveError) {
        switch way {
        case .filtered: try filtered.compressPiece(piece, into: &output)
        case .runs: try runs.compressPiece(piece, into: &output)
        case .huffman: try huffman.compressPiece(piece, into: &output)
        }
    }
}

/// Runs of octets of one kind each, from which a packed chunk is made: those that look alike share a deflate block.
struct PlaneStore {
    private(set) var planes: [[UInt8]] = []
    /// Whether a plane has rows as they are, in which zlib shall look for what repeats.
    private(set) var isText: [Bool] = []

    mutating func add(_ plane: [UInt8], isText: Bool = false) {
        planes.append(plane)
        self.isText.append(isText)
    }
}

/// Which planes share a Huffman table.
struct PlaneClusters {
    /// Clusters that are made at most.
    private static let limit = 24

    /// For each plane 0 if it is all zeros, which are not written, or its cluster from 1 on.
    private(set) var numbers: [UInt8] = []
    private(set) var count = 0
    /// Whether the first cluster is of text.
    let haveText: Bool

    init(_ store: PlaneStore) {
        let planes = store.planes
        numbers = [UInt8](repeating: 0, count: planes.count)
        // The dearest first, so that they make the clusters and the small ones join.
        let filled = planes.indices.filter { planes[$0].contains { $0 != 0 } }
        let texts = filled.filter { store.isText[$0] }
        for plane in texts { numbers[plane] = 1 }
        haveText = !texts.isEmpty
        let first = haveText ? 2 : 1
        let order = filled.filter { !store.isText[$0] }
            .map { ($0, Histogram(planes[$0]).cost) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
        var clusters: [Histogram] = []
        for plane in order {
            let histogram = Histogram(planes[plane])
            let own = histogram.cost + histogram.tableCost
            var best = (cost: clusters.count < PlaneClusters.limit ? own : Int.max, cluster: clusters.count)
            for (index, cluster) in clusters.enumerated() {
                let cost = histogram.costOfJoining(cluster)
                if cost < best.cost { best = (cost, index) }
            }
            if best.cluster == clusters.count { clusters.append(Histogram()) }
            clusters[best.cluster].add(histogram)
            numbers[plane] = UInt8(best.cluster + first)
        }
        count = clusters.count + first - 1
    }
}

/// Deflates pieces that follow one another in one stream, each in the way that suits it.
struct PieceDeflater: ~Copyable {
    /// How much of a long piece is tried in each way.
    private static let trialSize = 8 << 10
    /// Looking far back for matches is several times slower than runs: it must save a part in so many.
    private static let leastGain = 64

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
        var sizes: [Int] = []
        for way in 0..<3 {
            var deflated: [UInt8] = []
            try deflate(trial, way, &deflated)
            sizes.append(deflated.count)
        }
        let best = min(sizes[1], sizes[2])
        let winner = sizes[0] < best - best / PieceDeflater.leastGain ? 0 : sizes[1] <= sizes[2] ? 1 : 2
        try deflate(piece, winner, &output)
    }

    private mutating func deflate(_ piece: Span<UInt8>, _ way: Int, _ output: inout [UInt8]) throws(ArchiveError) {
        switch way {
        case 0: try filtered.compressPiece(piece, into: &output)
        case 1: try runs.compressPiece(piece, into: &output)
        default: try huffman.compressPiece(piece, into: &output)
        }
    }
}

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

    init(_ store: PlaneStore) {
        let planes = store.planes
        numbers = [UInt8](repeating: 0, count: planes.count)
        // The dearest first, so that they make the clusters and the small ones join.
        let filled = planes.indices.filter { planes[$0].contains { $0 != 0 } }
        let texts = filled.filter { store.isText[$0] }
        for plane in texts { numbers[plane] = 1 }
        let first = texts.isEmpty ? 1 : 2
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
    private static let trialSize = 32 << 10

    private var usual: Deflater
    private var filtered: Deflater
    private var huffman: Deflater

    init(level: Int) {
        usual = Deflater(level: level)
        filtered = Deflater(level: level, strategy: .filtered)
        huffman = Deflater(level: level, strategy: .huffmanOnly)
    }

    /// Appends a piece that ends with a full flush.
    mutating func append(_ piece: Span<UInt8>, to output: inout [UInt8]) throws(ArchiveError) {
        let trial = piece.extracting(first: min(piece.count, PieceDeflater.trialSize))
        var best: [UInt8] = []
        var winner = 0
        for way in 0..<3 {
            var deflated: [UInt8] = []
            try deflate(trial, way, &deflated)
            if way == 0 || deflated.count < best.count {
                best = deflated
                winner = way
            }
        }
        if trial.count < piece.count {
            best = []
            try deflate(piece, winner, &best)
        }
        output.append(contentsOf: best)
    }

    private mutating func deflate(_ piece: Span<UInt8>, _ way: Int, _ output: inout [UInt8]) throws(ArchiveError) {
        switch way {
        case 0: try usual.compressPiece(piece, into: &output)
        case 1: try filtered.compressPiece(piece, into: &output)
        default: try huffman.compressPiece(piece, into: &output)
        }
    }
}

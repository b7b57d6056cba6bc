/// Packs whole chunks, one after the other, and checks each by unpacking it.
struct ChunkPacker: ~Copyable {
    private var deflater: PieceDeflater
    private var layouts = LayoutMemory()

    init(level: Int) { deflater = PieceDeflater(level: level) }

    /// Packs a chunk.
    ///
    /// - Parameters:
    ///   - octets: Those of all units.
    ///   - lengths: Octets of each unit.
    ///   - arePackets: Whether the units are packets, or frames.
    /// - Returns: The packed chunk, or `nil` if it would not give the units back.
    /// - Throws: `.zlib` if it fails.
    mutating func pack(
        _ octets: [UInt8],
        lengths: [Int],
        arePackets: Bool
    ) throws(ArchiveError) -> PackedOctets? {
        var packer = SequencePacker(layouts: layouts, isReadInParts: octets.count >= PieceTable.leastChunk)
        layouts = LayoutMemory()  // one owner at a time, so that nothing is copied
        let plan =
            arePackets
            ? try packer.packPackets(octets, lengths: lengths) : try packer.packFrames(octets, lengths: lengths)
        layouts = packer.layouts
        var store = packer.store
        store.add(packer.heads, .text)
        let (head, clusters) = encode(plan, store)
        guard head.count <= PackedPayload.headLimit else { return nil }
        let packed = try assemble(head, clusters, store.planes)
        guard PackedPayload.isPossible(packed.payload.count, rawSize: octets.count),
            let back = try? PackedPayload.unpack(packed.payload, rawSize: octets.count), back.isSame(as: octets)
        else { return nil }
        return packed
    }

    private func encode(_ plan: SequencePlan, _ store: PlaneStore) -> (head: [UInt8], clusters: PlaneClusters) {
        let clusters = PlaneClusters(store)
        var writer = OctetWriter()
        writer.put(PackedPayload.version)
        writer.put(UInt8(clusters.count))
        plan.encode(into: &writer)
        writer.put(octets: clusters.numbers)
        return (writer.octets, clusters)
    }

    private mutating func assemble(
        _ head: [UInt8],
        _ clusters: PlaneClusters,
        _ planes: [[UInt8]]
    ) throws(ArchiveError) -> PackedOctets {
        var length = OctetWriter()
        length.put(UInt32(head.count))
        var payload = length.octets + head
        var deflate: [UInt8] = []
        try deflater.append(text: payload.span, to: &deflate)
        var pieces = [deflate.count]
        for cluster in 0..<clusters.count {
            let start = payload.count
            let before = deflate.count
            for (plane, number) in clusters.numbers.enumerated() where Int(number) == cluster + 1 {
                payload.append(contentsOf: planes[plane])
            }
            let piece = payload.span.extracting(start..<payload.count)
            if clusters.haveText, cluster == 0 {
                try deflater.append(text: piece, to: &deflate)
            } else {
                try deflater.append(planes: piece, to: &deflate)
            }
            pieces.append(deflate.count - before)
        }
        deflate.append(contentsOf: Member.emptyDeflate)
        return PackedOctets(deflate: deflate, payload: payload, pieces: PieceTable(sizes: pieces))
    }
}

/// A chunk in its packed form.
struct PackedOctets: Sendable {
    /// The deflate stream.
    var deflate: [UInt8]
    /// What it inflates to.
    var payload: [UInt8]
    /// The pieces of the stream that can be inflated alone.
    var pieces: PieceTable
}

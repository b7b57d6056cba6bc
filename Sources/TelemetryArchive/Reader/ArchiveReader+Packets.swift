public import SpaceLink

extension ArchiveReader {
    /// Visits packets in the order in which they became complete, as a decode of the whole gives them.
    ///
    /// An archive of packets gives what it keeps. From an archive of frames they are rebuilt: the index tells which
    /// chunks can hold wanted packets and from which frame on those can be rebuilt; only these chunks are read.
    ///
    /// - Parameters:
    ///   - selection: Which packets.
    ///   - link: The link description of the metadata; needed for an archive of frames. Its coding is not used, because
    ///     frames are kept decoded.
    ///   - onboardTime: Tells the time of a packet rebuilt from frames, as it was told when the archive was written.
    ///   - onDamage: Called for each chunk that is damaged, which is then left out. Without it the damage is thrown.
    ///   - body: Takes each packet and its octets.
    /// - Throws: `.link` if the description does not fit, `.damaged`, or a failure of the source.
    public func forEachPacket(
        _ selection: ArchiveSelection = ArchiveSelection(),
        link: LinkDescription?,
        onboardTime: (PacketRecord, Span<UInt8>) -> TAITime? = { _, _ in nil },
        onDamage: ((ArchiveDamage) -> Void)? = nil,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) {
        guard metadata.content == .frames else { return try forEachUnit(selection, onDamage: onDamage, body) }
        var visit = try ArchiveVisit(ofPacketsIn: self, selection, link: link)
        while let index = visit.next() {
            let reading = try read(index, for: selection)
            if try visit.take(reading, onboardTime: onboardTime, onDamage: onDamage, body) == .stop { return }
        }
    }

    /// Which chunks are decoded in one go, and from which frame on.
    func runs(for selection: ArchiveSelection) -> [ChunkRun] {
        var runs: [ChunkRun] = []
        // A writer that was told of no packet at all says nothing of them: they may be anywhere.
        let isNoted = chunks.contains { $0.keys?.contains { $0.isPackets } ?? false }
        for (index, entry) in chunks.enumerated() where selection.mayMatch(entry) {
            var needed: UInt64 = 0
            if isNoted, let keys = entry.keys {
                let matching = keys.filter { $0.isPackets && selection.mayMatch($0) }
                guard let least = matching.map(\.needed).min() else { continue }
                needed = least
            }
            let first = firstChunk(holding: needed, upTo: index)
            if let last = runs.last, first <= last.chunks.upperBound {
                runs[runs.count - 1].chunks = last.chunks.lowerBound...index
                runs[runs.count - 1].wanted.insert(index)
                if first < last.chunks.lowerBound {
                    runs[runs.count - 1].chunks = first...index
                }
                runs[runs.count - 1].firstOrdinal = min(last.firstOrdinal, Int64(clamping: needed))
            } else {
                runs.append(ChunkRun(firstOrdinal: Int64(clamping: needed), chunks: first...index, wanted: [index]))
            }
        }
        return runs
    }

    /// The chunk with a unit, or the last before it; `index` if it lies behind.
    private func firstChunk(holding ordinal: UInt64, upTo index: Int) -> Int {
        var low = 0
        var high = index
        while low < high {
            let middle = (low + high + 1) / 2
            if chunks[middle].firstOrdinal <= ordinal { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

/// Chunks of frames that are decoded in one go.
struct ChunkRun {
    var firstOrdinal: Int64
    var chunks: ClosedRange<Int>
    /// Those of them in which wanted packets can become complete.
    var wanted: Set<Int>
}

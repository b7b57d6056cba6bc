public import SpaceLink

/// Decoding on several cores.
///
/// One task reads, finds the codeblocks, and takes the decoded ones in their order; the others decode codeblocks, which is
/// most of the work. So the results are those of one task, octet for octet, whatever is wrong with the stream: every
/// decision that depends on what came before is made by one decoder.
extension TelemetryInput {
    /// A batch on its way back from a task.
    private struct Numbered: Sendable {
        var number: Int
        var batch: CodeblockBatch
    }

    /// Enough for a task to be worth it, and little enough to stay near the processor.
    private static let batchSize = 1 << 20

    /// Decodes the whole input on several cores.
    ///
    /// Links without a block code, soft symbols and archives are decoded on one: there is little that could be done apart.
    /// Memory is bounded by `jobs` + 2 batches of about a mebioctet.
    ///
    /// - Parameters:
    ///   - sink: Takes frames, packets, discards and gaps, in order.
    ///   - keepBad: Whether frames that fail their checks are handed on, marked.
    ///   - keepPartial: Whether what a gap leaves of a packet is handed on, marked.
    ///   - jobs: How many tasks decode at a time.
    ///   - after: Called after each piece with the octets read so far and their total, if known.
    /// - Returns: What was in it.
    /// - Throws: `IOFailure`, `ArchiveError`, or what `after` throws.
    public mutating func decode<Sink: LinkSink & ~Copyable>(
        into sink: inout Sink,
        keepBad: Bool = false,
        keepPartial: Bool = false,
        jobs: Int,
        after: (inout Sink, Int64, Int64?) async throws -> Void = { _, _, _ in }
    ) async throws -> LinkSummary {
        var decoder = try LinkDecoder(link, keepBad: keepBad, keepPartial: keepPartial)
        guard jobs > 1, !isArchive, let empty = decoder.makeBatch() else {
            var run = try makeRun(keepBad: keepBad, keepPartial: keepPartial)
            while try step(&run, into: &sink) { try await after(&sink, run.octets, total) }
            try await after(&sink, run.octets, total)
            return run.decoder.summary
        }
        var octets: Int64 = 0
        var spare: [CodeblockBatch] = []
        try await withThrowingTaskGroup(of: Numbered.self) { group in
            var decoded: [Int: CodeblockBatch] = [:]
            var submitted = 0
            var taken = 0
            var isAtEnd = false
            while !isAtEnd || taken < submitted {
                // One batch more than there are tasks, so that none waits for the reader.
                while !isAtEnd, submitted - taken <= jobs {
                    var batch = spare.popLast() ?? empty
                    isAtEnd = try collect(&batch, &decoder, &octets)
                    let next = Numbered(number: submitted, batch: batch)
                    submitted += 1
                    group.addTask {
                        var next = next
                        next.batch.decode()
                        return next
                    }
                }
                if let next = try await group.next() { decoded[next.number] = next.batch }
                while var batch = decoded.removeValue(forKey: taken) {
                    decoder.push(batch, into: &sink)
                    batch.removeAll()
                    spare.append(batch)
                    taken += 1
                    try await after(&sink, octets, total)
                }
            }
        }
        decoder.finish(into: &sink)
        try await after(&sink, octets, total)
        return decoder.summary
    }

    /// Fills a batch.
    ///
    /// - Returns: Whether the input ended.
    private mutating func collect(
        _ batch: inout CodeblockBatch,
        _ decoder: inout LinkDecoder,
        _ octets: inout Int64
    ) throws -> Bool {
        var read = 0
        // Noise holds no codeblocks; progress and interruptions are to be seen all the same.
        while batch.octetCount < Self.batchSize, read < 4 * Self.batchSize {
            let count = try readPiece { decoder.collect($0, into: &batch) }
            guard count > 0 else {
                decoder.collectRest(into: &batch)
                return true
            }
            read += count
            octets += Int64(count)
        }
        return false
    }
}

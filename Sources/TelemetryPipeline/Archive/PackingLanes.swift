import LinkIO
import SpaceLink
public import TelemetryArchive

/// Lanes that pack chunks, each a task of its own.
///
/// Chunks are dealt to the lanes in turn and taken back in turn. So nothing depends on which one is done first, and the
/// same input gives the same archive each time; with another number of lanes another one, because each lane learns from
/// its own chunks only.
struct PackingLanes {
    private struct Lane {
        let jobs: AsyncStream<ChunkJob>.Continuation
        var results: AsyncStream<Result<PackedChunk, any Error>>.Iterator
    }

    private var lanes: [Lane] = []
    private var submitted = 0
    private var taken = 0

    /// Starts the lanes.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - content: What the archive keeps.
    ///   - settings: How it is written.
    ///   - group: Where the tasks live; it ends them if it is cancelled.
    init(
        _ count: Int,
        content: ArchiveContent,
        settings: ArchiveSettings,
        in group: inout ThrowingTaskGroup<Void, any Error>
    ) {
        for _ in 0..<count {
            let jobs = AsyncStream.makeStream(of: ChunkJob.self)
            let results = AsyncStream.makeStream(of: Result<PackedChunk, any Error>.self)
            lanes.append(Lane(jobs: jobs.continuation, results: results.stream.makeAsyncIterator()))
            group.addTask {
                var lane = ChunkLane(content: content, settings: settings)
                for await job in jobs.stream {
                    do throws(ArchiveError) {
                        results.continuation.yield(.success(try lane.pack(job)))
                    } catch {
                        results.continuation.yield(.failure(error))
                        break
                    }
                }
                results.continuation.finish()
            }
        }
    }

    /// Hands on the chunks that became full; waits while one more than there are lanes is under way.
    ///
    /// - Parameter owner: The archive, which takes back what was packed meanwhile.
    /// - Throws: What a lane or the archive throws.
    mutating func turn(_ owner: inout some ChunkOwner & ~Copyable) async throws {
        for job in owner.takeJobs() {
            while submitted - taken > lanes.count { try await takeOne(into: &owner) }
            lanes[submitted % lanes.count].jobs.yield(job)
            submitted += 1
        }
    }

    /// Waits for all chunks, the one that is not full too; more may follow.
    ///
    /// - Parameter owner: The archive.
    /// - Throws: What a lane or the archive throws.
    mutating func settle(_ owner: inout some ChunkOwner & ~Copyable) async throws {
        owner.cut()
        try await turn(&owner)
        while taken < submitted { try await takeOne(into: &owner) }
    }

    /// Lets the tasks end.
    func close() { for lane in lanes { lane.jobs.finish() } }

    private mutating func takeOne(into owner: inout some ChunkOwner & ~Copyable) async throws {
        guard let result = await lanes[taken % lanes.count].results.next() else { throw CancellationError() }
        taken += 1
        try owner.append(result.get())
    }
}

extension ArchiveJob {
    /// Archives an input, packing on several cores.
    ///
    /// Memory is bounded by `jobs` + 1 chunks on their way. An archive that grows under its name is packed by the one task
    /// that also commits: a live link brings less than one core packs.
    ///
    /// - Parameters:
    ///   - input: The input; it is used up.
    ///   - jobs: How many tasks pack at a time.
    ///   - after: Called after each piece with the octets read so far, their total if known, and what is safe.
    /// - Returns: What was made.
    /// - Throws: As ``run(_:after:)``.
    public func run(
        _ input: inout TelemetryInput,
        jobs: Int,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) async throws -> Result {
        guard jobs > 1, !grows(from: input) else { return try run(&input, after: after) }
        let content = Self.content(of: input)
        var sink = try makeSink(for: input)
        sink.packElsewhere()
        let summary = try await withThrowingTaskGroup(of: Void.self) { group in
            var lanes = PackingLanes(jobs, content: content, settings: settings, in: &group)
            defer { lanes.close() }
            let summary = try await input.decode(into: &sink, jobs: jobs) { sink, octets, total in
                if let failure = sink.failure { throw failure }
                try await lanes.turn(&sink)
                after(octets, total, ArchiveTotals())
            }
            try input.requireSomething(summary)
            try await lanes.settle(&sink)
            return summary
        }
        return try finish(sink, summary, of: input, after: after)
    }
}

/// What is to be done after a step of a merge.
package enum MergeProgress {
    /// The next step.
    case more
    /// The next step too; but first, if others pack, all chunks must come back, because one is about to be taken over.
    case settle
    /// ``MergeWork/finish()``.
    case end
}

/// A merge step by step, so that others can pack meanwhile; see ``ArchiveWriter/packElsewhere()``.
package struct MergeWork<Source: ArchiveSource, Storage: ArchiveStorage & ~Copyable>: ~Copyable {
    /// Units that are merged in one step.
    private static var unitsPerStep: Int { 256 }

    private let merge: ArchiveMerge<Source>
    private var plan: MergePlan
    private let inputs: KeptInputs<Source>
    private var output: MergeOutput<Storage>
    private let metadata: ArchiveMetadata
    private var report: MergeReport
    /// What is being merged unit by unit.
    private var stretch: UnitStretch<Source>?
    /// The chunk that is taken over next.
    private var due: MergeItem?
    /// An upper bound of the octets of units that are written.
    package let bound: Int64

    init(
        _ merge: ArchiveMerge<Source>,
        _ plan: MergePlan,
        _ inputs: KeptInputs<Source>,
        _ output: consuming MergeOutput<Storage>,
        metadata: ArchiveMetadata,
        report: MergeReport
    ) {
        self.merge = merge
        self.plan = plan
        self.inputs = inputs
        self.output = output
        self.metadata = metadata
        self.report = report
        bound = merge.readers.reduce(0) { $0 + $1.totals.octets } - report.copies.octets
    }

    /// What is in the new archive so far.
    package var totals: ArchiveTotals { output.totals }

    /// Does a little.
    ///
    /// - Returns: What is to be done then.
    /// - Throws: As ``ArchiveMerge/run(into:metadata:settings:after:)``.
    package mutating func step() throws(ArchiveError) -> MergeProgress {
        if let item = due {
            due = nil
            do throws(ArchiveError) { try output.adopt(item, from: merge.readers[item.input]) } catch {
                throw merge.blamed(item.input, error)
            }
            report.adoptedChunks += 1
            return .more
        }
        if var merging = stretch {
            stretch = nil  // one owner at a time, so that nothing is copied
            if try merging.take(Self.unitsPerStep, merge, into: &output) {
                stretch = merging
            } else {
                report.copies.units += merging.copies.units
                report.copies.octets += merging.copies.octets
                report.mergedChunks += merging.chunkCount
            }
            return .more
        }
        let merge = merge
        let isAsked = report.clock == .onboard && merge.content == .frames
        let next = try plan.next { (left, right) throws(ArchiveError) in
            isAsked ? try merge.sharesUnits(left, right) : false
        }
        switch next {
        case nil: return .end
        case .adopt(let item):
            due = item
            return .settle
        case .merge(let lists):
            stretch = try UnitStretch(lists, merge, by: report.clock)
            return .more
        }
    }

    /// Writes the raw inputs and seals the archive.
    ///
    /// - Returns: What came of it, and the storage.
    package consuming func finish() throws(ArchiveError) -> RewrittenArchive<MergeReport, Storage> {
        report.kept = output.totals
        if let kept = try inputs.write(into: &output) {
            report.keptInputs = kept.each
            var metadata = metadata
            metadata.origin = kept.all
            if metadata.origins.isEmpty, kept.each.count == 1 {
                metadata.origin?.name = kept.each[0].name
            } else {
                metadata.inputs = kept.each
            }
            try output.write(metadata: metadata)
        }
        return RewrittenArchive(report: report, storage: try output.finish())
    }
}

extension MergeWork: ChunkOwner where Storage: ~Copyable {
    /// Lets full chunks wait for ``takeJobs()``.
    package mutating func packElsewhere() { output.packElsewhere() }

    package mutating func cut() { output.cut() }

    package mutating func takeJobs() -> [ChunkJob] { output.takeJobs() }

    package mutating func append(_ packed: PackedChunk) throws(ArchiveError) { try output.append(packed) }
}

/// Chunks of several archives that overlap in time, while their units are merged.
private struct UnitStretch<Source: ArchiveSource> {
    private let lists: [[MergeItem]]
    private var sources: [TimedUnits<Source>] = []
    /// By what the next unit of each is put in order; `nil` at its end.
    private var orders: [Int64?] = []
    private var merger = UnitMerger()
    /// The list that had the last unit.
    private var last = 0

    init(_ lists: [[MergeItem]], _ merge: ArchiveMerge<Source>, by clock: ArchiveClock?) throws(ArchiveError) {
        self.lists = lists
        for list in lists {
            do throws(ArchiveError) { sources.append(try merge.units(of: list, by: clock)) } catch {
                throw merge.blamed(list[0].input, error)
            }
        }
        orders = sources.map { $0.head?.order }
    }

    /// Second copies that were dropped.
    var copies: ArchiveTotals { merger.copies }

    /// Chunks and groups of journals in it.
    var chunkCount: Int { lists.reduce(0) { $0 + $1.count } }

    /// Takes some units.
    ///
    /// - Returns: Whether there are more; otherwise all are written.
    mutating func take<Storage: ArchiveStorage & ~Copyable>(
        _ count: Int,
        _ merge: ArchiveMerge<Source>,
        into output: inout MergeOutput<Storage>
    ) throws(ArchiveError) -> Bool {
        for _ in 0..<count {
            guard let next = next, let head = sources[next].head else {
                try merger.finish(into: &output)
                return false
            }
            try merger.take(head, sources[next].octets, from: next, into: &output)
            do throws(ArchiveError) { try sources[next].advance() } catch {
                throw merge.blamed(lists[next][0].input, error)
            }
            orders[next] = sources[next].head?.order
            last = next
        }
        return true
    }

    /// Which list has the next unit; of those with equal times the one that had the last, then the first.
    private var next: Int? {
        var best: Int?
        var least = Int64.max
        for index in orders.indices {
            guard let order = orders[index], best == nil || order < least || (order == least && index == last) else {
                continue
            }
            best = index
            least = order
        }
        return best
    }
}

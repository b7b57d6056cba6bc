public import SpaceLink

/// What came of a merge.
public struct MergeReport: Sendable, Hashable {
    /// How many archives were joined, the parts of one counted once.
    public var inputs = 0
    /// What is in the new archive.
    public var kept = ArchiveTotals()
    /// Second copies that were dropped.
    public var copies = ArchiveTotals()
    /// Chunks that were taken over without being packed again.
    public var adoptedChunks = 0
    /// Chunks and groups of journals whose units were merged.
    public var mergedChunks = 0
    /// Chunks that were dropped as a whole, because another archive has the same.
    public var droppedChunks = 0
    /// The clock by which units were put in order; `nil` if there is none that all archives have.
    public var clock: ArchiveClock?
    /// The raw inputs that the archives kept and the new one keeps, in their order.
    public var keptInputs: [ArchiveMetadata.Origin] = []
    /// Octets of raw input that were left out: second copies, or all that were not wanted.
    public var droppedInput: Int64 = 0
}

/// Joins archives in the order of time and drops second copies.
///
/// The clock is that of reception if all chunks of all archives know it, else that on board if each archive tells it
/// somewhere; without a clock one archive follows the other in the order in which they were given. Parts of one archive
/// are one input, whatever their order. An input's own units stay in their order.
///
/// Where an input's chunk does not overlap another input's in time, it is taken over as it is, not packed again. Where they
/// overlap, units are merged one by one. A chunk that another input has too is dropped without being unpacked.
///
/// Raw input that was kept goes along, one recording behind the other in the order of the archives, a second copy once.
public struct ArchiveMerge<Source: ArchiveSource> {
    /// How far apart two receptions of the same unit may be, in nanoseconds.
    public var receptionTolerance: Int64 = 1_000_000_000
    /// Whether raw input that was kept is kept on.
    public var keepsInput = true

    let readers: [ArchiveReader<Source>]
    let link: LinkDescription?
    let onboardTime: (PacketRecord, Span<UInt8>) -> TAITime?
    let content: ArchiveContent

    /// Names what is to be merged.
    ///
    /// - Parameters:
    ///   - readers: The archives, at least one, all of one kind and one link.
    ///   - link: The link by which frames are decoded; without it the index does not say which packets are where.
    ///   - onboardTime: Tells the time of a packet, as it was told when the archives were written.
    /// - Throws: `.unfit` for an archive that keeps another kind of unit than the first, or that is damaged.
    public init(
        _ readers: [ArchiveReader<Source>],
        link: LinkDescription? = nil,
        onboardTime: @escaping (PacketRecord, Span<UInt8>) -> TAITime? = { _, _ in nil }
    ) throws(ArchiveError) {
        precondition(!readers.isEmpty, "a merge needs an archive")
        content = readers[0].metadata.content
        for (index, reader) in readers.enumerated() {
            let kept = reader.metadata.content
            if kept != content {
                throw .unfit(
                    input: index,
                    reason: "it keeps \(kept.rawValue), and the first one \(content.rawValue)"
                )
            }
            if let damage = reader.damage.first { throw .unfit(input: index, reason: damage.words) }
            if case .cutShort(let offset) = reader.end {
                throw .unfit(input: index, reason: "it is cut short in the member at offset \(offset); repair it first")
            }
        }
        self.readers = readers
        self.link = content == .frames ? link?.decoded : nil
        self.onboardTime = onboardTime
    }

    /// What the new archive says of itself, if nothing else is wished: what the first one says, and all origins.
    public var metadata: ArchiveMetadata {
        var merged = readers[0].metadata
        var origins: [String] = []
        var length = 0
        for said in readers.map(\.metadata) {
            for name in said.origins.isEmpty ? [said.origin?.name].compactMap(\.self) : said.origins {
                length += name.utf8.count + 1
                // The header of one member must hold them.
                if !origins.contains(name), length < 16_384 { origins.append(name) }
            }
        }
        merged.origins = origins.count > 1 ? origins : []
        if readers.count > 1 { merged.origin = origins.count == 1 ? ArchiveMetadata.Origin(name: origins[0]) : nil }
        merged.durability = nil
        merged.identity = nil
        merged.part = nil
        merged.octetsBefore = nil
        return merged
    }

    /// Merges.
    ///
    /// - Parameters:
    ///   - storage: An empty place.
    ///   - metadata: What the new archive says of itself; ``metadata`` if absent.
    ///   - settings: How units are packed that must be.
    ///   - after: Called after each step with the octets of units written so far and an upper bound of them.
    /// - Returns: What came of it, and the storage.
    /// - Throws: `.unfit` with the archive that is damaged, or a failure of a source or of the storage.
    public func run<Storage: ArchiveStorage & ~Copyable>(
        into storage: consuming Storage,
        metadata: ArchiveMetadata? = nil,
        settings: ArchiveSettings = ArchiveSettings(),
        after: (Int64, Int64) -> Void = { _, _ in }
    ) throws(ArchiveError) -> RewrittenArchive<MergeReport, Storage> {
        var work = try begin(into: storage, metadata: metadata, settings: settings)
        while try work.step() != .end { after(work.totals.octets, work.bound) }
        return try work.finish()
    }

    /// Begins to merge, for whoever wants to do it step by step.
    ///
    /// - Parameters:
    ///   - storage: An empty place.
    ///   - metadata: What the new archive says of itself; ``metadata`` if absent.
    ///   - settings: How units are packed that must be.
    /// - Returns: The work.
    /// - Throws: As ``run(into:metadata:settings:after:)``.
    package func begin<Storage: ArchiveStorage & ~Copyable>(
        into storage: consuming Storage,
        metadata: ArchiveMetadata? = nil,
        settings: ArchiveSettings = ArchiveSettings()
    ) throws(ArchiveError) -> MergeWork<Source, Storage> {
        var report = MergeReport(clock: clock)
        let (streams, dropped) = try streams(by: report.clock)
        report.inputs = streams.count
        report.copies = dropped.totals
        report.droppedChunks = dropped.chunks
        var inputs = try KeptInputs(readers, mayLack: !keepsInput)
        report.droppedInput = inputs.dropCopies()
        if !keepsInput { report.droppedInput += inputs.dropAll() }
        var notes: PacketNotes?
        if let link { notes = try PacketNotes(link, onboardTime: onboardTime) }
        let metadata = metadata ?? self.metadata
        let writer = try ArchiveWriter(storage, metadata: metadata, settings: settings)
        return MergeWork(
            self,
            MergePlan(streams, isTimed: report.clock != nil),
            inputs,
            MergeOutput(writer, content: content, notes: notes),
            metadata: metadata,
            report: report
        )
    }

    // MARK: What there is

    var clock: ArchiveClock? {
        // Groups of journals do not say when their units came.
        let chunks = readers.map { $0.chunks.filter { $0.journal == 0 } }.filter { !$0.isEmpty }
        if chunks.allSatisfy({ $0.allSatisfy(\.reception.isKnown) }) { return .reception }
        let isTold = chunks.allSatisfy { $0.contains(where: \.onboard.isKnown) }
        return isTold && (content == .packets || link != nil) ? .onboard : nil
    }

    /// The inputs, the parts of one archive as one, and what is in two of them.
    private func streams(
        by clock: ArchiveClock?
    ) throws(ArchiveError) -> ([MergeStream], dropped: (chunks: Int, totals: ArchiveTotals)) {
        var streams: [MergeStream] = []
        for group in groups {
            var stream = MergeStream()
            for input in group { stream.append(readers[input].chunks, of: input, by: clock) }
            streams.append(stream)
        }
        var dropped = (chunks: 0, totals: ArchiveTotals())
        guard streams.count > 1 else { return (streams, dropped) }
        var first: [ChunkSignature: MergeItem.Place] = [:]
        for stream in streams.indices {
            for (index, item) in streams[stream].items.enumerated() where item.isWhole {
                let members = readers[item.input].members(of: item.entry)
                guard let signature = try ChunkSignature(item.entry, from: members) else { continue }
                if let place = first[signature] {
                    guard place.stream != stream else { continue }
                    streams[stream].mark(index, asCopyOf: place)
                    dropped.chunks += 1
                    dropped.totals.units += Int64(item.entry.unitCount)
                    dropped.totals.octets += Int64(item.entry.rawSize)
                } else {
                    first[signature] = MergeItem.Place(stream: stream, index: index)
                }
            }
        }
        return (streams, dropped)
    }

    /// The archives, parts of one together and in order; a second copy of a part stands for itself.
    private var groups: [[Int]] {
        var groups: [[Int]] = []
        for (index, reader) in readers.enumerated() {
            let said = reader.metadata
            let own = groups.firstIndex { group in
                said.identity != nil
                    && group.allSatisfy {
                        let other = readers[$0].metadata
                        return other.identity == said.identity && (other.part ?? 0) != (said.part ?? 0)
                    }
            }
            if let own { groups[own].append(index) } else { groups.append([index]) }
        }
        return groups.map { $0.sorted { (readers[$0].metadata.part ?? 0) < (readers[$1].metadata.part ?? 0) } }
    }

    // MARK: Merging units

    func units(of items: [MergeItem], by clock: ArchiveClock?) throws(ArchiveError) -> TimedUnits<Source> {
        try TimedUnits(
            items,
            readers,
            clock: clock ?? .reception,
            tolerance: receptionTolerance,
            link: link,
            onboardTime: onboardTime
        )
    }

    /// Whether frames behind the last time that one chunk tells are among those before the first time of another.
    func sharesUnits(_ left: MergeItem, _ right: MergeItem) throws(ArchiveError) -> Bool {
        var ending: Set<[UInt8]> = []
        try visit(left) { unit, octets in if unit.greatest == .max { ending.insert(octets) } }
        var isShared = false
        try visit(right) { unit, octets in if unit.least == .min, ending.contains(octets) { isShared = true } }
        return isShared
    }

    private func visit(_ item: MergeItem, _ body: (TimedUnit, [UInt8]) -> Void) throws(ArchiveError) {
        do throws(ArchiveError) {
            let units = try units(of: [item], by: clock)
            while let unit = units.head {
                body(unit, Array(units.octets[unit.octets]))
                try units.advance()
            }
        } catch {
            throw blamed(item.input, error)
        }
    }

    func blamed(_ input: Int, _ error: ArchiveError) -> ArchiveError {
        guard case .damaged(let damage) = error else { return error }
        return .unfit(input: input, reason: damage.words)
    }
}

extension ArchiveDamage {
    /// Why an archive with it is not merged.
    var words: String { "\(description) Repair it first." }
}

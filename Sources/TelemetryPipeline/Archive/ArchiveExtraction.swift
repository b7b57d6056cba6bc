import LinkIO
import SpaceLink
public import TelemetryArchive

extension PacketSelection {
    /// The same selection for an archive.
    public var archived: ArchiveSelection {
        var selection = ArchiveSelection()
        selection.apids = apids.isEmpty ? nil : apids
        let kept = channels.map { ArchiveChannel(spacecraft: $0.spacecraft, virtualChannel: $0.virtualChannel) }
        selection.channels = kept.isEmpty ? nil : Set(kept)
        selection.from = from
        selection.until = until
        return selection
    }
}

extension OpenedArchive {
    /// Visits packets in the order in which a decode of the whole gives them.
    ///
    /// - Parameters:
    ///   - selection: Which packets.
    ///   - onDamage: Called for each chunk that is damaged, which is then left out. Without it the damage is thrown.
    ///   - body: Takes each packet and its octets.
    /// - Throws: `ArchiveError`.
    public func forEachPacket(
        _ selection: ArchiveSelection,
        onDamage: ((ArchiveDamage) -> Void)? = nil,
        _ body: (ArchiveUnit, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) {
        try reader.forEachPacket(
            selection,
            link: reader.metadata.content == .frames ? link : nil,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) },
            onDamage: onDamage,
            body
        )
    }
}

/// Writes the units of an archive back as octets.
public struct ArchiveExtraction: Sendable {
    /// What was written.
    public struct Result: Sendable {
        /// Units and octets that were written.
        public var totals = ArchiveTotals()
        /// Chunks that could not be read.
        public var damage: [ArchiveDamage] = []
    }

    private let output: String
    private let replacing: Bool

    /// Names the output.
    ///
    /// - Parameters:
    ///   - output: A file, or `-`.
    ///   - replacing: Whether a file of that name may be replaced.
    public init(output: String, replacing: Bool) {
        self.output = output
        self.replacing = replacing
    }

    /// Writes what is selected.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - selection: Which units.
    ///   - packets: Whether packets are written where frames are kept.
    ///   - after: Called as it goes with the octets written and an upper bound of them.
    /// - Returns: What was written.
    /// - Throws: `ArchiveError` or `IOFailure`; then no file is left under the output's name.
    public func run(
        _ archive: OpenedArchive,
        _ selection: ArchiveSelection,
        packets: Bool,
        after: (Int64, Int64?) -> Void
    ) throws -> Result {
        var file = ExtractionFile(output: try OctetOutput(path: output, replacing: replacing))
        var damage = archive.reader.damage
        let bound = archive.reader.totals.octets
        let shelf = archive.shelf(selection, packets: packets)
        var visit = try archive.makeVisit(selection, packets: packets)
        while let index = visit.next() {
            let reading = try shelf.read(index)
            let step = try archive.take(reading, in: &visit, noting: &damage) { file.write($0, $1) }
            after(file.totals.octets, bound)
            if step == .stop { break }
        }
        return try file.finish(damage)
    }

    /// Writes what is selected; chunks are read on several cores.
    ///
    /// Memory is bounded by `jobs` + 1 chunks on their way.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - selection: Which units.
    ///   - packets: Whether packets are written where frames are kept.
    ///   - jobs: How many tasks read at a time; what is written does not depend on it.
    ///   - after: Called as it goes with the octets written and an upper bound of them.
    /// - Returns: What was written.
    /// - Throws: As ``run(_:_:packets:after:)``.
    public func run(
        _ archive: OpenedArchive,
        _ selection: ArchiveSelection,
        packets: Bool,
        jobs: Int,
        after: (Int64, Int64?) -> Void
    ) async throws -> Result {
        guard jobs > 1 else { return try run(archive, selection, packets: packets, after: after) }
        var file = ExtractionFile(output: try OctetOutput(path: output, replacing: replacing))
        var damage = archive.reader.damage
        let shelf = archive.shelf(selection, packets: packets)
        let bound = archive.reader.totals.octets
        var asking = try archive.makeVisit(selection, packets: packets)
        var visit = asking
        try await OrderedWork.run(jobs: jobs) {
            asking.next()
        } work: { index in
            try shelf.read(index)
        } take: { reading in
            let step = try archive.take(reading, in: &visit, noting: &damage) { file.write($0, $1) }
            after(file.totals.octets, bound)
            return step
        }
        return try file.finish(damage)
    }
}

extension OpenedArchive {
    /// A visit of what an extraction writes.
    fileprivate func makeVisit(_ selection: ArchiveSelection, packets: Bool) throws(ArchiveError) -> ArchiveVisit {
        guard packets else { return ArchiveVisit(of: reader, selection) }
        return try ArchiveVisit(
            ofPacketsIn: reader,
            selection,
            link: reader.metadata.content == .frames ? link : nil
        )
    }

    /// Where its chunks are; frames of which packets are made need to be known.
    fileprivate func shelf(_ selection: ArchiveSelection, packets: Bool) -> ChunkShelf<FileArchiveSource> {
        reader.shelf(for: selection, onlyOctets: !packets || reader.metadata.content == .packets)
    }

    /// Takes a chunk and notes its damage.
    fileprivate func take(
        _ reading: ChunkReading,
        in visit: inout ArchiveVisit,
        noting damage: inout [ArchiveDamage],
        _ write: (Int, Span<UInt8>) -> ArchiveStep
    ) throws(ArchiveError) -> ArchiveStep {
        var found: [ArchiveDamage] = []
        let note: (ArchiveDamage) -> Void = { found.append($0) }
        let step = try visit.takeRuns(
            reading,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) },
            onDamage: note,
            write
        )
        damage += found
        return step
    }
}

/// The file that units go to, and the first error.
private struct ExtractionFile: ~Copyable {
    var output: OctetOutput
    var totals = ArchiveTotals()
    var failure: IOFailure?

    init(output: consuming OctetOutput) { self.output = output }

    /// Writes so many units.
    mutating func write(_ units: Int, _ octets: Span<UInt8>) -> ArchiveStep {
        do throws(IOFailure) { try output.write(octets) } catch {
            failure = error
            return .stop
        }
        totals.units += Int64(units)
        totals.octets += Int64(octets.count)
        return .next
    }

    /// Lets the file appear, if nothing failed.
    consuming func finish(_ damage: [ArchiveDamage]) throws(IOFailure) -> ArchiveExtraction.Result {
        if let failure { throw failure }
        let totals = totals
        try output.commit()
        return ArchiveExtraction.Result(totals: totals, damage: damage)
    }
}

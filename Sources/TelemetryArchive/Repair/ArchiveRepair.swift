public import SpaceLink

/// What a repair kept and what it could not keep.
public struct RepairReport: Sendable, Hashable {
    /// Units that were written once and cannot be read.
    public struct Hole: Sendable, Hashable {
        /// Their ordinals in the archive that was repaired.
        public var ordinals: Range<Int64>
        /// When the last unit before them was received, if known.
        public var receivedAfter: TAITime?
        /// When the first unit behind them was received, if known.
        public var receivedBefore: TAITime?
        /// The time that the last unit before them tells, if it does.
        public var onboardAfter: TAITime?
        /// The time that the first unit behind them tells, if it does.
        public var onboardBefore: TAITime?
    }

    /// What is in the new archive.
    public var kept = ArchiveTotals()
    /// What is not, as far as the rest tells.
    public var holes: [Hole] = []
    /// Every place that was not what was written.
    public var damage: [ArchiveDamage] = []
    /// Octets of the raw input that are kept; 0 if none was.
    public var keptInput: Int64 = 0
    /// Octets of the raw input that are lost, as far as the rest tells.
    public var lostInput: Int64 = 0
    /// How the archive that was repaired ends.
    public var end: ArchiveEnd

    /// Whether nothing is lost.
    public var isComplete: Bool { holes.isEmpty && lostInput == 0 }

    /// Units that are lost.
    public var lost: Int64 { holes.reduce(0) { $0 + Int64($1.ordinals.count) } }
}

extension ArchiveReader {
    /// Writes everything that can be read, journals too, into a new archive and seals that.
    ///
    /// Ordinals are counted anew, so that the new archive is whole. Frames are decoded once more, so that the index says
    /// which packets are where; without a link they are looked for everywhere.
    ///
    /// - Parameters:
    ///   - storage: An empty place.
    ///   - settings: How the new archive is written.
    ///   - link: The link by which frames are decoded.
    ///   - onboardTime: Tells the time of a packet rebuilt from frames, as it was told when the archive was written.
    ///   - after: Called after each chunk with the octets of units written so far and an upper bound of them.
    /// - Returns: What was kept and what was lost, and the storage.
    /// - Throws: `.link` if the description cannot be, or a failure of the source or of the storage; damage is no error
    ///   here.
    public func repair<Storage: ArchiveStorage & ~Copyable>(
        into storage: consuming Storage,
        settings: ArchiveSettings = ArchiveSettings(),
        link: LinkDescription? = nil,
        onboardTime: @escaping (PacketRecord, Span<UInt8>) -> TAITime? = { _, _ in nil },
        after: (Int64, Int64) -> Void = { _, _ in }
    ) throws(ArchiveError) -> RewrittenArchive<RepairReport, Storage> {
        let verified = try verify()
        var report = RepairReport(damage: verified.damage, end: verified.end)
        var renewed = metadata
        renewed.part = nil
        renewed.octetsBefore = nil
        var notes: PacketNotes?
        if let link, metadata.content == .frames {
            notes = try PacketNotes(link.decoded, onboardTime: onboardTime)
        }
        let writer = try ArchiveWriter(storage, metadata: renewed, settings: settings)
        var output = MergeOutput(writer, content: metadata.content, notes: notes)
        let bound = totals.octets
        var last: ArchiveUnit?
        var next = firstOrdinal
        for entry in chunks {
            // Its damage is in the report of the check already.
            guard let chunk = try load(entry, onDamage: { _ in }) else { continue }
            var start = 0
            for unit in chunk.units {
                let octets = chunk.octets.span.extracting(start..<(start + unit.length))
                start += unit.length
                if unit.ordinal > next { report.holes.append(RepairReport.Hole(next..<unit.ordinal, last, unit)) }
                next = unit.ordinal + 1
                last = unit
                try output.append(unit, octets: octets)
            }
            after(output.totals.octets, bound)
        }
        let end = verified.lost.map(\.upperBound).max() ?? next
        if end > next { report.holes.append(RepairReport.Hole(next..<end, last, nil)) }
        report.kept = output.totals
        try repairInput(into: &output, &report)
        return RewrittenArchive(report: report, storage: try output.finish())
    }

    /// Takes over what can be read of the raw input.
    private func repairInput<Storage: ArchiveStorage & ~Copyable>(
        into output: inout MergeOutput<Storage>,
        _ report: inout RepairReport
    ) throws(ArchiveError) {
        var end: Int64 = 0
        // Its damage is in the report of the check already.
        func keep(_ offset: Int64, _ octets: Span<UInt8>) throws(ArchiveError) {
            try output.append(input: octets, at: offset)
            end = offset + Int64(octets.count)
        }
        guard let kept = try forEachInputPiece(onDamage: { _ in }, keep) else { return }
        report.keptInput = kept
        report.lostInput = max(0, max(end, metadata.origin?.size ?? 0) - kept)
    }

    /// The ordinal of the first unit of this part, whether that can be read or not.
    private var firstOrdinal: Int64 {
        guard case .member(let header)? = try? MemberReader(source: source).find(at: 0) else { return 0 }
        return Int64(header.firstOrdinal)
    }
}

extension RepairReport.Hole {
    fileprivate init(_ ordinals: Range<Int64>, _ before: ArchiveUnit?, _ behind: ArchiveUnit?) {
        self.ordinals = ordinals
        receivedAfter = before?.receptionTime
        receivedBefore = behind?.receptionTime
        onboardAfter = before?.onboardTime
        onboardBefore = behind?.onboardTime
    }
}

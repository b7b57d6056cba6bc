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
        if packets {
            let note: (ArchiveDamage) -> Void = { damage.append($0) }
            try archive.forEachPacket(selection, onDamage: note) { _, octets in
                defer { after(file.totals.octets, bound) }
                return file.write(octets)
            }
        } else {
            let note: (ArchiveDamage) -> Void = { damage.append($0) }
            try archive.reader.forEachUnit(selection, onDamage: note) { _, octets in
                defer { after(file.totals.octets, bound) }
                return file.write(octets)
            }
        }
        if let failure = file.failure { throw failure }
        let totals = file.totals
        try file.commit()
        return Result(totals: totals, damage: damage)
    }
}

/// The file that units go to, and the first error.
private struct ExtractionFile: ~Copyable {
    var output: OctetOutput
    var totals = ArchiveTotals()
    var failure: IOFailure?

    init(output: consuming OctetOutput) { self.output = output }

    mutating func write(_ octets: Span<UInt8>) -> ArchiveStep {
        do throws(IOFailure) { try output.write(octets) } catch {
            failure = error
            return .stop
        }
        totals.units += 1
        totals.octets += Int64(octets.count)
        return .next
    }

    consuming func commit() throws(IOFailure) { try output.commit() }
}

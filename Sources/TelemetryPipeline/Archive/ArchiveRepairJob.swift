import LinkIO
import SpaceLink
public import TelemetryArchive

/// Writes a damaged archive anew: as it was if its parity heals it, else what can be read of it.
public struct ArchiveRepairJob: Sendable {
    /// The archive to repair; it is not changed.
    public var archive: String
    /// Where the new one shall be.
    public var output: String
    /// Whether a file of that name may be replaced.
    public var replacing = false

    /// Names both.
    public init(archive: String, output: String) {
        self.archive = archive
        self.output = output
    }

    /// What was done.
    public struct Result: Sendable {
        /// What was kept and what was lost.
        public let report: RepairReport
        /// What the parity says, if there is one that belongs to this archive.
        public let parity: ParityReport?
        /// Whether the new archive is the old one healed, octet for octet.
        public let isHealed: Bool
    }

    /// Repairs, with the parity and the journals that lie beside the archive.
    ///
    /// - Parameter after: Called as it goes with the octets of units written and an upper bound of them.
    /// - Returns: What was kept and what was lost.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for what is no archive; then no file is left under the output's name.
    public func run(after: (Int64, Int64?) -> Void) throws -> Result {
        let files = try ArchiveFiles(path: archive)
        guard let healed = try healing(files) else {
            let reader = try opened { () throws(ArchiveError) in try files.reader() }
            return Result(report: try rebuild(reader, after: after), parity: nil, isHealed: false)
        }
        let journals = files.journals.map { HealedArchive(unhealed: $0) }
        let verified = try opened { () throws(ArchiveError) in try ArchiveReader.verify(healed, journals: journals) }
        if verified.isWhole, try healed.isProven() {
            try copy(healed, after: after)
            return Result(report: RepairReport(healed: verified), parity: healed.report, isHealed: true)
        }
        let reader = try opened { () throws(ArchiveError) in try ArchiveReader(healed, journals: journals) }
        return Result(report: try rebuild(reader, after: after), parity: healed.report, isHealed: false)
    }

    /// The archive as its parity heals it, if that is worth while.
    private func healing(_ files: ArchiveFiles) throws -> HealedArchive<FileArchiveSource>? {
        // What is whole needs no parity, least of all one of another archive that had its name.
        if let report = try? files.verify(), report.isWhole { return nil }
        // A parity that cannot be read heals nothing, and is no reason not to repair.
        guard let healed = try? ArchiveParity.open(beside: archive), healed.report.healablePages > 0 else { return nil }
        guard let before = try? files.reader().metadata, let after = try? ArchiveReader(healed).metadata else {
            return healed
        }
        let isKnown = !before.creator.isEmpty
        let isSame = before.identity == after.identity && before.origin == after.origin && before.link == after.link
        return isKnown && !isSame ? nil : healed
    }

    /// Writes an archive as it is.
    private func copy(_ source: some ArchiveSource, after: (Int64, Int64?) -> Void) throws {
        var storage = try FileArchiveStorage(path: output, replacing: replacing, isLive: false)
        var written: Int64 = 0
        try source.forEachPiece { piece throws(ArchiveError) in
            try storage.append(piece)
            written += Int64(piece.count)
            after(written, source.size)
        }
        try storage.commit()
    }

    /// Writes all that can be read into a new archive.
    private func rebuild<Source: ArchiveSource>(
        _ reader: ArchiveReader<Source>,
        after: (Int64, Int64?) -> Void
    ) throws -> RepairReport {
        // Raw stays raw.
        var settings = ArchiveSettings()
        settings.form = reader.hasPackedChunks ? .packed : .raw
        let said = reader.metadata
        // What cannot be read of the metadata only makes the new index say less.
        let link = said.link.flatMap { try? JSONFile.decode(LinkDescription.self, $0, path: archive) }
        let timeCode = said.timeCode.flatMap { try? JSONFile.decode(TimeCode.self, $0, path: archive) }
        let repaired = try reader.repair(
            into: FileArchiveStorage(path: output, replacing: replacing, isLive: false),
            settings: settings,
            link: link,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) },
            after: { octets, total in after(octets, total) }
        )
        let report = repaired.report
        let storage = repaired.takeStorage()
        try storage.commit()
        return report
    }

    private func opened<Value>(_ body: () throws(ArchiveError) -> Value) throws -> Value {
        do throws(ArchiveError) { return try body() } catch {
            throw PipelineFailure.badFile(path: archive, reason: error.description)
        }
    }
}

import LinkIO
import SpaceLink
public import TelemetryArchive

/// Writes what can be read of a damaged archive into a new one.
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

    /// Repairs, with the journals that lie beside the archive.
    ///
    /// - Parameter after: Called as it goes with the octets of units written and an upper bound of them.
    /// - Returns: What was kept and what was lost.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for what is no archive; then no file is left under the output's name.
    public func run(after: (Int64, Int64?) -> Void) throws -> RepairReport {
        let files = try ArchiveFiles(path: archive)
        let reader: ArchiveReader<FileArchiveSource>
        do throws(ArchiveError) { reader = try files.reader() } catch {
            throw PipelineFailure.badFile(path: archive, reason: error.description)
        }
        let said = reader.metadata
        // What cannot be read of the metadata only makes the new index say less.
        let link = said.link.flatMap { try? JSONFile.decode(LinkDescription.self, $0, path: archive) }
        let timeCode = said.timeCode.flatMap { try? JSONFile.decode(TimeCode.self, $0, path: archive) }
        let repaired = try reader.repair(
            into: FileArchiveStorage(path: output, replacing: replacing, isLive: false),
            settings: settings(reader),
            link: link,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) },
            after: { octets, total in after(octets, total) }
        )
        let report = repaired.report
        let storage = repaired.takeStorage()
        try storage.commit()
        return report
    }

    /// Raw stays raw.
    private func settings(_ reader: ArchiveReader<FileArchiveSource>) -> ArchiveSettings {
        var settings = ArchiveSettings()
        settings.form = reader.hasPackedChunks ? .packed : .raw
        return settings
    }
}

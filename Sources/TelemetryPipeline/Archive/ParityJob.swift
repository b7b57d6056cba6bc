import LinkIO
public import TelemetryArchive

/// The parity that lies beside an archive, in `FILE.parity`.
public enum ArchiveParity {
    /// The name of an archive's parity.
    public static func path(of archive: String) -> String { "\(archive).parity" }

    /// Compares an archive with its parity.
    ///
    /// - Parameter archive: The archive's path.
    /// - Returns: The archive as the parity heals it; `nil` if there is no parity beside it.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for a parity file that cannot be read.
    public static func open(beside archive: String) throws -> HealedArchive<FileArchiveSource>? {
        let path = path(of: archive)
        guard names(of: archive).contains(ArchivePath(path).name) else { return nil }
        let parity = try FileArchiveSource(path: path)
        let source = try FileArchiveSource(path: archive)
        do throws(ArchiveError) { return try HealedArchive(source, parity: parity) } catch {
            throw PipelineFailure.badFile(path: path, reason: error.description)
        }
    }

    /// The parts of an archive that was rotated, or the archive alone.
    ///
    /// - Parameter archive: The path of the first part.
    /// - Returns: The paths of all parts that are there, in order.
    /// - Throws: `IOFailure` if the folder cannot be listed.
    public static func parts(of archive: String) throws -> [String] {
        let place = ArchivePath(archive)
        let names = try Folders.names(place.folder.isEmpty ? "." : place.folder)
        let folder = archive.dropLast(place.name.count)
        return ArchiveNames.parts(of: place.name, among: names).map { "\(folder)\($0)" }
    }

    /// The parity files of all parts of an archive that are there.
    ///
    /// - Parameter archive: The path of the first part.
    /// - Returns: Their names.
    public static func names(of archive: String) -> [String] {
        let place = ArchivePath(archive)
        // In a folder that cannot be listed there is nothing beside the archive.
        let names = (try? Folders.names(place.folder.isEmpty ? "." : place.folder)) ?? []
        return ArchiveNames.parities(of: place.name, among: names)
    }

    /// Takes the parity of an archive that was replaced away: it would heal the old one.
    ///
    /// - Parameter archive: The path of the first part.
    /// - Throws: `IOFailure`.
    public static func removeAll(of archive: String) throws {
        let names = names(of: archive)
        guard !names.isEmpty else { return }
        let folder = try GrowingFiles(path: ArchivePath(archive).folder)
        for name in names { try folder.remove(name) }
        try folder.synchronizeFolder()
    }
}

/// Makes the parity of an archive.
public struct ParityJob: Sendable {
    /// The archive.
    public var archive: String

    /// Names the archive.
    public init(archive: String) { self.archive = archive }

    /// What was made.
    public struct Result: Sendable {
        /// Octets of the archive that are covered.
        public let covered: Int64
        /// Octets of the parity file.
        public let size: Int64
    }

    /// Checks the archive, then reads it once more and writes its parity, which appears under its name when it is whole
    /// and on the medium, in place of the one before.
    ///
    /// - Parameter after: Called as it goes with the octets covered and their number.
    /// - Returns: What was made.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for an archive that is damaged: its parity would keep the damage.
    public func run(after: (Int64, Int64?) -> Void) throws -> Result {
        try requireUndamaged()
        let source = try FileArchiveSource(path: archive)
        let path = ArchiveParity.path(of: archive)
        var writer = try ParityWriter(FileArchiveStorage(path: path, replacing: true, isLive: false))
        var covered: Int64 = 0
        try source.forEachPiece { piece throws(ArchiveError) in
            try writer.push(piece)
            covered += Int64(piece.count)
            after(covered, source.size)
        }
        try writer.finish()
        let storage = writer.takeStorage()
        try storage.commit()
        try GrowingFiles(path: ArchivePath(path).folder).synchronizeFolder()
        return Result(covered: covered, size: try FileArchiveSource(path: path).size)
    }

    private func requireUndamaged() throws {
        let report: VerifyReport
        do { report = try ArchiveFiles(path: archive).verify() } catch let error as ArchiveError {
            throw PipelineFailure.badFile(path: archive, reason: error.description)
        }
        if let first = report.damage.first {
            throw PipelineFailure.missing(
                what: "\(archive): \(first.description) Parity made now would keep the damage",
                remedy: "run `perilune archive repair` first"
            )
        }
        if case .cutShort(let offset) = report.end {
            throw PipelineFailure.missing(
                what: "\(archive): is cut short in the member at offset \(offset); parity made now would keep that",
                remedy: "run `perilune archive repair` first"
            )
        }
    }
}

import LinkIO
public import TelemetryArchive

/// A real folder, as a live archive wants one.
final class ArchiveFolderFiles: ArchiveFolder {
    private let files: GrowingFiles

    /// Opens the folder of a path.
    init(holding path: String) throws(IOFailure) { files = try GrowingFiles(path: ArchivePath(path).folder) }

    func names() throws(ArchiveError) -> [String] { try attempt("list the folder") { try files.names() } }

    func source(_ name: String) throws(ArchiveError) -> FileArchiveSource {
        try attempt("open it") { try FileArchiveSource(path: files.path(of: name)) }
    }

    func create(_ name: String) throws(ArchiveError) -> ArchiveFileHandle {
        do {
            return ArchiveFileHandle(number: try files.create(name))
        } catch IOFailure.exists {
            throw .exists(name: files.path(of: name))
        } catch {
            throw .storage(operation: "create it", reason: "\(error)")
        }
    }

    func open(_ name: String, keeping length: Int64) throws(ArchiveError) -> ArchiveFileHandle {
        ArchiveFileHandle(number: try attempt("open it") { try files.open(name, keeping: length) })
    }

    func append(_ octets: Span<UInt8>, to file: ArchiveFileHandle) throws(ArchiveError) {
        do throws(IOFailure) { try files.append(octets, to: file.number) } catch {
            throw .storage(operation: "write", reason: error.description)
        }
    }

    func synchronize(_ file: ArchiveFileHandle) throws(ArchiveError) {
        try attempt("sync") { try files.synchronize(file.number) }
    }

    func close(_ file: ArchiveFileHandle) { files.close(file.number) }

    func synchronizeFolder() throws(ArchiveError) { try attempt("sync the folder") { try files.synchronizeFolder() } }

    func remove(_ name: String) throws(ArchiveError) { try attempt("remove it") { try files.remove(name) } }

    func lock(_ name: String) throws(ArchiveError) {
        if let owner = try attempt("lock it", { try files.lock(name) }) { throw .locked(owner: owner) }
    }

    func unlock(_ name: String) { files.unlock(name) }

    private func attempt<Result>(_ operation: String, _ body: () throws -> Result) throws(ArchiveError) -> Result {
        do { return try body() } catch let error as ArchiveError { throw error } catch {
            throw .storage(operation: operation, reason: "\(error)")
        }
    }
}

/// The folder and the name of a path.
struct ArchivePath {
    let folder: String
    let name: String

    init(_ path: String) {
        guard let slash = path.lastIndex(of: "/") else {
            folder = ""
            name = path
            return
        }
        folder = slash == path.startIndex ? "/" : String(path[..<slash])
        name = String(path[path.index(after: slash)...])
    }
}

/// An archive's file with the journals beside it, as they are at one moment.
public struct ArchiveFiles {
    /// The archive.
    public let archive: FileArchiveSource
    /// The journals that its writer has, or left.
    public let journals: [FileArchiveSource]

    /// Opens them so that nothing acknowledged before is missing, though somebody may write to them.
    ///
    /// Journals first: a unit that leaves a journal meanwhile is in the archive by then. A journal that goes away between
    /// the list and the opening means looking again.
    ///
    /// - Parameter path: The archive.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for a pipe, in which nothing can be looked up.
    public init(path: String) throws {
        let place = ArchivePath(path)
        let folder = place.folder.isEmpty ? "." : place.folder
        for _ in 0..<100 {
            // A folder that cannot be listed hides journals, but an archive that can be read shall be read.
            let names = (try? Folders.names(folder)) ?? []
            var journals: [FileArchiveSource] = []
            var isGone = false
            for name in ArchiveNames.journals(of: place.name, among: names) {
                do { journals.append(try FileArchiveSource(path: "\(folder)/\(name)")) } catch {
                    isGone = true
                }
            }
            if isGone { continue }
            archive = try FileArchiveSource(path: path)
            self.journals = journals
            return
        }
        archive = try FileArchiveSource(path: path)
        journals = []
    }

    /// Reads the archive.
    func reader() throws(ArchiveError) -> ArchiveReader<FileArchiveSource> {
        try ArchiveReader(archive, journals: journals)
    }

    /// Checks every octet.
    ///
    /// - Returns: What was found.
    /// - Throws: As `ArchiveReader.verify`.
    public func verify() throws(ArchiveError) -> VerifyReport {
        try ArchiveReader<FileArchiveSource>.verify(archive, journals: journals)
    }

    /// Checks every octet on several cores.
    ///
    /// - Parameter jobs: How many tasks check members at a time; what is found does not depend on it.
    /// - Returns: What was found.
    /// - Throws: As `ArchiveReader.verify`.
    public func verify(jobs: Int) async throws -> VerifyReport {
        guard jobs > 1 else { return try verify() }
        let archive = archive
        var verification = try ArchiveVerification(archive, journals: journals)
        var checked = verification
        try await OrderedWork.run(jobs: jobs) {
            try verification.next()
        } work: { step in
            try step.check(archive)
        } take: { step in
            checked.take(step)
            return .next
        }
        return try checked.finish()
    }
}

/// A new archive made of others, and what came of them.
public struct RewrittenArchive<Report: Sendable, Storage: ArchiveStorage & ~Copyable>: ~Copyable {
    /// What was kept and what was not.
    public let report: Report
    private let storage: Storage

    init(report: Report, storage: consuming Storage) {
        self.report = report
        self.storage = storage
    }

    /// Gives the storage back.
    ///
    /// - Returns: The storage, with the whole archive.
    public consuming func takeStorage() -> Storage { storage }
}

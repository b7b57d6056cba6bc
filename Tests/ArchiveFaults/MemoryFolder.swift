public import TelemetryArchive

/// A folder in memory, on which everything is safe at once.
public final class MemoryFolder: ArchiveFolder {
    /// The octets of all files.
    public private(set) var files: [String: [UInt8]]
    private var handles: [String] = []
    private var locks: Set<String> = []

    /// Starts with some files.
    public init(_ files: [String: [UInt8]] = [:]) { self.files = files }

    /// The names of all files.
    public func names() throws(ArchiveError) -> [String] { files.keys.sorted() }

    /// A file as it is now.
    public func source(_ name: String) throws(ArchiveError) -> MemoryArchive {
        guard let octets = files[name] else { throw .storage(operation: "open", reason: "there is no \(name)") }
        return MemoryArchive(octets)
    }

    /// Makes an empty file.
    public func create(_ name: String) throws(ArchiveError) -> ArchiveFileHandle {
        guard files[name] == nil else { throw .exists(name: name) }
        files[name] = []
        return handle(name)
    }

    /// Opens a file and cuts its end off.
    public func open(_ name: String, keeping length: Int64) throws(ArchiveError) -> ArchiveFileHandle {
        let count = files[name]?.count ?? 0
        files[name]?.removeLast(count - min(count, Int(length)))
        return handle(name)
    }

    private func handle(_ name: String) -> ArchiveFileHandle {
        handles.append(name)
        return ArchiveFileHandle(number: handles.count - 1)
    }

    /// Adds octets to a file.
    public func append(_ octets: Span<UInt8>, to file: ArchiveFileHandle) throws(ArchiveError) {
        // The pointer is read only during the call and only over its own count.
        unsafe octets.withUnsafeBufferPointer { unsafe files[handles[file.number]]?.append(contentsOf: $0) }
    }

    /// Does nothing.
    public func synchronize(_ file: ArchiveFileHandle) throws(ArchiveError) {}

    /// Does nothing.
    public func close(_ file: ArchiveFileHandle) {}

    /// Does nothing.
    public func synchronizeFolder() throws(ArchiveError) {}

    /// Takes a file away.
    public func remove(_ name: String) throws(ArchiveError) { files[name] = nil }

    /// Becomes the one who writes.
    public func lock(_ name: String) throws(ArchiveError) {
        guard locks.insert(name).inserted else { throw .locked(owner: "another writer") }
    }

    /// Lets others write.
    public func unlock(_ name: String) { locks.remove(name) }
}

public import TelemetryArchive

/// A folder on such a medium, which can fail at its n-th operation.
public final class SimulatedFolder: ArchiveFolder {
    /// How an operation fails.
    public enum Failure: Sendable, Equatable {
        /// There is no room: half of what was to be written is.
        case noSpace
        /// A synchronisation fails once.
        case lostPages
    }

    /// What it lies on.
    public private(set) var disk: SimulatedDisk
    /// Operations so far.
    public private(set) var operations = 0
    /// The locks that are held.
    public private(set) var locks: Set<String> = []
    private let failAt: Int
    private let failure: Failure
    private let staysBroken: Bool
    private var isClosed: Set<Int> = []
    /// Looks on after each operation.
    var observe: ((SimulatedDisk) -> Void)?

    /// Begins with what is on a medium.
    ///
    /// - Parameters:
    ///   - disk: The medium.
    ///   - failAt: The number of the operation that fails, from 1 on.
    ///   - failure: How it fails.
    ///   - staysBroken: Whether all operations behind it fail too.
    public init(
        _ disk: SimulatedDisk = SimulatedDisk(),
        failAt: Int = .max,
        failure: Failure = .noSpace,
        staysBroken: Bool = false
    ) {
        self.disk = disk
        self.failAt = failAt
        self.failure = failure
        self.staysBroken = staysBroken
    }

    /// Counts an operation and tells whether it fails.
    private func step() -> Bool {
        operations += 1
        return operations == failAt || (staysBroken && operations > failAt)
    }

    private func error(_ operation: String) -> ArchiveError {
        .storage(operation: operation, reason: failure == .noSpace ? "no space left" : "input/output error")
    }

    /// The names of all files.
    public func names() throws(ArchiveError) -> [String] { disk.names.keys.sorted() }

    /// A file as programs see it.
    public func source(_ name: String) throws(ArchiveError) -> MemoryArchive {
        guard let octets = disk.contents(name) else { throw .storage(operation: "open it", reason: "\(name): none") }
        return MemoryArchive(octets)
    }

    /// Makes an empty file.
    public func create(_ name: String) throws(ArchiveError) -> ArchiveFileHandle {
        if step(), failure == .noSpace { throw error("create") }
        guard disk.names[name] == nil else { throw .exists(name: name) }
        let file = disk.create(name)
        observe?(disk)
        return ArchiveFileHandle(number: file)
    }

    /// Opens a file and cuts its end off.
    public func open(_ name: String, keeping length: Int64) throws(ArchiveError) -> ArchiveFileHandle {
        if step(), failure == .noSpace { throw error("open") }
        guard let file = disk.names[name] else { throw error("open") }
        disk.cut(file, to: Int(length))
        observe?(disk)
        return ArchiveFileHandle(number: file)
    }

    /// Adds octets to a file.
    public func append(_ octets: Span<UInt8>, to file: ArchiveFileHandle) throws(ArchiveError) {
        if step(), failure == .noSpace {
            disk.append(Array(octets.copied.prefix(octets.count / 2)), to: file.number)
            observe?(disk)
            throw error("write")
        }
        disk.append(octets.copied, to: file.number)
        observe?(disk)
    }

    /// Makes a file safe.
    public func synchronize(_ file: ArchiveFileHandle) throws(ArchiveError) {
        if step() {
            disk.failToSynchronize(file.number)
            observe?(disk)
            throw error("sync")
        }
        disk.synchronize(file.number)
        observe?(disk)
    }

    /// Does nothing.
    public func close(_ file: ArchiveFileHandle) {}

    /// Makes all names safe.
    public func synchronizeFolder() throws(ArchiveError) {
        if step() { throw error("sync the folder") }
        disk.synchronizeNames()
        observe?(disk)
    }

    /// Takes a name away.
    public func remove(_ name: String) throws(ArchiveError) {
        if step(), failure == .noSpace { throw error("remove") }
        disk.unlink(name)
        observe?(disk)
    }

    /// Becomes the one who writes.
    public func lock(_ name: String) throws(ArchiveError) {
        guard locks.insert(name).inserted else { throw .locked(owner: "another writer") }
    }

    /// Lets others write.
    public func unlock(_ name: String) { locks.remove(name) }
}

extension Span<UInt8> {
    /// The octets as an array.
    var copied: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }  // read only during the call
}

/// The folder in which a live archive, its journals and its lock are files: all that the commit order asks of a system.
///
/// A file only grows, except that ``open(_:keeping:)`` may cut a torn end off. What is written survives a loss of power
/// only once ``synchronize(_:)`` returned, and a name that is new or gone only once ``synchronizeFolder()`` did.
public protocol ArchiveFolder: AnyObject {
    /// How a file of the folder is read.
    associatedtype Source: ArchiveSource

    /// The names of all files.
    func names() throws(ArchiveError) -> [String]

    /// Opens a file for reading, as long as it is now.
    func source(_ name: String) throws(ArchiveError) -> Source

    /// Makes an empty file, which must not be there yet, and opens it for writing.
    func create(_ name: String) throws(ArchiveError) -> ArchiveFileHandle

    /// Opens a file for writing at its end.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - length: How many of its octets stay; what is behind them is cut off.
    /// - Returns: The open file.
    /// - Throws: `.storage`.
    func open(_ name: String, keeping length: Int64) throws(ArchiveError) -> ArchiveFileHandle

    /// Adds octets at the end of a file.
    func append(_ octets: Span<UInt8>, to file: ArchiveFileHandle) throws(ArchiveError)

    /// Returns when everything in a file would survive a loss of power. After a failure what is in it is unknown.
    func synchronize(_ file: ArchiveFileHandle) throws(ArchiveError)

    /// Ends writing to a file.
    func close(_ file: ArchiveFileHandle)

    /// Returns when all names would survive a loss of power.
    func synchronizeFolder() throws(ArchiveError)

    /// Takes a file's name away.
    func remove(_ name: String) throws(ArchiveError)

    /// Becomes the one who writes, until ``unlock(_:)`` or the end of the process.
    ///
    /// - Parameter name: The name of the lock's file.
    /// - Throws: `.locked` with the owner if another one writes.
    func lock(_ name: String) throws(ArchiveError)

    /// Lets others write.
    func unlock(_ name: String)
}

/// A file that is open for writing.
public struct ArchiveFileHandle: Sendable, Hashable {
    /// The folder's own number for it.
    public let number: Int

    /// Wraps a folder's number.
    public init(number: Int) { self.number = number }
}

/// One file of a folder as the place where an archive grows.
struct SegmentFile<Folder: ArchiveFolder>: ArchiveStorage {
    let folder: Folder
    let file: ArchiveFileHandle
    /// Whether a loss of power matters.
    let isDurable: Bool

    mutating func append(_ octets: Span<UInt8>) throws(ArchiveError) { try folder.append(octets, to: file) }

    mutating func synchronize() throws(ArchiveError) {
        if isDurable { try folder.synchronize(file) }
    }
}

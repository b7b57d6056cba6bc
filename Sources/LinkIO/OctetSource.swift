import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file, a pipe or standard input, read from its beginning to its end.
public struct OctetSource: ~Copyable, Sendable {
    /// The path as given, `-` for standard input.
    public let path: String
    /// The size in octets of a regular file; `nil` for what has no end that is known.
    public let size: Int64?
    private let descriptor: FileDescriptor
    private let ownsDescriptor: Bool

    /// Opens a path, or standard input for `-`.
    ///
    /// - Parameter path: The path of a file or pipe.
    /// - Throws: `.isDirectory`, or `.system` with what the system said.
    public init(path: String) throws(IOFailure) {
        if path == "-" {
            self.init(path: "standard input", descriptor: .standardInput, ownsDescriptor: false, size: nil)
            return
        }
        let descriptor = try Self.attempt("open it", path) { try FileDescriptor.open(FilePath(path), .readOnly) }
        let size: Int64?
        do throws(IOFailure) {
            let status = try FileStatus(descriptor, path: path)
            if status.isDirectory { throw .isDirectory(path: path) }
            size = status.isRegularFile ? status.size : nil
        } catch {
            try? descriptor.close()
            throw error
        }
        self.init(path: path, descriptor: descriptor, ownsDescriptor: true, size: size)
    }

    private init(path: String, descriptor: FileDescriptor, ownsDescriptor: Bool, size: Int64?) {
        self.path = path
        self.descriptor = descriptor
        self.ownsDescriptor = ownsDescriptor
        self.size = size
    }

    deinit {
        if ownsDescriptor { try? descriptor.close() }
    }

    /// Reads the next octets into the front of a buffer.
    ///
    /// - Parameter buffer: Where the octets go; its size bounds how many come.
    /// - Returns: How many octets came; zero at the end.
    /// - Throws: `.interrupted`, or `.system` with what the system said.
    public mutating func read(into buffer: inout [UInt8]) throws(IOFailure) -> Int {
        while true {
            try Interruption.check()
            if size == nil { try waitForOctets() }
            do {
                return try unsafe buffer.withUnsafeMutableBytes { octets in
                    try unsafe descriptor.read(into: octets, retryOnInterrupt: false)
                }
            } catch Errno.interrupted {
                continue
            } catch let error as Errno {
                throw .system(doing: "read it", path: path, error)
            } catch {
                throw .system(doing: "read it", path: path, .ioError)
            }
        }
    }

    /// Waits until a read would not wait, at most so long.
    ///
    /// - Parameter milliseconds: How long.
    /// - Returns: Whether there is something to read, or the end; always of a regular file.
    /// - Throws: `.interrupted`.
    public func hasOctets(within milliseconds: Int) throws(IOFailure) -> Bool {
        try Interruption.check()
        guard size == nil else { return true }
        var look = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        // Unsafe because `poll` takes a pointer; it is to this one variable. A failure is left to the read.
        let count = unsafe poll(&look, 1, Int32(min(max(milliseconds, 0), 100)))
        let code = errno
        try Interruption.check()
        return count > 0 || (count < 0 && code != EINTR)
    }

    /// Returns when a pipe has something to read, or ends.
    ///
    /// A signal goes to the main thread and a read may wait on another, so that nothing would end its wait: hence short
    /// looks.
    private func waitForOctets() throws(IOFailure) {
        while true {
            try Interruption.check()
            var look = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            // Unsafe because `poll` takes a pointer; it is to this one variable. A failure is left to the read.
            let count = unsafe poll(&look, 1, 100)
            if count > 0 || (count < 0 && errno != EINTR) { return }
        }
    }

    /// Reads octets at a place of a regular file, without moving on.
    ///
    /// - Parameters:
    ///   - offset: Octets from the start of the file.
    ///   - buffer: Where the octets go; its size bounds how many come.
    /// - Returns: How many octets came; fewer than the buffer holds only at the end.
    /// - Throws: `.interrupted`, or `.system` with what the system said.
    public func read(at offset: Int64, into buffer: inout [UInt8]) throws(IOFailure) -> Int {
        var filled = 0
        while filled < buffer.count {
            try Interruption.check()
            do {
                let count = try unsafe buffer.withUnsafeMutableBytes { octets in
                    try unsafe descriptor.read(
                        fromAbsoluteOffset: offset + Int64(filled),
                        into: UnsafeMutableRawBufferPointer(rebasing: octets[filled...]),
                        retryOnInterrupt: false
                    )
                }
                if count == 0 { return filled }
                filled += count
            } catch Errno.interrupted {
                continue
            } catch let error as Errno {
                throw .system(doing: "read it", path: path, error)
            } catch {
                throw .system(doing: "read it", path: path, .ioError)
            }
        }
        return filled
    }

    /// Does one thing with the system, and says what it was if it fails.
    static func attempt<Result>(
        _ doing: String,
        _ path: String,
        _ body: () throws -> Result
    ) throws(IOFailure) -> Result {
        do {
            return try body()
        } catch let error as Errno {
            throw .system(doing: doing, path: path, error)
        } catch let error as IOFailure {
            throw error
        } catch {
            throw .system(doing: doing, path: path, .ioError)
        }
    }
}

/// What `fstat` says of an open file.
struct FileStatus {
    private let mode: mode_t
    /// Size in octets.
    let size: Int64

    /// Asks about an open file.
    init(_ descriptor: FileDescriptor, path: String) throws(IOFailure) {
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
            throw .system(doing: "look at it", path: path, Errno(rawValue: errno))
        }
        mode = status.st_mode
        size = Int64(status.st_size)
    }

    /// Asks about a path, through links; `nil` if there is nothing.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        mode = status.st_mode
        size = Int64(status.st_size)
    }

    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    var isRegularFile: Bool { mode & S_IFMT == S_IFREG }
}

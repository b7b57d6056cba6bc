import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that appears under its name only when it is whole.
///
/// Octets go to a temporary name beside the target; ``commit()`` syncs and renames it. A value that goes away without
/// that removes the temporary file. A target that is no regular file (a pipe, `/dev/null`, standard output as `-`) is
/// written straight.
public struct OctetOutput: ~Copyable, Sendable {
    /// The path as given.
    public let path: String
    /// How many octets were written.
    public private(set) var octets: Int64 = 0

    private let descriptor: FileDescriptor
    private let temporaryPath: String?
    private var buffer: [UInt8] = []
    private var isOpen = true

    private static let bufferSize = 1 << 18

    /// Opens an output.
    ///
    /// - Parameters:
    ///   - path: Where the octets shall be in the end; `-` is standard output.
    ///   - replacing: Whether a file of that name may be replaced.
    ///   - growingInPlace: Whether to write under the final name from the start, as archives do.
    /// - Throws: `.exists`, `.isDirectory`, or `.system` with what the system said.
    public init(path: String, replacing: Bool, growingInPlace: Bool = false) throws(IOFailure) {
        self.path = path
        guard path != "-" else {
            descriptor = .standardOutput
            temporaryPath = nil
            return
        }
        if let status = FileStatus(path: path) {
            if status.isDirectory { throw .outputIsDirectory(path: path) }
            guard status.isRegularFile else {
                descriptor = try OctetSource.attempt("open it for writing", path) {
                    try FileDescriptor.open(FilePath(path), .writeOnly)
                }
                temporaryPath = nil
                return
            }
            if !replacing { throw .exists(path: path) }
        }
        let temporary = growingInPlace ? path : "\(path).partial-\(getpid())"
        descriptor = try OctetSource.attempt("create it", path) {
            try FileDescriptor.open(
                FilePath(temporary),
                .writeOnly,
                options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
        temporaryPath = growingInPlace ? nil : temporary
    }

    deinit {
        guard isOpen else { return }
        if let temporaryPath {
            try? descriptor.close()
            unsafe unlink(temporaryPath)
        } else if path != "-" {
            try? descriptor.close()
        }
    }

    /// Appends octets.
    ///
    /// - Parameter span: The octets.
    /// - Throws: `.interrupted`, or `.system` with what the system said (`EPIPE` when a reader went away).
    public mutating func write(_ span: Span<UInt8>) throws(IOFailure) {
        octets += Int64(span.count)
        guard span.count < Self.bufferSize else {
            try flush()
            return try hand(over: span)
        }
        // Copied in one piece, because appending octet by octet would be the cost of the whole road.
        unsafe span.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Appends a text in UTF-8.
    ///
    /// - Parameter text: The text.
    /// - Throws: As ``write(_:)``.
    public mutating func write(_ text: String) throws(IOFailure) {
        octets += Int64(text.utf8.count)
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Hands all octets to the system.
    ///
    /// - Throws: As ``write(_:)``.
    public mutating func flush() throws(IOFailure) {
        try hand(over: buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }

    private func hand(over span: Span<UInt8>) throws(IOFailure) {
        try Interruption.check()
        var written = 0
        while written < span.count {
            do {
                written += try unsafe span.withUnsafeBytes { octets in
                    try unsafe descriptor.write(
                        UnsafeRawBufferPointer(rebasing: octets[written...]),
                        retryOnInterrupt: false
                    )
                }
            } catch Errno.interrupted {
                try Interruption.check()
            } catch let error as Errno {
                throw .system(doing: "write to it", path: path, error)
            } catch {
                throw .system(doing: "write to it", path: path, .ioError)
            }
        }
    }

    /// Hands all octets to the system and waits until they are on the medium.
    ///
    /// - Throws: As ``write(_:)``.
    public mutating func synchronize() throws(IOFailure) {
        try flush()
        guard fsync(descriptor.rawValue) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS else {
            throw .system(doing: "sync it", path: path, Errno(rawValue: errno))
        }
    }

    /// Makes the output appear, whole, under its name.
    ///
    /// - Throws: As ``write(_:)``; then nothing is left under the final name.
    public consuming func commit() throws(IOFailure) {
        try flush()
        if path == "-" {
            isOpen = false
            return
        }
        try synchronize()
        if let temporaryPath {
            guard unsafe rename(temporaryPath, path) == 0 else {
                throw .system(doing: "rename \(temporaryPath) to it", path: path, Errno(rawValue: errno))
            }
        }
        isOpen = false
        try? descriptor.close()
    }
}

/// Folders for outputs.
public enum Folders {
    /// Makes a folder, and those above it, unless it is there.
    ///
    /// - Parameter path: The folder.
    /// - Throws: `.system` with what the system said.
    public static func make(_ path: String) throws(IOFailure) {
        guard !path.isEmpty, FileStatus(path: path)?.isDirectory != true else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try make(String(path[..<slash])) }
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .system(doing: "make the folder", path: path, Errno(rawValue: errno))
        }
    }
}

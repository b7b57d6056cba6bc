import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder whose files only grow, with every step that a loss of power can come between told apart.
///
/// Nothing here is given up for a signal: what began is ended, so that the caller decides what to do.
public final class GrowingFiles {
    /// The folder.
    public let path: String

    private let folder: FileDescriptor
    private var files: [Int: (descriptor: FileDescriptor, name: String)] = [:]
    private var locks: [String: FileDescriptor] = [:]
    private var nextFile = 0

    /// Opens a folder.
    ///
    /// - Parameter path: The folder; empty for the current one.
    /// - Throws: `.system` with what the system said.
    public init(path: String) throws(IOFailure) {
        let path = path.isEmpty ? "." : path
        self.path = path
        folder = try OctetSource.attempt("open the folder", path) { try FileDescriptor.open(FilePath(path), .readOnly) }
    }

    deinit {
        for name in locks.keys { unlock(name) }
        for file in files.values { try? file.descriptor.close() }
        try? folder.close()
    }

    /// The path of a file in it.
    public func path(of name: String) -> String { path == "." ? name : "\(path)/\(name)" }

    /// The names in it.
    ///
    /// - Returns: All but those that begin with a dot.
    /// - Throws: `.system` with what the system said.
    public func names() throws(IOFailure) -> [String] { try Folders.names(path) }

    /// Makes an empty file and opens it.
    ///
    /// - Parameter name: A name that is not there yet.
    /// - Returns: A number for the open file.
    /// - Throws: `.exists`, or `.system` with what the system said.
    public func create(_ name: String) throws(IOFailure) -> Int {
        let path = path(of: name)
        do throws(IOFailure) {
            let descriptor = try OctetSource.attempt("create it", path) {
                try FileDescriptor.open(
                    FilePath(path),
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .append],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            }
            return keep(descriptor, name)
        } catch {
            if case .system(_, _, .fileExists) = error { throw .exists(path: path) }
            throw error
        }
    }

    /// Opens a file to write at its end.
    ///
    /// - Parameters:
    ///   - name: The file.
    ///   - length: Octets that stay; a longer file is cut.
    /// - Returns: A number for the open file.
    /// - Throws: `.system` with what the system said.
    public func open(_ name: String, keeping length: Int64) throws(IOFailure) -> Int {
        let path = path(of: name)
        let descriptor = try OctetSource.attempt("open it for writing", path) {
            try FileDescriptor.open(FilePath(path), .writeOnly, options: .append)
        }
        do throws(IOFailure) {
            if try FileStatus(descriptor, path: path).size > length {
                try OctetSource.attempt("cut its torn end off", path) { try descriptor.resize(to: length) }
            }
        } catch {
            try? descriptor.close()
            throw error
        }
        return keep(descriptor, name)
    }

    private func keep(_ descriptor: FileDescriptor, _ name: String) -> Int {
        defer { nextFile += 1 }
        files[nextFile] = (descriptor, name)
        return nextFile
    }

    /// Writes octets at the end of a file.
    ///
    /// - Parameters:
    ///   - octets: The octets.
    ///   - file: An open file.
    /// - Throws: `.system` with what the system said; then some of them may be written.
    public func append(_ octets: Span<UInt8>, to file: Int) throws(IOFailure) {
        guard let (descriptor, name) = files[file] else { return }
        try OctetSource.attempt("write to it", path(of: name)) {
            // The pointer is read only during the call.
            try unsafe octets.withUnsafeBufferPointer { buffer in
                _ = try unsafe descriptor.writeAll(UnsafeRawBufferPointer(buffer))
            }
        }
    }

    /// Returns when what is in a file would survive a loss of power.
    ///
    /// - Parameter file: An open file.
    /// - Throws: `.system` with what the system said. What is in the file is unknown then, and asking again tells nothing:
    ///   systems drop what they could not write and say so once.
    public func synchronize(_ file: Int) throws(IOFailure) {
        guard let (descriptor, name) = files[file] else { return }
        #if canImport(Darwin)
        let code = fcntl(descriptor.rawValue, F_FULLFSYNC)
        #else
        let code = fdatasync(descriptor.rawValue)
        #endif
        guard code == 0 || errno == EINVAL else {
            throw .system(doing: "sync it", path: path(of: name), Errno(rawValue: errno))
        }
    }

    /// Closes a file.
    public func close(_ file: Int) {
        if let (descriptor, _) = files.removeValue(forKey: file) { try? descriptor.close() }
    }

    /// Returns when all names would survive a loss of power.
    ///
    /// - Throws: `.system` with what the system said.
    public func synchronizeFolder() throws(IOFailure) {
        guard fsync(folder.rawValue) == 0 || errno == EINVAL else {
            throw .system(doing: "sync the folder", path: path, Errno(rawValue: errno))
        }
    }

    /// Takes a name away, if it is there.
    ///
    /// - Parameter name: The name.
    /// - Throws: `.system` with what the system said.
    public func remove(_ name: String) throws(IOFailure) {
        let path = path(of: name)
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .system(doing: "remove it", path: path, Errno(rawValue: errno))
        }
    }

    /// Becomes the owner of a lock, unless a living process is.
    ///
    /// The system takes the lock from a process that ends, however it ends; the file alone means nothing.
    ///
    /// - Parameter name: The lock's file.
    /// - Returns: `nil`, or the words of its owner.
    /// - Throws: `.system` with what the system said.
    public func lock(_ name: String) throws(IOFailure) -> String? {
        let path = path(of: name)
        while true {
            let descriptor = try OctetSource.attempt("lock it", path) {
                try FileDescriptor.open(
                    FilePath(path),
                    .readWrite,
                    options: .create,
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            }
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                defer { try? descriptor.close() }
                guard code == EWOULDBLOCK else { throw .system(doing: "lock it", path: path, Errno(rawValue: code)) }
                return owner(descriptor)
            }
            // The owner before may have taken the name away between opening and locking.
            guard isNamed(path, descriptor) else {
                try? descriptor.close()
                continue
            }
            try? descriptor.resize(to: 0)
            let words = Array("process \(getpid()) on \(GrowingFiles.host)\n".utf8)
            _ = try? unsafe words.withUnsafeBytes { unsafe try descriptor.writeAll($0) }
            locks[name] = descriptor
            return nil
        }
    }

    /// Gives a lock back.
    public func unlock(_ name: String) {
        guard let descriptor = locks.removeValue(forKey: name) else { return }
        unsafe unlink(path(of: name))
        try? descriptor.close()
    }

    /// The words of a lock's owner, who has the lock a moment before they are written: on a busy machine a long one.
    private func owner(_ descriptor: FileDescriptor) -> String {
        for _ in 0..<200 {
            if let words = ownersWords(descriptor) { return words }
            usleep(10_000)
        }
        return "another process"
    }

    private func ownersWords(_ descriptor: FileDescriptor) -> String? {
        var buffer = [UInt8](repeating: 0, count: 200)
        let count = unsafe buffer.withUnsafeMutableBytes { octets in
            unsafe (try? descriptor.read(fromAbsoluteOffset: 0, into: octets)) ?? 0
        }
        let words = String(decoding: buffer[..<count], as: UTF8.self).split(whereSeparator: \.isNewline).first
        return words.map(String.init)
    }

    private func isNamed(_ path: String, _ descriptor: FileDescriptor) -> Bool {
        var open = stat()
        var named = stat()
        // Unsafe because the calls take pointers; they are to these two variables.
        guard unsafe fstat(descriptor.rawValue, &open) == 0, unsafe stat(path, &named) == 0 else { return false }
        return open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "this machine" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Folders {
    /// The names in a folder.
    ///
    /// - Parameter path: The folder.
    /// - Returns: All but those that begin with a dot.
    /// - Throws: `.system` with what the system said.
    public static func names(_ path: String) throws(IOFailure) -> [String] {
        guard let folder = unsafe opendir(path) else {
            throw .system(doing: "list the folder", path: path, Errno(rawValue: errno))
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            // The name is ended by a zero octet within the entry, which lives until the next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}

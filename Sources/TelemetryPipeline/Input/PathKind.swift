#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is known of a path without opening it.
enum PathKind {
    /// Whether a path is a pipe, a terminal or the like, whose octets come only once.
    static func isStream(_ path: String) -> Bool {
        var status = stat()
        // Unsafe because `stat` takes pointers; they are to this one variable and to the path for the call.
        guard path != "-", unsafe stat(path, &status) == 0 else { return path == "-" }
        let kind = status.st_mode & S_IFMT
        return kind != S_IFREG && kind != S_IFDIR
    }
}

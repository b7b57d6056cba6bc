import LinkIO

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard input, waited for in short looks.
///
/// A signal goes to the main thread, a read waits on another: nothing would end that wait.
enum StandardInput {
    private static let look: Int32 = 100

    /// Returns when there is something to read, or the end.
    static func wait() throws(IOFailure) {
        while true {
            try Interruption.check()
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            // Unsafe because `poll` takes a pointer; it is to this one variable. A failure is left to the read.
            let count = unsafe poll(&descriptor, 1, look)
            if count > 0 || (count < 0 && errno != EINTR) { return }
        }
    }
}

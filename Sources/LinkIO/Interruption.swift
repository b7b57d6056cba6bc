import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether SIGINT or SIGTERM arrived; loops at the edge ask, so that half-written outputs are cleared away.
public enum Interruption {
    private static let signalNumber = Atomic<Int32>(0)

    /// Catches SIGINT and SIGTERM from now on, and ignores SIGPIPE, which arrives as an error of the write instead.
    public static func install() {
        // `sigaction` without SA_RESTART, so that a blocked read returns and the loop can look.
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { number in
            Interruption.signalNumber.store(number, ordering: .relaxed)
        }
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// The signal that arrived, if one did.
    public static var received: Int32? {
        let number = signalNumber.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Throws once a signal has arrived.
    ///
    /// - Throws: `.interrupted`.
    public static func check() throws(IOFailure) {
        guard signalNumber.load(ordering: .relaxed) == 0 else { throw .interrupted }
    }
}

import ArgumentParser
import LinkIO

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A command's failure as a person reads it: what, where, why, and what to try.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The exit codes that every verb keeps to.
enum ExitStatus {
    static let done: Int32 = 0
    /// Done, and the answer is bad: what `--fail-on` names, damage found, a demonstration that does not match.
    static let badAnswer: Int32 = 1
    /// Usage, input or output failed; nothing is left under the final name.
    static let failed: Int32 = 2
    /// A defect of Perilune.
    static let defect: Int32 = 70
    static let interrupted: Int32 = 130

    /// Says what went wrong on standard error and gives the exit code that belongs to it.
    static func report(_ error: any Error) -> Int32 {
        // What fails behind a signal fails because of it, in whatever words a layer below puts that.
        if Interruption.received != nil, !(error is ExitCode) { return afterSignal() }
        if let failure = error as? IOFailure, failure.isBrokenPipe { return done }
        let parserCode = Perilune.exitCode(for: error)
        switch error {
        case let code as ExitCode:
            return code.rawValue
        case _ where parserCode == .success:
            print(Perilune.fullMessage(for: error))
            return done
        case _ where parserCode == .validationFailure:
            Words.say(Perilune.fullMessage(for: error))
            return failed
        case let error as any CustomStringConvertible:
            Words.say("perilune: \(error.description)")
            return failed
        default:
            Words.say("perilune: a defect: \(error)")
            return defect
        }
    }

    private static func afterSignal() -> Int32 {
        Interruption.received == SIGTERM ? done : interrupted
    }
}

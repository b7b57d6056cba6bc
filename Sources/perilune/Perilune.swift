import ArgumentParser
import LinkIO

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The root command: what it can do, and how it ends.
struct Perilune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perilune",
        abstract: "Process lunar telemetry: inspect, decode, judge, archive and replay CCSDS downlinks.",
        discussion: """
            Start with `perilune demo`: it makes a pass with a hidden fault, decodes, archives and judges it, and \
            compares each result with the truth.

            Exit codes: 0 done; 1 done, and the answer is bad (damage found, --fail-on met, a demonstration that does \
            not match); 2 usage, input or output failed; 70 a defect of Perilune; 130 interrupted.
            """,
        version: "perilune \(Self.version)",
        subcommands: [
            InspectCommand.self, DecodeCommand.self, DetectCommand.self, ReplayCommand.self, ArchiveCommand.self,
            CombineCommand.self, MergeCommand.self, MissionsCommand.self, DemoCommand.self,
        ]
    )

    static let version = "0.1.0"
}

@main
enum Main {
    static func main() async {
        Interruption.install()
        keepFreedMemory()
        do {
            var command = try Perilune.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(ExitStatus.report(error))
        }
    }

    /// Lets what chunks leave behind serve the next ones.
    ///
    /// Otherwise glibc hands large pieces back to the system, which clears them before they come again: a fifth of the
    /// time of reading an archive. It stops doing so with pieces as large as one that was freed before, so one is.
    private static func keepFreedMemory() {
        // Neither read nor written.
        unsafe UnsafeMutableRawPointer.allocate(byteCount: 16 << 20, alignment: 16).deallocate()
    }
}

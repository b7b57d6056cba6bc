import ArgumentParser
import Foundation
import SpaceLink
import TelemetryPipeline

/// How the work is divided: over the cores here, or over machines.
struct WorkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Decode codeblocks by so many tasks; 0 is one for each core. Results do not change.",
            valueName: "n"
        )
    )
    var jobs = 1

    @Option(
        help: ArgumentHelp(
            "The input is piece N (from 1) of a whole, cut between frames; `perilune merge` joins the pieces' summaries.",
            valueName: "n"
        )
    )
    var segment: Int?

    /// How many tasks decode.
    var taskCount: Int { TaskCount.of(jobs) }

    /// The last event of an input, with the segment of a piece.
    func doneLine(_ summary: LinkSummary, _ found: LinkSegment?) -> String {
        guard let segment, let found else { return EventLine("done", summary).text }
        let numbered = NumberedSegment(number: segment, state: found)
        return EventLine("done", SegmentTotals(summary: summary, segment: numbered)).text
    }

    func validate() throws {
        try TaskCount.check(jobs)
        guard segment.map({ $0 > 0 }) ?? true else { throw ValidationError("--segment: pieces are numbered from 1") }
    }
}

/// How many tasks pack an archive.
struct PackingJobs: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Pack by so many tasks; 0 is one for each core. Each number gives another archive of the same units, "
                + "nearly as small. An archive that grows, as from a pipe, is packed by one.",
            valueName: "n"
        )
    )
    var jobs = 1

    /// How many tasks pack.
    var taskCount: Int { TaskCount.of(jobs) }

    func validate() throws { try TaskCount.check(jobs) }
}

/// How many tasks pack what a merge does not take over as it is.
struct MergingJobs: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Pack what is not taken over by so many tasks; 0 is one for each core. Each number gives another archive of "
                + "the same units, nearly as small.",
            valueName: "n"
        )
    )
    var jobs = 1

    /// How many tasks pack.
    var taskCount: Int { TaskCount.of(jobs) }

    func validate() throws { try TaskCount.check(jobs) }
}

/// How many tasks read an archive.
struct ReadingJobs: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read by so many tasks; 0 is one for each core. Results do not change.",
            valueName: "n"
        )
    )
    var jobs = 1

    /// How many tasks read.
    var taskCount: Int { TaskCount.of(jobs) }

    func validate() throws { try TaskCount.check(jobs) }
}

/// What `--jobs` means.
private enum TaskCount {
    static func of(_ jobs: Int) -> Int { jobs > 0 ? jobs : ProcessInfo.processInfo.activeProcessorCount }

    static func check(_ jobs: Int) throws {
        guard (0...256).contains(jobs) else { throw ValidationError("--jobs \(jobs): write a number from 0 to 256") }
    }
}

import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// `perilune archive repair`.
struct ArchiveRepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Write all that can be read of a damaged archive, its journal too, into a new one.",
        discussion: """
            Drops only what is damaged, and says which units are lost and between which times they lay. The damaged \
            archive is not changed. Exits with 1 if anything was lost.

            Example: perilune archive repair pass.plar -o whole.plar
            """
    )

    @Argument(help: "The archive.")
    var archive: String

    @Option(name: .shortAndLong, help: "The new archive; NAME.repaired.plar beside the old one if absent.")
    var output: String?

    @Flag(help: "Replace an archive of that name.")
    var force = false

    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        let output = output ?? "\(archive.hasSuffix(".plar") ? String(archive.dropLast(5)) : archive).repaired.plar"
        var job = ArchiveRepairJob(archive: archive, output: output)
        job.replacing = force
        var bar = speech.bar("repairing")
        let report = try job.run { octets, total in bar.update(octets: octets, of: total) }
        bar.finish()
        if speech.json {
            for hole in report.holes { print(EventLine("lost", HoleEvent(hole)).text, terminator: "") }
            print(EventLine("done", RepairSummary(report)).text, terminator: "")
        } else {
            for hole in report.holes { print("\(archive): \(words(hole))") }
            let kept = "\(Quantity.count(report.kept.units)) units, \(Quantity.octets(Double(report.kept.octets)))"
            let verdict =
                report.isComplete
                ? speech.paint.green("nothing was lost")
                : speech.paint.red(losses(report))
            print("\(output): \(kept) kept; \(verdict)")
        }
        guard report.isComplete else { throw ExitCode(ExitStatus.badAnswer) }
    }

    private func losses(_ report: RepairReport) -> String {
        let input = report.lostInput > 0 ? ["\(Quantity.count(report.lostInput)) octets of raw input are lost"] : []
        let units = report.lost > 0 ? ["\(Quantity.count(report.lost)) units are lost"] : []
        return (units + input).joined(separator: "; ")
    }

    private func words(_ hole: RepairReport.Hole) -> String {
        let units = "units \(hole.ordinals.lowerBound) to \(hole.ordinals.upperBound - 1) are lost"
        let after = hole.onboardAfter ?? hole.receivedAfter
        let before = hole.onboardBefore ?? hole.receivedBefore
        switch (after, before) {
        case (let after?, let before?): return "\(units), between \(after.display) and \(before.display)"
        case (let after?, nil): return "\(units), after \(after.display)"
        case (nil, let before?): return "\(units), before \(before.display)"
        case (nil, nil): return units
        }
    }
}

/// One hole in NDJSON.
private struct HoleEvent: Encodable {
    let from: Int64
    let until: Int64
    let onboardAfter: String?
    let onboardBefore: String?
    let receivedAfter: String?
    let receivedBefore: String?

    init(_ hole: RepairReport.Hole) {
        from = hole.ordinals.lowerBound
        until = hole.ordinals.upperBound
        onboardAfter = hole.onboardAfter?.utc
        onboardBefore = hole.onboardBefore?.utc
        receivedAfter = hole.receivedAfter?.utc
        receivedBefore = hole.receivedBefore?.utc
    }
}

/// The totals of `repair`.
private struct RepairSummary: Encodable {
    let units: Int64
    let octets: Int64
    let lost: Int64
    let lostInput: Int64?
    let damage: Int

    init(_ report: RepairReport) {
        units = report.kept.units
        octets = report.kept.octets
        lost = report.lost
        lostInput = report.lostInput > 0 ? report.lostInput : nil
        damage = report.damage.count
    }
}

import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// `perilune archive verify`.
struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every octet of an archive: all checksums, the chain of hashes, every unit.",
        discussion: """
            Exits with 1 if anything is not what was written, and says where and how much remains readable.

            Example: perilune archive verify pass.plar
            """
    )

    @Argument(help: "The archive.")
    var archive: String

    @OptionGroup var jobs: ReadingJobs
    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        let report: VerifyReport
        do {
            report = try await ArchiveFiles(path: archive).verify(jobs: jobs.taskCount)
        } catch let error as ArchiveError {
            throw PipelineFailure.badFile(path: archive, reason: error.description)
        }
        if speech.json {
            for damage in report.damage { print(EventLine("damage", DamageEvent(damage)).text, terminator: "") }
            print(EventLine("done", VerifySummary(report)).text, terminator: "")
        } else {
            for damage in report.damage { print("\(archive): \(damage.description)") }
            for range in report.lost {
                print("\(archive): units \(range.lowerBound) to \(range.upperBound - 1) are lost")
            }
            print(summary(report))
            if let words = report.end.words { print("\(archive): \(words)") }
        }
        guard report.isWhole else { throw ExitCode(ExitStatus.badAnswer) }
    }

    private func summary(_ report: VerifyReport) -> String {
        let readable =
            "\(Quantity.count(report.readable.units)) units, \(Quantity.octets(Double(report.readable.octets))) in \(report.members) sound members"
        let verdict = report.isWhole ? speech.paint.green("intact") : speech.paint.red("DAMAGED")
        return "\(archive): \(verdict), \(readable); \(report.end.title)"
            + (report.isWhole ? ", root \(Hexadecimal.text(report.root))" : "")
    }
}

/// One damage in NDJSON.
private struct DamageEvent: Encodable {
    let offset: Int64
    let length: Int64
    let member: UInt64
    let part: String
    let detail: String

    init(_ damage: ArchiveDamage) {
        offset = damage.offset
        length = damage.length
        member = damage.sequence
        part = damage.part.rawValue
        detail = damage.detail
    }
}

/// The totals of `verify`.
private struct VerifySummary: Encodable {
    struct Lost: Encodable {
        let from: Int64
        let until: Int64
    }

    let intact: Bool
    let end: String
    let members: Int64
    let units: Int64
    let octets: Int64
    let damage: Int
    let lost: [Lost]
    let root: String

    init(_ report: VerifyReport) {
        intact = report.isWhole
        end = report.end.title
        members = report.members
        units = report.readable.units
        octets = report.readable.octets
        damage = report.damage.count
        lost = report.lost.map { Lost(from: $0.lowerBound, until: $0.upperBound) }
        root = Hexadecimal.text(report.root)
    }
}

/// What archives say in words.
enum ArchiveWords {
    /// Says where an archive is damaged, and ends with the exit code for it.
    static func report(_ damage: [ArchiveDamage], _ path: String) throws {
        guard !damage.isEmpty else { return }
        for place in damage { Words.say("\(path): \(place.description)") }
        Words.say("\(path): is damaged; what could be read was given. See `perilune archive verify`")
        throw ExitCode(ExitStatus.badAnswer)
    }
}

extension ArchiveEnd {
    /// How the archive ends, in a word or two.
    var title: String {
        switch self {
        case .sealed: "sealed"
        case .open: "not sealed"
        case .cutShort: "cut short"
        }
    }

    /// What that means for who reads it, where it is not sealed.
    var words: String? {
        switch self {
        case .sealed: nil
        case .open: "has no seal: it is still being written, or its writer stopped; all of its members are whole"
        case .cutShort(let offset): "is cut short in the member at offset \(offset); everything before it can be read"
        }
    }
}

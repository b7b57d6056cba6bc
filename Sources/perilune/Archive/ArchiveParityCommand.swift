import ArgumentParser
import TelemetryArchive
import TelemetryPipeline

/// `perilune archive parity`.
struct ArchiveParityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parity",
        abstract: "Write FILE.parity beside an archive, by which `repair` brings damaged octets back.",
        discussion: """
            About 7 % more octets. In every 15 MiB of the archive any mebioctet on end is healed, or 4 in 60 pages of \
            4096 octets wherever they are. What is appended later is not covered until this is run again. A damaged archive \
            is refused.

            Example: perilune archive parity pass.plar
            """
    )

    @Argument(help: "The archives; each part of a rotated one is an archive.")
    var archives: [String]

    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        let work = ParityWork(speech)
        for archive in archives {
            let made = try work.make(archive)
            if speech.json {
                let event = ParityMade(archive: archive, covered: made.covered, octets: made.size)
                print(EventLine("done", event).text, terminator: "")
            }
        }
    }
}

/// The totals of `parity` for one archive.
private struct ParityMade: Encodable {
    let archive: String
    let covered: Int64
    let octets: Int64
}

/// Making parity with a bar that shows how far it is.
struct ParityWork {
    private let speech: SpeechOptions

    init(_ speech: SpeechOptions) { self.speech = speech }

    /// Makes the parity of one file.
    func make(_ archive: String) throws -> ParityJob.Result {
        var bar = speech.bar("parity")
        let made = try ParityJob(archive: archive).run { octets, total in bar.update(octets: octets, of: total) }
        bar.finish()
        let size = Quantity.octets(Double(made.size))
        speech.say("\(ArchiveParity.path(of: archive)): \(size), covers \(Quantity.octets(Double(made.covered)))")
        return made
    }

    /// Makes the parity of all parts of an archive that was written, if it is wanted; what a replaced one had goes.
    ///
    /// - Returns: Octets of parity, `nil` if none is wanted.
    func settle(_ archive: String, isWanted: Bool, isNew: Bool) throws -> Int64? {
        guard archive != "-" else {
            guard isWanted else { return nil }
            throw PipelineFailure.missing(
                what: "--parity: there is no place beside standard output",
                remedy: "name a file with -o"
            )
        }
        if isNew { try ArchiveParity.removeAll(of: archive) }
        guard isWanted else {
            for name in ArchiveParity.names(of: archive) {
                speech.say("\(name): does not cover what was appended. See `perilune archive parity`")
            }
            return nil
        }
        return try ArchiveParity.parts(of: archive).reduce(0) { try $0 + make($1).size }
    }
}

/// What `verify` says of parity in NDJSON.
struct ParitySummary: Encodable {
    struct Octets: Encodable {
        let from: Int64
        let until: Int64
    }

    let state: String
    let covered: Int64
    let damagedPages: Int64
    let healablePages: Int64
    let uncheckedPages: Int64
    let missingBlocks: Int64
    let unhealable: [Octets]

    init(_ report: ParityReport, isForeign: Bool) {
        state = isForeign ? "stale" : report.state
        covered = report.coveredLength
        damagedPages = report.damagedPages
        healablePages = report.healablePages
        uncheckedPages = report.uncheckedPages
        missingBlocks = report.missingBlocks
        unhealable = report.unhealable.map { Octets(from: $0.lowerBound, until: $0.upperBound) }
    }
}

extension ParityReport {
    /// In a word, what the parity file itself is.
    var state: String { !isSound ? "damaged" : isOutgrown ? "stale" : "sound" }

    /// The same in a sentence, and what it can do for the archive.
    func words(isForeign: Bool) -> String {
        if isForeign { return "parity: stale; it is of another archive than this one, which is intact" }
        var words = "parity: \(state)"
        if !isSound {
            words += ", \(Quantity.count(missingBlocks)) of \(Quantity.count(blocks + missingBlocks)) blocks are lost"
            if !isEndKnown { words += " and the end" }
        }
        if isOutgrown {
            words += "; covers the first \(Quantity.count(coveredLength)) of \(Quantity.count(archiveLength)) octets"
        }
        if uncheckedPages > 0 { words += "; says nothing of \(Quantity.count(uncheckedPages)) pages" }
        guard damagedPages > 0 else { return words }
        words += "; \(Quantity.count(healablePages)) of \(Quantity.count(damagedPages)) damaged pages can be healed"
        return words
    }
}

import ArchiveFaults
import ArgumentParser
import BenchmarkShim
import Foundation
import TelemetryArchive
import TestSupport

/// Spoils archives and counts what is read of them.
struct ArchiveFaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive-faults",
        abstract: "Faults that archives were put to, and how many they survived.",
        discussion: """
            A fault is survived if every unit that it did not touch is read as it was written, nothing wrong is returned \
            as right, and what is said of it is so: a cut is a cut, damage is in the member that has it, what was \
            acknowledged is there. "Found" are those of which the archive says that something was done to it. The other \
            tables are of mistakes put into writers and readers, which the faults have to show, of parity, of gzip beside \
            an archive, and of bombs. The exit status is 1 if a rule was broken. The small archives are one of each \
            content and form. Power cuts are those of a simulated disk that loses what was not synchronised, sector by \
            sector and name by name; the units lost there were never acknowledged.
            """
    )

    @OptionGroup var peers: PeerOptions

    @Option(help: "Cuts of the large archive, at random places.")
    var cuts = 1000

    @Option(
        help: "Flipped bits of the small archives, each in a check and a reading of the whole; all if there are fewer."
    )
    var flips = 200_000

    @Option(help: "Distinct states that power cuts leave.")
    var powerCuts = 10_000

    @Option(help: "Writers that are killed.")
    var kills = 100

    @Option(help: "Damages of each kind that parity is to heal.")
    var parities = 100

    @Option(help: "Megabytes of units in the large archive.")
    var megabytes = 20

    func run() throws {
        let bench = try Bench(clock: .wall, peers: peers)
        defer { bench.clean() }
        var rows = [["fault", "tried", "survived", "found", "units lost", "seconds"]]
        var breaches: [String] = []
        func add(_ name: String, _ body: () throws -> FaultTally) rethrows {
            bench.say(name)
            let start = bench_wall_seconds()
            let tally = try body()
            let seconds = Table.number(bench_wall_seconds() - start)
            rows.append([name, "\(tally.tried)", "\(tally.survived)", "\(tally.found)", "\(tally.lost)", seconds])
            let said = zip(rows[0], rows[rows.count - 1]).dropFirst().map { "\($0) \($1)" }
            bench.say("    " + said.joined(separator: ", "))
            breaches += tally.breaches.map { "\(name): \($0)" }
        }
        try trySmall(add)
        try tryLarge(add)
        add("the power goes, in any of many lives") { tryPowerCuts() }
        try add("SIGKILL of a writer fed by a pipe, another goes on") { try tryKills(bench) }
        for line in Table.aligned(rows, numeric: [1, 2, 3, 4, 5]) { print(line) }
        print("")
        let mistakes = mutants(bench)
        breaches += mistakes.breaches
        for line in Table.aligned(mistakes.rows, numeric: [1, 2, 3, 4]) { print(line) }
        print("")
        let healing = try parity(bench)
        breaches += healing.breaches
        for line in Table.aligned(healing.rows, numeric: [1, 2, 3, 4, 5]) { print(line) }
        print("")
        for line in Table.aligned(try besideGzip(bench), numeric: [1, 2, 3, 4]) { print(line) }
        print("")
        for line in Table.aligned(try bombs(bench), numeric: [1, 2, 3]) { print(line) }
        for breach in breaches { print("broken: \(breach)") }
        if !breaches.isEmpty { throw ExitCode(1) }
    }

    private typealias Add = (String, () throws -> FaultTally) throws -> Void

    // MARK: Archives

    private func trySmall(_ add: Add) throws {
        let sealed = try SmallArchives(.sealed)
        let open = try SmallArchives(.journaled)
        let stopped = try SmallArchives(.open)
        try add("small archives, sealed, cut at every length") {
            sealed.tally(each: { $0.octets.count + 1 }, { $0.judge(cutAt: $1) })
        }
        try add("never sealed, cut at every length") {
            stopped.tally(each: { $0.octets.count + 1 }, { $0.judge(cutAt: $1) })
        }
        try add("with a journal, cut at every length") {
            open.tally(each: { $0.octets.count + 1 }, { $0.judge(cutAt: $1) })
        }
        try add("with a journal that is cut at every length") {
            open.tally(each: { $0.journal.count + 1 }, { $0.judge(journalCutAt: $1) })
        }
        let bits = { (archive: SampleArchive) in 8 * archive.octets.count }
        let own = sealed.archives.reduce(0) { $0 + bits($1) }
        let all = open.archives.reduce(own) { $0 + bits($1) }
        let share = flips >= all ? own : Int(Double(flips) * Double(own) / Double(all))
        let which = flips >= all ? "every bit" : "bits here and there"
        try add("sealed, \(which) flipped") {
            sealed.tally(atMost: share, each: bits) { $0.judge(flipping: $1) }
        }
        try add("with a journal, \(which) flipped") {
            open.tally(atMost: flips - share, each: bits) { $0.judge(flipping: $1) }
        }
        try add("with a journal of which every bit is flipped") {
            open.tally(each: { 8 * $0.journal.count }, { $0.judge(flippingJournal: $1) })
        }
    }

    private func tryLarge(_ add: Add) throws {
        var generator = SeededGenerator(seed: 77)
        let large = try SampleArchive(.packets, count: megabytes << 20, settings: ArchiveSettings())
        func places(_ count: Int, below limit: Int) -> [Int] {
            (0..<count).map { _ in Int(generator.next() % UInt64(limit)) }
        }
        let lengths = places(cuts, below: large.octets.count)
        try add("\(megabytes) MiB of units cut at random") {
            Workers.cores.tally(cuts) { $2.add(large.judge(cutAt: lengths[$0]), "\(lengths[$0])") }
        }
        var settings = ArchiveSettings(chunkSize: 64 << 10)
        settings.chunksPerIndex = 8
        let middle = try SampleArchive(.frames, count: 1 << 20, settings: settings)
        for (archive, count) in [(middle, flips / 50), (large, flips / 1000)] {
            let bits = places(count, below: 8 * archive.octets.count)
            try add("a bit flipped in \(archive.octets.count) octets, \(archive.members.count) members") {
                Workers.cores.tally(count) { $2.add(archive.judge(flipping: bits[$0]), "bit \(bits[$0])") }
            }
        }
    }

    // MARK: Power cuts and killed writers

    private func tryPowerCuts() -> FaultTally {
        let states = CrashStates()
        let wanted = powerCuts
        // Each life gives some hundreds of states.
        return Workers.cores.tally(wanted, piece: 1) { seed, _, tally in
            guard states.count < wanted else { return }
            var trial = PowerCutTrial(Workload(anyOf: UInt64(seed))) { $0 }
            trial.cutsAgainEach = 3
            trial.judge(SimulatedFolder(), states) { cut in
                tally.add(cut.judgement, "\(cut)")
                return tally.breaches.count < 10
            }
        }
    }

    /// Killed side by side, because most of the time is waiting.
    private func tryKills(_ bench: Bench) throws -> FaultTally {
        let workers = Workers(count: min(kills, 4 * Workers.cores.count))
        let writers = try (0..<workers.count).map { number in
            let place = bench.folder.appending(path: "killed-\(number)")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            return KilledWriter(command: URL(fileURLWithPath: peers.command), folder: place)
        }
        return workers.tally(kills, piece: 1) { round, worker, tally in
            do {
                tally.add(try writers[worker].judge(round: round), "round \(round)")
            } catch {
                tally.add(FaultJudgement(breach: "\(error)"), "round \(round)")
            }
        }
    }

    /// Mistakes that the faults above have to show.
    private func mutants(_ bench: Bench) -> (rows: [[String]], breaches: [String]) {
        var rows = [["mistakes put into the protocol", "tried", "caught", "caught where none was", "seconds"]]
        var breaches: [String] = []
        for (name, kinds) in [("of a writer", Mutant.writers), ("of a reader", Mutant.readers)] {
            bench.say("mistakes \(name)")
            let start = bench_wall_seconds()
            let caught = kinds.filter { $0.isCaught() }
            let wrongly = kinds.filter { $0.isCaughtThoughRight(lives: 6) }
            breaches += kinds.filter { !caught.contains($0) }.map { "\($0) is not caught" }
            breaches += wrongly.map { "\($0) is caught where it was not made" }
            let seconds = Table.number(bench_wall_seconds() - start)
            rows.append([name, "\(kinds.count)", "\(caught.count)", "\(wrongly.count)", seconds])
        }
        let caught = Mutant.harmless.filter { $0.isCaught(lives: 20) }
        breaches += caught.map { "\($0) is not harmless" }
        rows.append(["steps left out that are not needed", "\(Mutant.harmless.count)", "\(caught.count)", "–", "–"])
        return (rows, breaches)
    }

    // MARK: Peers and bombs

    /// What `gzip -dc` gives of the same units when a bit is flipped.
    private func besideGzip(_ bench: Bench) throws -> [[String]] {
        var settings = ArchiveSettings(chunkSize: 64 << 10)
        settings.chunksPerIndex = 8
        let sample = try SampleArchive(.frames, count: 1 << 20, settings: settings)
        let tried = 200
        let (plain, packed, output) = (bench.path("units"), bench.path("units.gz"), bench.path("out"))
        try sample.stream.write(to: plain)
        try bench.run("gzip -6 -c < '\(plain)' > '\(packed)'")
        let sound = try [UInt8](file: packed)
        var generator = SeededGenerator(seed: 78)
        var ours = (found: 0, kept: 0, wrong: 0)
        var theirs = (found: 0, kept: 0, wrong: 0)
        for _ in 0..<tried {
            let chance = generator.next()
            let judgement = sample.judge(flipping: Int(chance % UInt64(8 * sample.octets.count)))
            ours.found += judgement.isFound ? 1 : 0
            ours.kept += sample.units.count - judgement.lost
            ours.wrong += judgement.breaches.count
            var spoilt = sound
            let bit = Int(chance % UInt64(8 * sound.count))
            spoilt[bit / 8] ^= 1 << UInt8(bit % 8)
            try spoilt.write(to: packed)
            try bench.run("gzip -dc < '\(packed)' > '\(output)' 2> /dev/null; echo $? > '\(output).status'")
            theirs.found += try String(contentsOfFile: output + ".status", encoding: .utf8) == "0\n" ? 0 : 1
            let printed = try [UInt8](file: output)
            let right = zip(printed, sample.stream).prefix { $0.0 == $0.1 }.count
            theirs.kept += sample.bounds.dropFirst().prefix { $0 <= right }.count
            theirs.wrong += printed.count > right ? 1 : 0
        }
        func row(_ name: String, _ size: Int, _ result: (found: Int, kept: Int, wrong: Int)) -> [String] {
            let kept = Table.number(100 * Double(result.kept) / Double(tried * sample.units.count))
            return [name, "\(size)", "\(result.found)", kept, "\(result.wrong)"]
        }
        return [
            ["\(tried) flips, \(sample.stream.count) octets", "octets", "found", "% of units kept", "wrong output"],
            row("archive", sample.octets.count, ours), row("gzip -6", sound.count, theirs),
        ]
    }

    /// What the command takes to refuse bombs.
    private func bombs(_ bench: Bench) throws -> [[String]] {
        var rows = [["bomb", "octets", "verify, MB", "seconds"]]
        let path = bench.path("bomb.plar")
        for bomb in try ArchiveBomb.all() {
            try bomb.octets.write(to: path)
            let line = "sh -c '\"\(bench.command)\" archive verify \"\(path)\" > /dev/null 2>&1; test $? -le 2'"
            let start = bench_wall_seconds()
            let peak = try bench.resident(line)
            let seconds = Table.number(bench_wall_seconds() - start)
            rows.append([bomb.description, "\(bomb.octets.count)", Table.number(peak / 1e6), seconds])
        }
        return rows
    }
}

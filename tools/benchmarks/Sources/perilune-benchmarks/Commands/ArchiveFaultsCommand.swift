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
            tables are of parity, of gzip beside an archive, and of bombs. The exit status is 1 if a rule was broken. \
            Power cuts are tried by the tests: PowerCutTests, 10,091 states of a simulated disk.
            """
    )

    @OptionGroup var peers: PeerOptions

    @Option(help: "Cuts of the large archive, at random places.")
    var cuts = 1000

    @Option(help: "Flipped bits, each in a check and a reading of the whole archive.")
    var flips = 20_000

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
        func add(_ name: String, _ body: (inout FaultTally) throws -> Void) rethrows {
            bench.say(name)
            let start = bench_wall_seconds()
            var tally = FaultTally()
            try body(&tally)
            let seconds = Table.number(bench_wall_seconds() - start)
            rows.append([name, "\(tally.tried)", "\(tally.survived)", "\(tally.found)", "\(tally.lost)", seconds])
            breaches += tally.breaches.map { "\(name): \($0)" }
        }
        for content in SampleStream.Content.allCases {
            for form in ArchiveSettings.Form.allCases {
                try trySmall(content, form, add)
            }
        }
        try tryLarge(add)
        let place = bench.folder.appending(path: "killed")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let writer = KilledWriter(command: URL(fileURLWithPath: peers.command), folder: place)
        try add("SIGKILL of a writer fed by a pipe, another goes on") { tally in
            for round in 0..<kills { tally.add(try writer.judge(round: round), "round \(round)") }
        }
        for line in Table.aligned(rows, numeric: [1, 2, 3, 4, 5]) { print(line) }
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

    private typealias Add = (String, (inout FaultTally) throws -> Void) throws -> Void

    // MARK: Archives

    private func trySmall(_ content: SampleStream.Content, _ form: ArchiveSettings.Form, _ add: Add) throws {
        var settings = ArchiveSettings(chunkSize: 2500)
        settings.form = form
        settings.chunksPerIndex = 2
        let sealed = try SampleArchive(content, count: 9000, settings: settings)
        let open = try SampleArchive(content, count: 9000, settings: settings, ending: .journaled)
        let stopped = try SampleArchive(content, count: 9000, settings: settings, ending: .open)
        let name = "\(content), \(form)"
        try add("\(name): a sealed archive cut at every length") { tally in
            for length in 0...sealed.octets.count { tally.add(sealed.judge(cutAt: length), "\(length)") }
        }
        try add("\(name): one that was never sealed cut at every length") { tally in
            for length in 0...stopped.octets.count { tally.add(stopped.judge(cutAt: length), "\(length)") }
        }
        try add("\(name): one with a journal cut at every length") { tally in
            for length in 0...open.octets.count { tally.add(open.judge(cutAt: length), "\(length)") }
        }
        try add("\(name): its journal cut at every length") { tally in
            for length in 0...open.journal.count { tally.add(open.judge(journalCutAt: length), "\(length)") }
        }
        try add("\(name): every bit of the journal flipped") { tally in
            for bit in 0..<8 * open.journal.count { tally.add(open.judge(flippingJournal: bit), "bit \(bit)") }
        }
    }

    private func tryLarge(_ add: Add) throws {
        var generator = SeededGenerator(seed: 77)
        let large = try SampleArchive(.packets, count: megabytes << 20, settings: ArchiveSettings())
        try add("\(megabytes) MiB of units cut at random") { tally in
            for _ in 0..<cuts {
                let length = Int(generator.next() % UInt64(large.octets.count))
                tally.add(large.judge(cutAt: length), "\(length)")
            }
        }
        var settings = ArchiveSettings(chunkSize: 64 << 10)
        settings.chunksPerIndex = 8
        let middle = try SampleArchive(.frames, count: 1 << 20, settings: settings)
        try add("a bit flipped in \(middle.octets.count) octets, \(middle.members.count) members") { tally in
            for _ in 0..<flips {
                let bit = Int(generator.next() % UInt64(8 * middle.octets.count))
                tally.add(middle.judge(flipping: bit), "bit \(bit)")
            }
        }
        try add("a bit flipped in \(large.octets.count) octets, \(large.members.count) members") { tally in
            for _ in 0..<flips / 100 {
                let bit = Int(generator.next() % UInt64(8 * large.octets.count))
                tally.add(large.judge(flipping: bit), "bit \(bit)")
            }
        }
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

import ArgumentParser
import FaultMatrix
import Foundation

/// Insults streams and counts what decoders deliver of them.
struct FaultMatrixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault-matrix",
        abstract: "How many frames decoders deliver of streams that were insulted on their way.",
        discussion: """
            Frames are counted once each, if they are octet for octet those that were sent; others are false. "Whole" are \
            the frames whose codeblocks arrived without damage that their code cannot mend. The second table holds the \
            rules of Perilune's tests over every kind of link; the exit status is 1 if one is broken.
            """
    )

    @OptionGroup var peers: PeerOptions

    @Option(help: "Frames of each stream, twenty at least.")
    var frames = 2000

    @Flag(help: "Every insult in the first table, not only those that tell decoders apart.")
    var all = false

    /// What the first table shows.
    private static let telling: Set<String> = [
        "none", "shifted by 3 bits", "inverted", "inverted from the middle of a frame on",
        "inverted from inside a marker on", "2 bit errors in every marker", "3 bit errors in every marker",
        "a marker beyond recognition", "five markers in a row beyond recognition",
        "the first marker beyond recognition",
        "the last marker beyond recognition", "1 bits inserted", "1 bits deleted", "8 bits inserted", "8 bits deleted",
        "1000 bits deleted", "a bit deleted 16 bits behind a marker's start", "slips in two frames in a row",
        "100000 noise bits between two frames", "100003 noise bits inside a frame",
        "100000 noise bits before the first frame", "a burst of 200 octets", "a burst over a marker",
        "every fifth frame is noise, its marker too", "5 octets missing from a codeblock",
        "5 octets sent twice from inside a frame", "4 octets missing from a marker", "a frame sent twice from a marker",
        "two frames and a half missing from inside a frame", "as many errors as the code corrects in every codeword",
        "one error more than the code corrects in a codeword of every tenth frame", "the first 1000 bits missing",
        "the last 1000 bits missing", "a marker at the very end",
    ]

    func validate() throws {
        guard frames >= 20 else { throw ValidationError("a stream has twenty frames at least") }
    }

    func run() throws {
        let bench = try Bench(clock: .processor, peers: peers)
        defer { bench.clean() }
        let lines = try compare(bench)
        for line in Table.aligned(lines.rows, numeric: [1, 2, 3]) { print(line) }
        for note in lines.notes { print("note: \(note)") }
        print("")
        let (rows, breaches) = try holdRules(bench)
        for line in Table.aligned(rows, numeric: [1, 2, 3, 4, 5, 6]) { print(line) }
        for breach in breaches { print("broken: \(breach)") }
        if !breaches.isEmpty { throw ExitCode(1) }
    }

    // MARK: Beside peers

    private func compare(_ bench: Bench) throws -> (rows: [[String]], notes: [String]) {
        let shape = LinkShape.all[2]
        let sent = try Transmission(shape.link, frames: frames)
        let insults = Insult.all.filter { all || Self.telling.contains($0.name) }
        var rows = [["\(shape), \(frames) frames", "whole", "perilune", "gr-satellites"]]
        var notes = [
            "ccsds, ccsdspy and space_packet_parser (Python package index) read packets, no frames: they have no column"
        ]
        var peer = bench.gnuradioPython
        if peer == nil {
            notes.append(
                "gr-satellites takes part with --peers, if Debian's gnuradio and gr-satellites can be installed"
            )
        }
        for insult in insults {
            guard let spoilt = insult.applied(to: sent.stream) else { continue }
            bench.say(insult.name)
            let reception = try Reception(of: spoilt.octets, from: sent)
            let ours = Self.cell(delivered: frames - reception.lost.count, others: reception.invented)
            var theirs = "–"
            if let python = peer {
                do {
                    theirs = try Self.satellites(bench, python, spoilt, sent)
                } catch {
                    notes.append("gr-satellites cannot be run: \(error)")
                    peer = nil
                }
            }
            rows.append([insult.name, "\(frames - spoilt.destroyed.count)", ours, theirs])
        }
        return (rows, notes)
    }

    /// What gr-satellites delivers of a stream.
    private static func satellites(
        _ bench: Bench,
        _ python: String,
        _ spoilt: SpoiltStream,
        _ sent: Transmission
    ) throws -> String {
        let (input, output) = (bench.path("spoilt.cadu"), bench.path("frames.bin"))
        try spoilt.octets.write(to: input)
        let arguments = "'\(input)' \(sent.stream.codewords) '\(output)'"
        _ = try bench.runPeer(python, arguments, script: "gr_satellites.py")
        let octets = try [UInt8](file: output)
        let length = sent.frames[0].count
        let units = stride(from: 0, to: octets.count, by: length).map { start in
            Array(octets[start..<min(start + length, octets.count)])
        }
        let known = Set(sent.frames)
        let right = units.filter { known.contains($0) }
        let distinct = Set(right).count
        let twice = right.count - distinct
        return cell(delivered: distinct, others: units.count - right.count) + (twice > 0 ? ", \(twice) twice" : "")
    }

    private static func cell(delivered: Int, others: Int) -> String {
        others == 0 ? "\(delivered)" : "\(delivered) + \(others) false"
    }

    // MARK: The rules

    private func holdRules(_ bench: Bench) throws -> (rows: [[String]], breaches: [String]) {
        var rows = [
            [
                "link", "insults", "frames each", "most lost, all whole", "lost beyond destroyed", "false",
                "broken rules",
            ]
        ]
        var breaches: [String] = []
        for shape in LinkShape.all {
            bench.say("\(shape)")
            let sent = try Transmission(shape.link, frames: frames)
            let period = sent.stream.period
            var slips: [(Insult, Transmission)] = []
            if shape.canTell {
                let longer = try Transmission(shape.link, frames: 3 * period + 3)
                slips = [true, false].map { (Insult.slips(at: Array(0..<period), isInsertion: $0), longer) }
            }
            var (count, worst, beyond, invented, broken) = (0, 0, 0, 0, 0)
            for (insult, sent) in shape.insults.map({ ($0, sent) }) + slips {
                guard let spoilt = insult.applied(to: sent.stream) else { continue }
                let reception = try Reception(of: spoilt.octets, from: sent)
                let found = reception.breaches(of: spoilt, canTell: shape.canTell)
                breaches += found.map { "\(shape): \(insult): \($0)" }
                count += 1
                if spoilt.destroyed.isEmpty { worst = max(worst, reception.lost.count) }
                if !spoilt.destroyed.isEmpty {
                    beyond = max(beyond, reception.lost.subtracting(spoilt.destroyed).count)
                }
                if shape.canTell { invented += reception.invented }
                broken += found.count
            }
            rows.append(
                [
                    "\(shape)", "\(count)", "\(frames)", "\(worst)", "\(beyond)",
                    shape.canTell ? "\(invented)" : "cannot tell", "\(broken)",
                ]
            )
        }
        return (rows, breaches)
    }
}

import ArgumentParser
import Foundation

/// One row for each coding and frame type: vectors, throughput, peer.
struct CodingTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coding-table",
        abstract: "One row for each code and frame type: vectors passed, throughput, peer, ratio.",
        discussion: """
            The vectors are those that the tests examined: `tools/benchmark coding-table` runs the suite first and hands \
            over what it printed.
            """
    )

    @OptionGroup var peers: PeerOptions

    @Option(help: "The clock of all figures.")
    var clock = BenchmarkClock.processor

    @Option(help: ArgumentHelp("What the vector tests printed.", valueName: "file"))
    var vectorResults: String?

    /// A row: its name, the kinds of vectors that try it, and the start of its figure's name.
    private struct Row {
        let name: String
        let kinds: [String]
        let figure: String

        init(_ name: String, _ kinds: [String], _ figure: String = "") {
            self.name = name
            self.kinds = kinds
            self.figure = figure
        }
    }

    private static let rows = [
        Row("marker search", ["frame_sync"], "synchroniser, aligned"),
        Row("randomisers", ["randomizer"], "randomiser, short"),
        Row("Reed-Solomon E=16, error-free", ["rs_encode"], "RS(255,223) I=5 dual, check"),
        Row("Reed-Solomon E=16, 8 errors", ["rs_decode"], "RS(255,223) I=5 dual, 8"),
        Row("Reed-Solomon E=16, 16 errors", ["rs_decode"], "RS(255,223) I=5 dual, 16"),
        Row("Reed-Solomon E=8, 8 errors", ["rs_decode"], "RS(255,239) I=5 conventional, 8"),
        Row("convolutional 1/2", ["conv_encode", "viterbi_decode", "concatenated_encode"], "Viterbi K=7, rate 1/2"),
        Row("convolutional 7/8", ["conv_encode", "viterbi_decode"], "Viterbi K=7, rate 7/8"),
        Row("LDPC AR4JA 1/2", ["ldpc_encode"], "LDPC AR4JA, k=1024"),
        Row("LDPC C2", ["ldpc_encode"], "LDPC C2"),
        Row("Turbo 1/2", ["turbo_encode"], "Turbo rate 1/2"),
        Row("Turbo 1/6", ["turbo_encode"], "Turbo rate 1/6"),
        Row("CRC-16", ["crc16"], "CRC-16"), Row("CRC-32 (USLP)", ["crc32_uslp"]),
        Row(
            "CADUs to packets, AOS",
            ["cadu_encode", "aos_header", "fhec_decode", "aos_frame", "aos_stream"],
            "CADUs → packets, clean"
        ),
        Row("AOS frames to packets", ["aos_frame", "aos_stream"], "frames → packets"),
        Row("TM frames to packets", ["tm_header", "tm_frame", "tm_stream", "clcw"], "TM frames → packets"),
        Row("USLP frames to packets", ["uslp_header"], "USLP frames → packets"),
        Row(
            "space packets",
            ["space_packet", "space_packet_length", "pus_tm", "encapsulation_packet"],
            "packet file → packets"
        ),
        Row("KISS, pcap", ["kiss", "pcap_udp"]),
    ]

    func run() throws {
        let bench = try Bench(clock: clock, peers: peers)
        defer { bench.clean() }
        for room in [Room.machine, .channelCoding, .spaceLink] {
            bench.say("measuring \(room.rawValue)")
            try room.measure(bench)
        }
        let passed = try vectorResults.map { try Self.passed($0) } ?? [:]
        var rows = [["code or frame type", "vectors passed", "figure", "unit", "peer or limit", "ratio"]]
        for row in Self.rows {
            // The same runs count packets too; octets come first.
            let figure = row.figure.isEmpty ? nil : bench.figures.first { $0.what.hasPrefix(row.figure) }
            rows.append(
                [
                    row.name, Self.sum(row.kinds, passed), figure.map { Table.number($0.value) } ?? "–",
                    figure?.unit ?? "–",
                    figure?.reference.map { "\($0.name) \(Table.number($0.value))" } ?? "–",
                    figure?.ratio.map(Table.number) ?? "–",
                ]
            )
        }
        for line in Table.aligned(rows, numeric: [1, 2, 5]) { print(line) }
        print("clock: \(clock.rawValue)")
        if passed.isEmpty { print("note: the vector suite was not run") }
        for note in bench.notes { print("note: \(note)") }
    }

    private static func sum(_ kinds: [String], _ passed: [String: (passed: Int, all: Int)]) -> String {
        let known = kinds.compactMap { passed[$0] }
        guard !known.isEmpty else { return "–" }
        return "\(known.reduce(0) { $0 + $1.passed }) of \(known.reduce(0) { $0 + $1.all })"
    }

    /// The lines `kind: passed of all` of the suite's tally.
    private static func passed(_ file: String) throws -> [String: (passed: Int, all: Int)] {
        var counts: [String: (passed: Int, all: Int)] = [:]
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 4, words[0].hasSuffix(":"), words[2] == "of", let passed = Int(words[1]),
                let all = Int(words[3])
            else { continue }
            counts[String(words[0].dropLast())] = (passed, all)
        }
        return counts
    }
}

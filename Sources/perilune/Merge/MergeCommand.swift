import ArgumentParser
import LinkIO
import SpaceLink
import TelemetryPipeline

/// `perilune merge`: summaries of pieces decoded apart into one.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the summaries of pieces of a recording that were decoded apart.",
        discussion: """
            A recording is cut between frames into pieces, which are numbered from 1 and inspected or decoded anywhere, \
            in any order. Their summaries merge into the one that a single pass over the whole gives: the same packets, \
            counts, gaps and ledger. Packets that lie over a cut are in no piece's output; --packets writes them.

            Examples:
              split -n 4 -d --additional-suffix=.frames frames.bin piece-   (where 4 divides the frames)
              perilune inspect --json --link change-5 --segment 1 piece-00.frames > 1.json
              perilune inspect --json --link change-5 --segment 2 piece-01.frames > 2.json
              perilune merge *.json
              perilune merge *.json --json --packets over-the-cuts.packets
            """
    )

    @Argument(help: "Files of summaries, in any order; each line an event, as written by --json --segment N.")
    var pieces: [String]

    @Option(name: .shortAndLong, help: "Write the merged summary there as JSON.")
    var output: String?

    @Option(help: ArgumentHelp("Write the packets that lie over the cuts to this file.", valueName: "file"))
    var packets: String?

    @Flag(help: "Replace files of that name.")
    var force = false

    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        let segments = try NumberedSegment.read(pieces)
        var sink = UnitWritingSink(
            files: try OctetSplitter(path: packets ?? "/dev/null", split: nil, ending: "packets", replacing: force),
            layer: .packets,
            selection: try PacketSelection(apids: [], channels: [], from: nil, until: nil),
            includesIdle: true,
            timeCode: nil
        )
        let summary = try Self.merge(segments, into: &sink)
        let units = sink.files.units
        try sink.commit()
        let text = EventLine("done", summary).text
        if let output {
            var file = try OctetOutput(path: output, replacing: force)
            try file.write(Array(text.utf8).span)
            try file.commit()
        }
        if speech.json {
            print(text, terminator: "")
        } else {
            let name = segments.count == 1 ? "1 piece" : "\(segments.count) pieces"
            for line in InspectReport(name: name, origin: "merged", summary: summary, paint: speech.paint).lines {
                print(line)
            }
            speech.say("\(Quantity.count(units)) packets over the cuts")
        }
    }

    private static func merge(
        _ segments: [NumberedSegment],
        into sink: inout UnitWritingSink
    ) throws -> LinkSummary {
        guard var whole = segments.first?.state else { throw ValidationError("No pieces.") }
        for segment in segments.dropFirst() {
            do throws(LinkSegmentError) {
                whole = try whole.merged(with: segment.state, into: &sink)
            } catch {
                throw Failure("piece \(segment.number) does not fit those before it: \(error.description)")
            }
        }
        return whole.finish(into: &sink)
    }
}

import ArgumentParser
import LinkIO
import MissionDatabase
import Missions
import SpaceLink
import TelemetryPipeline

/// `perilune decode`: input to frames, packets or parameters.
struct DecodeCommand: AsyncParsableCommand {
    /// What is written.
    enum Layer: String, CaseIterable, ExpressibleByArgument {
        case frames
        case packets
        case parameters
    }

    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Turn a recording into frames, packets or parameters.",
        discussion: """
            Packets and frames are written octet for octet, one behind the other, in the order in which they became \
            complete. Parameters need --mission or --dictionary.

            Examples:
              perilune decode pass.cadu --to packets -o pass.packets
              perilune decode frames.u8 --link change-5 --to packets --channel 91/1 -o vc1.packets
              perilune decode attitude.packets --to parameters --dictionary jpss.xml --shape wide -o table.csv
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var work: WorkOptions
    @OptionGroup var speech: SpeechOptions

    @Option(help: "What to write: frames, packets or parameters.")
    var to: Layer

    @Option(
        name: .shortAndLong,
        help: "Where to write: a file, - for standard output, a folder with --split or --shape wide."
    )
    var output = "-"

    @Option(help: "A file for each apid or channel.")
    var split: OutputSplit?

    @Flag(help: "Without idle packets and idle frames.")
    var noIdle = false

    @Flag(help: "Frames: with those that fail their checks; --split channel puts them into a file of their own.")
    var keepBad = false

    @Flag(help: "Packets: with what a gap leaves of one.")
    var keepPartial = false

    @Flag(help: "Packets: with the segments of a group joined to one packet; broken groups are left out.")
    var reassemble = false

    @Option(help: "Parameters as csv or ndjson.")
    var format = ParameterFormat.csv

    @Option(help: "Parameters as a row for each value (long) or a table for each container (wide).")
    var shape = ParameterShape.long

    @Option(help: "An XTCE database in place of the mission's.")
    var dictionary: String?

    @Flag(help: "Replace files of that name.")
    var force = false

    func validate() throws {
        guard work.segment != nil else { return }
        guard to == .packets, speech.json, output != "-" else {
            throw ValidationError("--segment N goes with --to packets, --json and -o FILE")
        }
        guard !keepPartial, !reassemble else {
            throw ValidationError("--segment N: what a cut breaks off is no partial packet; merge the segments first")
        }
    }

    func run() async throws {
        var telemetry = try TelemetryInput(input.request())
        let wanted = try selection.selection()
        try refuseContradictions(wanted)
        if wanted.hasTimeRange, telemetry.timeCode == nil {
            throw PipelineFailure.missing(
                what: "\(telemetry.name): --from and --until need to know how packets tell the time",
                remedy: "name the --mission"
            )
        }
        switch to {
        case .frames, .packets: try await writeUnits(&telemetry, wanted)
        case .parameters: try await writeParameters(&telemetry, wanted)
        }
    }

    private func refuseContradictions(_ wanted: PacketSelection) throws {
        if to == .frames {
            guard wanted.apids.isEmpty else {
                throw ValidationError("--apid: frames have none; --to packets, or select frames by --channel")
            }
            guard !wanted.hasTimeRange else {
                throw ValidationError("--from and --until: frames tell no time; --to packets")
            }
            guard split != .apid else { throw ValidationError("--split apid: frames have none; --split channel") }
        }
        guard to == .packets || !keepPartial else { throw ValidationError("--keep-partial: only --to packets") }
        guard to == .packets || !reassemble else { throw ValidationError("--reassemble: only --to packets") }
        guard to == .frames || !keepBad else { throw ValidationError("--keep-bad: only --to frames") }
    }

    private func writeUnits(_ telemetry: inout TelemetryInput, _ wanted: PacketSelection) async throws {
        guard to == .packets || telemetry.link.input != .packets else {
            throw Failure("\(telemetry.name): holds packets, no frames; decode --to packets")
        }
        var bar = speech.bar("decoding")
        var sink = UnitWritingSink(
            files: try OctetSplitter(
                path: output,
                split: split,
                ending: to == .frames ? "frames" : "packets",
                replacing: force
            ),
            layer: to == .frames ? .frames : .packets,
            selection: wanted,
            includesIdle: !noIdle,
            timeCode: telemetry.timeCode,
            reassembles: reassemble
        )
        let after = { (sink: inout UnitWritingSink, octets: Int64, total: Int64?) throws in
            if let failure = sink.failure { throw failure }
            bar.update(octets: octets, of: total)
        }
        let summary: LinkSummary
        var segment: LinkSegment?
        if work.segment != nil {
            let found = try telemetry.decodeSegment(into: &sink, after: after)
            var silent = SilentSink()
            summary = found.finish(into: &silent)
            segment = found
        } else {
            summary = try await telemetry.decode(
                into: &sink,
                keepBad: keepBad,
                keepPartial: keepPartial,
                jobs: work.taskCount,
                after: after
            )
        }
        try telemetry.requireSomething(summary)
        sink.finish()
        var words = "\(Quantity.count(sink.files.units)) \(to.rawValue), \(Quantity.octets(Double(sink.files.octets)))"
        if sink.badFrames > 0 { words += ", \(Quantity.count(sink.badFrames)) of them bad" }
        if sink.partialPackets > 0 { words += ", \(Quantity.count(sink.partialPackets)) of them partial" }
        if sink.lostSegments > 0 { words += "; \(Quantity.count(sink.lostSegments)) segments made no whole packet" }
        try sink.commit()
        bar.finish()
        tell(words, summary, segment)
    }

    private func writeParameters(_ telemetry: inout TelemetryInput, _ wanted: PacketSelection) async throws {
        guard let database = try dictionary.map({ try XTCEFile.read($0) }) ?? telemetry.craft?.makeDatabase() else {
            throw PipelineFailure.missing(
                what: "\(telemetry.name): nothing says what its packets mean",
                remedy: "name --mission (see `perilune missions`) or --dictionary FILE.xml"
            )
        }
        var bar = speech.bar("decoding")
        var sink = try ParameterWritingSink(
            database: database,
            path: output,
            format: format,
            shape: shape,
            timeCode: telemetry.timeCode,
            selection: wanted,
            replacing: force
        )
        let summary = try await telemetry.decode(into: &sink, jobs: work.taskCount) { sink, octets, total in
            if let failure = sink.failure { throw failure }
            bar.update(octets: octets, of: total)
        }
        try telemetry.requireSomething(summary)
        let packets = sink.packets
        let values = sink.values
        let unknown = sink.unknownPackets
        let misfits = sink.misfits
        try sink.commit()
        bar.finish()
        for (apid, count) in unknown.sorted(by: { $0.key < $1.key }) {
            speech.say("unknown to the database: \(count) packets of APID \(apid)")
        }
        if misfits > 0 {
            speech.say("\(misfits) packets are shorter or longer than their container; what could be read was")
        }
        tell("\(Quantity.count(values)) values of \(Quantity.count(packets)) packets", summary)
    }

    private func tell(_ words: String, _ summary: LinkSummary, _ segment: LinkSegment? = nil) {
        if speech.json, output != "-" {
            print(work.doneLine(summary, segment), terminator: "")
        } else {
            speech.say(words)
        }
    }
}

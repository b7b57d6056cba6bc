import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// Which packets of an archive are meant.
struct ArchiveSelectionOptions: ParsableArguments {
    @OptionGroup var packets: SelectionOptions

    @Option(help: "Which time --from and --until mean: onboard or reception.")
    var clock = ArchiveClock.onboard

    @Option(help: "Only this quality: good, corrected or unchecked. Repeats, or good,corrected.")
    var quality: [String] = []

    @Flag(help: "Without idle packets.")
    var noIdle = false

    /// The selection that these options make.
    func selection() throws -> ArchiveSelection {
        var selection = try packets.selection().archived
        selection.clock = clock
        selection.includesIdle = !noIdle
        let names = quality.flatMap { $0.split(separator: ",").map(String.init) }
        guard !names.isEmpty else { return selection }
        var classes = QualityClasses()
        for name in names {
            switch name {
            case "good": classes.insert(.good)
            case "corrected": classes.insert(.corrected)
            case "unchecked": classes.insert(.unchecked)
            default:
                throw PipelineFailure.badValue(name: "--quality", text: name, wanted: "good, corrected or unchecked")
            }
        }
        selection.qualities = classes
        return selection
    }
}

/// `perilune archive query`.
struct ArchiveQueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "List packets by APID, channel, time and quality.",
        discussion: """
            From an archive of frames packets are rebuilt; only the chunks that can hold wanted packets are read.

            Example: perilune archive query pass.plar --apid 32 --from 2023-08-19T11:05:00Z --until 2023-08-19T11:06:00Z
            """
    )

    @OptionGroup var options: ArchiveOptions
    @OptionGroup var selection: ArchiveSelectionOptions
    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        let opened = try options.open()
        let wanted = try selection.selection()
        var totals = ArchiveTotals()
        var damage = opened.reader.damage
        let note: (ArchiveDamage) -> Void = { damage.append($0) }
        try opened.forEachPacket(wanted, onDamage: note) { unit, octets in
            totals.units += 1
            totals.octets += Int64(octets.count)
            print(speech.json ? EventLine("packet", PacketEvent(unit)).text : Self.line(unit) + "\n", terminator: "")
            return .next
        }
        if speech.json {
            print(EventLine("done", totals).text, terminator: "")
        } else {
            speech.say("\(Quantity.count(totals.units)) packets, \(Quantity.octets(Double(totals.octets)))")
        }
        try ArchiveWords.report(damage, options.archive)
    }

    private static func line(_ unit: ArchiveUnit) -> String {
        let time = unit.onboardTime?.display ?? "-"
        return "\(time)  spacecraft \(unit.spacecraft)  channel \(unit.virtualChannel)  apid \(unit.apid)  "
            + "sequence \(unit.count)  \(unit.length) octets  \(unit.quality.words)"
    }
}

/// `perilune archive extract`.
struct ArchiveExtractCommand: AsyncParsableCommand {
    /// What is written.
    enum Layer: String, CaseIterable, ExpressibleByArgument {
        case units
        case frames
        case packets
        case input
    }

    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Write octets back: all units, or packets by APID, channel, time and quality.",
        discussion: """
            Without --to and selectors the units come out as they were kept, equal to `perilune decode --to frames` \
            (or packets). --to packets equals `perilune decode --to packets`. --to input of a merged archive writes the \
            raw inputs one behind the other and says where each begins; --input takes one.

            Example: perilune archive extract pass.plar --to packets --apid 32 -o attitude.packets
            """
    )

    @OptionGroup var options: ArchiveOptions
    @OptionGroup var selection: ArchiveSelectionOptions
    @OptionGroup var speech: SpeechOptions

    @Option(help: "What to write: frames, packets or the raw input; what the archive keeps if absent.")
    var to = Layer.units

    @Option(name: .shortAndLong, help: "Where to write; - is standard output.")
    var output = "-"

    @Option(
        help: ArgumentHelp(
            "With --to input of a merged archive: only this one of the raw inputs that it keeps, from 1.",
            valueName: "n"
        )
    )
    var input: Int?

    @Flag(help: "Replace a file of that name.")
    var force = false

    @OptionGroup var jobs: ReadingJobs

    func run() async throws {
        let opened = try options.open()
        guard to != .input else { return try extractInput(opened) }
        guard input == nil else { throw Failure("--input goes with --to input") }
        let wanted = try selection.selection()
        let content = opened.reader.metadata.content
        guard to != .frames || content == .frames else {
            throw Failure("\(options.archive): keeps packets, no frames; extract --to packets")
        }
        let extraction = ArchiveExtraction(output: output, replacing: force)
        let asPackets = to == .packets || (to == .units && content == .packets) || wanted.apids != nil
        var bar = speech.bar("extracting")
        let result = try await extraction.run(
            opened,
            wanted,
            packets: asPackets,
            jobs: jobs.taskCount
        ) { octets, total in
            bar.update(octets: octets, of: total)
        }
        bar.finish()
        if speech.json, output != "-" {
            print(EventLine("done", result.totals).text, terminator: "")
        } else {
            speech.say(
                "\(Quantity.count(result.totals.units)) \(asPackets ? "packets" : "frames"), \(Quantity.octets(Double(result.totals.octets)))"
            )
        }
        try ArchiveWords.report(result.damage, options.archive)
    }

    private func extractInput(_ opened: OpenedArchive) throws {
        guard try selection.selection() == ArchiveSelection() else {
            throw Failure("--to input writes the raw input as it was; nothing of it can be selected")
        }
        var extraction = InputExtraction(output: output, replacing: force)
        extraction.only = input
        var bar = speech.bar("extracting")
        let count = try extraction.run(opened, path: options.archive) { bar.update(octets: $0, of: $1) }
        bar.finish()
        let inputs = input == nil ? KeptInput.list(opened.reader.metadata.inputs) : []
        if speech.json, output != "-" {
            print(EventLine("done", InputSummary(octets: count, inputs: inputs)).text, terminator: "")
        } else {
            for kept in inputs { speech.say("from octet \(Quantity.count(kept.offset)): \(kept.words)") }
            speech.say("\(Quantity.octets(Double(count))) of raw input")
        }
    }
}

/// One of several raw inputs that an archive keeps.
struct KeptInput: Encodable {
    let name: String
    let octets: Int64
    /// Octets of the inputs before.
    let offset: Int64
    let sha256: String

    var words: String { "\(name), \(Quantity.octets(Double(octets)))" }

    static func list(_ inputs: [ArchiveMetadata.Origin]) -> [KeptInput] {
        var offset: Int64 = 0
        return inputs.map { input in
            defer { offset &+= input.size ?? 0 }
            return KeptInput(
                name: input.name,
                octets: input.size ?? 0,
                offset: offset,
                sha256: Hexadecimal.text(input.sha256 ?? [])
            )
        }
    }
}

/// The totals of `extract --to input`.
private struct InputSummary: Encodable {
    let octets: Int64
    let inputs: [KeptInput]?

    init(octets: Int64, inputs: [KeptInput]) {
        self.octets = octets
        self.inputs = inputs.isEmpty ? nil : inputs
    }
}

/// One packet in NDJSON.
struct PacketEvent: Encodable {
    let ordinal: Int64
    let time: String?
    let receptionTime: String?
    let spacecraft: Int
    let virtualChannel: Int
    let apid: Int
    let sequenceCount: UInt64
    let octets: Int
    let quality: String
    let idle: Bool

    init(_ unit: ArchiveUnit) {
        ordinal = unit.ordinal
        time = unit.onboardTime?.utc
        receptionTime = unit.receptionTime?.utc
        spacecraft = unit.spacecraft
        virtualChannel = unit.virtualChannel
        apid = unit.apid
        sequenceCount = unit.count
        octets = unit.length
        quality = unit.quality.words
        idle = unit.isIdle
    }
}

extension FrameQuality {
    /// The quality as it stands in events.
    var words: String {
        switch self {
        case .good: "good"
        case .corrected(let count): "corrected(\(count))"
        case .unchecked: "unchecked"
        case .uncorrectable: "uncorrectable"
        case .crcFailed: "crcFailed"
        }
    }
}

import ArgumentParser
import SpaceLink
import TelemetryPipeline

/// `perilune combine`: several recordings of one downlink, the best copy of each frame.
struct CombineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "combine",
        abstract: "Make one recording of several of one downlink: the best copy of each frame.",
        discussion: """
            Each input is one recording; they may start and end at different times, be inverted or shifted, and have \
            lost different frames. The result has each frame once, in the order sent, and is at least as complete as any \
            of them. Frames that no recording can read alone are put together from their bad copies where the block \
            code allows.

            Memory is bounded: --window frames of each recording are looked through for frames in common.

            Examples:
              perilune combine goldstone.cadu canberra.cadu madrid.cadu -o pass.frames
              perilune combine a.cadu b.cadu -o best.cadu --to cadu
            """
    )

    @OptionGroup var input: InputOptions
    @OptionGroup var speech: SpeechOptions

    @Option(name: .shortAndLong, help: "The file to make; - is standard output.")
    var output: String

    @Option(help: "What to write: frames, or cadu (frames coded anew).")
    var to = CombineJob.Layer.frames

    @Option(help: ArgumentHelp("Frames of each recording that are looked through; about 64 MB.", valueName: "frames"))
    var window: Int?

    @Flag(help: "With frames that are bad in all recordings.")
    var keepBad = false

    @Flag(help: "Replace a file of that name.")
    var force = false

    func validate() throws {
        if let window, !(16...(1 << 24)).contains(window) {
            throw ValidationError("--window \(window): 16 to 16777216 frames can be looked through")
        }
        if keepBad, to == .cadu {
            throw ValidationError("--keep-bad with --to cadu: coded anew, bad frames would look good")
        }
        if speech.json, output == "-" { throw ValidationError("--json and an output of - both want standard output") }
    }

    func run() async throws {
        let request = try input.request()
        guard (2...FrameCombiner.mostInputs).contains(request.paths.count) else {
            throw ValidationError("Name 2 to \(FrameCombiner.mostInputs) recordings to combine.")
        }
        guard request.paths.filter({ $0 == "-" }).count < 2 else {
            throw ValidationError("- is standard input, which can be read only once.")
        }
        var job = CombineJob(output: output)
        job.layer = to
        job.replacing = force
        job.settings.window = window
        job.settings.keepBad = keepBad
        var bar = speech.bar("combining")
        let result = try job.run(
            request.paths.map { path in
                var one = request
                one.paths = [path]
                return one
            }
        ) { octets, total in bar.update(octets: octets, of: total) }
        bar.finish()
        if speech.json {
            print(EventLine("done", CombineSummary(result)).text, terminator: "")
        } else {
            for line in CombineReport(result, output: output).lines { speech.say(line) }
        }
    }
}

/// The totals of `combine`: those of the combination, names beside the inputs, and the link by which to read the result.
private struct CombineSummary: Encodable {
    private let result: CombineJob.Result

    init(_ result: CombineJob.Result) { self.result = result }

    private enum Keys: String, CodingKey {
        case names
        case octets
        case link
    }

    func encode(to encoder: any Encoder) throws {
        try result.report.encode(to: encoder)
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encode(result.names, forKey: .names)
        try keys.encode(result.octets, forKey: .octets)
        try keys.encode(result.link, forKey: .link)
    }
}

/// What `combine` tells a person.
private struct CombineReport {
    let lines: [String]

    init(_ result: CombineJob.Result, output: String) {
        let report = result.report
        var first = "\(output): \(Quantity.count(report.frames)) frames of \(result.names.count) recordings"
        if report.recovered > 0 {
            first += ", \(Quantity.count(report.recovered)) of them read from copies that were all bad"
        }
        if report.bad > 0 { first += ", \(Quantity.count(report.bad)) bad ones" }
        var lines = [first]
        var table = TextTable([
            ("recording", .left), ("frames", .right), ("corrected", .right), ("bad", .right), ("it alone", .right),
            ("others too", .right), ("lacking", .right), ("repeated", .right),
        ])
        for (name, input) in zip(result.names, report.inputs) {
            table.add([
                name, Quantity.count(input.frames), Quantity.count(input.corrected), Quantity.count(input.bad),
                Quantity.count(input.alone), Quantity.count(input.shared), Quantity.count(input.lacking),
                Quantity.count(input.repeated),
            ])
        }
        lines += table.lines()
        for channel in report.channels {
            let missing =
                channel.missing == 0
                ? "none missing"
                : "\(Quantity.count(channel.missing)) missing in \(Quantity.count(channel.gaps)) gaps that are left"
            lines.append(
                "  spacecraft \(channel.spacecraft), virtual channel \(channel.virtualChannel): "
                    + "\(Quantity.count(channel.frames)) frames, \(missing)"
            )
        }
        if report.unaligned > 0 {
            lines.append(
                "  \(report.unaligned) times no frame in common was in reach and counts alone gave the order (--window)"
            )
        }
        if result.link.input == .frames {
            var words = "--input frames --frame \(result.link.frame.type.rawValue)"
            words += " --frame-length \(result.link.frameLength ?? 0)"
            if result.link.frame.insertZone > 0 { words += " --insert-zone \(result.link.frame.insertZone)" }
            if result.link.frame.fecf { words += " --fecf" }
            if result.link.frame.fhec { words += " --set frame.fhec=true" }
            if result.link.frame.ocf { words += " --set frame.ocf=true" }
            lines.append("  to read it: \(words)")
        }
        self.lines = lines
    }
}

import ArgumentParser
import TelemetryPipeline

/// Where telemetry comes from, and what is known of its link.
struct InputOptions: ParsableArguments {
    @Argument(help: "Recordings, packet files or archives; - is standard input. Several are read as one stream.")
    var inputs: [String] = []

    @Option(name: .customLong("files-from"), help: "A file with one input path a line (- for standard input).")
    var filesFrom: String?

    @Option(help: "The link: a preset's name or the path of a JSON file. Recognised if absent.")
    var link: String?

    @Option(help: "The mission: a name (see `perilune missions`) or a folder.")
    var mission: String?

    @Option(help: "Which of the mission's craft.")
    var craft: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override one key of the link, as in block.interleave=4. Repeats.", valueName: "key=value")
    )
    var settings: [String] = []

    @Option(help: "The layer of the input: cadu, codeblocks, frames or packets.")
    var input: String?

    @Option(help: "The frame type: tm, aos or uslp.")
    var frame: String?

    @Option(help: "The frame length in octets.")
    var frameLength: Int?

    @Option(help: "The length of the insert zone in octets.")
    var insertZone: Int?

    @Flag(help: "Frames end with a frame error control field.")
    var fecf = false

    @Flag(help: "Read an archive that was cut short as far as it goes.")
    var partial = false

    /// The request that these options make.
    func request() throws -> InputRequest {
        var paths = inputs
        if let filesFrom {
            let text = String(decoding: try FileContents.read(filesFrom, limit: 64 << 20), as: UTF8.self)
            paths += text.split(whereSeparator: \.isNewline).map(String.init)
        }
        guard !paths.isEmpty else {
            throw ValidationError("No input: name a recording, or - for standard input.")
        }
        var request = InputRequest(paths: paths)
        request.link = link
        request.mission = mission
        request.craft = craft
        request.settings = flagSettings() + (try keySettings())
        request.allowsPartialArchive = partial
        return request
    }

    private func flagSettings() -> [(key: String, value: String)] {
        var settings: [(key: String, value: String)] = []
        if let input { settings.append(("input", input)) }
        if let frame { settings.append(("frame.type", frame)) }
        if let frameLength { settings.append(("frame.length", String(frameLength))) }
        if let insertZone { settings.append(("frame.insertZone", String(insertZone))) }
        if fecf { settings.append(("frame.fecf", "true")) }
        return settings
    }

    private func keySettings() throws -> [(key: String, value: String)] {
        try settings.map { setting in
            guard let equals = setting.firstIndex(of: "=") else {
                throw ValidationError("--set \(setting): write KEY=VALUE, for example --set block.interleave=4")
            }
            return (String(setting[..<equals]), String(setting[setting.index(after: equals)...]))
        }
    }
}

/// How a command speaks.
struct SpeechOptions: ParsableArguments {
    @Flag(help: "Write newline-delimited JSON to standard output; the last line is the event `done`.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress, no words but errors.")
    var quiet = false

    @Option(help: "Progress on standard error: auto (a bar on a terminal), bar, json or none.")
    var progress = ProgressStyle.auto

    @Option(help: "Colours: auto, always or never. NO_COLOR is heeded.")
    var color = ColorChoice.auto

    /// Paint for standard output.
    var paint: Paint { Paint(isOn: color.applies(toTerminal: Words.outputIsTerminal)) }

    /// A progress bar with a title.
    func bar(_ title: String) -> ProgressBar { ProgressBar(title: title, style: progress, quiet: quiet) }

    /// Says something to the person, unless they asked for quiet.
    func say(_ text: String) {
        if !quiet { Words.say(text) }
    }
}

/// Which packets are meant.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only these application process identifiers. Repeats, or 32,33.", valueName: "n"))
    var apid: [String] = []

    @Option(help: ArgumentHelp("Only this virtual channel. Repeats.", valueName: "scid/vcid"))
    var channel: [String] = []

    @Option(help: ArgumentHelp("Only packets of this on-board time and later (ISO 8601, UTC).", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Only packets before this on-board time (ISO 8601, UTC).", valueName: "time"))
    var until: String?

    /// The selection that these options make.
    func selection() throws -> PacketSelection {
        try PacketSelection(
            apids: apid.flatMap { $0.split(separator: ",").map(String.init) },
            channels: channel,
            from: from,
            until: until
        )
    }
}

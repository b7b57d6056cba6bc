import ArgumentParser
import SpaceLink
import TelemetryArchive
import TelemetryPipeline

/// The one archive that a command works on.
struct ArchiveOptions: ParsableArguments {
    @Argument(help: "The archive.")
    var archive: String

    @Option(help: "The mission, for the time of packets, if the archive does not say it.")
    var mission: String?

    @Flag(help: "Read an archive that was cut short as far as it goes.")
    var partial = false

    /// Opens the archive.
    func open(partial: Bool? = nil) throws -> OpenedArchive {
        var request = InputRequest(paths: [archive], mission: mission)
        request.allowsPartialArchive = partial ?? self.partial
        return try OpenedArchive(request, craft: request.namedCraft())
    }
}

/// `perilune archive info`.
struct ArchiveInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what an archive holds: units, times, channels, size.",
        discussion: "Example: perilune archive info pass.plar"
    )

    @OptionGroup var options: ArchiveOptions
    @OptionGroup var speech: SpeechOptions

    func run() async throws {
        let opened = try options.open(partial: true)
        var damage = opened.reader.damage
        let info = try opened.reader.info { damage.append($0) }
        if speech.json {
            print(EventLine("done", InfoSummary(info, opened.reader.metadata, damage)).text, terminator: "")
        } else {
            for line in lines(info, opened) { print(line) }
            for place in damage { speech.say("\(options.archive): \(place.description)") }
        }
        if case .cutShort(let offset) = info.end, !options.partial {
            throw PipelineFailure.archiveCutShort(path: options.archive, offset: offset, units: info.totals.units)
        }
        if let words = info.end.words { speech.say("\(options.archive): \(words)") }
    }

    /// Where the units came from: one place, or the first of several.
    private func origin(_ metadata: ArchiveMetadata) -> String? {
        guard let first = metadata.origins.first else { return metadata.origin?.name }
        return "\(first) and \(metadata.origins.count - 1) more"
    }

    private func lines(_ info: ArchiveInfo, _ opened: OpenedArchive) -> [String] {
        let metadata = opened.reader.metadata
        var lines = [speech.paint.bold(options.archive)]
        lines.append(
            "  keeps      \(Quantity.count(info.totals.units)) \(metadata.content.rawValue), "
                + "\(Quantity.octets(Double(info.totals.octets))) in \(Quantity.octets(Double(info.size)))"
                + " (\(Quantity.fixed(info.ratio, 2)) to 1)"
        )
        lines.append("  members    \(info.members), of these \(info.chunks) chunks of units; \(info.end.title)")
        lines.append(
            "  made by    \(metadata.creator)\(metadata.mission.map { " for \($0)" } ?? "")"
                + (origin(metadata).map { " from \($0)" } ?? "")
        )
        for (index, input) in KeptInput.list(metadata.inputs).enumerated() {
            lines.append("  raw input  \(index + 1): \(input.words)")
        }
        if let onboard = info.onboard {
            lines.append(
                "  on board   \(onboard.lowerBound.display) to \(onboard.upperBound.display)"
            )
        }
        if let reception = info.reception {
            lines.append(
                "  received   \(reception.lowerBound.display) to \(reception.upperBound.display)"
            )
        }
        var table = TextTable([
            ("spacecraft", .right), ("channel", .right), ("APID", .right), ("units", .right), ("octets", .right),
            ("from", .left), ("to", .left),
        ])
        for content in info.contents {
            table.add([
                String(content.channel.spacecraft), String(content.channel.virtualChannel),
                content.apid.map { $0 == 2047 ? "idle" : $0 < 0 ? "encaps." : String($0) } ?? "frames",
                Quantity.count(content.count), Quantity.count(content.octets),
                content.onboard?.lowerBound.utc(fractionDigits: 0) ?? "",
                content.onboard?.upperBound.utc(fractionDigits: 0) ?? "",
            ])
        }
        return lines + [""] + table.lines()
    }
}

/// The keys of `info --json`.
private struct InfoSummary: Encodable {
    struct Content: Encodable {
        let spacecraft: Int
        let virtualChannel: Int
        let apid: Int?
        let units: Int64
        let octets: Int64
        let from: String?
        let until: String?
    }

    let content: String
    let mission: String?
    let creator: String
    let origin: String?
    let origins: [String]?
    let inputs: [KeptInput]?
    let units: Int64
    let octets: Int64
    let size: Int64
    let members: Int64
    let chunks: Int64
    let end: String
    let from: String?
    let until: String?
    let contents: [Content]
    let damage: [String]

    init(_ info: ArchiveInfo, _ metadata: ArchiveMetadata, _ damage: [ArchiveDamage]) {
        content = metadata.content.rawValue
        mission = metadata.mission
        creator = metadata.creator
        origin = metadata.origin?.name
        origins = metadata.origins.isEmpty ? nil : metadata.origins
        inputs = metadata.inputs.isEmpty ? nil : KeptInput.list(metadata.inputs)
        units = info.totals.units
        octets = info.totals.octets
        size = info.size
        members = info.members
        chunks = info.chunks
        end = info.end.title
        from = info.onboard?.lowerBound.utc
        until = info.onboard?.upperBound.utc
        contents = info.contents.map {
            Content(
                spacecraft: $0.channel.spacecraft,
                virtualChannel: $0.channel.virtualChannel,
                apid: $0.apid,
                units: $0.count,
                octets: $0.octets,
                from: $0.onboard?.lowerBound.utc,
                until: $0.onboard?.upperBound.utc
            )
        }
        self.damage = damage.map(\.description)
    }
}

import LinkIO
import Missions
public import SpaceLink
public import TelemetryArchive

/// Makes an archive of what an input holds.
public struct ArchiveJob: Sendable {
    /// Where the archive shall be.
    public var output: String
    /// Whether a file of that name may be replaced.
    public var replacing = false
    /// How it is written.
    public var settings = ArchiveSettings()
    /// How it is written while it grows; its chunks follow ``settings``.
    public var live = LiveArchiveSettings()
    /// Whether it grows under its name even from a file, whose archive otherwise appears when it is whole.
    public var growsInPlace = false
    /// Whether units from a live pipe get the time at which their octets came.
    public var stampsReception = true
    /// The file of the raw input, if that shall be kept beside the units.
    public var keptInput: String?
    /// The program's name and version, for the metadata.
    public var creator: String

    /// Describes an archive to be made.
    public init(output: String, creator: String) {
        self.output = output
        self.creator = creator
    }

    /// What was made.
    public struct Result: Sendable {
        /// What was in the input.
        public let summary: LinkSummary
        /// Units and their octets.
        public let totals: ArchiveTotals
        /// Octets of the archive.
        public let size: Int64
    }

    /// Archives an input: accepted frames if it has frames, packets if it has packets.
    ///
    /// - Parameters:
    ///   - input: The input; it is used up.
    ///   - after: Called after each piece with the octets read so far, their total if known, and what is safe.
    /// - Returns: What was made.
    /// - Throws: Whatever input or output throw; then no file is left under the output's name, unless it grew there and
    ///   holds something: that is sealed and stays.
    public func run(
        _ input: inout TelemetryInput,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) throws -> Result {
        if grows(from: input) { return try createLive(&input, after: after) }
        var sink = try makeSink(for: input)
        let summary = try input.decode(into: &sink) { sink, octets, total in
            if let failure = sink.failure { throw failure }
            after(octets, total, ArchiveTotals())
        }
        try input.requireSomething(summary)
        return try finish(sink, summary, of: input, after: after)
    }

    /// Whether the archive grows under its name.
    func grows(from input: borrowing TelemetryInput) -> Bool {
        (growsInPlace || input.size == nil) && output != "-" && !PathKind.isStream(output)
    }

    /// An archive that appears when it is whole, or goes to a stream.
    func makeSink(for input: borrowing TelemetryInput) throws -> ArchiveSink<ArchiveWriter<FileArchiveStorage>> {
        let isLive = growsInPlace || input.size == nil
        if let keptInput, isLive { throw Self.notInOneFile(keptInput) }
        let content = Self.content(of: input)
        let timeCode = input.timeCode
        return ArchiveSink(
            try ArchiveWriter(
                FileArchiveStorage(path: output, replacing: replacing, isLive: isLive),
                metadata: metadata(of: input, content),
                settings: settings
            ),
            content: content,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) }
        )
    }

    /// Seals the archive and lets it appear.
    func finish(
        _ sink: consuming ArchiveSink<ArchiveWriter<FileArchiveStorage>>,
        _ summary: LinkSummary,
        of input: borrowing TelemetryInput,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) throws -> Result {
        try sink.flush()
        let totals = sink.appended
        var writer = sink.takeWriter()
        try keepInput(in: &writer, metadata(of: input, Self.content(of: input)))
        try writer.finish()
        let storage = writer.takeStorage()
        try storage.commit()
        after(Int64(summary.octets), input.total, totals)
        let size = output == "-" || PathKind.isStream(output) ? 0 : try FileArchiveSource(path: output).size
        return Result(summary: summary, totals: totals, size: size)
    }

    static func content(of input: borrowing TelemetryInput) -> ArchiveContent {
        input.link.input == .packets ? .packets : .frames
    }

    func metadata(of input: borrowing TelemetryInput, _ content: ArchiveContent) throws -> ArchiveMetadata {
        ArchiveMetadata(
            content: content,
            creator: creator,
            mission: input.craft.map { "\($0.mission)/\($0.id)" },
            link: try BriefJSON.encode(input.link),
            timeCode: try input.timeCode.map { try BriefJSON.encode($0) },
            origin: ArchiveMetadata.Origin(name: input.name, size: input.size),
            durability: ArchiveDurability.none.rawValue
        )
    }
}

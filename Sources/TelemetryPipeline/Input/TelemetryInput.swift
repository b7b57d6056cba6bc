import LinkIO
public import Missions
public import SpaceLink
public import TelemetryArchive

/// Telemetry from wherever it lies: a recording of any layer, several, standard input, or an archive.
///
/// It finds out how to read its input when it is made, and decodes once.
public struct TelemetryInput: ~Copyable {
    /// How the input is named in messages.
    public let name: String
    /// How its link was found out.
    public let origin: String
    /// The effective link.
    public let link: LinkDescription
    /// The craft, if a mission was named here or when the archive was made.
    public let craft: Craft?
    /// How packets tell the time.
    public let timeCode: TimeCode?
    /// Whether the input is an archive.
    public var isArchive: Bool { archive != nil }
    /// The size in octets, if known.
    public let size: Int64?
    /// Octets that a decode will read in all, if known: of an archive those of its units.
    public let total: Int64?
    /// What is wrong with the end of an archive, if it is one that was cut short.
    public var archiveEnd: ArchiveEnd? { archive?.end }

    private var reader: RecordingReader?
    private var buffer: [UInt8] = []
    private var archive: ArchiveReader<FileArchiveSource>?

    /// Opens an input and finds out how to read it: by what was said of it, else by what an archive says of itself, else
    /// by looking at its first octets.
    ///
    /// - Parameter request: What a person said.
    /// - Throws: ``PipelineFailure``, `IOFailure`, `MissionError`, `LinkDescriptionError`, `ArchiveError`.
    public init(_ request: InputRequest) throws {
        var reader = try RecordingReader(paths: request.paths)
        let name = reader.name
        let craft = try request.namedCraft()
        // A live link that was named is not kept waiting for as much as recognition wants to see.
        let isNamed = try request.namedLink(craft) != nil
        let head = try reader.peek(isNamed ? FileArchiveSource.headLength : LinkRecognizer.lookAhead)
        guard !head.isEmpty else { throw PipelineFailure.empty(path: name) }
        if FileArchiveSource.isArchive(head) {
            self.init(name: name, archive: try OpenedArchive(request, craft: craft))
            return
        }
        let found = try Self.findLink(request, craft, head: head, size: reader.size, name: name)
        self.init(name: name, origin: found.origin, link: found.link, craft: craft, reader: reader)
    }

    private init(name: String, archive opened: OpenedArchive) {
        self.name = name
        origin = "archive of \(opened.reader.metadata.content.rawValue)"
        link = opened.link
        craft = opened.craft
        timeCode = opened.timeCode
        archive = opened.reader
        reader = nil
        size = opened.reader.source.size
        total = opened.reader.totals.octets
    }

    private init(
        name: String,
        origin: String,
        link: LinkDescription,
        craft: Craft?,
        reader: consuming RecordingReader
    ) {
        self.name = name
        self.origin = origin
        self.link = link
        self.craft = craft
        timeCode = craft?.timeCode
        archive = nil
        size = reader.size
        total = reader.size
        self.reader = consume reader
    }

    /// By what was said, else by looking at the first octets.
    private static func findLink(
        _ request: InputRequest,
        _ craft: Craft?,
        head: [UInt8],
        size: Int64?,
        name: String
    ) throws -> (link: LinkDescription, origin: String) {
        if let named = try request.namedLink(craft) { return named }
        guard let recognition = LinkRecognizer(octets: head, size: size).recognize() else {
            throw PipelineFailure.unrecognized(path: name, octets: head.count, tried: LinkRecognizer.attempts)
        }
        var link = recognition.link
        try request.applySettings(to: &link)
        return (link, "recognised: \(recognition.evidence)")
    }

    /// Decodes the whole input.
    ///
    /// - Parameters:
    ///   - sink: Takes frames, packets, discards and gaps.
    ///   - keepBad: Whether frames that fail their checks are handed on, marked.
    ///   - keepPartial: Whether what a gap leaves of a packet is handed on, marked.
    ///   - after: Called after each piece with the octets read so far and their total, if known.
    /// - Returns: What was in it.
    /// - Throws: `IOFailure`, `ArchiveError`, or what `after` throws.
    public mutating func decode<Sink: LinkSink & ~Copyable>(
        into sink: inout Sink,
        keepBad: Bool = false,
        keepPartial: Bool = false,
        after: (inout Sink, Int64, Int64?) throws -> Void = { _, _, _ in }
    ) throws -> LinkSummary {
        var run = try makeRun(keepBad: keepBad, keepPartial: keepPartial)
        while try step(&run, into: &sink) { try after(&sink, run.octets, total) }
        try after(&sink, run.octets, total)
        return run.decoder.summary
    }

    /// Decodes the input as a piece of a whole.
    ///
    /// - Parameters:
    ///   - sink: Takes frames, packets, discards and gaps that depend on no other piece.
    ///   - after: Called after each piece with the octets read so far and their total, if known.
    /// - Returns: What was in it, open at both ends.
    /// - Throws: `IOFailure`, `ArchiveError`, `LinkDescriptionError`, or what `after` throws.
    public mutating func decodeSegment<Sink: LinkSink & ~Copyable>(
        into sink: inout Sink,
        after: (inout Sink, Int64, Int64?) throws -> Void = { _, _, _ in }
    ) throws -> LinkSegment {
        var run = Run(decoder: try LinkDecoder(link, asSegment: true), isSegment: true)
        while try step(&run, into: &sink) { try after(&sink, run.octets, total) }
        let segment = run.decoder.segment(into: &sink)
        try after(&sink, run.octets, total)
        return segment
    }

    /// A decode on its way through the input.
    public struct Run: Sendable {
        /// The decoder.
        public fileprivate(set) var decoder: LinkDecoder
        /// Whether the input is a piece of the whole.
        fileprivate var isSegment = false
        /// Octets read so far.
        public fileprivate(set) var octets: Int64 = 0
        /// The next chunk of an archive.
        fileprivate var nextChunk = 0
    }

    /// Starts a decode.
    ///
    /// - Parameters:
    ///   - keepBad: Whether frames that fail their checks are handed on, marked.
    ///   - keepPartial: Whether what a gap leaves of a packet is handed on, marked.
    /// - Returns: The decode before its first step.
    /// - Throws: `LinkDescriptionError` for what this version cannot decode.
    public func makeRun(keepBad: Bool = false, keepPartial: Bool = false) throws(LinkDescriptionError) -> Run {
        Run(decoder: try LinkDecoder(link, keepBad: keepBad, keepPartial: keepPartial))
    }

    /// Decodes the next piece of input.
    ///
    /// - Parameters:
    ///   - run: The decode; its decoder is finished with the last piece.
    ///   - sink: Takes frames, packets, discards and gaps.
    /// - Returns: Whether there may be more.
    /// - Throws: `IOFailure` or `ArchiveError`.
    public mutating func step<Sink: LinkSink & ~Copyable>(_ run: inout Run, into sink: inout Sink) throws -> Bool {
        let isMore: Bool
        if let archive {
            isMore = run.nextChunk < archive.chunkCount
            var octetsRead: Int64 = 0
            do throws(ArchiveError) {
                // Units may be missing that no chunk tells of.
                if run.nextChunk == 0, let damage = archive.damage.first { throw .damaged(damage) }
                if isMore {
                    try archive.read(run.nextChunk, for: ArchiveSelection()).forEachUnit { _, octets in
                        run.decoder.push(octets, into: &sink)
                        octetsRead += Int64(octets.count)
                    }
                }
            } catch {
                throw PipelineFailure.badFile(
                    path: name,
                    reason: "\(error.description) See `perilune archive verify`; archive extract gives what can be read"
                )
            }
            run.octets += octetsRead
            run.nextChunk += 1
        } else {
            let count = try readPiece { run.decoder.push($0, into: &sink) }
            run.octets += Int64(count)
            isMore = count > 0
        }
        if !isMore, !run.isSegment { run.decoder.finish(into: &sink) }
        return isMore
    }

    /// Waits until a step would not wait, at most so long.
    ///
    /// - Parameter milliseconds: How long.
    /// - Returns: Whether there is something to read, or the end; always of files and archives.
    /// - Throws: `IOFailure`.
    public func hasOctets(within milliseconds: Int) throws -> Bool {
        try reader?.hasOctets(within: milliseconds) ?? true
    }

    /// Reads the next octets of a recording.
    ///
    /// - Returns: How many; 0 at the end.
    mutating func readPiece(_ body: (Span<UInt8>) -> Void) throws(IOFailure) -> Int {
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.pieceSize) }
        let count = try reader?.read(into: &buffer) ?? 0
        body(buffer.span.extracting(0..<count))
        return count
    }

    private static let pieceSize = 1 << 18

    /// Refuses a run that decoded nothing, or nothing that anything vouches for.
    ///
    /// - Parameter summary: What was in the input.
    /// - Throws: ``PipelineFailure/nothingDecoded(path:octets:link:reasons:)`` or
    ///   ``PipelineFailure/incoherent(path:frames:link:)``.
    public func requireSomething(_ summary: LinkSummary) throws(PipelineFailure) {
        let frames = summary.channels.reduce(0) { $0 + $1.frames }
        let packets = summary.channels.reduce(0) { $0 + $1.packets }
        if frames >= 8, summary.frames.good + summary.frames.corrected == 0 {
            // Frames without any check are believed because their counts go on.
            let followed = summary.channels.reduce(0) { $0 + max(0, $1.frames - 1 - $1.gaps - $1.resets) }
            if followed * 4 < frames { throw .incoherent(path: name, frames: frames, link: origin) }
        }
        guard frames == 0, packets == 0 else { return }
        let reasons = summary.discarded.sorted { $0.value > $1.value }.prefix(2).map {
            "\($0.value) octets \($0.key.rawValue)"
        }
        throw .nothingDecoded(
            path: name,
            octets: Int64(summary.octets),
            link: origin,
            reasons: reasons.joined(separator: ", ")
        )
    }
}

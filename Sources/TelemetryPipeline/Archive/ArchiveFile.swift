import LinkIO
public import Missions
public import SpaceLink
public import TelemetryArchive

/// An archive in a file, to read at any place.
public final class FileArchiveSource: ArchiveSource, Sendable {
    /// Octets of the file when it was opened.
    public let size: Int64
    private let source: OctetSource

    /// Opens a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for a pipe, in which nothing can be looked up.
    public init(path: String) throws {
        let source = try OctetSource(path: path)
        guard let size = source.size else {
            throw PipelineFailure.badFile(
                path: path,
                reason: "is no regular file; an archive is read at many places, so copy it first"
            )
        }
        self.size = size
        self.source = source
    }

    /// Reads octets at a place.
    public func read(at offset: Int64, into buffer: inout [UInt8], count: Int) throws(ArchiveError) {
        guard offset >= 0, offset < size, count > 0 else {
            buffer.removeAll(keepingCapacity: true)
            return
        }
        let wanted = Int(min(Int64(count), size - offset))
        if buffer.count != wanted { buffer = [UInt8](repeating: 0, count: wanted) }
        do throws(IOFailure) {
            let got = try source.read(at: offset, into: &buffer)
            if got < wanted { buffer.removeLast(wanted - got) }
        } catch {
            throw .storage(operation: "read", reason: error.description)
        }
    }

    /// How many octets it takes to know an archive.
    static let headLength = 14

    /// Whether octets begin like an archive: a gzip member whose first extra subfield is this format's.
    static func isArchive(_ head: [UInt8]) -> Bool {
        head.count >= headLength && head[0..<4] == [0x1F, 0x8B, 0x08, 0x04] && head[12..<14] == [0x50, 0x4C]
    }
}

/// An archive that appears in a file when it is whole, or that goes straight to a pipe.
struct FileArchiveStorage: ArchiveStorage, ~Copyable {
    private var output: OctetOutput
    /// Whether readers see it grow; then every synchronisation reaches the medium.
    private let isLive: Bool

    /// Makes the file.
    ///
    /// - Parameters:
    ///   - path: Its name in the end.
    ///   - replacing: Whether a file of that name may be replaced.
    ///   - isLive: Whether it grows under that name from the start, as the archive of a live link does. Otherwise it
    ///     appears when it is whole.
    /// - Throws: What `OctetOutput` throws.
    init(path: String, replacing: Bool, isLive: Bool) throws(IOFailure) {
        output = try OctetOutput(path: path, replacing: replacing, growingInPlace: isLive)
        self.isLive = isLive
    }

    mutating func append(_ octets: Span<UInt8>) throws(ArchiveError) {
        do throws(IOFailure) { try output.write(octets) } catch {
            throw .storage(operation: "write", reason: error.description)
        }
    }

    mutating func synchronize() throws(ArchiveError) {
        do throws(IOFailure) { if isLive { try output.synchronize() } else { try output.flush() } } catch {
            throw .storage(operation: "sync", reason: error.description)
        }
    }

    /// Makes the file appear, whole.
    consuming func commit() throws(IOFailure) { try output.commit() }
}

/// An archive with what is needed to decode it.
public struct OpenedArchive {
    /// The reader.
    public let reader: ArchiveReader<FileArchiveSource>
    /// The link by which its units are decoded: coding is done already.
    public let link: LinkDescription
    /// The link as the archive's metadata has it.
    public let originalLink: LinkDescription?
    /// The craft that was named, or that the metadata names.
    public let craft: Craft?
    /// How packets tell the time.
    public let timeCode: TimeCode?

    /// Opens the one path of a request.
    ///
    /// - Parameters:
    ///   - request: What a person said.
    ///   - craft: The craft that was named, if one was.
    /// - Throws: ``PipelineFailure``, `IOFailure`, `ArchiveError`.
    public init(_ request: InputRequest, craft: Craft?) throws {
        guard request.paths.count == 1, request.paths[0] != "-" else {
            throw PipelineFailure.missing(
                what: "\(request.paths[0]): an archive is read from one file",
                remedy: "give one archive by its path"
            )
        }
        let path = request.paths[0]
        do {
            reader = try ArchiveFiles(path: path).reader()
        } catch let error as ArchiveError {
            throw PipelineFailure.badFile(path: path, reason: error.description)
        }
        if case .cutShort(let offset) = reader.end, !request.allowsPartialArchive {
            throw PipelineFailure.archiveCutShort(path: path, offset: offset, units: reader.totals.units)
        }
        let metadata = reader.metadata
        let named = craft ?? Self.craft(metadata.mission)
        self.craft = named
        originalLink = try metadata.link.map {
            try JSONFile.decode(LinkDescription.self, $0, path: "\(path), its link")
        }
        timeCode =
            try craft?.timeCode
            ?? metadata.timeCode.map { try JSONFile.decode(TimeCode.self, $0, path: "\(path), its time code") }
            ?? named?.timeCode
        switch metadata.content {
        case .packets:
            var packets = LinkDescription()
            packets.input = .packets
            link = packets
        case .frames:
            guard let original = try request.namedLink(craft)?.link ?? originalLink else {
                throw PipelineFailure.missing(
                    what: "\(path): does not say what its frames are",
                    remedy: "name the --link"
                )
            }
            link = original.decoded
        }
    }

    /// The craft of `MISSION/CRAFT` as metadata name it; none where that mission is not known here.
    private static func craft(_ name: String?) -> Craft? {
        let parts = (name ?? "").split(separator: "/", maxSplits: 1).map(String.init)
        guard let mission = parts.first, let profile = try? MissionProfile.named(mission) else { return nil }
        return try? profile.craft(parts.count == 2 ? parts[1] : nil)
    }
}

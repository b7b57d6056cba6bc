import LinkIO
import SpaceLink
public import TelemetryArchive

/// Joins archives into a new one.
public struct ArchiveMergeJob: Sendable {
    /// The archives; they are not changed.
    public var archives: [String]
    /// Where the new one shall be.
    public var output: String
    /// Whether a file of that name may be replaced.
    public var replacing = false
    /// Whether raw input that the archives keep is kept on.
    public var keepsInput = true
    /// The program's name and version, for the metadata.
    public var creator: String

    /// Names all of them.
    public init(archives: [String], output: String, creator: String) {
        self.archives = archives
        self.output = output
        self.creator = creator
    }

    /// What came of it.
    public struct Result: Sendable {
        /// What was merged.
        public let report: MergeReport
        /// Octets of the new archive.
        public let size: Int64
    }

    /// Merges, with the journals that lie beside the archives.
    ///
    /// - Parameters:
    ///   - jobs: How many tasks pack what is not taken over as it is.
    ///   - after: Called as it goes with the octets of units written and an upper bound of them.
    /// - Returns: What came of it.
    /// - Throws: `IOFailure`, or ``PipelineFailure`` for what is no archive, damaged, or does not fit to the others; then no
    ///   file is left under the output's name.
    public func run(jobs: Int = 1, after: (Int64, Int64?) -> Void) async throws -> Result {
        var readers: [ArchiveReader<FileArchiveSource>] = []
        for path in archives {
            do { readers.append(try ArchiveFiles(path: path).reader()) } catch let error as ArchiveError {
                throw PipelineFailure.badFile(path: path, reason: error.description)
            }
        }
        let facts = try requireSameKind(readers)
        do { return try await merge(readers, facts, jobs: jobs, after: after) } catch ArchiveError.unfit(
            let input,
            let reason
        ) {
            let remedy = "`perilune archive repair \(archives[input])`"
            throw PipelineFailure.badFile(path: archives[input], reason: "\(reason) (\(remedy))")
        } catch ArchiveError.incompleteInput(let input, let due) {
            throw PipelineFailure.missing(
                what: "\(archives[input]): octet \(due) of the raw input that it keeps",
                remedy: "heal it by `perilune archive repair`, or leave raw input out with --drop-input"
            )
        }
    }

    private func merge(
        _ readers: [ArchiveReader<FileArchiveSource>],
        _ facts: Facts,
        jobs: Int,
        after: (Int64, Int64?) -> Void
    ) async throws -> Result {
        let timeCode = facts.timeCode
        var merge = try ArchiveMerge(
            readers,
            link: facts.link,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) }
        )
        merge.keepsInput = keepsInput
        var metadata = merge.metadata
        metadata.creator = creator
        metadata.durability = ArchiveDurability.none.rawValue
        var settings = ArchiveSettings()
        settings.form = readers.contains(where: \.hasPackedChunks) ? .packed : .raw
        var work = try merge.begin(
            into: FileArchiveStorage(path: output, replacing: replacing, isLive: false),
            metadata: metadata,
            settings: settings
        )
        if jobs > 1 {
            try await pack(&work, metadata.content, settings, jobs: jobs, after: after)
        } else {
            while try work.step() != .end { after(work.totals.octets, work.bound) }
        }
        let merged = try work.finish()
        let report = merged.report
        let storage = merged.takeStorage()
        try storage.commit()
        let isStream = output == "-" || PathKind.isStream(output)
        return Result(report: report, size: isStream ? 0 : try FileArchiveSource(path: output).size)
    }

    /// Does all steps, packing on several cores.
    private func pack(
        _ work: inout MergeWork<FileArchiveSource, FileArchiveStorage>,
        _ content: ArchiveContent,
        _ settings: ArchiveSettings,
        jobs: Int,
        after: (Int64, Int64?) -> Void
    ) async throws {
        work.packElsewhere()
        try await withThrowingTaskGroup(of: Void.self) { group in
            var lanes = PackingLanes(jobs, content: content, settings: settings, in: &group)
            defer { lanes.close() }
            while true {
                switch try work.step() {
                case .more: try await lanes.turn(&work)
                case .settle: try await lanes.settle(&work)
                case .end: return try await lanes.settle(&work)
                }
                after(work.totals.octets, work.bound)
            }
        }
    }

    /// What all archives say alike.
    private struct Facts {
        var link: LinkDescription?
        var timeCode: TimeCode?
        var mission: String?
    }

    /// Refuses archives whose units could not be understood by one description.
    private func requireSameKind(_ readers: [ArchiveReader<FileArchiveSource>]) throws -> Facts {
        var first: Facts?
        for (path, reader) in zip(archives, readers) {
            let said = reader.metadata
            let facts = Facts(
                link: try said.link.map { try JSONFile.decode(LinkDescription.self, $0, path: "\(path), its link") }?
                    .decoded,
                timeCode: try said.timeCode.map {
                    try JSONFile.decode(TimeCode.self, $0, path: "\(path), its time code")
                },
                mission: said.mission
            )
            guard let first else {
                first = facts
                continue
            }
            func refuse(_ what: String) -> PipelineFailure {
                .badFile(path: path, reason: "\(what) than \(archives[0]); only archives of one kind can be merged")
            }
            let content = said.content
            if content != readers[0].metadata.content { throw refuse("keeps \(content.rawValue), other units") }
            if content == .frames, facts.link != first.link { throw refuse("keeps frames of another link") }
            if facts.timeCode != first.timeCode { throw refuse("keeps packets that tell the time otherwise") }
            if facts.mission != first.mission { throw refuse("is of another mission or craft") }
        }
        return first ?? Facts()
    }
}

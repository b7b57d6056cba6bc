import FoundationEssentials
import LinkIO
import SpaceLink
public import TelemetryArchive

/// Archives that grow under their names, and what survives of them.
extension ArchiveJob {
    /// Makes an archive that grows.
    func createLive(
        _ input: inout TelemetryInput,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) throws -> Result {
        if let keptInput { throw Self.notInOneFile(keptInput) }
        let place = ArchivePath(output)
        let folder = try ArchiveFolderFiles(holding: output)
        if try folder.names().contains(where: { $0 == place.name }), !replacing {
            throw IOFailure.exists(path: output)
        }
        if replacing { try removeAll(place.name, in: folder) }
        let content = Self.content(of: input)
        var metadata = try metadata(of: input, content)
        var generator = SystemRandomNumberGenerator()
        metadata.identity = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let clock = RunningClock()
        let archive = try LiveArchive.create(
            place.name,
            in: folder,
            metadata: metadata,
            settings: liveSettings,
            now: clock.now
        )
        do {
            return try feed(archive, &input, content, folder, clock, after: after)
        } catch {
            // An archive without a unit is not worth a name.
            if let reader = try? ArchiveFiles(path: output).reader(), reader.totals.units == 0 {
                try? removeAll(place.name, in: folder)
            }
            throw error
        }
    }

    /// Adds an input to an archive, whether it was sealed or its writer stopped.
    ///
    /// - Parameters:
    ///   - input: The input; it is used up.
    ///   - after: Called after each piece with the octets read so far, their total if known, and what is safe.
    /// - Returns: What the archive holds now, and what was in this input.
    /// - Throws: Whatever input or output throw; what was safe stays.
    public func append(
        _ input: inout TelemetryInput,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) throws -> Result {
        let folder = try ArchiveFolderFiles(holding: output)
        let content = Self.content(of: input)
        guard try folder.names().contains(ArchivePath(output).name) else {
            throw PipelineFailure.missing(
                what: "\(output): there is no such archive",
                remedy: "make it with `perilune archive create`"
            )
        }
        let clock = RunningClock()
        let archive: LiveArchive<ArchiveFolderFiles>
        do throws(ArchiveError) {
            archive = try LiveArchive.open(ArchivePath(output).name, in: folder, settings: liveSettings, now: clock.now)
        } catch {
            throw PipelineFailure.badFile(path: output, reason: error.description)
        }
        try requireSameKind(archive.metadata, input, content)
        return try feed(archive, &input, content, folder, clock, after: after)
    }

    private var liveSettings: LiveArchiveSettings {
        var live = live
        live.archive = settings
        return live
    }

    /// Refuses frames of another shape, which could not be decoded with those that are there.
    private func requireSameKind(
        _ metadata: ArchiveMetadata,
        _ input: borrowing TelemetryInput,
        _ content: ArchiveContent
    ) throws {
        guard metadata.content == content else {
            throw PipelineFailure.badFile(
                path: output,
                reason: ArchiveError.wrongContent(expected: metadata.content).description
            )
        }
        guard content == .frames, let octets = metadata.link else { return }
        let kept = try JSONFile.decode(LinkDescription.self, octets, path: "\(output), its link")
        guard kept.decoded == input.link.decoded else {
            throw PipelineFailure.badFile(
                path: output,
                reason: "keeps frames of another link than \(input.name); make an archive of its own for them"
            )
        }
    }

    private func removeAll(_ name: String, in folder: ArchiveFolderFiles) throws {
        let lock = "\(name).lock"
        try folder.lock(lock)
        defer { folder.unlock(lock) }
        for file in ArchiveNames.all(of: name, among: try folder.names()) { try folder.remove(file) }
        try folder.synchronizeFolder()
    }

    /// Leads an input into an archive, and seals it whatever ends the input.
    private func feed(
        _ archive: consuming LiveArchive<ArchiveFolderFiles>,
        _ input: inout TelemetryInput,
        _ content: ArchiveContent,
        _ folder: ArchiveFolderFiles,
        _ clock: RunningClock,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) throws -> Result {
        let timeCode = input.timeCode
        var sink = ArchiveSink(
            archive,
            content: content,
            onboardTime: { packet, octets in packet.isIdle ? nil : timeCode?.time(ofPacket: octets) }
        )
        var run = try input.makeRun()
        after(0, input.total, sink.committed)
        do {
            var isMore = true
            while isMore {
                try wait(for: input, &sink, run, clock, after: after)
                if stampsReception, input.size == nil {
                    while try !input.hasOctets(within: 100) {}
                    sink.receptionTime = StationClock.now
                }
                isMore = try input.step(&run, into: &sink)
                if let failure = sink.failure { throw failure }
                try sink.tick(now: clock.now)
                after(run.octets, input.total, sink.committed)
            }
            try input.requireSomething(run.decoder.summary)
        } catch {
            // What came until then is kept in good order; a failure here is the same one or a smaller one.
            try? sink.finish()
            after(run.octets, input.total, sink.committed)
            throw error
        }
        try sink.finish()
        let totals = sink.appended
        after(run.octets, input.total, sink.committed)
        return Result(summary: run.decoder.summary, totals: totals, size: try size(folder))
    }

    /// Does what becomes due while the input has nothing.
    private func wait(
        for input: borrowing TelemetryInput,
        _ sink: inout ArchiveSink<LiveArchive<ArchiveFolderFiles>>,
        _ run: TelemetryInput.Run,
        _ clock: RunningClock,
        after: (Int64, Int64?, ArchiveTotals) -> Void
    ) throws {
        while let due = sink.due {
            let milliseconds = max(0, due - clock.now) / 1_000_000 + 1
            if try input.hasOctets(within: Int(min(milliseconds, 100))) { return }
            try sink.tick(now: clock.now)
            after(run.octets, input.total, sink.committed)
        }
    }

    /// Octets of all parts.
    private func size(_ folder: ArchiveFolderFiles) throws -> Int64 {
        let names = ArchiveNames.all(of: ArchivePath(output).name, among: try folder.names())
        return try names.reduce(0) { try $0 + folder.source($1).size }
    }
}

/// The time of day.
private enum StationClock {
    /// Now; `nil` if the computer's clock tells a time that cannot be.
    static var now: TAITime? {
        let seconds = Date().timeIntervalSince1970
        guard seconds > 0, seconds < 9_000_000_000 else { return nil }
        return TAITime(unixNanoseconds: Int64(seconds * 1_000_000_000))
    }
}

/// Nanoseconds since it was made, which never run backward.
private struct RunningClock {
    private let start = ContinuousClock.now

    var now: Int64 {
        let (seconds, attoseconds) = start.duration(to: .now).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

import Crypto
import LinkIO
import TelemetryArchive

extension ArchiveJob {
    /// Why the raw input is not kept in an archive that grows.
    static func notInOneFile(_ path: String) -> PipelineFailure {
        .missing(
            what: "\(path): only the input from a file can be kept in an archive",
            remedy: "record it first, and archive the recording in one part"
        )
    }

    /// Writes the raw input, and what makes sure of it, behind the units.
    func keepInput(
        in writer: inout ArchiveWriter<FileArchiveStorage>,
        _ metadata: ArchiveMetadata
    ) throws {
        guard let keptInput else { return }
        var source = try OctetSource(path: keptInput)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var offset: Int64 = 0
        var digest = SHA256()
        while true {
            let count = try source.read(into: &piece)
            guard count > 0 else { break }
            let octets = Array(piece[..<count])
            digest.update(data: octets)
            try writer.append(input: octets.span, at: offset)
            offset += Int64(count)
        }
        var metadata = metadata
        metadata.origin?.size = offset
        metadata.origin?.sha256 = Array(digest.finalize())
        try writer.write(metadata: metadata)
    }
}

/// Writes the raw input that an archive kept back as it was.
public struct InputExtraction: Sendable {
    /// Which one of the raw inputs of a merged archive, from 1; all one behind the other if absent.
    public var only: Int?

    private let output: String
    private let replacing: Bool

    /// Names the output.
    ///
    /// - Parameters:
    ///   - output: A file, or `-`.
    ///   - replacing: Whether a file of that name may be replaced.
    public init(output: String, replacing: Bool) {
        self.output = output
        self.replacing = replacing
    }

    /// Writes it.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - path: Its name, for messages.
    ///   - after: Called as it goes with the octets written and their number in the end, if known.
    /// - Returns: How many octets were written.
    /// - Throws: ``PipelineFailure`` if no such input was kept or not all of it is right, `IOFailure`; then no file is left under
    ///   the output's name.
    public func run(_ archive: OpenedArchive, path: String, after: (Int64, Int64?) -> Void) throws -> Int64 {
        let wanted = try wanted(archive.reader.metadata, path)
        var file = try OctetOutput(path: output, replacing: replacing)
        var digest = SHA256()
        var count: Int64 = 0
        let kept: Int64?
        do throws(ArchiveError) {
            kept = try archive.reader.forEachInputPiece { (offset, octets) throws(ArchiveError) in
                guard wanted.range.contains(offset) else { return }
                do throws(IOFailure) { try file.write(octets) } catch {
                    throw .storage(operation: "write", reason: error.description)
                }
                octets.update(&digest)
                count += Int64(octets.count)
                after(count, wanted.size)
            }
        } catch {
            throw PipelineFailure.badFile(path: path, reason: error.description)
        }
        guard kept != nil else {
            throw PipelineFailure.missing(
                what: "\(path): keeps no raw input",
                remedy: "only `perilune archive create --keep input` does"
            )
        }
        if let size = wanted.size, let sha256 = wanted.sha256, size != count || sha256 != Array(digest.finalize()) {
            throw PipelineFailure.badFile(
                path: path,
                reason: "keeps \(count) octets of raw input, which are not the \(size) that there were; see "
                    + "`perilune archive verify`"
            )
        }
        try file.commit()
        return count
    }

    /// Which octets of all inputs are meant, and what they have to be.
    private func wanted(
        _ metadata: ArchiveMetadata,
        _ path: String
    ) throws -> (range: Range<Int64>, size: Int64?, sha256: [UInt8]?) {
        let inputs = metadata.inputs
        guard let only, inputs.count > 1 || only != 1 else {
            return (0..<Int64.max, metadata.origin?.size, metadata.origin?.sha256)
        }
        guard inputs.indices.contains(only - 1) else {
            let count = inputs.isEmpty ? "at most one raw input" : "\(inputs.count) raw inputs"
            throw PipelineFailure.badFile(path: path, reason: "keeps \(count); there is no number \(only)")
        }
        var start: Int64 = 0
        for input in inputs[..<(only - 1)] { start = start.addingReportingOverflow(input.size ?? 0).partialValue }
        let size = inputs[only - 1].size ?? 0
        let (end, isBeyond) = start.addingReportingOverflow(size)
        guard start >= 0, !isBeyond else {
            throw PipelineFailure.badFile(path: path, reason: "says that its raw inputs are longer than any can be")
        }
        return (start..<end, size, inputs[only - 1].sha256)
    }
}

extension Span<UInt8> {
    /// Adds the octets to a digest.
    fileprivate func update(_ digest: inout SHA256) {
        // The pointer is read only during the call.
        unsafe withUnsafeBufferPointer { unsafe digest.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
}

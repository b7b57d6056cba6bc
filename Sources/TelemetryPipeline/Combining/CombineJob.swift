import LinkIO
public import SpaceLink

/// Combines several recordings of one downlink into one file.
public struct CombineJob: Sendable {
    /// What is written.
    public enum Layer: String, Sendable, CaseIterable {
        /// Frames, one behind the other.
        case frames
        /// Frames coded anew: marker, randomiser and block code of the recordings.
        case cadu
    }

    /// Where the result shall be.
    public var output: String
    /// What is written.
    public var layer = Layer.frames
    /// Whether a file of that name may be replaced.
    public var replacing = false
    /// How to combine.
    public var settings = FrameCombiner.Settings()

    /// Describes a file to be made.
    public init(output: String) { self.output = output }

    /// What was made.
    public struct Result: Sendable {
        /// What each recording gave, and what is still missing.
        public let report: CombiningReport
        /// The recordings as they are named in messages.
        public let names: [String]
        /// The link by which the result is read.
        public let link: LinkDescription
        /// Octets that were written.
        public let octets: Int64
    }

    /// A recording on its way; a reference, because inputs cannot be copied and there are several.
    private final class Recording {
        var telemetry: TelemetryInput
        var run: TelemetryInput.Run
        let name: String
        let link: LinkDescription
        let total: Int64?
        var octets: Int64 = 0

        init(_ telemetry: consuming TelemetryInput) throws {
            name = telemetry.name
            link = telemetry.link
            total = telemetry.total
            run = try telemetry.makeRun(keepBad: true)
            self.telemetry = consume telemetry
        }

        func step(into combiner: inout FrameCombiner) throws -> Bool {
            let more = try telemetry.step(&run, into: &combiner)
            octets = run.octets
            return more
        }

        func requireSomething() throws { try telemetry.requireSomething(run.decoder.summary) }
    }

    /// Combines.
    ///
    /// - Parameters:
    ///   - requests: The recordings; each is read with the link that is named, or recognised for itself.
    ///   - after: Called after each piece with the octets read so far of all recordings, and their total, if known.
    /// - Returns: What was made.
    /// - Throws: Whatever inputs and output throw; ``PipelineFailure`` if they are not of one downlink. Then no file is
    ///   left under the output's name.
    public func run(_ requests: [InputRequest], after: (Int64, Int64?) -> Void) throws -> Result {
        let recordings = try requests.map { try Recording(TelemetryInput($0)) }
        let link = try commonLink(recordings)
        var recoder = layer == .cadu ? try FrameRecoder(link) : nil
        var combiner = try FrameCombiner(link, inputs: recordings.count, settings: settings)
        var output = try OctetOutput(path: output, replacing: replacing)
        let total = recordings.reduce(Int64?(0)) { sum, one in one.total.flatMap { octets in sum.map { $0 + octets } } }
        while let number = combiner.wanted {
            let recording = recordings[number]
            combiner.input = number
            if try !recording.step(into: &combiner) {
                try recording.requireSomething()
                combiner.finish(number)
            }
            var failure: IOFailure?
            combiner.settle { frame, octets in
                guard failure == nil else { return }
                do throws(IOFailure) {
                    try Self.write(octets, through: &recoder, to: &output)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            after(recordings.reduce(0) { $0 + $1.octets }, total)
        }
        do throws(CombiningError) { try combiner.requireRelated() } catch { throw explained(error, recordings) }
        let octets = output.octets
        try output.commit()
        return Result(
            report: combiner.summary,
            names: recordings.map(\.name),
            link: recoder?.link ?? link.ofBareFrames,
            octets: octets
        )
    }

    private static func write(
        _ frame: Span<UInt8>,
        through recoder: inout FrameRecoder?,
        to output: inout OctetOutput
    ) throws(IOFailure) {
        guard var coder = recoder.take() else { return try output.write(frame) }
        defer { recoder = coder }
        var coded: [UInt8] = []
        _ = coder.push(frame) { unit in for index in unit.indices { coded.append(unit[index]) } }
        try output.write(coded.span)
    }

    /// The link of the result: of the recordings that have a block code, the first, because it can read more.
    private func commonLink(_ recordings: [Recording]) throws -> LinkDescription {
        for recording in recordings where recording.link.input == .packets {
            throw PipelineFailure.missing(
                what: "\(recording.name): holds packets, but frames are what recordings have in common",
                remedy: "combine the recordings that they were decoded from"
            )
        }
        let coded = recordings.first { $0.link.input != .frames }
        guard let first = coded ?? recordings.first else { throw CombiningError.inputs(0) }
        for recording in recordings {
            guard
                recording.link.frame.type != first.link.frame.type
                    || recording.link.frameLength != first.link.frameLength
            else { continue }
            throw PipelineFailure.badFile(
                path: recording.name,
                reason: """
                    holds \(recording.link.frameWords), but \(first.name) \(first.link.frameWords): they are not \
                    recordings of one downlink. See both with `perilune inspect`, or name the link with --link
                    """
            )
        }
        if layer == .cadu, coded == nil {
            throw PipelineFailure.missing(
                what: "\(first.name): holds frames, and nothing says how they were coded",
                remedy: "write --to frames"
            )
        }
        return first.link
    }

    private func explained(_ error: CombiningError, _ recordings: [Recording]) -> PipelineFailure {
        guard case .unrelated(let input, let window) = error, recordings.indices.contains(input) else {
            return .badFile(path: output, reason: error.description)
        }
        let others = recordings[..<input].map(\.name).joined(separator: ", ")
        return .badFile(
            path: recordings[input].name,
            reason: """
                has no frame in common with \(others), as far as \(window) frames of look ahead can tell: it is another \
                downlink or another pass (see both with `perilune inspect`), or starts too far from it (try --window)
                """
        )
    }
}

extension LinkDescription {
    /// The same frames without a code and anything around them.
    fileprivate var ofBareFrames: LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.randomizer = .none
        link.block = .none(length: nil)
        link.frame = frame
        link.frame.length = frameLength
        link.channels = channels
        return link
    }

    /// The frames in words.
    fileprivate var frameWords: String {
        "\(frame.type.rawValue) frames of \(frameLength.map(String.init) ?? "unknown") octets"
    }
}

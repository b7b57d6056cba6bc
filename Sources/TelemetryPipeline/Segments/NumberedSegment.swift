import FoundationEssentials
public import SpaceLink

/// A segment with its number in the whole, as it stands in the event `done` of a piece.
public struct NumberedSegment: Codable, Sendable {
    /// The number, from 1.
    public var number: Int
    /// The segment.
    public var state: LinkSegment

    /// Numbers a segment.
    public init(number: Int, state: LinkSegment) {
        self.number = number
        self.state = state
    }

    /// Reads the segments of files in which summaries of pieces stand, one a line, other events between them.
    ///
    /// - Parameter paths: The files; `-` is standard input.
    /// - Returns: The segments in order.
    /// - Throws: ``PipelineFailure`` for files without one, numbers that are missing or stand twice; `IOFailure`.
    public static func read(_ paths: [String]) throws -> [NumberedSegment] {
        var segments: [NumberedSegment] = []
        var origins: [Int: String] = [:]
        for path in paths {
            let found = try read(path)
            for segment in found {
                if let other = origins[segment.number] {
                    throw PipelineFailure.badFile(
                        path: path,
                        reason: "piece \(segment.number) stands in \(other) already. Name each piece once"
                    )
                }
                origins[segment.number] = path
            }
            segments += found
        }
        segments.sort { $0.number < $1.number }
        try requireAll(segments.map(\.number))
        return segments
    }

    private struct Line: Decodable {
        var v: Int
        var event: String
        var segment: NumberedSegment?
    }

    private static let limit = 256 << 20

    private static func read(_ path: String) throws -> [NumberedSegment] {
        let octets = try FileContents.read(path, limit: limit)
        var found: [NumberedSegment] = []
        for line in octets.split(separator: 10) {
            let line = try JSONFile.decode(Line.self, Array(line), path: path)
            guard line.v == 1 else {
                throw PipelineFailure.badFile(path: path, reason: "version \(line.v) of events is not known")
            }
            if line.event == "done", let segment = line.segment { found.append(segment) }
        }
        guard !found.isEmpty else {
            throw PipelineFailure.badFile(
                path: path,
                reason: "no summary of a piece stands in it. Make one with `perilune inspect --json --segment N PIECE`"
            )
        }
        guard found.allSatisfy({ $0.number > 0 }) else {
            throw PipelineFailure.badFile(path: path, reason: "pieces are numbered from 1")
        }
        return found
    }

    /// Refuses numbers that are not 1, 2, 3 and so on.
    private static func requireAll(_ numbers: [Int]) throws(PipelineFailure) {
        var missing: [String] = []
        var expected = 1
        for number in numbers {
            if number > expected {
                missing.append(number - expected == 1 ? "\(expected)" : "\(expected) to \(number - 1)")
            }
            expected = number + 1
        }
        guard !missing.isEmpty else { return }
        throw .missing(
            what: "of the pieces these are missing: \(missing.joined(separator: ", "))",
            remedy: "name the summaries of all pieces, from 1 on"
        )
    }
}

/// The totals of a piece, as in the event `done`: those of the piece alone, and its segment.
public struct SegmentTotals: Encodable, Sendable {
    private let summary: LinkSummary
    private let segment: NumberedSegment

    /// Puts together what the event tells.
    public init(summary: LinkSummary, segment: NumberedSegment) {
        self.summary = summary
        self.segment = segment
    }

    private enum CodingKeys: CodingKey {
        case segment
    }

    /// Writes the totals and the segment into one object.
    public func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(segment, forKey: .segment)
    }
}

/// Takes what a decoder finds and does nothing with it.
public struct SilentSink: LinkSink {
    /// Makes it.
    public init() {}
}

import Foundation
import SpaceLink
import TestSupport
import Testing

/// Everything that a decoder hands out but frames, in no order.
struct Findings: Equatable {
    struct Packet: Hashable {
        var record: PacketRecord
        var octets: [UInt8]
    }

    var packets: [Packet: Int] = [:]
    var gaps: [ChannelGap: Int] = [:]
    var discards: [Discard: Int] = [:]

    /// Adds what was found behind so many frames, or packets, and octets.
    mutating func add(_ collector: Collector, behindUnits units: Int = 0, octets: Int64 = 0) {
        for packet in collector.packets {
            var record = packet.record
            record.firstFrame += units
            record.lastFrame += units
            record.inputOffset += octets
            packets[Packet(record: record, octets: packet.octets), default: 0] += 1
        }
        for gap in collector.gaps {
            var gap = gap
            gap.frame += units
            gap.inputOffset += octets
            gaps[gap, default: 0] += 1
        }
        for discard in collector.discards {
            var discard = discard
            discard.frame = discard.frame.map { $0 + units }
            discard.offset += octets
            discards[discard, default: 0] += 1
        }
    }
}

/// An input that is decoded in pieces.
struct SplitDecoding {
    private(set) var findings = Findings()
    private var segments: [LinkSegment] = []
    private var bases: [(units: Int, octets: Int64)] = []

    /// Decodes the pieces, each alone, and sends their segments through JSON.
    init(
        _ octets: [UInt8],
        _ link: LinkDescription,
        cuts: [Int],
        keepPartial: Bool = false,
        through json: Bool = true
    ) throws {
        var base = (units: 0, octets: Int64(0))
        var start = 0
        for end in cuts + [octets.count] {
            var decoder = try LinkDecoder(link, keepPartial: keepPartial, asSegment: true)
            var collector = Collector()
            decoder.push(octets.span.extracting(start..<end), into: &collector)
            let segment = decoder.segment(into: &collector)
            start = end
            findings.add(collector, behindUnits: base.units, octets: base.octets)
            bases.append(base)
            base.units += segment.unitCount
            base.octets += segment.octets
            guard json else {
                segments.append(segment)
                continue
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let written = try encoder.encode(segment)
            let read = try JSONDecoder().decode(LinkSegment.self, from: written)
            #expect(read == segment)
            #expect(try encoder.encode(read) == written)
            segments.append(read)
        }
    }

    /// The size of the largest segment as JSON.
    var largest: Int {
        get throws { try segments.map { try JSONEncoder().encode($0).count }.max() ?? 0 }
    }

    /// Merges in an order that the generator chooses.
    mutating func merge(
        using generator: inout SeededGenerator
    ) throws -> (summary: LinkSummary, masterChannels: [MasterChannelCount]) {
        let whole = try merge(segments.indices, &generator)
        var collector = Collector()
        let masters = whole.masterChannels
        let summary = whole.finish(into: &collector)
        findings.add(collector)
        return (summary, masters)
    }

    private mutating func merge(_ range: Range<Int>, _ generator: inout SeededGenerator) throws -> LinkSegment {
        guard range.count > 1 else { return segments[range.lowerBound] }
        let middle = Int.random(in: range.lowerBound + 1..<range.upperBound, using: &generator)
        let left = try merge(range.lowerBound..<middle, &generator)
        let right = try merge(middle..<range.upperBound, &generator)
        var collector = Collector()
        let joint = try left.merged(with: right, into: &collector)
        let base = bases[range.lowerBound]
        findings.add(collector, behindUnits: base.units, octets: base.octets)
        return joint
    }
}

/// Holds pieces, merged in several orders, against one pass.
func expectPiecesToEqualOnePass(
    _ octets: [UInt8],
    _ link: LinkDescription,
    cuts: [Int],
    seed: UInt64,
    orders: Int = 2,
    keepPartial: Bool = false,
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    var generator = SeededGenerator(seed: seed)
    let whole = try decode(octets, link, keepPartial: keepPartial, sourceLocation: sourceLocation)
    var expected = Findings()
    expected.add(whole.collector)
    for order in 0..<orders {
        var split = try SplitDecoding(octets, link, cuts: cuts, keepPartial: keepPartial, through: order == 0)
        let (summary, masters) = try split.merge(using: &generator)
        #expect(summary.balances, comment, sourceLocation: sourceLocation)
        #expect(summary == whole.summary, comment, sourceLocation: sourceLocation)
        #expect(masters == whole.masterChannels, comment, sourceLocation: sourceLocation)
        #expect(split.findings.gaps == expected.gaps, comment, sourceLocation: sourceLocation)
        #expect(split.findings.discards == expected.discards, comment, sourceLocation: sourceLocation)
        #expect(split.findings.packets == expected.packets, comment, sourceLocation: sourceLocation)
    }
}

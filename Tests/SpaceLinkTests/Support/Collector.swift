import Crypto
import SpaceLink
import Testing

/// Keeps all that a decoder hands out, packets as digests and lengths.
struct Collector: LinkSink, Equatable {
    struct Packet: Equatable {
        var record: PacketRecord
        var octets: [UInt8]
    }

    struct Frame: Equatable {
        var record: FrameRecord
        var octets: [UInt8]
    }

    var frames: [Frame] = []
    var packets: [Packet] = []
    var discards: [Discard] = []
    var gaps: [ChannelGap] = []

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        frames.append(Frame(record: frame, octets: octets.array))
    }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        packets.append(Packet(record: packet, octets: octets.array))
    }

    mutating func discard(_ discard: Discard) { discards.append(discard) }

    mutating func gap(_ gap: ChannelGap) { gaps.append(gap) }

    /// The packets of one channel, without idle ones if asked.
    func packets(onChannel channel: Int, idle: Bool = true) -> [[UInt8]] {
        packets.filter { $0.record.virtualChannel == channel && (idle || !$0.record.isIdle) }.map(\.octets)
    }

    /// The sum of all discards by reason, to hold against the summary.
    var discarded: [DiscardReason: Int] {
        discards.reduce(into: [:]) { $0[$1.reason, default: 0] += $1.length }
    }
}

extension Span<UInt8> {
    /// A copy.
    var array: [UInt8] { (0..<count).map { self[$0] } }
}

/// What one decoding came to.
struct Decoded: Equatable {
    var collector = Collector()
    var summary: LinkSummary
    var masterChannels: [MasterChannelCount]
}

/// Decodes octets cut at the places given, and holds the ledger after every cut.
func decode(
    _ octets: [UInt8],
    _ link: LinkDescription,
    cuts: [Int] = [],
    keepBad: Bool = false,
    keepPartial: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Decoded {
    var decoder = try LinkDecoder(link, keepBad: keepBad, keepPartial: keepPartial)
    var collector = Collector()
    var start = 0
    for end in cuts + [octets.count] {
        decoder.push(octets.span.extracting(start..<end), into: &collector)
        start = end
        // A summary costs more than a few octets do.
        guard cuts.count < 100 else { continue }
        #expect(decoder.summary.balances, "after \(end) octets", sourceLocation: sourceLocation)
    }
    decoder.finish(into: &collector)
    let summary = decoder.summary
    #expect(summary.balances, sourceLocation: sourceLocation)
    #expect(summary.octets == octets.count, sourceLocation: sourceLocation)
    #expect(summary.discarded == collector.discarded, sourceLocation: sourceLocation)
    return Decoded(collector: collector, summary: summary, masterChannels: decoder.masterChannels)
}

/// Hexadecimal digits of a digest.
func digest<Function: HashFunction>(_ packets: [[UInt8]], _ function: Function.Type) -> String {
    var hash = Function()
    for packet in packets { hash.update(data: packet) }
    return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

import SpaceLink
import TestSupport
import Testing

/// A downlink as it was sent, and what several antennas made of it.
struct SentPass {
    let link: LinkDescription
    /// The units as sent: CADUs or frames.
    private(set) var units: [[UInt8]] = []
    /// The frames as a decoder without noise finds them.
    private(set) var frames: [[UInt8]] = []
    /// The place of each in the order sent; the last one where idle frames repeat.
    private(set) var numbers: [[UInt8]: Int] = [:]

    /// Sends packets of random octets over several channels, with an idle frame now and then.
    init(_ link: LinkDescription, frames count: Int, channels: [Int] = [1, 2], idle: Bool = true, seed: UInt64) throws {
        self.link = link
        var generator = SeededGenerator(seed: seed)
        var encoder = try LinkEncoder(link, spacecraft: 25)
        var sequence = 0
        var sent: [[UInt8]] = []
        while sent.count < count {
            let channel = channels[Int.random(in: channels.indices, using: &generator)]
            let length = Int.random(in: 1...2 * encoder.packetZoneLength, using: &generator)
            var packet = Build.packet(apid: UInt16(32 + channel), count: sequence & 0x3FFF, length: 7 + length)
            packet.replaceSubrange(6..., with: generator.octets(packet.count - 6))
            sequence += 1
            encoder.push(packet: packet.span, virtualChannel: channel) { _, octets in sent.append(octets.array) }
            if idle, Int.random(in: 0..<5, using: &generator) == 0 {
                encoder.idleFrame { _, octets in sent.append(octets.array) }
            }
        }
        units = sent
        frames = try decode(octets, link).collector.frames.map(\.octets)
        for (number, frame) in frames.enumerated() { numbers[frame] = number }
    }

    /// Everything as sent.
    var octets: [UInt8] { units.flatMap { $0 } }

    /// A CADU link of short codeblocks, so that tests are quick.
    static func link(_ kind: LinkDescription.Frame.Kind, fecf: Bool = false, interleave: Int = 1) -> LinkDescription {
        var block = LinkDescription.ReedSolomonBlock()
        block.interleave = interleave
        block.virtualFill = 123
        var link = LinkDescription()
        link.block = .reedSolomon(block)
        link.frame.type = kind
        link.frame.fecf = fecf
        return link
    }

    /// Frames that nothing checks, back to back.
    static func bareLink(_ kind: LinkDescription.Frame.Kind) -> LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = kind
        link.frame.length = 120
        return link
    }
}

/// What a combination gave.
struct Combination {
    var frames: [[UInt8]] = []
    var records: [FrameCombiner.Frame] = []
    var report: CombiningReport
}

/// Combines recordings, read in step in pieces of a size.
func combine(
    _ recordings: [[UInt8]],
    _ link: LinkDescription,
    settings: FrameCombiner.Settings = FrameCombiner.Settings(),
    piece: Int = 1500
) throws -> Combination {
    var combiner = try FrameCombiner(link, inputs: recordings.count, settings: settings)
    var decoders = try recordings.map { _ in try LinkDecoder(link, keepBad: true) }
    var positions = recordings.map { _ in 0 }
    var frames: [[UInt8]] = []
    var records: [FrameCombiner.Frame] = []
    while let input = combiner.wanted {
        combiner.input = input
        let end = min(recordings[input].count, positions[input] + piece)
        if positions[input] < end {
            let octets = recordings[input]
            decoders[input].push(octets.span.extracting(positions[input]..<end), into: &combiner)
            positions[input] = end
        } else {
            decoders[input].finish(into: &combiner)
            combiner.finish(input)
        }
        combiner.settle { frame, octets in
            records.append(frame)
            frames.append(octets.array)
        }
    }
    try combiner.requireRelated()
    return Combination(frames: frames, records: records, report: combiner.summary)
}

/// The accepted frames of a recording.
func acceptedFrames(_ recording: [UInt8], _ link: LinkDescription) throws -> [[UInt8]] {
    var decoder = try LinkDecoder(link)
    var collector = Collector()
    decoder.push(recording.span, into: &collector)
    decoder.finish(into: &collector)
    return collector.frames.map(\.octets)
}

/// One antenna's bad luck.
enum AntennaDamage: CaseIterable {
    /// Bursts of wrong bits, from a few to several frames long.
    case bursts
    /// Bits inserted and deleted.
    case slips
    /// Octets that are missing.
    case dropouts
    /// Octets that are noise.
    case noise
    /// Blocks of octets that come twice.
    case repetitions

    /// Does it to a recording a number of times.
    func apply(to octets: [UInt8], times: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var octets = octets
        for _ in 0..<times {
            let start = Int.random(in: 0..<octets.count - 4000, using: &generator)
            let length = Int.random(in: 40...2500, using: &generator)
            switch self {
            case .bursts:
                for index in start..<start + length where Bool.random(using: &generator) {
                    octets[index] ^= UInt8.random(in: 1...255, using: &generator)
                }
            case .slips:
                let bits = Int.random(in: 1...15, using: &generator)
                let tail = Self.shifted(Array(octets[start...]), by: bits, &generator)
                octets.replaceSubrange(start..., with: tail)
            case .dropouts: octets.removeSubrange(start..<start + length)
            case .noise: octets.replaceSubrange(start..<start + length, with: generator.octets(length))
            case .repetitions: octets.insert(contentsOf: octets[start..<start + length], at: start + length)
            }
        }
        return octets
    }

    /// The octets later by some bits, behind random ones.
    static func shifted(_ octets: [UInt8], by bits: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let filled = generator.octets(1 + bits / 8) + octets + generator.octets(1)
        let rest = bits % 8
        guard rest > 0 else { return filled }
        return zip(filled, filled.dropFirst()).map { $0 << UInt8(rest) | $1 >> UInt8(8 - rest) }
    }
}

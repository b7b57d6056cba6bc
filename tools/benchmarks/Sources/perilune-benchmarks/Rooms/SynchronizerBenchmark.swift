import BenchmarkShim
import ChannelCoding
import SpaceLink

/// The synchroniser alone: markers found, codeblocks handed out.
enum SynchronizerBenchmark {
    static func run(_ bench: Bench) throws {
        let link = LinkDescription()
        let clean = try PacketMix(octets: 24 << 20).encoded(link)
        let settings = FrameSynchronizer.Settings(codeblockLength: 1275)
        let frames = clean.count / 1279
        for (words, octets) in [
            ("aligned", clean), ("3 bits off", SpaceLinkBenchmark.shifted(clean)), ("inverted", clean.map { ~$0 }),
        ] {
            var (found, sum) = (0, 0)
            let timing = try Timing.measure {
                found = 0
                sum = 0
                var synchronizer = try FrameSynchronizer(settings)
                let take: (FrameSynchronizer.Codeblock, Span<UInt8>) -> Void = { _, codeblock in
                    found += 1
                    sum += Int(codeblock[0]) + Int(codeblock[codeblock.count - 1])
                }
                for start in stride(from: 0, to: octets.count, by: 1 << 18) {
                    synchronizer.push(octets.span.extracting(start..<min(octets.count, start + 1 << 18)), take)
                }
                synchronizer.finish(take)
            }
            let wanted = (0..<frames).reduce(0) { $0 + Int(clean[1279 * $1 + 4]) + Int(clean[1279 * $1 + 1278]) }
            try bench.require(found == frames && sum == wanted, "synchroniser, \(words): \(found) of \(frames)")
            bench.add(
                Figure(
                    room: .channelCoding,
                    what: "synchroniser, \(words)",
                    input: "\(frames) CADUs of 1279",
                    value: bench.rate(octets: octets.count, timing),
                    unit: "MB/s",
                    reference: Figure.Reference(name: "memory read", value: bench.memoryRead),
                    proof: "\(found) codeblocks, first and last octets summed",
                    spread: timing.spread(bench.clock)
                )
            )
        }
    }
}

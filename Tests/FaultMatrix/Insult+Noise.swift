import TestSupport

/// Noise.
extension Insult {
    static let noise: [Insult] = longNoise + bursts

    private static let longNoise: [Insult] =
        [100_000, 100_003].flatMap { count -> [Insult] in
            [
                edits("\(count) noise bits between two frames") { stream, generator in
                    [.insertNoise(count, at: stream.marker(stream.frames / 2).lowerBound, &generator)]
                },
                edits("\(count) noise bits inside a frame") { stream, generator in
                    [.insertNoise(count, at: middle(of: stream), &generator)]
                },
                edits("\(count) noise bits behind a marker") { stream, generator in
                    [.insertNoise(count, at: stream.codeblock(stream.frames / 2).lowerBound, &generator)]
                },
            ]
        }

    private static let bursts: [Insult] =
        [
            .edits("100000 zero bits between two frames") { stream, _ in
                let place = stream.marker(stream.frames / 2).lowerBound
                return [.insert([UInt8](repeating: 0, count: 12_500), count: 100_000, at: place)]
            },
            .edits("100000 noise bits before the first frame") { _, generator in
                [.insertNoise(100_000, at: 0, &generator)]
            },
            .edits("100000 noise bits behind the last frame") { [.insertNoise(100_000, at: $0.count, &$1)] },
            burst("a burst of 30 bits", 30) { middle(of: $0) },
            burst("a burst of 200 octets", 1600) { $0.codeblock($0.frames / 2).lowerBound + 100 },
            burst("a burst over a marker", 500) { $0.marker($0.frames / 2).lowerBound - 230 },
            .edits("a burst of three frames and a half") { stream, generator in
                let start = middle(of: stream)
                return [.noise(start..<start + stream.period * 7 / 2, &generator)]
            },
            .edits("every fifth frame is noise, its marker too") { stream, generator in
                Swift.stride(from: 3, to: stream.frames, by: 5).map { frame in
                    .noise(frame * stream.period..<(frame + 1) * stream.period, &generator)
                }
            },
        ]

    private static func burst(_ name: String, _ bits: Int, at place: @escaping @Sendable (SentStream) -> Int) -> Insult
    {
        .edits(name) { stream, generator in
            let start = place(stream)
            return [.noise(start..<start + bits, &generator)]
        }
    }
}

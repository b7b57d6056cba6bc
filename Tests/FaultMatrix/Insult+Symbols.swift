import TestSupport

/// Wrong symbols of Reed-Solomon codewords.
extension Insult {
    static let symbols: [Insult] = [
        wrong("as many errors as the code corrects in every codeword", beyond: 0) { Array(0..<$0.frames) },
        wrong("one error more than the code corrects in a codeword", beyond: 1) { [$0.frames / 2] },
        wrong("one error more than the code corrects in a codeword of every tenth frame", beyond: 1) {
            Array(Swift.stride(from: 4, to: $0.frames, by: 10))
        },
        wrong("one error more than the code corrects in the first and the last frame", beyond: 1) {
            [0, $0.frames - 1]
        },
        Insult("a wrong bit in every tenth frame") { stream, generator in
            let edits = Swift.stride(from: 4, to: stream.frames, by: 10).flatMap {
                flips(1, in: stream.codeblock($0), stream, &generator)
            }
            return SpoiltStream(stream, edits, isMended: stream.codewords > 0)
        },
    ]

    private static func wrong(
        _ name: String,
        beyond: Int,
        _ which: @escaping @Sendable (SentStream) -> [Int]
    ) -> Insult {
        Insult(name) { stream, generator in
            guard stream.codewords > 0 else { return nil }
            var octets = stream.octets
            let frames = which(stream)
            for frame in frames {
                let start = stream.codeblock(frame).lowerBound / 8
                let length = stream.codeblock(frame).count / 8 / stream.codewords
                let worst = Int.random(in: 0..<stream.codewords, using: &generator)
                for word in 0..<stream.codewords {
                    let errors = stream.correctable + (word == worst ? beyond : 0)
                    for symbol in (0..<length).shuffled(using: &generator).prefix(errors) {
                        octets[start + symbol * stream.codewords + word] ^= UInt8.random(in: 1...255, using: &generator)
                    }
                }
            }
            return SpoiltStream(octets: octets, destroyed: beyond > 0 ? Set(frames) : [])
        }
    }
}

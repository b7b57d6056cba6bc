import TestSupport

/// Slips.
extension Insult {
    static let slipInsults: [Insult] = slipsOfManyBits + slipsAboutMarkers + closeSlips + neighbouringSlips

    private static let slipsOfManyBits: [Insult] =
        [1, 2, 3, 7, 8, 31, 32, 33, 1000].flatMap { count -> [Insult] in
            [
                edits("\(count) bits inserted") { [.insertNoise(count, at: middle(of: $0), &$1)] },
                edits("\(count) bits deleted") { stream, _ in [.remove(middle(of: stream, length: count))] },
            ]
        }

    private static let slipsAboutMarkers: [Insult] =
        [-40, -1, 0, 1, 16, 31, 32, 33, 40].flatMap { offset -> [Insult] in
            [
                edits("a bit inserted \(offset) bits behind a marker's start") { stream, generator in
                    [.insertNoise(1, at: stream.marker(stream.frames / 2).lowerBound + offset, &generator)]
                },
                edits("a bit deleted \(offset) bits behind a marker's start") { stream, _ in
                    let bit = stream.marker(stream.frames / 2).lowerBound + offset
                    return [.remove(bit..<bit + 1)]
                },
            ]
        }

    private static let closeSlips: [Insult] =
        [1, 5, 32, 100].flatMap { distance -> [Insult] in
            [
                // Between them all bits are off by one.
                edits("a bit deleted, one inserted \(distance) bits on") { stream, generator in
                    let bit = middle(of: stream)
                    return [.remove(bit..<bit + 1), .insertNoise(1, at: bit + 1 + distance, &generator)]
                },
                edits("two bits deleted \(distance) bits apart") { stream, _ in
                    let bit = middle(of: stream)
                    return [.remove(bit..<bit + 1), .remove(bit + 1 + distance..<bit + 2 + distance)]
                },
            ]
        }

    private static let neighbouringSlips: [Insult] =
        [
            .edits("slips in two frames in a row") { stream, generator in
                let bit = middle(of: stream)
                return [.remove(bit..<bit + 1), .insertNoise(1, at: bit + stream.period, &generator)]
            },
            .edits("slips on both sides of a marker") { stream, generator in
                let marker = stream.marker(stream.frames / 2)
                return [
                    .remove(marker.lowerBound - 20..<marker.lowerBound - 19),
                    .insertNoise(1, at: marker.upperBound + 20, &generator),
                ]
            },
            .edits("a slip and a marker beyond recognition behind it") { stream, generator in
                let bit = middle(of: stream)
                let next = stream.marker(stream.frames / 2 + 1)
                return [.remove(bit..<bit + 1)] + flips(16, in: next, stream, &generator)
            },
        ]

    /// Where the middle frame is two thirds over.
    static func middle(of stream: SentStream) -> Int {
        stream.codeblock(stream.frames / 2).lowerBound + stream.period * 2 / 3 / 8 * 8 + 3
    }

    /// Bits behind that place, at most as many as the frame has there.
    private static func middle(of stream: SentStream, length: Int) -> Range<Int> {
        let start = middle(of: stream)
        return start..<min(start + length, stream.codeblock(stream.frames / 2).upperBound)
    }

    /// A slip at each of the bits given of a frame, in every third frame one.
    ///
    /// - Parameters:
    ///   - bits: Counted from the marker's first bit.
    ///   - isInsertion: Whether a bit comes in or gets lost.
    /// - Returns: The insult, to a stream of thrice as many frames.
    public static func slips(at bits: [Int], isInsertion: Bool) -> Insult {
        .edits("a bit \(isInsertion ? "inserted" : "deleted") at each of \(bits.count) places") { stream, generator in
            zip(Swift.stride(from: 1, to: stream.frames, by: 3), bits).map { frame, offset in
                let bit = frame * stream.period + offset
                return isInsertion ? .insertNoise(1, at: bit, &generator) : .remove(bit..<bit + 1)
            }
        }
    }
}

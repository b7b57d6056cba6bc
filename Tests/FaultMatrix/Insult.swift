import TestSupport

/// One thing that can happen to a stream between sender and decoder.
public struct Insult: Sendable, CustomStringConvertible {
    /// What happens.
    public let name: String
    private let act: @Sendable (SentStream, inout SeededGenerator) -> SpoiltStream?

    init(_ name: String, _ act: @escaping @Sendable (SentStream, inout SeededGenerator) -> SpoiltStream?) {
        self.name = name
        self.act = act
    }

    /// An insult of edits.
    static func edits(
        _ name: String,
        isMended: Bool = false,
        _ edits: @escaping @Sendable (SentStream, inout SeededGenerator) -> [SpoiltStream.Edit]
    ) -> Insult {
        Insult(name) { SpoiltStream($0, edits($0, &$1), isMended: isMended) }
    }

    /// What happens.
    public var description: String { name }

    /// Does it to a stream, the same way each time.
    ///
    /// - Parameters:
    ///   - stream: A stream of at least twenty frames.
    ///   - seed: Of all that is left to chance.
    /// - Returns: What arrives; nothing if a stream of this kind cannot be insulted so.
    public func applied(to stream: SentStream, seed: UInt64 = 1) -> SpoiltStream? {
        var generator = SeededGenerator(seed: seed)
        return act(stream, &generator)
    }

    /// All insults to the bits of a stream.
    public static let all: [Insult] =
        whole + markers + slipInsults + noise + blocks + symbols + ends
}

/// The whole stream.
extension Insult {
    static let whole: [Insult] = [.edits("none") { _, _ in [] }] + shifts + inversions

    private static let shifts: [Insult] = (1...7).map { shift -> Insult in
        .edits("shifted by \(shift) bits") { [.insertNoise(shift, at: 0, &$1)] }
    }

    private static let inversions: [Insult] =
        [
            inverted("inverted") { _ in 0 },
            inverted("inverted from the middle of a frame on") {
                $0.codeblock($0.frames / 2).lowerBound + $0.period / 3
            },
            inverted("inverted from a marker on") { $0.marker($0.frames / 2).lowerBound },
            inverted("inverted from inside a marker on") { $0.marker($0.frames / 2).lowerBound + 13 },
            inverted("inverted from a codeblock on") { $0.codeblock($0.frames / 2).lowerBound },
        ]

    private static func inverted(_ name: String, from place: @escaping @Sendable (SentStream) -> Int) -> Insult {
        Insult(name) { stream, _ in
            let place = place(stream)
            var joiner = BitJoiner()
            joiner.append(0..<place, of: stream.octets)
            joiner.append(place..<stream.count, of: stream.octets, inverted: true)
            return SpoiltStream(octets: joiner.octets, destroyed: stream.frames(cutAt: place))
        }
    }
}

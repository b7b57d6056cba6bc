/// Blocks of octets, as a recorder or a network loses and repeats them.
extension Insult {
    /// A size or a place in octets, in words and on a stream.
    private struct Measure: Sendable {
        let name: String
        let octets: @Sendable (SentStream) -> Int

        init(_ name: String, _ octets: @escaping @Sendable (SentStream) -> Int) {
            self.name = name
            self.octets = octets
        }
    }

    private static let fixedSizes: [Measure] = [1, 2, 3, 4, 5, 17, 100].map { size -> Measure in
        Measure("\(size) octets") { _ in size }
    }

    private static let frameSizes: [Measure] = [
        Measure("a frame less an octet") { $0.period / 8 - 1 },
        Measure("a frame") { $0.period / 8 },
        Measure("a frame and an octet") { $0.period / 8 + 1 },
        Measure("two frames and a half") { $0.period / 8 * 5 / 2 },
        Measure("four frames") { $0.period / 2 },
    ]

    private static let places: [Measure] = [
        Measure("from inside a frame") { middle(of: $0) / 8 },
        Measure("from a marker") { $0.marker($0.frames / 2).lowerBound / 8 },
        Measure("from inside a marker") { $0.marker($0.frames / 2).lowerBound / 8 + 2 },
        Measure("from a codeblock") { $0.codeblock($0.frames / 2).lowerBound / 8 },
        Measure("from just before a marker") { $0.marker($0.frames / 2).lowerBound / 8 - 2 },
    ]

    static let blocks: [Insult] = (fixedSizes + frameSizes).flatMap { size -> [Insult] in
        places.flatMap { place -> [Insult] in
            [
                edits("\(size.name) missing \(place.name)") { stream, _ in
                    let start = place.octets(stream)
                    return [.remove(8 * start..<8 * (start + size.octets(stream)))]
                },
                Insult("\(size.name) sent twice \(place.name)") { stream, _ in
                    let start = 8 * place.octets(stream)
                    return SpoiltStream(stream, twice: start..<start + 8 * size.octets(stream))
                },
            ]
        }
    }
}

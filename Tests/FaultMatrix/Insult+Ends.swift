/// Where the stream begins and ends.
extension Insult {
    static let ends: [Insult] = cutEnds + strayMarkers

    private static let cutEnds: [Insult] =
        [1, 8, 32, 33, 1000].flatMap { bits -> [Insult] in
            [
                edits("the first \(bits) bits missing") { _, _ in [.remove(0..<bits)] },
                edits("the last \(bits) bits missing") { stream, _ in [.remove(stream.count - bits..<stream.count)] },
            ]
        }

    private static let strayMarkers: [Insult] =
        [
            .edits("a marker at the very end") { stream, _ in
                [.copy(stream.marker(0), of: stream.octets, at: stream.count)]
            },
            .edits("half a marker at the very end") { stream, _ in
                [.copy(0..<stream.markerBits / 2, of: stream.octets, at: stream.count)]
            },
            .edits("a marker before the first one") { stream, _ in
                [.copy(stream.marker(0), of: stream.octets, at: 0)]
            },
            .edits("an octet behind the last frame") { [.insertNoise(8, at: $0.count, &$1)] },
        ]
}

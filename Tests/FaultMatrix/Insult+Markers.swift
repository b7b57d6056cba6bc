import TestSupport

/// Markers.
extension Insult {
    static let markers: [Insult] = wrongMarkers + damagedMarkers

    private static let wrongMarkers: [Insult] =
        (1...3).map { errors -> Insult in
            .edits("\(errors) bit errors in every marker") { stream, generator in
                (0..<stream.frames).flatMap { flips(errors, in: stream.marker($0), stream, &generator) }
            }
        }

    private static let damagedMarkers: [Insult] =
        [
            damaged("a marker beyond recognition") { [$0.frames / 2] },
            damaged("two markers in a row beyond recognition") { [$0.frames / 2, $0.frames / 2 + 1] },
            damaged("three markers in a row beyond recognition") { Array($0.frames / 2..<$0.frames / 2 + 3) },
            damaged("five markers in a row beyond recognition") { Array($0.frames / 2..<$0.frames / 2 + 5) },
            damaged("every third marker beyond recognition") { Array(stride(from: 2, to: $0.frames, by: 3)) },
            damaged("the first marker beyond recognition") { _ in [0] },
            damaged("the last marker beyond recognition") { [$0.frames - 1] },
            damaged("the last two markers in a row beyond recognition") { [$0.frames - 2, $0.frames - 1] },
            .edits("a marker cut out") { stream, _ in [.remove(stream.marker(stream.frames / 2))] },
            .edits("a marker sent twice") { stream, _ in
                let marker = stream.marker(stream.frames / 2)
                return [.copy(marker, of: stream.octets, at: marker.upperBound)]
            },
        ]

    /// Markers with ten to twenty-two wrong bits: neither they nor their complement.
    private static func damaged(_ name: String, _ which: @escaping @Sendable (SentStream) -> [Int]) -> Insult {
        .edits(name) { stream, generator in
            which(stream).flatMap { frame in
                flips(Int.random(in: 10...22, using: &generator), in: stream.marker(frame), stream, &generator)
            }
        }
    }

    static func flips(
        _ count: Int,
        in bits: Range<Int>,
        _ stream: SentStream,
        _ generator: inout SeededGenerator
    ) -> [SpoiltStream.Edit] {
        bits.shuffled(using: &generator).prefix(count).sorted().map { .flip($0, of: stream.octets) }
    }
}

import ChannelCoding
import TestSupport
import Testing

@Suite struct SynchronizerChunkingTests {
    @Test(arguments: try Fixtures.vectors("frame_sync")) func theCutOfAVectorChangesNothing(_ vector: Vector) throws {
        let octets = try #require(vector.octets("bits"))
        let settings = try vector.synchronizerSettings()
        let offsets = vector.expected["true_marker_offsets"] as? [Int] ?? []
        let differences = try ChunkingVerifier.differences(
            count: octets.count,
            boundaries: offsets.flatMap { [$0 / 8, $0 / 8 + 4] }
        ) { pieces in
            var synchronizer = try FrameSynchronizer(settings)
            var lines: [String] = []
            for piece in pieces {
                synchronizer.push(octets.span.extracting(piece)) { lines.append("\($0) \(Hex.text($1.copy))") }
            }
            synchronizer.finish { lines.append("\($0) \(Hex.text($1.copy))") }
            return lines + ["\(synchronizer.trailingBits) \(synchronizer.trailingBitsAreTruncatedFrame)"]
        }
        #expect(differences == [])
    }

    @Test(arguments: [true, false]) func theCutOfASpoiltStreamChangesNothing(checked: Bool) throws {
        let bench = try SyncBench(frames: 8, fill: 200)
        var bits = bench.bits
        bits.insert(contentsOf: SyncBench.noise(3_000, seed: 4), at: 6 * bench.period + 50)
        bits.remove(at: 4 * bench.period + 99)
        bits.insert(contentsOf: [1, 0, 1], at: 2 * bench.period + 16)
        for index in 0..<32 { bits[bench.period + index] ^= UInt8(index & 1) }
        bits.removeLast(37)
        let octets = SyncBench.octets(of: bits)
        let differences = try ChunkingVerifier.differences(
            count: octets.count,
            boundaries: (0..<8).map { $0 * bench.period / 8 }
        ) { pieces in
            try bench.receive(bits, checked: checked, pieces: pieces)
        }
        #expect(differences == [])
    }

    /// Bits that are missing behind a marker's first ones move the codeblock to before the marker that was found.
    @Test(arguments: [(28, 1), (30, 2), (29, 3), (32 + 3 * 8, 8), (32 + 10 * 8, 8), (32 + 7 * 8, 24), (40, 31)])
    func theCutOfAStreamWithBitsMissingNearAMarkerChangesNothing(place: Int, count: Int) throws {
        let bench = try SyncBench(frames: 8, fill: 90)
        var bits = bench.bits
        let start = 4 * bench.period + place
        bits.removeSubrange(start..<start + count)
        let octets = SyncBench.octets(of: bits)
        let whole = try bench.receive(bits)
        #expect(whole.numbers == Array(0..<8))
        let differences = try ChunkingVerifier.differences(
            count: octets.count,
            boundaries: [4, 5].map { $0 * bench.period / 8 }
        ) { pieces in
            try bench.receive(bits, pieces: pieces)
        }
        #expect(differences == [])
    }

    /// With the last seeds, a codeblock was once put before the one handed out before it.
    @Test(arguments: (0..<300) + [1_106_424, 1_274_684, 1_291_667] as [UInt64])
    func theCutOfARandomlySpoiltStreamChangesNothing(seed: UInt64) throws {
        let stream = try SpoiltStream(seed: seed)
        let whole = try stream.receive([stream.octets.indices])
        #expect(whole.balances(over: stream.octets.count))
        let differences = try ChunkingVerifier.differences(
            count: stream.octets.count,
            seed: seed,
            randomCuts: 3,
            run: stream.receive
        )
        #expect(differences == [])
    }
}

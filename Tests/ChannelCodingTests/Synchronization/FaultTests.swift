import ChannelCoding
import TestSupport
import Testing

/// One insult to a stream costs at most one frame, and no frame is invented.
@Suite struct FaultTests {
    let bench: SyncBench

    init() throws { bench = try SyncBench(fill: 150) }

    private func expect(
        _ bits: [UInt8],
        lost limit: Int,
        _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let delivery = try bench.receive(bits)
        #expect(delivery.lost(of: bench.frames.count) <= limit, comment, sourceLocation: sourceLocation)
        #expect(delivery.invented == 0, comment, sourceLocation: sourceLocation)
        #expect(delivery.balances, comment, sourceLocation: sourceLocation)
    }

    @Test func everythingArrivesFromASoundStream() throws {
        let delivery = try bench.receive(bench.bits)
        #expect(delivery.numbers == Array(0..<bench.frames.count))
        #expect(delivery.trailingBits == 0)
        #expect(delivery.balances)
        #expect(delivery.codeblocks.allSatisfy { $0.status == .ok && $0.skippedBits == 0 })
    }

    @Test(arguments: 0..<16) func shiftsCostNothing(bits: Int) throws {
        try expect(SyncBench.noise(bits, seed: 5) + bench.bits, lost: 0, "shifted by \(bits)")
    }

    @Test func polarityCostsAtMostTheFrameInWhichItChanges() throws {
        let inverted = bench.bits.map { $0 ^ 1 }
        try expect(inverted, lost: 0, "inverted")
        for middle in [4 * bench.period, 4 * bench.period + 16, 4 * bench.period + 700] {
            let bits = Array(bench.bits[..<middle] + inverted[middle...])
            try expect(bits, lost: middle % bench.period == 0 ? 0 : 1, "inverted from \(middle) on")
        }
    }

    @Test(arguments: 1...3) func errorsInEveryMarkerCostNothing(errors: Int) throws {
        var bits = bench.bits
        for start in stride(from: 0, to: bits.count, by: bench.period) {
            for index in 0..<errors { bits[start + 5 + 7 * index] ^= 1 }
        }
        try expect(bits, lost: 0, "\(errors) errors in every marker")
    }

    @Test(arguments: [0, 1, 4, 8, 9]) func aLostMarkerCostsNothing(frame: Int) throws {
        var bits = bench.bits
        let noise = SyncBench.noise(32, seed: 7)
        for index in 0..<32 { bits[frame * bench.period + index] = noise[index] }
        try expect(bits, lost: 0, "marker \(frame) lost")
    }

    @Test func twoLostMarkersCostNothing() throws {
        var bits = bench.bits
        for frame in [4, 5] {
            for index in 0..<32 { bits[frame * bench.period + index] = UInt8(index & 1) }
        }
        try expect(bits, lost: 0, "markers 4 and 5 lost")
    }

    @Test(arguments: [1, 2, 3, 8, 11, 64, 333, 800])
    func aSlipCostsOnlyTheFrameInWhichItLies(bits count: Int) throws {
        let start = 4 * bench.period
        let places = Array(0..<40) + stride(from: 47, to: bench.period, by: 53) + [bench.period - 1]
        for place in places {
            var longer = bench.bits
            longer.insert(contentsOf: SyncBench.noise(count, seed: UInt64(place)), at: start + place)
            try expect(longer, lost: 1, "\(count) bits inserted at \(place)")
            // Bits that are lost across a marker are those of two frames.
            var shorter = bench.bits
            shorter.removeSubrange(start + place..<start + place + count)
            try expect(shorter, lost: place + count <= bench.period ? 1 : 2, "\(count) bits deleted at \(place)")
        }
    }

    @Test func aSlipInAMarkerCostsNothing() throws {
        for place in 4...28 {
            var longer = bench.bits
            longer.insert(0, at: 4 * bench.period + place)
            try expect(longer, lost: 0, "a bit inserted in the marker at \(place)")
            var shorter = bench.bits
            shorter.remove(at: 4 * bench.period + place)
            try expect(shorter, lost: 0, "a bit deleted in the marker at \(place)")
        }
    }

    @Test(arguments: [-9, -1, 1, 2, 70]) func twoSlipsCloseTogetherCostTheirFrames(second: Int) throws {
        for place in stride(from: 40, to: bench.period, by: 101) {
            var bits = bench.bits
            let other = 5 * bench.period + place
            if second > 0 {
                bits.insert(contentsOf: SyncBench.noise(second, seed: 3), at: other)
            } else {
                bits.removeSubrange(other..<other - second)
            }
            bits.insert(1, at: 4 * bench.period + 300)
            try expect(bits, lost: 2, "slips in frames 4 and 5 at \(place) by \(second)")
        }
    }

    @Test(arguments: [0, 5, 32, 400]) func noiseCostsTheFrameInWhichItLies(place: Int) throws {
        var bits = bench.bits
        bits.insert(contentsOf: SyncBench.noise(20_000, seed: 11), at: 5 * bench.period + place)
        try expect(bits, lost: place == 0 ? 0 : 1, "noise at \(place)")
    }

    @Test(arguments: [0, 100]) func aStreamThatBeginsOrEndsWithinAFrameLosesThatFrame(place: Int) throws {
        try expect(Array(bench.bits.dropFirst(place)), lost: place > 0 ? 1 : 0, "begins at \(place)")
        let cut = try bench.receive(Array(bench.bits.dropLast(place)))
        #expect(cut.lost(of: bench.frames.count) <= (place > 0 ? 1 : 0))
        #expect(cut.trailingBits == Int64(place == 0 ? 0 : (bench.period - place + 7) / 8 * 8))
    }

    @Test(arguments: 1...20) func repeatedAndMissingBlocksCostTheirFrames(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = Int.random(in: 2 * bench.period..<5 * bench.period, using: &generator)
        let count = Int.random(in: 8..<bench.period, using: &generator)
        var repeated = bench.bits
        repeated.insert(contentsOf: bench.bits[start..<start + count], at: start + count)
        try expect(repeated, lost: 1, "\(count) bits from \(start) twice")
        var missing = bench.bits
        missing.removeSubrange(start..<start + count)
        let touched = (start + count - 1) / bench.period - start / bench.period + 1
        try expect(missing, lost: touched, "\(count) bits from \(start) missing")
    }

    @Test(arguments: 1...20) func burstsCostWhatTheyTouch(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = Int.random(in: 2 * bench.period..<5 * bench.period, using: &generator)
        let count = Int.random(in: 8..<bench.period, using: &generator)
        var bits = bench.bits
        let noise = SyncBench.noise(count, seed: seed)
        for index in 0..<count { bits[start + index] = noise[index] }
        let touched = (start + count - 1) / bench.period - start / bench.period + 1
        try expect(bits, lost: touched, "\(count) bits of noise at \(start)")
    }

    @Test func aSingleFrameArrives() throws {
        let alone = try SyncBench(frames: 1)
        #expect(try alone.receive(alone.bits).numbers == [0])
        let unchecked = try alone.receive(alone.bits, checked: false)
        #expect(unchecked.codeblocks.isEmpty)
        #expect(unchecked.trailingBits == Int64(alone.bits.count))
    }

    @Test func idleOctetsBehindTheLastFrameAreNoFrames() throws {
        for idle in [UInt8(0x00), 0xFF, 0x55] {
            let bits = bench.bits + SyncBench.bits(of: [UInt8](repeating: idle, count: 1_500))
            let delivery = try bench.receive(bits)
            #expect(delivery.numbers == Array(0..<bench.frames.count))
            #expect(delivery.codeblocks.count == bench.frames.count)
            #expect(delivery.trailingBits == 12_000)
        }
    }

    @Test func markersDecideWhereNothingCanBeChecked() throws {
        var bits = bench.bits
        bits.insert(1, at: 4 * bench.period + 300)
        for index in 0..<32 { bits[7 * bench.period + 1 + index] = UInt8(index & 1) }
        let delivery = try bench.receive(bits, checked: false)
        #expect(delivery.numbers == [0, 1, 2, 3, 5, 6, 7, 8, 9])
        #expect(delivery.codeblocks.map(\.status)[5] == .slip(1))
        #expect(delivery.codeblocks.map(\.status)[7] == .flywheel)
        #expect(delivery.balances)
    }
}

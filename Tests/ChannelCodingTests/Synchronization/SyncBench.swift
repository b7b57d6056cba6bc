import ChannelCoding
import TestSupport

/// A small link with known frames, on which streams are spoilt bit by bit.
struct SyncBench {
    let code: ReedSolomon.Code
    let frames: [[UInt8]]
    /// The bits of all frames with their markers.
    let bits: [UInt8]
    let period: Int

    init(frames count: Int = 10, seed: UInt64 = 1, fill: Int = 0) throws {
        code = try ReedSolomon.Code(errors: 16, interleave: 1, virtualFill: fill)
        period = 8 * (4 + code.codeblockLength)
        let encoder = ReedSolomon.Encoder(code)
        var generator = SeededGenerator(seed: seed)
        var frames: [[UInt8]] = []
        var stream: [UInt8] = []
        for _ in 0..<count {
            let frame = generator.octets(code.dataLength)
            var codeblock = encoder.encoded(frame.span)
            var span = codeblock.mutableSpan
            PseudoRandomizer.short.apply(to: &span)
            frames.append(frame)
            stream += SyncMarker.standard + codeblock
        }
        self.frames = frames
        bits = Self.bits(of: stream)
    }

    static func bits(of octets: [UInt8]) -> [UInt8] {
        octets.flatMap { octet in (0..<8).map { octet >> (7 - $0) & 1 } }
    }

    /// Packs bits; the last octet is filled up with zeros.
    static func octets(of bits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bits.count, by: 8).map { start in
            (start..<start + 8).reduce(0) { $0 << 1 | ($1 < bits.count ? bits[$1] : 0) }
        }
    }

    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 63) }
    }

    /// What came of a stream.
    struct Delivery: Equatable {
        /// The frames that could be corrected, in order, by their number; -1 where it is none of the link's.
        var numbers: [Int] = []
        var codeblocks: [FrameSynchronizer.Codeblock] = []
        var trailingBits: Int64 = 0
        /// Whether own, skipped and trailing bits together are the input.
        var balances = false

        func lost(of count: Int) -> Int { count - Set(numbers.filter { $0 >= 0 }).count }
        var invented: Int { numbers.filter { $0 < 0 }.count }
    }

    /// Whether a codeblock as received can be decoded.
    var check: @Sendable (Span<UInt8>) -> Bool {
        let decoder = ReedSolomon.Decoder(code)
        return { codeblock in
            var copy = codeblock.copy
            var span = copy.mutableSpan
            PseudoRandomizer.short.apply(to: &span)
            return decoder.isCorrectable(copy.span)
        }
    }

    func receive(_ bits: [UInt8], checked: Bool = true, pieces: [Range<Int>]? = nil) throws -> Delivery {
        let octets = Self.octets(of: bits)
        let settings = FrameSynchronizer.Settings(codeblockLength: code.codeblockLength)
        var synchronizer = try FrameSynchronizer(settings, check: checked ? check : nil)
        var decoder = ReedSolomon.Decoder(code)
        var delivery = Delivery()
        func take(_ codeblock: FrameSynchronizer.Codeblock, _ octets: Span<UInt8>) {
            delivery.codeblocks.append(codeblock)
            var copy = octets.copy
            var span = copy.mutableSpan
            PseudoRandomizer.short.apply(to: &span)
            guard decoder.decode(&span).isCorrectable else { return }
            delivery.numbers.append(frames.firstIndex(of: Array(copy.prefix(code.dataLength))) ?? -1)
        }
        for piece in pieces ?? [0..<octets.count] {
            synchronizer.push(octets.span.extracting(piece), take)
        }
        synchronizer.finish(take)
        delivery.trailingBits = synchronizer.trailingBits
        let owned = delivery.codeblocks.reduce(0) { $0 + Int64($1.bitLength) + $1.skippedBits }
        delivery.balances =
            owned + delivery.trailingBits == Int64(8 * octets.count)
            && delivery.codeblocks.allSatisfy { $0.bitLength > 0 && $0.skippedBits >= 0 }
        return delivery
    }
}

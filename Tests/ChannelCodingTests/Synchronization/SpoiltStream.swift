import ChannelCoding
import TestSupport

/// A stream with damage of all kinds, the settings to receive it with and a check, all from one seed.
///
/// Codeblocks are short, tolerances wide and some checks weak, so that decisions between places are frequent.
struct SpoiltStream {
    let settings: FrameSynchronizer.Settings
    let content: Content
    let octets: [UInt8]

    /// What codeblocks hold, and so what can be checked.
    enum Content {
        /// Anything; markers decide.
        case unchecked
        /// A checksum in the last two octets.
        case checksum
        /// Anything; one codeblock in four passes, wherever it begins.
        case chance
        /// Octets of even parity of which every fourth may be wrong, so that a codeblock that is some octets off
        /// still passes.
        case parity
        /// A Reed-Solomon code.
        case code
    }

    /// What came of a stream.
    struct Outcome: Equatable {
        var codeblocks: [FrameSynchronizer.Codeblock] = []
        var octets: [UInt8] = []
        var trailingBits: Int64 = 0
        var trailingBitsAreTruncatedFrame = false

        /// Whether own, skipped and trailing bits together are the input, and codeblocks come in order.
        func balances(over octetCount: Int) -> Bool {
            let owned = codeblocks.reduce(0) { $0 + Int64($1.bitLength) + $1.skippedBits }
            return owned + trailingBits == Int64(8 * octetCount) && trailingBits >= 0
                && codeblocks.allSatisfy { $0.bitLength >= 0 && $0.skippedBits >= 0 }
                && zip(codeblocks, codeblocks.dropFirst()).allSatisfy { $0.bitOffset < $1.bitOffset }
        }
    }

    init(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        // The code is slow, so it has fewer turns.
        let contents: [Content] = Array(repeating: [.unchecked, .checksum, .chance, .parity], count: 3).flatMap { $0 }
        content = (contents + [.code]).randomElement(using: &generator) ?? .unchecked
        settings = Self.settings(content, &generator)
        var bits: [UInt8] = []
        for _ in 0..<Int.random(in: 1...14, using: &generator) {
            let codeblock = try Self.codeblock(content, settings, &generator)
            bits += SyncBench.bits(of: settings.marker + codeblock)
        }
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            Self.spoil(&bits, settings, &generator)
        }
        octets = SyncBench.octets(of: bits)
    }

    /// Receives the stream in pieces.
    func receive(_ pieces: [Range<Int>]) throws -> Outcome {
        var synchronizer = try FrameSynchronizer(settings, check: check())
        var outcome = Outcome()
        func take(_ codeblock: FrameSynchronizer.Codeblock, _ octets: Span<UInt8>) {
            outcome.codeblocks.append(codeblock)
            outcome.octets += octets.copy
        }
        for piece in pieces {
            synchronizer.push(octets.span.extracting(piece), take)
        }
        synchronizer.finish(take)
        outcome.trailingBits = synchronizer.trailingBits
        outcome.trailingBitsAreTruncatedFrame = synchronizer.trailingBitsAreTruncatedFrame
        return outcome
    }

    private func check() throws -> (@Sendable (Span<UInt8>) -> Bool)? {
        switch content {
        case .unchecked: return nil
        case .checksum: return { CRC16.checksum($0) == 0 }
        case .chance: return { CRC16.checksum($0) & 3 == 0 }
        case .parity:
            return { octets in
                let odd = octets.indices.count { octets[$0].nonzeroBitCount & 1 == 1 }
                return 4 * odd <= octets.count
            }
        case .code:
            let decoder = try ReedSolomon.Decoder(Self.code())
            return { decoder.isCorrectable($0) }
        }
    }

    private static func code() throws -> ReedSolomon.Code {
        try ReedSolomon.Code(errors: 8, interleave: 1, virtualFill: 200)
    }
}

extension SpoiltStream {
    private static func settings(
        _ content: Content,
        _ generator: inout SeededGenerator
    ) -> FrameSynchronizer.Settings {
        let markers = [
            SyncMarker.standard, SyncMarker.standard, SyncMarker.turboHalf, SyncMarker.turboQuarter,
            [0xEB, 0x90], [0xFA, 0xF3, 0x20], [0x55, 0x55],
        ]
        return FrameSynchronizer.Settings(
            marker: markers.randomElement(using: &generator) ?? SyncMarker.standard,
            codeblockLength: content == .code ? 55 : Int.random(in: 3...40, using: &generator),
            searchTolerance: .random(in: 0...4, using: &generator),
            lockTolerance: .random(in: 0...4, using: &generator),
            verify: .random(in: 0...3, using: &generator),
            flywheel: .random(in: 0...3, using: &generator),
            slipWindow: .random(in: 0...8, using: &generator),
            inverted: .random(using: &generator),
            recovery: Int.random(in: 0..<4, using: &generator) == 0 ? .flywheel : .research
        )
    }

    private static func codeblock(
        _ content: Content,
        _ settings: FrameSynchronizer.Settings,
        _ generator: inout SeededGenerator
    ) throws -> [UInt8] {
        var octets = generator.octets(settings.codeblockLength)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: octets = octets.map { _ in 0 }
        case 1:
            // Data that look like a marker.
            let start = Int.random(in: octets.indices, using: &generator)
            for (index, octet) in zip(octets.indices.dropFirst(start), settings.marker) { octets[index] = octet }
        default: break
        }
        switch content {
        case .unchecked, .chance: break
        case .checksum:
            let data = octets.dropLast(2)
            let checksum = CRC16.checksum(Array(data).span)
            octets = data + [UInt8(checksum >> 8), UInt8(checksum & 0xFF)]
        case .parity: octets = octets.map { $0 & 0xFE | UInt8(($0 & 0xFE).nonzeroBitCount & 1) }
        case .code:
            let code = try code()
            octets = ReedSolomon.Encoder(code).encoded(Array(octets.prefix(code.dataLength)).span)
        }
        return octets
    }

    /// Does one damage to a stream.
    private static func spoil(
        _ bits: inout [UInt8],
        _ settings: FrameSynchronizer.Settings,
        _ generator: inout SeededGenerator
    ) {
        let period = 8 * (settings.marker.count + settings.codeblockLength)
        guard bits.count > period else { return }
        // Half of the damage lies in or beside a marker, half of it is of whole octets.
        var start = Int.random(in: 0..<bits.count, using: &generator)
        if Bool.random(using: &generator) { start = min(bits.count - 1, start / period * period + start % 128) }
        let longest = [3, 40, 2 * period].randomElement(using: &generator) ?? 3
        var count = Int.random(in: 1...longest, using: &generator)
        if Bool.random(using: &generator) { count = (count + 7) / 8 * 8 }
        let place = start..<min(bits.count, start + count)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0:
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                bits[min(bits.count - 1, start + Int.random(in: 0..<32, using: &generator))] ^= 1
            }
        case 1: bits.removeSubrange(place)
        case 2: bits.insert(contentsOf: SyncBench.noise(count, seed: generator.next()), at: start)
        case 3: bits.insert(contentsOf: Array(bits[place]), at: start)
        case 4: for index in start..<bits.count { bits[index] ^= 1 }
        case 5: bits.replaceSubrange(place, with: SyncBench.noise(place.count, seed: generator.next()))
        default: for index in place { bits[index] = 0 }
        }
    }
}

import ChannelCoding
import TestSupport
import Testing

@Suite struct SynchronizerSettingsTests {
    typealias Settings = FrameSynchronizer.Settings

    @Test(arguments: [
        (Settings(marker: [0x1A], codeblockLength: 10), CodingError.markerLength(1)),
        (Settings(marker: [UInt8](repeating: 1, count: 65), codeblockLength: 10), .markerLength(65)),
        (Settings(codeblockLength: 0), .codeblockLength(0)),
        (Settings(codeblockLength: -3), .codeblockLength(-3)),
        (Settings(codeblockLength: .max), .codeblockLength(.max)),
        (Settings(codeblockLength: 10, searchTolerance: 16), .tolerance(16, limit: 15)),
        (Settings(codeblockLength: 10, lockTolerance: -1), .tolerance(-1, limit: 15)),
        (Settings(codeblockLength: 10, verify: 17), .count("verify", 17, limit: 16)),
        (Settings(codeblockLength: 10, flywheel: -1), .count("flywheel", -1, limit: 16)),
        (Settings(codeblockLength: 10, slipWindow: 9), .count("slipWindow", 9, limit: 8)),
    ])
    func settingsThatCannotBeAreRefused(settings: Settings, error: CodingError) {
        #expect(throws: error) { try FrameSynchronizer(settings) }
        #expect(!error.description.isEmpty)
    }

    static let markers: [[UInt8]] = [
        SyncMarker.standard, SyncMarker.turboHalf, SyncMarker.turboThird, SyncMarker.turboQuarter,
        SyncMarker.turboSixth, [0xEB, 0x90], [0xFA, 0xF3, 0x20], [0x1A, 0xCF, 0xFC, 0x1D, 0x55],
    ]

    @Test(arguments: markers) func markersOfAnyLengthAreFound(marker: [UInt8]) throws {
        var generator = SeededGenerator(seed: 9)
        let codeblocks = (0..<4).map { _ in generator.octets(61) }
        let stream: [UInt8] = [0, 0] + codeblocks.reduce([]) { $0 + marker + $1 }
        for shift in [0, 3] {
            let bits = [UInt8](repeating: 0, count: shift) + SyncBench.bits(of: stream)
            let octets = SyncBench.octets(of: bits.map { $0 ^ UInt8(shift & 1) })
            let settings = Settings(marker: marker, codeblockLength: 61, searchTolerance: 0)
            var synchronizer = try FrameSynchronizer(settings)
            var found: [[UInt8]] = []
            var offsets: [Int64] = []
            func take(_ codeblock: FrameSynchronizer.Codeblock, _ octets: Span<UInt8>) {
                found.append(octets.copy)
                offsets.append(codeblock.bitOffset)
            }
            for octet in octets.indices {
                synchronizer.push(octets.span.extracting(octet..<octet + 1), take)
            }
            synchronizer.finish(take)
            #expect(found == codeblocks)
            #expect(offsets.first == Int64(16 + shift))
        }
    }

    static let oddities: [[UInt8]] = [
        [], [0x1A], SyncMarker.standard, [UInt8](repeating: 0, count: 300), [UInt8](repeating: 0xFF, count: 300),
        (0..<100).flatMap { _ in SyncMarker.standard }, (0..<100).flatMap { _ in SyncMarker.standard + [0x1A] },
    ]

    @Test(arguments: oddities, [FrameSynchronizer.Recovery.research, .flywheel])
    func anythingMayBePushed(input: [UInt8], recovery: FrameSynchronizer.Recovery) throws {
        let check: @Sendable (Span<UInt8>) -> Bool = { $0[0] & 1 == 0 }
        for checked in [true, false] {
            let settings = Settings(codeblockLength: 20, recovery: recovery)
            var synchronizer = try FrameSynchronizer(settings, check: checked ? check : nil)
            var owned: Int64 = 0
            func take(_ codeblock: FrameSynchronizer.Codeblock, _ octets: Span<UInt8>) {
                owned += Int64(codeblock.bitLength) + codeblock.skippedBits
            }
            synchronizer.push(input.span, take)
            synchronizer.finish(take)
            #expect(owned + synchronizer.trailingBits == Int64(8 * input.count))
        }
    }
}

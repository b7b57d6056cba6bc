import ChannelCoding
import Synchronization
import TestSupport
import Testing

/// Streams made to keep the decoder busy.
@Suite struct HostileStreamTests {
    /// The cost of a stream grows with its length only, whatever is in it.
    @Test(arguments: [0, 1, 3], [false, true])
    func aStreamFullOfMarkersIsLookedIntoAFewTimesInAPeriod(verify: Int, holds: Bool) throws {
        // Codeblocks of 1001 octets, so that no marker is where the next one is due.
        let settings = FrameSynchronizer.Settings(codeblockLength: 1001, verify: verify)
        let octets = [[UInt8]](repeating: SyncMarker.standard, count: 30_000).flatMap { $0 }
        let checks = Mutex(0)
        var codeblocks = 0
        var synchronizer = try FrameSynchronizer(
            settings,
            check: { _ in
                checks.withLock { $0 += 1 }
                return holds
            }
        )
        synchronizer.push(octets.span) { _, _ in codeblocks += 1 }
        synchronizer.finish { _, _ in codeblocks += 1 }
        let periods = octets.count / 1005
        let looks = checks.withLock { $0 }
        #expect(looks <= 256 + 32 * (periods + 1))
        #expect(codeblocks <= looks + 2 * periods)
    }

    @Test func aMarkerAloneDoesNotOustTheCodeblockThatWasExpected() throws {
        // A lost marker, and a pattern like one inside the codeblock behind it; nothing can be checked.
        let settings = FrameSynchronizer.Settings(codeblockLength: 96, verify: 0, flywheel: 2)
        var generator = SeededGenerator(seed: 11)
        var octets: [UInt8] = []
        for _ in 0..<8 { octets += SyncMarker.standard + generator.octets(96) }
        for index in 0..<4 { octets[300 + index] = 0x55 }
        octets.replaceSubrange(340..<344, with: SyncMarker.standard)
        var offsets: [Int64] = []
        var synchronizer = try FrameSynchronizer(settings)
        synchronizer.push(octets.span) { codeblock, _ in offsets.append(codeblock.bitOffset / 8) }
        synchronizer.finish { codeblock, _ in offsets.append(codeblock.bitOffset / 8) }
        #expect(offsets == (0..<8).map { Int64(100 * $0) })
    }
}

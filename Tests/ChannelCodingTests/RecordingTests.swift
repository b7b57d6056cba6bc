import ChannelCoding
import TestSupport
import Testing

/// Octets that spacecraft really sent, and what others found in them.
@Suite(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
struct RecordingTests {
    @Test(arguments: [0, 1, 5]) func everyUnitOfTheWeatherSatelliteIsFree(shift: Int) throws {
        let recording = try Fixtures.recording("snpp_synchronized_cadus.dat")
        let bits = [UInt8](repeating: 0, count: shift) + SyncBench.bits(of: recording)
        let octets = shift == 0 ? recording : SyncBench.octets(of: bits)
        let code = try ReedSolomon.Code(errors: 16, interleave: 4)
        var decoder = ReedSolomon.Decoder(code)
        let settings = FrameSynchronizer.Settings(codeblockLength: code.codeblockLength)
        let check: @Sendable (Span<UInt8>) -> Bool = { codeblock in
            var copy = codeblock.copy
            var span = copy.mutableSpan
            PseudoRandomizer.short.apply(to: &span)
            return ReedSolomon.Decoder(code).isCorrectable(copy.span)
        }
        var synchronizer = try FrameSynchronizer(settings, check: check)
        var counts: [Int] = []
        func take(_ codeblock: FrameSynchronizer.Codeblock, _ octets: Span<UInt8>) {
            var copy = octets.copy
            var span = copy.mutableSpan
            PseudoRandomizer.short.apply(to: &span)
            #expect(decoder.decode(&span).isClean)
            #expect(codeblock.status == .ok)
            counts.append(Int(copy[2]) << 16 | Int(copy[3]) << 8 | Int(copy[4]))
        }
        synchronizer.push(octets.span, take)
        synchronizer.finish(take)
        #expect(counts == (9_842_876...9_842_941).filter { $0 != 9_842_882 })
    }

    @Test func theFramesOfTheRoverFailTheirCheckWhereOthersFoundIt() throws {
        let octets = try Fixtures.recording("mars2020_10kbps.u8")
        let bad = (0..<octets.count / 1_115).filter { frame in
            CRC16.checksum(octets.span.extracting(1_115 * frame..<1_115 * (frame + 1))) != 0
        }
        #expect(bad == [927, 928, 929, 949])
    }
}

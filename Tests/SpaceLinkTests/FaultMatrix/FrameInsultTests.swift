import FaultMatrix
import SpaceLink
import TestSupport
import Testing

/// Insults to whole frames, which only their sender could do, or another spacecraft.
@Suite struct FrameInsultTests {
    private static let shapes = LinkShape.all.filter(\.canTell)

    @Test(arguments: shapes, [true, false]) func foreignFramesTakeNothingAway(shape: LinkShape, isNamed: Bool) throws {
        let own = try Transmission(shape.link, frames: 24)
        let foreign = try Transmission(shape.link, frames: 8, spacecraft: 11, seed: 2)
        var octets: [UInt8] = []
        for frame in own.frames.indices {
            octets += own.unit(frame)
            if frame % 3 == 2 { octets += foreign.unit(frame / 3) }
        }
        var link = shape.link
        if isNamed { link.frame.spacecraft = [10] }
        let reception = try Reception(of: octets, from: own, link: link)
        let frames = reception.frames.filter { $0.spacecraft == 10 }
        #expect(frames.map(\.number) == Array(own.frames.indices))
        #expect(reception.frames.count == (isNamed ? 24 : 32))
        #expect(reception.packets.compactMap(\.self) == Array(own.packets.indices))
        let foreignOctets = isNamed ? 8 * own.stream.period / 8 : nil
        #expect(reception.summary?.discarded[.foreignSpacecraft] == foreignOctets)
        #expect(reception.summary?.balances == true)
    }

    /// The code holds, the header does not: that frame is refused, with its place, and no other.
    @Test(arguments: shapes) func aFrameOfAnotherVersionIsRefused(_ shape: LinkShape) throws {
        let sent = try Transmission(shape.link, frames: 24)
        var frame = sent.frames[10]
        frame[0] ^= 0xC0
        let length = sent.stream.period / 8
        var octets = sent.stream.octets
        octets.replaceSubrange(10 * length..<11 * length, with: try sent.unit(carrying: frame))
        let reception = try Reception(of: octets, from: sent)
        #expect(reception.breaches(of: SpoiltStream(octets: octets, destroyed: [10])) == [])
        #expect(reception.lost == [10])
        let discards = reception.discards.filter { $0.reason == .frameVersion }
        #expect(discards.map(\.offset) == [Int64(10 * length)])
        #expect(discards.map(\.length) == [length])
    }

    /// Headers are read behind the correction, so wrong version bits on the link cost nothing.
    @Test(arguments: shapes.filter { $0.link.frame.fecf == false }) func wrongVersionBitsAreCorrected(
        _ shape: LinkShape
    ) throws {
        let sent = try Transmission(shape.link, frames: 24)
        var octets = sent.stream.octets
        for frame in sent.frames.indices { octets[sent.stream.codeblock(frame).lowerBound / 8] ^= 0xC0 }
        let reception = try Reception(of: octets, from: sent)
        #expect(reception.breaches(of: SpoiltStream(octets: octets, destroyed: [])) == [])
        #expect(reception.lost.isEmpty)
        #expect(reception.summary?.frames.corrected == 24)
    }

    @Test(arguments: shapes, [1, 7, 100]) func aJumpOfTheFrameCountIsAGap(shape: LinkShape, step: Int) throws {
        var hasJumped = false
        let sent = try Transmission(shape.link, frames: 24) { packet, encoder in
            guard packet == 20, !hasJumped else { return }
            hasJumped = true
            encoder.setFrameCount(UInt64(50 + step), virtualChannel: 1)
        }
        let octets = sent.stream.octets
        let reception = try Reception(of: octets, from: sent)
        #expect(reception.frames.map(\.number) == Array(sent.frames.indices))
        #expect(reception.gaps.count == 1)
        let gap = try #require(reception.gaps.first)
        #expect(Int(gap.countBehind) == 50 + step)
        #expect(gap.missing == 50 + step - Int(gap.countBefore) - 1 && !gap.isReset)
        #expect(reception.summary?.balances == true)
    }

    /// What a station writes between frames looks like a slip behind each of them; frames are believed nevertheless.
    @Test(arguments: shapes.filter { $0.link.frame.fecf == false }, [1, 8, 12, 100])
    func octetsBetweenFramesCostNothing(shape: LinkShape, count: Int) throws {
        let sent = try Transmission(shape.link, frames: 24)
        var generator = SeededGenerator(seed: 3)
        var octets: [UInt8] = []
        for frame in sent.frames.indices {
            var unit = Array(sent.unit(frame))
            for _ in 0..<5 { unit[Int.random(in: 200..<unit.count, using: &generator)] ^= 0x11 }
            octets += unit + generator.octets(count)
        }
        let reception = try Reception(of: octets, from: sent)
        #expect(reception.breaches(of: SpoiltStream(octets: octets, destroyed: [])) == [])
        #expect(reception.lost.isEmpty)
    }
}

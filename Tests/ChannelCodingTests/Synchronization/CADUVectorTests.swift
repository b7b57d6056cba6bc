import ChannelCoding
import TestSupport
import Testing

/// The whole road of a frame to a channel access data unit and back.
@Suite struct CADUVectorTests {
    @Test(arguments: try Fixtures.vectors("cadu_encode")) func framesBecomeUnitsAndBack(_ vector: Vector) throws {
        let frame = try #require(vector.octets("frame"))
        let code = vector.int("E") == 0 ? nil : try vector.code()
        let randomizer = PseudoRandomizer(rawValue: vector.inputs["randomizer"] as? String ?? "")
        var codeblock = code.map { ReedSolomon.Encoder($0).encoded(frame.span) } ?? frame
        randomize(&codeblock, randomizer)
        let unit = SyncMarker.standard + codeblock
        #expect(Hex.text(unit) == vector.expected["cadu"] as? String)

        var synchronizer = try FrameSynchronizer(FrameSynchronizer.Settings(codeblockLength: codeblock.count))
        var received: [[UInt8]] = []
        synchronizer.push((unit + unit).span) { received.append($1.copy) }
        synchronizer.finish { received.append($1.copy) }
        #expect(received == [codeblock, codeblock])
        randomize(&codeblock, randomizer)
        #expect(codeblock.prefix(frame.count) == frame[...])
        if let code {
            let isCodeblock = ReedSolomon.Decoder(code).isCodeblock(codeblock.span)
            #expect(isCodeblock)
        }
    }

    private func randomize(_ octets: inout [UInt8], _ randomizer: PseudoRandomizer?) {
        var span = octets.mutableSpan
        randomizer?.apply(to: &span)
    }
}

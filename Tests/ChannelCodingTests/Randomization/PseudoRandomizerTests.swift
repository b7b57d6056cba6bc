import ChannelCoding
import TestSupport
import Testing

@Suite struct PseudoRandomizerTests {
    @Test(arguments: try Fixtures.vectors("randomizer")) func sequenceAgreesWithVector(_ vector: Vector) throws {
        let name = try #require(vector.inputs["sequence"] as? String)
        let randomizer = try #require(PseudoRandomizer(rawValue: name))
        let skipped = try #require(vector.int("skip_octets"))
        let data = try vector.octets("data") ?? [UInt8](repeating: 0, count: #require(vector.int("octets")))
        var octets = [UInt8](repeating: 0, count: skipped) + data
        var span = octets.mutableSpan
        randomizer.apply(to: &span)
        #expect(Hex.text(octets[skipped...]) == vector.expected["octets"] as? String)
    }
}

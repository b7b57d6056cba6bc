import SpaceLink
import TestSupport
import Testing

@Suite struct PacketHeaderTests {
    @Test func headersSurviveARoundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1000 {
            var octets = generator.octets(6)
            octets[0] &= 0x1F
            #expect(try SpacePacketHeader(decoding: octets.span).encode() == octets)
        }
    }

    @Test func octetsThatAreNoHeaderAreRefusedByName() {
        let short: [UInt8] = [0, 1, 2, 3, 4]
        #expect(throws: PacketError.truncated(needed: 6, available: 5)) {
            try SpacePacketHeader(decoding: short.span)
        }
        let foreign: [UInt8] = [0xE0, 0, 0, 0, 0, 0]
        #expect(throws: PacketError.version(found: 7, expected: 0)) {
            try SpacePacketHeader(decoding: foreign.span)
        }
        let impossible: [UInt8] = [0xE1, 1]
        #expect(throws: PacketError.length(found: 1, minimum: 2)) {
            try EncapsulationHeader(decoding: impossible.span)
        }
        let incomplete: [UInt8] = [0xE3, 0, 0, 0, 0, 0, 0]
        #expect(throws: PacketError.truncated(needed: 8, available: 7)) {
            try EncapsulationHeader(decoding: incomplete.span)
        }
    }

    @Test func valuesThatDoNotFitCannotBeBuilt() throws {
        #expect(APID(rawValue: 2048) == nil)
        let apid = try #require(APID(rawValue: 2047))
        #expect(apid == .idle)
        #expect(SpacePacketHeader(apid: apid, sequenceCount: 16_384, dataLength: 1) == nil)
        #expect(SpacePacketHeader(apid: apid, sequenceCount: 0, dataLength: 0) == nil)
        #expect(SpacePacketHeader(apid: apid, sequenceCount: 0, dataLength: 65_537) == nil)
        #expect(EncapsulationHeader(protocolID: 2, form: .short, packetLength: 256) == nil)
        #expect(EncapsulationHeader(protocolID: 2, form: .long, packetLength: 7) == nil)
    }
}

import ChannelCoding
import SpaceLink
import TestSupport
import Testing

@Suite struct PacketHeaderTests {
    @Test(arguments: try Fixtures.vectors("space_packet"))
    func spacePacketHeadersDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let header = try SpacePacketHeader(decoding: octets.span)
        #expect(Int(header.version) == vector.expectedInt("version"))
        #expect(Int(header.type.rawValue) == vector.expectedInt("type"))
        #expect(header.hasSecondaryHeader.bit == vector.expectedInt("secondary_header_flag"))
        #expect(Int(header.apid.rawValue) == vector.expectedInt("apid"))
        #expect(Int(header.sequenceFlags.rawValue) == vector.expectedInt("sequence_flags"))
        #expect(Int(header.sequenceCount) == vector.expectedInt("sequence_count"))
        #expect(header.dataLength - 1 == vector.expectedInt("data_length_field"))
        #expect(header.packetLength == vector.expectedInt("total_length"))
        #expect(header.isIdle.bit == vector.expectedInt("idle"))
        #expect(Array(octets[SpacePacketHeader.length..<header.packetLength]) == vector.expectedOctets("data"))
        #expect(header.encode() == Array(octets.prefix(6)))
    }

    @Test(arguments: try Fixtures.vectors("space_packet_length"))
    func longestPacketHasItsLength(_ vector: Vector) throws {
        let octets = try #require(vector.octets("header"))
        #expect(try SpacePacketHeader(decoding: octets.span).packetLength == vector.expectedInt("total_length"))
    }

    @Test(arguments: try Fixtures.vectors("encapsulation_packet"))
    func encapsulationHeadersDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let header = try EncapsulationHeader(decoding: octets.span)
        #expect(Int(header.protocolID) == vector.expectedInt("protocol_id"))
        #expect(Int(header.form.rawValue) == vector.expectedInt("length_of_length"))
        #expect(header.packetLength == vector.expectedInt("total_length"))
        #expect(header.form.headerLength == vector.expectedInt("header_length"))
        #expect(header.isIdle.bit == vector.expectedInt("idle"))
        #expect(Int(header.userDefined) == vector.expectedInt("user_defined") ?? 0)
        #expect(Int(header.protocolIDExtension) == vector.expectedInt("protocol_id_extension") ?? 0)
        let data = octets[header.form.headerLength..<header.packetLength]
        #expect(Array(data) == vector.expectedOctets("data"))
        #expect(header.encode() == Array(octets.prefix(header.form.headerLength)))
    }

    @Test(arguments: try Fixtures.vectors("pus_tm"))
    func secondaryHeadersOfPUSDecodeAsTheReference(_ vector: Vector) throws {
        let octets = try #require(vector.octets("octets"))
        let primary = try SpacePacketHeader(decoding: octets.span)
        #expect(Int(primary.apid.rawValue) == vector.expectedInt("apid"))
        #expect(Int(primary.sequenceCount) == vector.expectedInt("sequence_count"))
        let header = try PUSTelemetryHeader(decodingPacket: octets.span)
        #expect(Int(PUSTelemetryHeader.versionNumber) == vector.expectedInt("pus_version"))
        #expect(Int(header.timeReferenceStatus) == vector.expectedInt("time_reference_status"))
        #expect(Int(header.service) == vector.expectedInt("service"))
        #expect(Int(header.subtype) == vector.expectedInt("subtype"))
        #expect(Int(header.messageTypeCounter) == vector.expectedInt("message_type_counter"))
        #expect(Int(header.destination) == vector.expectedInt("destination_id"))
        #expect(header.encode() == Array(octets[6..<13]))
        let timeEnd = try 13 + #require(vector.int("time_octets"))
        #expect(Array(octets[13..<timeEnd]) == vector.expectedOctets("time"))
        #expect(Array(octets[timeEnd..<octets.count - 2]) == vector.expectedOctets("source_data"))
        let checksum = CRC16.checksum(octets.span)
        #expect((checksum == 0).bit == vector.expectedInt("valid"))
    }

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

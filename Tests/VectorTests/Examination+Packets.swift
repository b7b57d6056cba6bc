import ChannelCoding
import SpaceLink
import TestSupport

/// Packets and their headers.
extension Examination {
    func spacePacket() throws {
        let octets = try octets("octets")
        let header = try SpacePacketHeader(decoding: octets.span)
        expect("version", header.version)
        expect("type", header.type.rawValue)
        expect("secondary_header_flag", header.hasSecondaryHeader)
        expect("apid", header.apid.rawValue)
        expect("sequence_flags", header.sequenceFlags.rawValue)
        expect("sequence_count", header.sequenceCount)
        expect("data_length_field", header.dataLength - 1)
        expect("total_length", header.packetLength)
        expect("idle", header.isIdle)
        expect("data", octets[SpacePacketHeader.length..<min(octets.count, header.packetLength)])
        equal(header.encode(), Array(octets.prefix(SpacePacketHeader.length)), "the header encoded again")
    }

    func spacePacketLength() throws {
        let octets = try octets("header")
        let header = try SpacePacketHeader(decoding: octets.span)
        expect("total_length", header.packetLength)
        equal(header.encode(), octets, "the header encoded again")
    }

    func encapsulationPacket() throws {
        let octets = try octets("octets")
        let header = try EncapsulationHeader(decoding: octets.span)
        expect("version", EncapsulationHeader.versionNumber)
        expect("protocol_id", header.protocolID)
        expect("length_of_length", header.form.rawValue)
        expect("total_length", header.packetLength)
        expect("header_length", header.form.headerLength)
        expect("idle", header.isIdle)
        expect("user_defined", header.userDefined)
        expect("protocol_id_extension", header.protocolIDExtension)
        expect("ccsds_defined", [UInt8(header.definedField >> 8), UInt8(header.definedField & 0xFF)])
        let start = header.form.headerLength
        expect("data", octets[start..<max(start, min(octets.count, header.packetLength))])
        equal(header.encode(), Array(octets.prefix(start)), "the header encoded again")
    }

    func utilizationPacket() throws {
        let octets = try octets("octets")
        let primary = try SpacePacketHeader(decoding: octets.span)
        expect("apid", primary.apid.rawValue)
        expect("sequence_count", primary.sequenceCount)
        let header = try PUSTelemetryHeader(decodingPacket: octets.span)
        expect("pus_version", PUSTelemetryHeader.versionNumber)
        expect("time_reference_status", header.timeReferenceStatus)
        expect("service", header.service)
        expect("subtype", header.subtype)
        expect("message_type_counter", header.messageTypeCounter)
        expect("destination_id", header.destination)
        let start = SpacePacketHeader.length + PUSTelemetryHeader.length
        let timeEnd = start + (try int("time_octets"))
        guard timeEnd + 2 <= octets.count else { throw Failure.unusable("the packet is too short for its fields") }
        expect("time", octets[start..<timeEnd])
        expect("source_data", octets[timeEnd..<octets.count - 2])
        expect("valid", CRC16.checksum(octets.span) == 0)
        let body = primary.encode() + header.encode() + octets[start..<octets.count - 2]
        let checksum = CRC16.checksum(body.span)
        let check = [UInt8(checksum >> 8), UInt8(checksum & 0xFF)]
        guard CRC16.checksum(octets.span) == 0 else { return expect("packet_error_control", octets.suffix(2)) }
        expect("packet_error_control", check)
        equal(body + check, octets, "the packet put together again")
    }
}

import ChannelCoding
import SpaceLink
import TestSupport

/// Whole frames.
extension Examination {
    func telemetryFrame() throws {
        let frame = try octets("frame")
        expect(try TMFrameHeader(decoding: frame.span))
        let record = try decodeFrame(.tm)
        expect("mc_count", record.masterChannelFrameCount)
        expect("data_field", frame[record.dataField])
        let secondary = frame[TMFrameHeader.length..<record.dataField.lowerBound]
        expect("secondary_header", secondary.isEmpty ? nil : secondary)
    }

    func orbitingFrame() throws {
        let frame = try octets("frame")
        expect(try AOSFrameHeader(decoding: frame.span))
        let record = try decodeFrame(.aos)
        expect("data", frame[record.dataField])
        expect("insert_zone", frame[record.insertZone])
        expect("first_header_pointer", record.firstHeaderPointer.map { elevenBits($0) })
        // The two octets before the bits of a bitstream channel, of which fourteen bits count.
        let start = record.dataField.lowerBound
        let pointer = start < 2 ? nil : (Int(frame[start - 2]) << 8 | Int(frame[start - 1])) & 0x3FFF
        expect("bitstream_data_pointer", pointer)
    }

    /// Decodes the frame of a vector, and puts its fields together again.
    private func decodeFrame(_ type: LinkDescription.Frame.Kind) throws -> FrameRecord {
        let frame = try octets("frame")
        var link = frameLink(type)
        link.frame.length = frame.count
        link.frame.fecf = flag("fecf") || flag("fecf_present")
        let channel = type == .tm ? Int(frame[1] >> 1 & 7) : Int(frame[1] & 0x3F)
        switch vector.inputs["data_field"] as? String {
        case "bpdu": link.channels = [channel: .bitstream]
        case "vca": link.channels = [channel: .opaque]
        case nil, "mpdu": break
        case let other?: throw Failure.unusable("no channel carries \(other)")
        }
        let collected = try Collected(frame, link)
        let record = try unwrap(collected.frames.first, "a frame that is accepted")
        equal(collected.frames.count, 1, "the number of frames")
        equal(record.quality, link.frame.fecf ? .good : .unchecked, "the quality")
        equal(record.spacecraft, try expected("scid"), "scid")
        equal(record.virtualChannel, try expected("vcid"), "vcid")
        equal(Int(record.frameCount & 0xFF_FFFF), try expected("vc_count"), "vc_count")
        expect("data_offset", record.dataField.lowerBound)
        let field = record.operationalControlField.map { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
        }
        expect("ocf", field)
        let header =
            type == .tm
            ? try TMFrameHeader(decoding: frame.span).encode() : try AOSFrameHeader(decoding: frame.span).encode()
        let body = header + frame[header.count..<record.dataField.upperBound] + (field ?? [])
        let checksum = CRC16.checksum(body.span)
        let check = link.frame.fecf ? [UInt8(checksum >> 8), UInt8(checksum & 0xFF)] : []
        expect("fecf", link.frame.fecf ? check : nil)
        expect("fecf_valid", CRC16.checksum(frame.span) == 0)
        equal(body + check, frame, "the frame put together again")
        return record
    }

    private func elevenBits(_ pointer: FirstHeaderPointer) -> Int {
        switch pointer {
        case .none: 0x7FF
        case .onlyIdleData: 0x7FE
        case .offset(let offset): offset
        }
    }

    /// The link that the inputs describe, but for the length of its frames.
    func frameLink(_ type: LinkDescription.Frame.Kind) -> LinkDescription {
        var link = LinkDescription()
        link.input = .frames
        link.frame.type = type
        link.frame.fecf = flag("fecf")
        link.frame.fhec = flag("fhec")
        link.frame.ocf = flag("ocf")
        link.frame.insertZone = vector.int("insert_zone_octets") ?? 0
        link.frame.secondaryHeader = vector.int("secondary_header_octets") ?? 0
        return link
    }
}

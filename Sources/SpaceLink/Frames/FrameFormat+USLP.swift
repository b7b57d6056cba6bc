/// USLP frames, which say how long they are, and how they are filled.
extension FrameFormat {
    /// What the first octets of a frame say of its length.
    enum ToldLength {
        /// So many octets.
        case octets(Int)
        /// More of them are needed to tell.
        case incomplete
        /// No frame of this link starts so.
        case impossible(TransferFrameError)
    }

    /// How long the frame is that starts at a place.
    func toldLength(_ octets: Span<UInt8>, at place: Int) -> ToldLength {
        guard place < octets.count else { return .incomplete }
        let version = octets[place] >> 4
        guard version == USLPFrameHeader.versionNumber else {
            return .impossible(.version(found: version, expected: USLPFrameHeader.versionNumber))
        }
        guard place + USLPFrameHeader.truncatedLength <= octets.count else { return .incomplete }
        if octets[place + 3] & 1 != 0 {
            return truncatedLength > 0
                ? .octets(truncatedLength)
                : .impossible(.header(rule: "The frame is truncated, and the link does not say how long those are."))
        }
        guard place + 7 <= octets.count else { return .incomplete }
        let length = Int(octets.uint16(at: place + 4)) + 1
        let trailers = errorControl.length + (octets[place + 6] & 8 != 0 ? CLCW.length : 0)
        guard length > 7 + Int(octets[place + 6] & 7) + insertZone + trailers else {
            return .impossible(Self.noData(length))
        }
        return .octets(length)
    }

    private static func noData(_ length: Int) -> TransferFrameError {
        .header(rule: "The headers and trailers are longer than the frame of \(length) octets.")
    }

    /// Decodes a USLP frame; its control field may be missing, its insert zone and error control are those of the link.
    func decodeUSLP(_ octets: Span<UInt8>) throws(TransferFrameError) -> FrameFields {
        let header = try USLPFrameHeader(decoding: octets)
        try compareLength(header, octets.count)
        var fields = FrameFields()
        fields.spacecraft = header.spacecraft
        fields.virtualChannel = header.virtualChannel
        fields.multiplexerAccessPoint = header.multiplexerAccessPoint
        if let rest = header.rest, rest.frameCountLength > 0 {
            fields.frameCount = rest.virtualChannelFrameCount
            fields.frameCountModulus = 1 << UInt64(8 * rest.frameCountLength)
        }
        fields.isExpedited = header.rest?.bypassFlag ?? false
        fields.insertZone = header.length..<header.length + insertZone
        let hasControlField = header.rest?.hasOperationalControlField ?? false
        let end = octets.count - errorControl.length - (hasControlField ? CLCW.length : 0)
        let start = fields.insertZone.upperBound
        guard start < end else { throw Self.noData(octets.count) }
        if hasControlField { fields.operationalControlField = octets.uint32(at: end) }
        let dataHeader: USLPDataFieldHeader
        do throws(TransferFrameError) {
            dataHeader = try USLPDataFieldHeader(decoding: octets.extracting(start..<end))
        } catch {
            throw .header(rule: "The data field is shorter than its own header.")
        }
        fields.dataFieldHeader = dataHeader
        fields.dataField = start + dataHeader.length..<end
        let content = contents[header.virtualChannel]
        if header.virtualChannel == USLPFrameHeader.idleVirtualChannel || content == .idle
            || dataHeader.protocolID == USLPDataFieldHeader.idle
        {
            fields.isIdle = true
        } else if dataHeader.protocolID == USLPDataFieldHeader.packets, content == .packets,
            header.rest?.protocolControlCommandFlag != true, !fields.dataField.isEmpty
        {
            carryPackets(dataHeader, &fields)
        }
        return fields
    }

    private func compareLength(_ header: USLPFrameHeader, _ count: Int) throws(TransferFrameError) {
        guard let rest = header.rest else {
            guard count == truncatedLength else {
                throw .header(rule: "A truncated frame is shorter than this link's frames of \(count) octets.")
            }
            return
        }
        guard rest.frameLength == count else {
            throw .header(rule: "The header says \(rest.frameLength) octets, but the frame has \(count).")
        }
    }

    private func carryPackets(_ header: USLPDataFieldHeader, _ fields: inout FrameFields) {
        switch header.rule {
        case .packetsSpanningFrames:
            fields.firstHeaderPointer = FirstHeaderPointer(sixteenBits: header.pointer ?? USLPDataFieldHeader.noPointer)
        case .noSegmentation:
            fields.firstHeaderPointer = .offset(0)
            fields.segmentation = .whole
        case .firstSegment:
            fields.firstHeaderPointer = .offset(0)
            fields.segmentation = .first
        case .continuedSegment:
            fields.firstHeaderPointer = FirstHeaderPointer.none
            fields.segmentation = .continued
        case .lastSegment:
            fields.firstHeaderPointer = FirstHeaderPointer.none
            fields.segmentation = .last
        case .startOfUnit, .continuedUnit, .octetStream: break
        }
    }
}

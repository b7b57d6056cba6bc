/// What one frame's headers and trailers say, and where its parts lie.
struct FrameFields {
    var spacecraft = 0
    var virtualChannel = 0
    var multiplexerAccessPoint = 0
    var frameCount: UInt64 = 0
    /// The modulus of the count, a power of two; 0 if the frame has no count.
    var frameCountModulus: UInt64 = 0
    var masterChannelFrameCount: Int?
    var isReplayed = false
    var isIdle = false
    /// Whether the frame is counted apart from the sequence controlled ones of its channel.
    var isExpedited = false
    var insertZone = 0..<0
    var dataField = 0..<0
    /// Where packets start, if the data field holds packets.
    var firstHeaderPointer: FirstHeaderPointer?
    /// How USLP packets are divided over frames.
    var segmentation = PacketExtractor.Segmentation.none
    /// How a USLP data field is filled.
    var dataFieldHeader: USLPDataFieldHeader?
    var operationalControlField: UInt32?
}

/// How the frames of a link are laid out.
///
/// The rules are held in this order: length, version, header, error control, spacecraft.
struct FrameFormat: Sendable {
    let kind: LinkDescription.Frame.Kind
    /// The octets of every frame; 0 if each says it.
    let length: Int
    /// The octets of USLP frames whose header does not say it; 0 if there are none.
    let truncatedLength: Int
    let errorControl: FrameErrorControl
    let hasHeaderErrorControl: Bool
    let insertZone: Int
    /// Octets of the operational control field of AOS frames, 0 or 4.
    let operationalControl: Int
    let secondaryHeader: Int
    let spacecraft: Set<Int>?
    let contents: [LinkDescription.ChannelContent]

    /// Makes the format of a description that ``LinkDescription/validate()`` has passed.
    init(_ link: LinkDescription) {
        kind = link.frame.type
        length = link.frameLength ?? 0
        truncatedLength = link.frame.truncatedLength
        errorControl = FrameErrorControl(link.frame)
        hasHeaderErrorControl = link.frame.fhec
        insertZone = link.frame.insertZone
        operationalControl = link.frame.type == .aos && link.frame.ocf ? 4 : 0
        secondaryHeader = link.frame.secondaryHeader
        spacecraft = link.frame.spacecraft.map { Set($0) }
        contents = (0..<64).map { link.channels[$0] ?? .packets }
    }

    /// Whether each frame says how long it is.
    var isVariable: Bool { length == 0 }

    /// Whether frames end with a field that checks them.
    var hasErrorControl: Bool { errorControl.length > 0 }

    /// Whether a decoded codeblock can hold a frame, as far as every frame of the link shows.
    ///
    /// Codes as such may hold for inverted codeblocks, and cyclic ones for codeblocks that are some octets off.
    func isPlausible(_ octets: Span<UInt8>) -> Bool {
        guard octets.count > 0 else { return false }
        if hasErrorControl { return errorControl.holds(octets) }
        return switch kind {
        case .tm: octets[0] >> 6 == TMFrameHeader.versionNumber
        case .aos: octets[0] >> 6 == AOSFrameHeader.versionNumber
        case .uslp: octets[0] >> 4 == USLPFrameHeader.versionNumber
        }
    }

    /// Decodes a frame.
    ///
    /// - Parameters:
    ///   - octets: The whole frame, its header corrected.
    ///   - isChecked: Whether the error control field and the spacecraft count too.
    /// - Returns: Its fields.
    /// - Throws: The first rule that the frame breaks.
    func decode(_ octets: Span<UInt8>, isChecked: Bool = true) throws(TransferFrameError) -> FrameFields {
        guard octets.count >= length else { throw .truncated(needed: length, available: octets.count) }
        let fields =
            switch kind {
            case .aos: try decodeAOS(octets)
            case .tm: try decodeTM(octets)
            case .uslp: try decodeUSLP(octets)
            }
        guard isChecked else { return fields }
        guard errorControl.holds(octets) else { throw .check }
        if let spacecraft, !spacecraft.contains(fields.spacecraft) {
            throw .foreignSpacecraft(found: fields.spacecraft)
        }
        return fields
    }

    private func decodeAOS(_ octets: Span<UInt8>) throws(TransferFrameError) -> FrameFields {
        let header = try AOSFrameHeader(decoding: octets)
        var fields = FrameFields()
        fields.spacecraft = header.spacecraft
        fields.virtualChannel = header.virtualChannel
        fields.frameCount = header.extendedFrameCount
        fields.frameCountModulus = header.frameCountModulus
        fields.isReplayed = header.replayFlag
        let zoneStart = AOSFrameHeader.length + (hasHeaderErrorControl ? HeaderErrorControl.length : 0)
        fields.insertZone = zoneStart..<zoneStart + insertZone
        let end = length - errorControl.length - operationalControl
        var start = fields.insertZone.upperBound
        if operationalControl > 0 { fields.operationalControlField = octets.uint32(at: end) }
        switch header.virtualChannel == AOSFrameHeader.idleVirtualChannel ? .idle : contents[header.virtualChannel] {
        case .idle: fields.isIdle = true
        case .opaque: break
        case .bitstream: start += 2
        case .packets:
            let pointer = FirstHeaderPointer(elevenBits: octets.uint16(at: start))
            fields.firstHeaderPointer = pointer
            fields.isIdle = pointer == .onlyIdleData
            start += 2
        }
        fields.dataField = start..<end
        return fields
    }

    private func decodeTM(_ octets: Span<UInt8>) throws(TransferFrameError) -> FrameFields {
        let header = try TMFrameHeader(decoding: octets)
        var fields = FrameFields()
        fields.spacecraft = header.spacecraft
        fields.virtualChannel = header.virtualChannel
        fields.frameCount = UInt64(header.virtualChannelFrameCount)
        fields.frameCountModulus = 256
        fields.masterChannelFrameCount = Int(header.masterChannelFrameCount)
        var start = TMFrameHeader.length
        if header.hasSecondaryHeader {
            let told = Int(octets[start] & 0x3F) + 1
            guard secondaryHeader == 0 || secondaryHeader == told else {
                throw .header(
                    rule: "The secondary header has \(told) octets, but this link's have \(secondaryHeader)."
                )
            }
            start += told
        }
        let end = length - errorControl.length - (header.hasOperationalControlField ? 4 : 0)
        guard start <= end else {
            throw .header(rule: "The headers and trailers are longer than the frame of \(length) octets.")
        }
        if header.hasOperationalControlField { fields.operationalControlField = octets.uint32(at: end) }
        fields.dataField = start..<end
        if contents[header.virtualChannel] == .idle {
            fields.isIdle = true
        } else if !header.synchronizationFlag, contents[header.virtualChannel] == .packets {
            fields.firstHeaderPointer = header.firstHeaderPointer
            fields.isIdle = header.firstHeaderPointer == .onlyIdleData
        }
        return fields
    }
}

import ChannelCoding

/// Puts headers before, and trailers, parity, randomiser and marker around a packet zone.
struct FrameAssembler: Sendable {
    /// What changes from frame to frame.
    struct Content {
        var virtualChannel: Int
        var frameCount: UInt64
        var masterChannelFrameCount: UInt8
        var pointer: FirstHeaderPointer
        var insertZone: [UInt8]
        var operationalControlField: [UInt8]
        /// How the data field of a USLP frame is filled, if not by packets that span frames.
        var rule: USLPDataFieldHeader.ConstructionRule?
    }

    private let countLength: Int
    private let format: FrameFormat
    private let hasOperationalControl: Bool
    private let spacecraft: Int
    private let marker: [UInt8]
    private let randomizer: PseudoRandomizer?
    private let encoder: BlockEncoder
    /// The octets of packets in one frame.
    let zoneLength: Int

    init(_ link: LinkDescription, spacecraft: Int) throws(LinkDescriptionError) {
        format = FrameFormat(link)
        self.spacecraft = spacecraft
        let limit = format.kind == .uslp ? 0xFFFF : 0x3FF
        guard (0...limit).contains(spacecraft) else {
            throw .impossible(rule: "A \(format.kind.rawValue) link has no spacecraft \(spacecraft).")
        }
        hasOperationalControl = link.frame.ocf
        marker = link.hasMarkers ? link.marker.pattern : []
        randomizer = link.isCoded ? link.randomizer.sequence : nil
        encoder = link.isCoded ? try BlockEncoder(link) : .none
        countLength = link.frame.countLength
        let trailer = format.errorControl.length + (link.frame.ocf ? 4 : 0)
        let header =
            switch format.kind {
            case .aos: AOSFrameHeader.length + (format.hasHeaderErrorControl ? 2 : 0) + format.insertZone + 2
            case .tm: TMFrameHeader.length + format.secondaryHeader
            case .uslp: 7 + countLength + format.insertZone + (format.isVariable ? 1 : 3)
            }
        zoneLength = (format.isVariable ? Self.longestFrame : format.length) - header - trailer
        guard zoneLength > 0 else {
            throw .impossible(rule: "A frame of \(format.length) octets has no room for packets.")
        }
    }

    private static let longestFrame = 65_536

    /// Whether each frame has the length of what it carries.
    var isVariable: Bool { format.isVariable }

    /// The channel for frames that carry only idle data.
    var idleVirtualChannel: Int { format.kind == .tm ? 7 : AOSFrameHeader.idleVirtualChannel }

    /// A count as its field can say it.
    func sentCount(_ count: UInt64) -> UInt64 {
        switch format.kind {
        case .tm: count & 0xFF
        case .aos: count & 0xFF_FFFF
        case .uslp: count & (1 << UInt64(8 * countLength) - 1)
        }
    }

    /// Makes the unit of a frame.
    func assemble(_ content: Content, zone: Span<UInt8>, into unit: inout [UInt8]) {
        unit.removeAll(keepingCapacity: true)
        unit += marker
        let start = unit.count
        appendHeaders(content, zoneLength: zone.count, to: &unit)
        unit.append(zone)
        if hasOperationalControl { append(content.operationalControlField, count: CLCW.length, to: &unit) }
        format.errorControl.append(to: &unit, from: start)
        encode(&unit, from: start)
    }

    /// Adds parity behind the frame and randomises both.
    private func encode(_ unit: inout [UInt8], from start: Int) {
        var codeblock = encoder.encoded(Array(unit[start...]))
        var span = codeblock.mutableSpan
        randomizer?.apply(to: &span)
        unit.removeSubrange(start...)
        unit += codeblock
    }

    private func appendHeaders(_ content: Content, zoneLength: Int, to unit: inout [UInt8]) {
        switch format.kind {
        case .aos: appendAOS(content, to: &unit)
        case .tm: appendTM(content, to: &unit)
        case .uslp: appendUSLP(content, zoneLength: zoneLength, to: &unit)
        }
    }

    private func appendAOS(_ content: Content, to unit: inout [UInt8]) {
        let header = AOSFrameHeader(
            spacecraft: spacecraft,
            virtualChannel: content.virtualChannel,
            virtualChannelFrameCount: UInt32(truncatingIfNeeded: content.frameCount)
        )
        unit += header.encode()
        if format.hasHeaderErrorControl { unit += HeaderErrorControl.parity(of: header) }
        append(content.insertZone, count: format.insertZone, to: &unit)
        // Channel 63 has no M_PDU, but nobody looks at its data.
        unit.append(bigEndian: UInt64(content.pointer.elevenBits), octets: 2)
    }

    private func appendTM(_ content: Content, to unit: inout [UInt8]) {
        let header = TMFrameHeader(
            spacecraft: spacecraft,
            virtualChannel: content.virtualChannel,
            hasOperationalControlField: hasOperationalControl,
            masterChannelFrameCount: content.masterChannelFrameCount,
            virtualChannelFrameCount: UInt8(truncatingIfNeeded: content.frameCount),
            hasSecondaryHeader: format.secondaryHeader > 0,
            firstHeaderPointer: content.pointer
        )
        unit += header.encode()
        guard format.secondaryHeader > 0 else { return }
        append([UInt8(format.secondaryHeader - 1)], count: format.secondaryHeader, to: &unit)
    }

    private func appendUSLP(_ content: Content, zoneLength: Int, to unit: inout [UInt8]) {
        let dataHeader: USLPDataFieldHeader
        switch content.pointer {
        case .offset(let offset):
            let rule = content.rule ?? .packetsSpanningFrames
            let pointer = UInt16(truncatingIfNeeded: offset)
            dataHeader = USLPDataFieldHeader(rule: rule, protocolID: USLPDataFieldHeader.packets, pointer: pointer)
        case .none:
            let rule = content.rule ?? .packetsSpanningFrames
            dataHeader = USLPDataFieldHeader(rule: rule, protocolID: USLPDataFieldHeader.packets)
        case .onlyIdleData:
            let rule = isVariable ? .noSegmentation : USLPDataFieldHeader.ConstructionRule.packetsSpanningFrames
            dataHeader = USLPDataFieldHeader(rule: rule, protocolID: USLPDataFieldHeader.idle)
        }
        let trailer = format.errorControl.length + (hasOperationalControl ? CLCW.length : 0)
        let header = USLPFrameHeader(
            spacecraft: spacecraft,
            virtualChannel: content.virtualChannel,
            rest: USLPFrameHeader.Rest(
                frameLength: 7 + countLength + format.insertZone + dataHeader.length + zoneLength + trailer,
                hasOperationalControlField: hasOperationalControl,
                frameCountLength: countLength,
                virtualChannelFrameCount: content.frameCount
            )
        )
        unit += header.encode()
        append(content.insertZone, count: format.insertZone, to: &unit)
        unit += dataHeader.encode()
    }

    /// Appends octets, cut or filled with zeros to a count.
    private func append(_ octets: [UInt8], count: Int, to unit: inout [UInt8]) {
        unit += octets.prefix(count)
        unit += repeatElement(0, count: max(0, count - octets.count))
    }
}

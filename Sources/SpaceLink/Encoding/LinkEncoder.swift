import ChannelCoding

/// Encodes a link, the reverse of ``LinkDecoder``: packets in; frames or CADUs out, by the same description.
///
/// Packets fill the open frame of their virtual channel and go on in the next one, headers too. A frame is emitted as
/// soon as it is full. What is emitted is what the description calls its input: frames, codeblocks, CADUs, or the symbols of
/// CADUs, each as one span that ends with the call.
///
/// ```swift
/// var encoder = try LinkEncoder(link, spacecraft: 91)
/// encoder.push(packet: packet.span, virtualChannel: 1) { frame, octets in send(octets) }
/// encoder.flush(virtualChannel: 1) { frame, octets in send(octets) }
/// ```
public struct LinkEncoder: Sendable {
    private struct OpenFrame {
        var zone: [UInt8] = []
        var pointer = FirstHeaderPointer.none
        var rule: USLPDataFieldHeader.ConstructionRule?
        var frameCount: UInt64 = 0
    }

    /// The octets of the insert zone of the next frames, cut or filled with zeros to its length.
    public var insertZone: [UInt8] = []
    /// The operational control field of the next frames, on links that have one.
    public var operationalControlField = CLCW().encode()

    /// What a station puts before the next units, on links whose envelope is octets; cut or filled with zeros.
    public var envelopeHeader: [UInt8] = []
    /// What it puts behind them.
    public var envelopeTrailer: [UInt8] = []

    /// Nothing where packets go out bare.
    private let assembler: FrameAssembler?
    private let wrapper: EnvelopeWrapper
    private var channels: [Int: OpenFrame] = [:]
    private var masterChannelFrameCount: UInt8 = 0
    private var idleSequenceCount: UInt16 = 0
    private var index = 0
    private var unit: [UInt8] = []
    private var modulator: ChannelModulator

    /// Makes an encoder whose counts start at zero.
    ///
    /// - Parameters:
    ///   - link: The link.
    ///   - spacecraft: Who sends.
    /// - Throws: What ``LinkDescription/validate()`` throws, or `.unsupported`.
    public init(_ link: LinkDescription, spacecraft: Int) throws(LinkDescriptionError) {
        try link.validate()
        try link.requireSupport()
        wrapper = try EnvelopeWrapper(link.envelope)
        assembler = link.input == .packets ? nil : try FrameAssembler(link, spacecraft: spacecraft)
        modulator = ChannelModulator(link)
    }

    /// The most octets of packets that one frame carries, where frames have no fixed length.
    ///
    /// It is cut to what the longest frame carries. Longer packets are sent in segments.
    public var longestZone = 65_536

    /// The octets of packets that one frame carries; where frames have no fixed length, the most of them.
    ///
    /// On links of bare packets those of the longest packet.
    public var packetZoneLength: Int {
        guard let assembler else { return SpacePacketHeader.longestPacket }
        return assembler.isVariable ? min(assembler.zoneLength, max(1, longestZone)) : assembler.zoneLength
    }

    /// Sets the count that the next frame of a channel has.
    ///
    /// - Parameters:
    ///   - count: The count, taken modulo that of the protocol.
    ///   - virtualChannel: The channel.
    public mutating func setFrameCount(_ count: UInt64, virtualChannel: Int) {
        channels[virtualChannel, default: OpenFrame()].frameCount = count
    }

    /// Adds a packet to a channel.
    ///
    /// - Parameters:
    ///   - packet: The whole packet.
    ///   - virtualChannel: The channel.
    ///   - emit: Called with each frame that it fills.
    public mutating func push(
        packet: Span<UInt8>,
        virtualChannel: Int,
        _ emit: (EncodedFrame, Span<UInt8>) -> Void
    ) {
        guard packet.count > 0 else { return }
        guard let assembler else { return pushBare(packet, virtualChannel, emit) }
        guard !assembler.isVariable else { return pushWhole(packet, virtualChannel, emit) }
        var open = channels.removeValue(forKey: virtualChannel) ?? OpenFrame()
        if case .none = open.pointer { open.pointer = .offset(open.zone.count) }
        var position = 0
        while position < packet.count {
            let taken = min(assembler.zoneLength - open.zone.count, packet.count - position)
            open.zone.append(packet.extracting(position..<position + taken))
            position += taken
            if open.zone.count == assembler.zoneLength { self.emit(&open, virtualChannel, emit) }
        }
        channels[virtualChannel] = open
    }

    /// Sends a packet as it is.
    private mutating func pushBare(
        _ packet: Span<UInt8>,
        _ virtualChannel: Int,
        _ emit: (EncodedFrame, Span<UInt8>) -> Void
    ) {
        unit.replace(with: packet)
        wrapper.wrap(&unit, header: envelopeHeader, trailer: envelopeTrailer)
        let frame = EncodedFrame(virtualChannel: virtualChannel, frameCount: UInt64(index), index: index, isIdle: false)
        index += 1
        emit(frame, unit.span)
    }

    /// Sends a packet in a frame of its own, or in segments if it is too long for one.
    private mutating func pushWhole(
        _ packet: Span<UInt8>,
        _ virtualChannel: Int,
        _ emit: (EncodedFrame, Span<UInt8>) -> Void
    ) {
        var open = channels.removeValue(forKey: virtualChannel) ?? OpenFrame()
        var position = 0
        while position < packet.count {
            let end = min(position + packetZoneLength, packet.count)
            open.zone.append(packet.extracting(position..<end))
            open.pointer = position == 0 ? .offset(0) : .none
            switch (position == 0, end == packet.count) {
            case (true, true): open.rule = .noSegmentation
            case (true, false): open.rule = .firstSegment
            case (false, true): open.rule = .lastSegment
            case (false, false): open.rule = .continuedSegment
            }
            self.emit(&open, virtualChannel, emit)
            position = end
        }
        channels[virtualChannel] = open
    }

    /// Fills the open frame of a channel with an idle packet and emits it; does nothing if no frame is open.
    ///
    /// Frames that say their length are never open.
    ///
    /// Where fewer than the seven octets of the shortest idle packet are left, it goes on through the next frame.
    ///
    /// - Parameters:
    ///   - virtualChannel: The channel.
    ///   - emit: Called with the frame, or the two frames.
    public mutating func flush(virtualChannel: Int, _ emit: (EncodedFrame, Span<UInt8>) -> Void) {
        guard let assembler, let open = channels[virtualChannel], !open.zone.isEmpty else { return }
        var length = assembler.zoneLength - open.zone.count
        while length < SpacePacketHeader.length + 1 { length += assembler.zoneLength }
        push(packet: idlePacket(length: length).span, virtualChannel: virtualChannel, emit)
    }

    /// The symbols of a convolutional code that are left when nothing follows.
    ///
    /// They are those that fill no octet yet, and of zero bits that push the last ones through a decoder. There are none
    /// on other links.
    ///
    /// - Returns: Octets to send behind the last frame.
    public mutating func finish() -> [UInt8] { modulator.finish(tail: 6) }

    /// Emits a frame that carries only idle data: on channel 63, in TM on channel 7; nothing where packets go out bare.
    ///
    /// - Parameter emit: Called with the frame.
    public mutating func idleFrame(_ emit: (EncodedFrame, Span<UInt8>) -> Void) {
        guard let assembler else { return }
        let virtualChannel = assembler.idleVirtualChannel
        var idle = OpenFrame(
            zone: [UInt8](repeating: 0x55, count: assembler.isVariable ? 1 : assembler.zoneLength),
            pointer: .onlyIdleData,
            frameCount: channels[virtualChannel]?.frameCount ?? 0
        )
        self.emit(&idle, virtualChannel, emit)
        channels[virtualChannel, default: OpenFrame()].frameCount = idle.frameCount
    }

    /// An idle packet of at most the longest length; the caller asks for at least seven octets.
    private mutating func idlePacket(length: Int) -> [UInt8] {
        let header = SpacePacketHeader(
            apid: .idle,
            sequenceCount: idleSequenceCount,
            dataLength: length - SpacePacketHeader.length
        )
        idleSequenceCount = (idleSequenceCount + 1) % UInt16(SpacePacketHeader.sequenceModulus)
        let octets = header?.encode() ?? []
        return octets + [UInt8](repeating: 0x55, count: length - octets.count)
    }

    private mutating func emit(
        _ open: inout OpenFrame,
        _ virtualChannel: Int,
        _ emit: (EncodedFrame, Span<UInt8>) -> Void
    ) {
        guard let assembler else { return }
        let content = FrameAssembler.Content(
            virtualChannel: virtualChannel,
            frameCount: open.frameCount,
            masterChannelFrameCount: masterChannelFrameCount,
            pointer: open.pointer,
            insertZone: insertZone,
            operationalControlField: operationalControlField,
            rule: open.rule
        )
        assembler.assemble(content, zone: open.zone.span, into: &unit)
        modulator.apply(to: &unit)
        wrapper.wrap(&unit, header: envelopeHeader, trailer: envelopeTrailer)
        let frame = EncodedFrame(
            virtualChannel: virtualChannel,
            frameCount: assembler.sentCount(open.frameCount),
            index: index,
            isIdle: open.pointer == .onlyIdleData
        )
        index += 1
        masterChannelFrameCount &+= 1
        open.frameCount &+= 1
        open.zone.removeAll(keepingCapacity: true)
        open.pointer = .none
        emit(frame, unit.span)
    }
}

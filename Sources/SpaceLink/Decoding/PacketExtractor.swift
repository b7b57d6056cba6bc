/// Puts packets together from the packet zones of one virtual channel.
///
/// It is fed the zones in order and told of gaps:
/// ```
/// zone        │◀── F ──▶│
/// ┌───────────┬─────────┼──────────┬──────────┬──────────┐
/// │ headers   │ …packet │ packet   │ packet   │ packet…  │
/// └───────────┴─────────┴──────────┴──────────┴──────────┘
/// ```
/// - The octets before the first header pointer F end the packet in progress; without one they are dropped.
/// - At every F the extraction starts anew: a packet in progress that does not end there is dropped.
/// - A gap drops the packet in progress. A version number that no packet has drops the rest up to the next F.
///
/// Packets that lie in one zone are handed on as views; others are put together in a buffer of at most
/// ``PacketBoundary/longest`` octets. Every octet that is dropped is taken back from the ledger. Where partial packets
/// are kept, the start of a packet that is broken off is handed on instead, and stays used; it is not counted as a packet.
struct PacketExtractor: Sendable {
    /// How packets are divided over frames that have no first header pointer, those of USLP.
    enum Segmentation: String, Sendable, Codable {
        /// By a first header pointer.
        case none
        /// The frame holds whole packets.
        case whole
        /// The frame starts a packet.
        case first
        /// The frame goes on with one.
        case continued
        /// The frame ends one.
        case last

        /// Whether all packets end with the frame.
        var endsPackets: Bool { self == .whole || self == .last }
    }

    /// The zone's place in the stream.
    struct Zone: Sendable, Equatable {
        var spacecraft: Int
        var virtualChannel: Int
        var frame: Int
        /// Octets of input before the frame.
        var frameOffset: Int64
        /// Octets of the frame's unit before the zone.
        var start: Int
        /// How many octets of input are the unit's own: not all if the next marker stands inside it.
        var unitLength: Int
        /// Octets of input for octets of the unit.
        var scale = InputScale.one
        /// Octets of the frame before the zone.
        var dataStart: Int
        /// The octets of the frame that take two octets of input, in order.
        var escapes: [Int]
        var reception: Reception
        var segmentation = Segmentation.none

        /// Octets of input before an octet of the zone.
        func offset(of position: Int) -> Int64 { frameOffset + Int64(inputPosition(position)) }

        /// How many octets of input a range of the zone takes.
        func own(_ range: Range<Int>) -> Int { inputPosition(range.upperBound) - inputPosition(range.lowerBound) }

        private func inputPosition(_ position: Int) -> Int {
            let further = escapes.isEmpty ? 0 : escapes.countBelow(dataStart + position)
            return min(unitLength, scale.octets(of: start + position) + further)
        }
    }

    enum State: Sendable, Equatable {
        /// It is not known where packets start.
        case searching
        /// The next octet starts a packet.
        case betweenPackets
        /// `held` is the start of a packet of so many octets, or of unknown length while its header is incomplete.
        case inPacket(length: Int?)
    }

    var state = State.searching
    var held: [UInt8] = []
    var start = Zone(
        spacecraft: 0,
        virtualChannel: 0,
        frame: 0,
        frameOffset: 0,
        start: 0,
        unitLength: 0,
        scale: .one,
        dataStart: 0,
        escapes: [],
        reception: Reception(quality: .good)
    )
    /// Octets of input before `held`.
    var heldOffset: Int64 = 0
    /// How many octets of `held` the ledger knows.
    var heldOwn = 0
    var isBehindGap = false
    /// The frame of the last octet of `held`.
    var heldFrame = 0
    /// Whether the start of a packet that is broken off is handed on, marked.
    let keepPartial: Bool
    var statistics = PacketStatistics()
    /// What waits for the segment before, if this is one of a segment.
    var opening: PacketOpening?
    /// Whether no place was found yet from where on the segment before does not matter.
    var isUndetermined = false
    /// Whether the next packet is the first, and waits to be told whether it comes behind a gap.
    var holdsFirst = false

    init(keepPartial: Bool = false) { self.keepPartial = keepPartial }

    /// Drops the packet in progress, because frames are missing.
    mutating func gap(frame: Int, ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        if isUndetermined { close(.gap, frame: frame) }
        drop(.interruptedPacket, "A gap in the frame count breaks the packet off.", frame, &ledger, &sink)
        state = .searching
        isBehindGap = true
    }

    /// Drops the packet in progress, because the input ends.
    mutating func finish(ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        drop(.incompletePacket, "The input ends before the packet does.", start.frame, &ledger, &sink)
        state = .searching
    }

    /// Takes the packet zone of the channel's next frame.
    mutating func push(
        _ octets: Span<UInt8>,
        pointer: FirstHeaderPointer,
        zone: Zone,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        if isUndetermined { return deferZone(octets, pointer, zone, &ledger, &sink) }
        switch pointer {
        case .onlyIdleData: break
        case .none where zone.segmentation != .none:
            // A segment without a packet in progress starts none.
            endPacket(octets, at: octets.count, zone, &ledger, &sink)
        case .none: continuePackets(octets, to: octets.count, zone, &ledger, &sink)
        case .offset(let offset) where offset < octets.count:
            if offset > 0 { endPacket(octets, at: offset, zone, &ledger, &sink) }
            drop(
                .interruptedPacket,
                Self.misfit,
                zone.frame,
                &ledger,
                &sink
            )
            state = .betweenPackets
            walk(octets, from: offset, to: octets.count, zone, &ledger, &sink)
        case .offset(let offset):
            drop(.interruptedPacket, Self.brokenPointer, zone.frame, &ledger, &sink)
            state = .searching
            skipBehindBrokenPointer(octets, offset, zone, &ledger, &sink)
        }
        endFrame(zone, &ledger, &sink)
    }

    /// Drops a packet that must end with its frame and does not.
    mutating func endFrame(_ zone: Zone, _ ledger: inout Ledger, _ sink: inout (some LinkSink & ~Copyable)) {
        guard zone.segmentation.endsPackets else { return }
        drop(.interruptedPacket, "The frame ends the packet before its length is reached.", zone.frame, &ledger, &sink)
        state = .searching
    }

    /// Discards a zone whose first header pointer cannot be.
    mutating func skipBehindBrokenPointer(
        _ octets: Span<UInt8>,
        _ offset: Int,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        skip(
            0..<octets.count,
            .beforeFirstPacket,
            "The first header pointer \(offset) lies outside the packet zone of \(octets.count) octets.",
            zone,
            &ledger,
            &sink
        )
    }

    /// Takes octets that no first header pointer divides.
    private mutating func continuePackets(
        _ octets: Span<UInt8>,
        to end: Int,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        switch state {
        case .searching:
            skipBeforeFirstPacket(to: end, zone, &ledger, &sink)
        case .betweenPackets: walk(octets, from: 0, to: end, zone, &ledger, &sink)
        case .inPacket: complete(octets, to: end, zone, &ledger, &sink)
        }
    }

    /// Takes the octets before a first header pointer.
    mutating func endPacket(
        _ octets: Span<UInt8>,
        at end: Int,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        if case .inPacket = state {
            complete(octets, to: end, zone, &ledger, &sink)
        } else {
            skipBeforeFirstPacket(to: end, zone, &ledger, &sink)
        }
    }

    /// Discards octets that belong to no packet in progress.
    private mutating func skipBeforeFirstPacket(
        to end: Int,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        skip(
            0..<end,
            .beforeFirstPacket,
            "No packet is in progress, and the octets come before the first header pointer.",
            zone,
            &ledger,
            &sink
        )
    }

    /// Adds octets to the packet in progress; walks on behind its end.
    private mutating func complete(
        _ octets: Span<UInt8>,
        to end: Int,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard case .inPacket(var known) = state else { return }
        start.reception.join(zone.reception)
        heldFrame = zone.frame
        var position = 0
        while known == nil {
            switch PacketBoundary.peek(held.span, at: 0, end: held.count) {
            case .packet(let length): known = length
            case .incomplete:
                guard position < end else { return }
                held.append(octets[position])
                heldOwn += zone.own(position..<position + 1)
                position += 1
            case .version, .length:
                // The version was looked at before anything was held: it is the length.
                drop(.packetLength, "The packet's length cannot be.", zone.frame, &ledger, &sink)
                state = .searching
                let rule = "The octets follow a packet whose length cannot be."
                skip(position..<end, .packetLength, rule, zone, &ledger, &sink)
                return
            }
        }
        guard let length = known else { return }
        let taken = min(length - held.count, end - position)
        held.append(octets.extracting(position..<position + taken))
        heldOwn += zone.own(position..<position + taken)
        guard held.count == length else {
            state = .inPacket(length: length)
            return
        }
        state = .betweenPackets
        // The packet steps aside while its counts change; no copy.
        var packet: [UInt8] = []
        swap(&packet, &held)
        emit(packet.span, from: start, lastFrame: zone.frame, &sink)
        packet.removeAll(keepingCapacity: true)
        swap(&packet, &held)
        walk(octets, from: position + taken, to: end, zone, &ledger, &sink)
    }

    /// Takes packets from a place where one starts; holds the last one if it goes on in the next zone.
    mutating func walk(
        _ octets: Span<UInt8>,
        from first: Int,
        to end: Int,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        var position = first
        while position < end {
            switch PacketBoundary.peek(octets, at: position, end: end) {
            case .packet(let length) where length <= end - position:
                emit(octets.extracting(position..<position + length), from: zone, lastFrame: zone.frame, &sink)
                position += length
            case .packet(let length):
                hold(octets, position..<end, length, zone)
                return
            case .incomplete:
                hold(octets, position..<end, nil, zone)
                return
            case .version(let version):
                state = .searching
                let rule = "No packet has the version number \(version)."
                skip(position..<end, .packetVersion, rule, zone, &ledger, &sink)
                return
            case .length(let length):
                state = .searching
                let rule = "No packet here can be \(length) octets long."
                skip(position..<end, .packetLength, rule, zone, &ledger, &sink)
                return
            }
        }
    }

    private mutating func hold(_ octets: Span<UInt8>, _ range: Range<Int>, _ length: Int?, _ zone: Zone) {
        held.replace(with: octets.extracting(range))
        heldOwn = zone.own(range)
        state = .inPacket(length: length)
        start = zone
        heldOffset = zone.offset(of: range.lowerBound)
        heldFrame = zone.frame
    }

    private mutating func emit(
        _ octets: Span<UInt8>,
        from zone: Zone,
        lastFrame: Int,
        isPartial: Bool = false,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let record: PacketRecord
        if octets[0] >> 5 == SpacePacketHeader.versionNumber {
            let apid = Int(octets.uint16(at: 0) & 0x7FF)
            let sequenceCount = Int(octets.uint16(at: 2) & 0x3FFF)
            if !isPartial { statistics.count(apid: apid, sequenceCount: sequenceCount, octets: octets.count) }
            record = PacketRecord(
                spacecraft: zone.spacecraft,
                virtualChannel: zone.virtualChannel,
                apid: apid,
                sequenceCount: sequenceCount,
                isIdle: apid == 0x7FF,
                isEncapsulation: false,
                firstFrame: zone.frame,
                lastFrame: lastFrame,
                inputOffset: zone.frameOffset,
                quality: zone.reception.quality,
                markerErrors: zone.reception.markerErrors,
                isFlywheel: zone.reception.isFlywheel,
                isInverted: zone.reception.isInverted,
                gapBefore: isBehindGap,
                isPartial: isPartial
            )
        } else {
            if !isPartial { statistics.countEncapsulation(octets: octets.count) }
            record = PacketRecord(
                spacecraft: zone.spacecraft,
                virtualChannel: zone.virtualChannel,
                apid: -1,
                sequenceCount: 0,
                isIdle: octets[0] & 0x1C == 0,
                isEncapsulation: true,
                firstFrame: zone.frame,
                lastFrame: lastFrame,
                inputOffset: zone.frameOffset,
                quality: zone.reception.quality,
                markerErrors: zone.reception.markerErrors,
                isFlywheel: zone.reception.isFlywheel,
                isInverted: zone.reception.isInverted,
                gapBefore: isBehindGap,
                isPartial: isPartial
            )
        }
        isBehindGap = false
        if holdsFirst { return holdFirst(record, octets, &sink) }
        sink.packet(record, octets: octets)
    }

    /// Takes the octets of the packet in progress back from the ledger, unless they are handed on as they are.
    mutating func drop(
        _ reason: DiscardReason,
        _ rule: String,
        _ frame: Int,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard case .inPacket(let length) = state else { return }
        defer { isBehindGap = true }
        // With its length its header is known.
        if keepPartial, length != nil {
            var packet: [UInt8] = []
            swap(&packet, &held)
            emit(packet.span, from: start, lastFrame: heldFrame, isPartial: true, &sink)
            packet.removeAll(keepingCapacity: true)
            swap(&packet, &held)
            return
        }
        let entry = Discard(
            offset: heldOffset,
            length: heldOwn,
            reason: reason,
            rule: rule,
            frame: frame,
            spacecraft: start.spacecraft,
            virtualChannel: start.virtualChannel
        )
        ledger.takeBack(entry, into: &sink)
        held.removeAll(keepingCapacity: true)
    }

    /// Takes octets of a zone back from the ledger.
    mutating func skip(
        _ range: Range<Int>,
        _ reason: DiscardReason,
        _ rule: String,
        _ zone: Zone,
        _ ledger: inout Ledger,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        let entry = Discard(
            offset: zone.offset(of: range.lowerBound),
            length: zone.own(range),
            reason: reason,
            rule: rule,
            frame: zone.frame,
            spacecraft: zone.spacecraft,
            virtualChannel: zone.virtualChannel
        )
        ledger.takeBack(entry, into: &sink)
        // Where the input starts nothing is lost.
        if statistics.packets > 0 { isBehindGap = true } else if holdsFirst { opening?.hasSkipped = true }
    }
}

/// One virtual channel of one spacecraft: its frame count and its packets.
struct VirtualChannel: Sendable, Equatable {
    /// How a frame follows the one before.
    enum Continuity {
        case next
        case duplicate
        case gap(missing: Int)
        case reset
    }

    let spacecraft: Int
    let virtualChannel: Int
    var frames = 0
    var firstCount: UInt64 = 0
    var lastCount: UInt64 = 0
    var gaps = 0
    var missing = 0
    var duplicates = 0
    var resets = 0
    /// The last frame, to tell a repetition from a count that stands still.
    var lastFrame: [UInt8] = []
    var hasCarriedData = false
    /// The packets; USLP has an extractor for each further multiplexer access point.
    var extractor = PacketExtractor()
    var furtherExtractors: [Int: PacketExtractor] = [:]
    /// What waits for the segment before, if this is one of a segment.
    var opening: ChannelOpening?

    init(spacecraft: Int, virtualChannel: Int) {
        self.spacecraft = spacecraft
        self.virtualChannel = virtualChannel
    }

    /// Takes a frame's count.
    ///
    /// Channels that have carried only idle data have neither gaps nor repetitions.
    mutating func follow(_ fields: FrameFields, _ octets: Span<UInt8>, _ unit: FrameUnit) -> Continuity {
        if opening != nil { note(fields, octets, unit) }
        let continuity = continuity(of: fields, octets)
        switch continuity {
        case .duplicate:
            duplicates += 1
            return .duplicate
        case .gap(let count):
            gaps += 1
            missing += count
        case .reset: resets += 1
        case .next: break
        }
        if frames == 0 { firstCount = fields.frameCount }
        frames += 1
        lastCount = fields.frameCount
        if !fields.isIdle { hasCarriedData = true }
        if hasCarriedData || opening != nil { lastFrame.replace(with: octets) }
        return continuity
    }

    func continuity(of fields: FrameFields, _ octets: Span<UInt8>) -> Continuity {
        let modulus = fields.frameCountModulus
        guard frames > 0, modulus > 0, hasCarriedData || !fields.isIdle else { return .next }
        return Self.continuity(
            from: lastCount,
            to: fields.frameCount,
            modulus: modulus,
            isEqual: lastFrame.equals(octets)
        )
    }

    /// What a step of the count is; `isEqual` whether the frames are equal octet for octet.
    static func continuity(
        from lastCount: UInt64,
        to count: UInt64,
        modulus: UInt64,
        isEqual: @autoclosure () -> Bool
    ) -> Continuity {
        guard modulus > 0 else { return .next }
        let step = (count &- lastCount &- 1) & (modulus - 1)
        if step == 0 { return .next }
        if count == lastCount, isEqual() { return .duplicate }
        if modulus >= 1 << 24, step > modulus / 2 { return .reset }
        return .gap(missing: Int(step))
    }

    /// Drops packets in progress, because frames are missing.
    mutating func gap(frame: Int, ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        if opening != nil, opening?.firstGap == nil { opening?.firstGap = frame }
        extractor.gap(frame: frame, ledger: &ledger, into: &sink)
        for key in furtherExtractors.keys.sorted() {
            furtherExtractors[key]?.gap(frame: frame, ledger: &ledger, into: &sink)
        }
    }

    /// Takes the packet zone of the next frame.
    mutating func extract(
        _ octets: Span<UInt8>,
        pointer: FirstHeaderPointer,
        multiplexerAccessPoint: Int,
        zone: PacketExtractor.Zone,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        guard multiplexerAccessPoint > 0 else {
            return extractor.push(octets, pointer: pointer, zone: zone, ledger: &ledger, into: &sink)
        }
        if furtherExtractors[multiplexerAccessPoint] == nil {
            furtherExtractors[multiplexerAccessPoint] = newExtractor
        }
        furtherExtractors[multiplexerAccessPoint]?
            .push(octets, pointer: pointer, zone: zone, ledger: &ledger, into: &sink)
    }

    /// Drops packets in progress, because the input ends.
    mutating func finish(ledger: inout Ledger, into sink: inout (some LinkSink & ~Copyable)) {
        extractor.finish(ledger: &ledger, into: &sink)
        for key in furtherExtractors.keys.sorted() {
            furtherExtractors[key]?.finish(ledger: &ledger, into: &sink)
        }
    }

    /// The counts so far.
    var summary: LinkSummary.Channel {
        let statistics = furtherExtractors.values.map(\.statistics)
            .reduce(extractor.statistics) { $0.adding($1) }
        return LinkSummary.Channel(
            spacecraft: spacecraft,
            virtualChannel: virtualChannel,
            frames: frames,
            firstCount: Int(firstCount),
            lastCount: Int(lastCount),
            gaps: gaps,
            missing: missing,
            duplicates: duplicates,
            resets: resets,
            packets: statistics.packets,
            packetOctets: statistics.octets,
            apids: statistics.applications
        )
    }
}

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
    var hasCount = false
    /// The count of USLP frames of the other quality of service than the first frame's.
    var otherCount: UInt64?
    var isExpedited: Bool?
    /// The packets; USLP has an extractor for each further multiplexer access point and quality of service.
    var extractor: PacketExtractor
    var furtherExtractors: [Int: PacketExtractor] = [:]
    let keepPartial: Bool
    /// What waits for the segment before, if this is one of a segment.
    var opening: ChannelOpening?

    init(spacecraft: Int, virtualChannel: Int, keepPartial: Bool = false) {
        self.keepPartial = keepPartial
        extractor = PacketExtractor(keepPartial: keepPartial)
        self.spacecraft = spacecraft
        self.virtualChannel = virtualChannel
    }

    /// Takes a frame's count.
    ///
    /// Channels that have carried only idle data have neither gaps nor repetitions.
    mutating func follow(_ fields: FrameFields, _ octets: Span<UInt8>, _ unit: FrameUnit? = nil) -> Continuity {
        if opening != nil, let unit { note(fields, octets, unit) }
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
        frames += 1
        note(fields)
        if !fields.isIdle { hasCarriedData = true }
        if hasCarriedData || opening != nil { lastFrame.replace(with: octets) }
        return continuity
    }

    /// Notes the count of a frame that has one.
    private mutating func note(_ fields: FrameFields) {
        guard fields.frameCountModulus > 0 else { return }
        note(count: fields.frameCount, isExpedited: fields.isExpedited)
    }

    /// Notes a count; the first one tells which quality of service is the channel's own.
    mutating func note(count: UInt64, isExpedited: Bool) {
        if isExpedited != (self.isExpedited ?? isExpedited) {
            otherCount = count
            return
        }
        if !hasCount { firstCount = count }
        hasCount = true
        self.isExpedited = isExpedited
        lastCount = count
    }

    /// The count that a frame's count is to follow.
    func countBefore(_ fields: FrameFields) -> UInt64? { countBefore(isExpedited: fields.isExpedited) }

    /// The last count of a quality of service.
    func countBefore(isExpedited: Bool) -> UInt64? {
        guard let own = self.isExpedited, hasCount else { return nil }
        return isExpedited == own ? lastCount : otherCount
    }

    private func continuity(of fields: FrameFields, _ octets: Span<UInt8>) -> Continuity {
        let modulus = fields.frameCountModulus
        guard modulus > 0, hasCarriedData || !fields.isIdle, let lastCount = countBefore(fields) else { return .next }
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

    /// Drops packets in progress, because frames of one quality of service are missing.
    mutating func gap(
        frame: Int,
        isExpedited: Bool,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        opening?.note(gap: frame, isExpedited: isExpedited)
        if !isExpedited { extractor.gap(frame: frame, ledger: &ledger, into: &sink) }
        for key in furtherExtractors.keys.sorted() where key & 1 == (isExpedited ? 1 : 0) {
            furtherExtractors[key]?.gap(frame: frame, ledger: &ledger, into: &sink)
        }
    }

    /// Takes the packet zone of the next frame.
    mutating func extract(
        _ octets: Span<UInt8>,
        pointer: FirstHeaderPointer,
        stream: Int,
        zone: PacketExtractor.Zone,
        ledger: inout Ledger,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        guard stream > 0 else {
            return extractor.push(octets, pointer: pointer, zone: zone, ledger: &ledger, into: &sink)
        }
        if furtherExtractors[stream] == nil { furtherExtractors[stream] = newExtractor(stream) }
        furtherExtractors[stream]?
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
        // In order, because the last one tells the last sequence count.
        let statistics = furtherExtractors.sorted { $0.key < $1.key }
            .reduce(extractor.statistics) { $0.adding($1.value.statistics) }
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

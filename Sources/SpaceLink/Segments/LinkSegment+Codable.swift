/// Segments as JSON: versioned, octets in hexadecimal digits. Whatever is read is held against its bounds before use.
extension LinkSegment: Codable {
    private enum CodingKeys: String, CodingKey {
        case version
        case link
        case ledger
        case units
        case frames
        case channels
        case masterChannels
        case packets
    }

    /// The version of the form that this code writes and reads.
    public static let version = 1

    /// Writes the segment.
    public func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(Self.version, forKey: .version)
        try keys.encode(link, forKey: .link)
        try keys.encode(ledger, forKey: .ledger)
        try keys.encode(units, forKey: .units)
        try keys.encode(frames, forKey: .frames)
        try keys.encode(channels, forKey: .channels)
        try keys.encode(chains, forKey: .masterChannels)
        try keys.encodeIfPresent(packets, forKey: .packets)
    }

    /// Reads a segment.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: What the decoder throws, also where numbers contradict each other.
    public init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let version = try keys.decode(Int.self, forKey: .version)
        try decoder.require(version == Self.version, "segments of version \(version) are not known")
        link = try keys.decode(LinkDescription.self, forKey: .link)
        ledger = try keys.decode(Ledger.self, forKey: .ledger)
        units = try keys.decode(Int.self, forKey: .units)
        frames = try keys.decode(LinkSummary.Frames.self, forKey: .frames)
        channels = try keys.decode([VirtualChannel].self, forKey: .channels)
        chains = try keys.decode([Int: MasterChain].self, forKey: .masterChannels)
        packets = try keys.decodeIfPresent(WalkerSegment.self, forKey: .packets)
        do {
            try link.validate()
            try link.requireSegments()
        } catch {
            try decoder.require(false, "the link cannot be: \(error.description)")
        }
        try decoder.require((packets != nil) == (link.input == .packets), "packets are those of a file of packets")
        try decoder.require(isWithinBounds && ledger.balances, "the counts contradict each other")
        try decoder.require(channels.count <= FrameStage.channelsKept, "too many channels")
        let places = channels.map(\.place)
        try decoder.require(zip(places, places.dropFirst()).allSatisfy { $0 < $1 }, "channels are not in order")
    }

    /// Whether all numbers are such that sums of them cannot overflow.
    var isWithinBounds: Bool {
        var numbers = [units, frames.total, frames.good, frames.unchecked, frames.corrected, frames.correctedSymbols]
        numbers += [frames.uncorrectable, frames.crcFailed, frames.rejected] + frames.crcFailedIndices
        numbers += [Int(clamping: ledger.octets), Int(clamping: ledger.used)]
        numbers += ledger.discarded.values.map { Int(clamping: $0) }
        for (spacecraft, chain) in chains {
            numbers.append(spacecraft)
            for run in chain.runs {
                numbers += [run.frame ?? 0, run.frames, run.gaps, run.missing]
                guard (0..<256).contains(run.first), (0..<256).contains(run.last) else { return false }
            }
        }
        for channel in channels { numbers += channel.numbers }
        if let packets {
            numbers += [packets.count] + packets.statistics.numbers + (packets.first?.record.numbers ?? [])
        }
        return numbers.allSatisfy { (0...Bound.largest).contains($0) }
            && frames.crcFailedIndices.count <= FrameStage.indicesKept
    }
}

/// The bounds of numbers in segments.
private enum Bound {
    /// Far from what overflows, and exact in JSON of all writers.
    static let largest = 1 << 53
}

extension Decoder {
    /// Refuses what cannot be.
    fileprivate func require(_ holds: Bool, _ rule: String) throws {
        guard !holds else { return }
        throw DecodingError.dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: rule))
    }
}

/// Octets as hexadecimal digits.
private struct HexText: Codable {
    var octets: [UInt8]

    init(_ octets: [UInt8]) { self.octets = octets }

    func encode(to encoder: any Encoder) throws {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * octets.count)
        for octet in octets { text += [digits[Int(octet >> 4)], digits[Int(octet & 15)]] }
        var container = encoder.singleValueContainer()
        try container.encode(String(decoding: text, as: UTF8.self))
    }

    init(from decoder: any Decoder) throws {
        let text = Array(try decoder.singleValueContainer().decode(String.self).utf8)
        let isWhole = text.count.isMultiple(of: 2) && text.count / 2 <= PacketOpening.longest
        try decoder.require(isWhole, "octets are pairs of hexadecimal digits, at most \(PacketOpening.longest) of them")
        octets = []
        octets.reserveCapacity(text.count / 2)
        for index in stride(from: 0, to: text.count, by: 2) {
            let high = Self.value(text[index])
            let low = Self.value(text[index + 1])
            try decoder.require(high != nil && low != nil, "octets are pairs of hexadecimal digits")
            octets.append((high ?? 0) << 4 | (low ?? 0))
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        case 0x41...0x46: digit - 0x41 + 10
        default: nil
        }
    }
}

extension FrameQuality: Codable {
    /// Writes `good`, `unchecked`, `uncorrectable` or `crcFailed`, or how many symbols were corrected.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .good: try container.encode("good")
        case .corrected(let symbols): try container.encode(symbols)
        case .unchecked: try container.encode("unchecked")
        case .uncorrectable: try container.encode("uncorrectable")
        case .crcFailed: try container.encode("crcFailed")
        }
    }

    /// Reads what ``encode(to:)`` writes.
    ///
    /// - Parameter decoder: What to read from.
    /// - Throws: What the decoder throws, also for any other value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let symbols = try? container.decode(Int32.self) {
            self = .corrected(Int(symbols))
            return
        }
        let text = try container.decode(String.self)
        switch text {
        case "good": self = .good
        case "unchecked": self = .unchecked
        case "uncorrectable": self = .uncorrectable
        case "crcFailed": self = .crcFailed
        default:
            try decoder.require(false, "“\(text)” is no quality of a frame")
            self = .uncorrectable
        }
    }
}

extension VirtualChannel: Codable {
    private enum CodingKeys: String, CodingKey {
        case spacecraft
        case virtualChannel
        case frames
        case firstCount
        case lastCount
        case hasCount
        case otherCount
        case isExpedited
        case keepPartial
        case gaps
        case missing
        case duplicates
        case resets
        case lastFrame
        case hasCarriedData
        case extractor
        case furtherExtractors
        case opening
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(spacecraft, forKey: .spacecraft)
        try keys.encode(virtualChannel, forKey: .virtualChannel)
        try keys.encode(frames, forKey: .frames)
        try keys.encode(firstCount, forKey: .firstCount)
        try keys.encode(lastCount, forKey: .lastCount)
        try keys.encode(hasCount, forKey: .hasCount)
        try keys.encodeIfPresent(otherCount, forKey: .otherCount)
        try keys.encodeIfPresent(isExpedited, forKey: .isExpedited)
        try keys.encode(keepPartial, forKey: .keepPartial)
        try keys.encode(gaps, forKey: .gaps)
        try keys.encode(missing, forKey: .missing)
        try keys.encode(duplicates, forKey: .duplicates)
        try keys.encode(resets, forKey: .resets)
        try keys.encode(HexText(lastFrame), forKey: .lastFrame)
        try keys.encode(hasCarriedData, forKey: .hasCarriedData)
        try keys.encode(extractor, forKey: .extractor)
        try keys.encode(furtherExtractors, forKey: .furtherExtractors)
        try keys.encode(opening, forKey: .opening)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            spacecraft: try keys.decode(Int.self, forKey: .spacecraft),
            virtualChannel: try keys.decode(Int.self, forKey: .virtualChannel),
            keepPartial: try keys.decode(Bool.self, forKey: .keepPartial)
        )
        hasCount = try keys.decode(Bool.self, forKey: .hasCount)
        otherCount = try keys.decodeIfPresent(UInt64.self, forKey: .otherCount)
        isExpedited = try keys.decodeIfPresent(Bool.self, forKey: .isExpedited)
        frames = try keys.decode(Int.self, forKey: .frames)
        firstCount = try keys.decode(UInt64.self, forKey: .firstCount)
        lastCount = try keys.decode(UInt64.self, forKey: .lastCount)
        gaps = try keys.decode(Int.self, forKey: .gaps)
        missing = try keys.decode(Int.self, forKey: .missing)
        duplicates = try keys.decode(Int.self, forKey: .duplicates)
        resets = try keys.decode(Int.self, forKey: .resets)
        lastFrame = try keys.decode(HexText.self, forKey: .lastFrame).octets
        hasCarriedData = try keys.decode(Bool.self, forKey: .hasCarriedData)
        extractor = try keys.decode(PacketExtractor.self, forKey: .extractor)
        furtherExtractors = try keys.decode([Int: PacketExtractor].self, forKey: .furtherExtractors)
        opening = try keys.decode(ChannelOpening.self, forKey: .opening)
        try decoder.require((0...0xFFFF).contains(spacecraft) && (0..<64).contains(virtualChannel), "no such channel")
        try decoder.require(frames > 0, "a channel has frames")
        try decoder.require(furtherExtractors.keys.allSatisfy { (1..<32).contains($0) }, "no such stream of packets")
        let counts = firstCount | lastCount | (otherCount ?? 0)
        try decoder.require(counts >> 56 == 0, "no frame has such a count")
    }

    /// Numbers that are added up.
    fileprivate var numbers: [Int] {
        var numbers = [frames, gaps, missing, duplicates, resets] + extractor.numbers
        for further in furtherExtractors.values { numbers += further.numbers }
        guard let opening else { return numbers }
        numbers += [opening.firstGap ?? 0, opening.firstExpeditedGap ?? 0] + opening.doubts.map(\.missing)
        for start in opening.starts + opening.doubts.map(\.at) + (opening.first.map { [$0] } ?? []) {
            numbers += [start.frame, Int(clamping: start.offset), start.length]
        }
        return numbers
    }
}

extension ChannelOpening: Codable {
    private enum CodingKeys: String, CodingKey {
        case first
        case octets
        case starts
        case firstGap
        case firstExpeditedGap
        case doubts
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encodeIfPresent(first, forKey: .first)
        try keys.encode(HexText(octets), forKey: .octets)
        try keys.encode(starts, forKey: .starts)
        try keys.encodeIfPresent(firstGap, forKey: .firstGap)
        try keys.encodeIfPresent(firstExpeditedGap, forKey: .firstExpeditedGap)
        try keys.encode(doubts, forKey: .doubts)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let first = try keys.decode(Start.self, forKey: .first)
        self.init(
            first: first,
            octets: try keys.decode(HexText.self, forKey: .octets).octets,
            starts: try keys.decode([Start].self, forKey: .starts),
            firstGap: try keys.decodeIfPresent(Int.self, forKey: .firstGap),
            firstExpeditedGap: try keys.decodeIfPresent(Int.self, forKey: .firstExpeditedGap),
            doubts: try keys.decode([Step].self, forKey: .doubts)
        )
        try decoder.require(starts.count <= 2 && doubts.count <= Self.longest, "too many doubts")
        try decoder.require(doubts.allSatisfy { $0.countBefore >> 56 == 0 }, "no such frame count")
        for start in starts + doubts.map(\.at) + [first] {
            let isPower = start.modulus & (start.modulus &- 1) == 0 && start.modulus <= 1 << 56
            try decoder.require(start.count >> 56 == 0 && isPower, "no such frame count")
        }
    }
}

extension PacketExtractor: Codable, Equatable {
    private enum CodingKeys: String, CodingKey {
        case state
        case length
        case held
        case start
        case heldOffset
        case heldOwn
        case heldFrame
        case keepPartial
        case isBehindGap
        case statistics
        case opening
        case isUndetermined
        case holdsFirst
    }

    private enum StateName: String, Codable {
        case searching
        case betweenPackets
        case inPacket
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        switch state {
        case .searching: try keys.encode(StateName.searching, forKey: .state)
        case .betweenPackets: try keys.encode(StateName.betweenPackets, forKey: .state)
        case .inPacket(let length):
            try keys.encode(StateName.inPacket, forKey: .state)
            try keys.encodeIfPresent(length, forKey: .length)
            try keys.encode(HexText(held), forKey: .held)
            try keys.encode(start, forKey: .start)
            try keys.encode(heldOffset, forKey: .heldOffset)
            try keys.encode(heldOwn, forKey: .heldOwn)
            try keys.encode(heldFrame, forKey: .heldFrame)
        }
        try keys.encode(keepPartial, forKey: .keepPartial)
        try keys.encode(isBehindGap, forKey: .isBehindGap)
        try keys.encode(statistics, forKey: .statistics)
        try keys.encode(opening, forKey: .opening)
        try keys.encode(isUndetermined, forKey: .isUndetermined)
        try keys.encode(holdsFirst, forKey: .holdsFirst)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(keepPartial: try keys.decode(Bool.self, forKey: .keepPartial))
        switch try keys.decode(StateName.self, forKey: .state) {
        case .searching: state = .searching
        case .betweenPackets: state = .betweenPackets
        case .inPacket:
            state = .inPacket(length: try keys.decodeIfPresent(Int.self, forKey: .length))
            held = try keys.decode(HexText.self, forKey: .held).octets
            start = try keys.decode(Zone.self, forKey: .start)
            heldOffset = try keys.decode(Int64.self, forKey: .heldOffset)
            heldOwn = try keys.decode(Int.self, forKey: .heldOwn)
            heldFrame = try keys.decode(Int.self, forKey: .heldFrame)
            try decoder.require(holdsStartOfPacket, "the packet in progress cannot be")
        }
        isBehindGap = try keys.decode(Bool.self, forKey: .isBehindGap)
        statistics = try keys.decode(PacketStatistics.self, forKey: .statistics)
        opening = try keys.decode(PacketOpening.self, forKey: .opening)
        isUndetermined = try keys.decode(Bool.self, forKey: .isUndetermined)
        holdsFirst = try keys.decode(Bool.self, forKey: .holdsFirst)
        try decoder.require(isUndetermined == (opening?.closing == nil), "what closes the start cannot be")
    }

    /// Whether the held octets and the length that is known go together.
    private var holdsStartOfPacket: Bool {
        guard !held.isEmpty, case .inPacket(let length) = state else { return false }
        switch PacketBoundary.peek(held.span, at: 0, end: held.count) {
        case .packet(let told): return (length == told || length == nil) && held.count < told
        case .incomplete: return length == nil
        case .version, .length: return false
        }
    }

    static func == (one: PacketExtractor, other: PacketExtractor) -> Bool {
        one.state == other.state && one.isBehindGap == other.isBehindGap && one.statistics == other.statistics
            && one.opening == other.opening && one.isUndetermined == other.isUndetermined
            && one.holdsFirst == other.holdsFirst && one.holdsTheSame(as: other)
    }

    /// What is held counts only while a packet is in progress.
    private func holdsTheSame(as other: PacketExtractor) -> Bool {
        guard case .inPacket = state else { return true }
        return held == other.held && start == other.start && heldOffset == other.heldOffset && heldOwn == other.heldOwn
            && heldFrame == other.heldFrame
    }

    fileprivate var numbers: [Int] {
        var numbers = statistics.numbers
        if case .inPacket = state { numbers += start.numbers + [Int(clamping: heldOffset), heldOwn, heldFrame] }
        guard let opening else { return numbers }
        numbers += [opening.firstFrame, opening.closingFrame] + (opening.first?.record.numbers ?? [])
        for kept in opening.zones + (opening.rest.map { [$0] } ?? []) { numbers += kept.zone.numbers }
        return numbers
    }
}

extension PacketExtractor.Zone: Codable {
    // Segments are of inputs whose octets are those of the frames: the scale is one.
    private enum CodingKeys: String, CodingKey {
        case spacecraft
        case virtualChannel
        case frame
        case frameOffset
        case start
        case unitLength
        case dataStart
        case escapes
        case reception
        case segmentation
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(spacecraft, forKey: .spacecraft)
        try keys.encode(virtualChannel, forKey: .virtualChannel)
        try keys.encode(frame, forKey: .frame)
        try keys.encode(frameOffset, forKey: .frameOffset)
        try keys.encode(start, forKey: .start)
        try keys.encode(unitLength, forKey: .unitLength)
        try keys.encode(dataStart, forKey: .dataStart)
        try keys.encode(escapes, forKey: .escapes)
        try keys.encode(reception, forKey: .reception)
        try keys.encode(segmentation, forKey: .segmentation)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            spacecraft: try keys.decode(Int.self, forKey: .spacecraft),
            virtualChannel: try keys.decode(Int.self, forKey: .virtualChannel),
            frame: try keys.decode(Int.self, forKey: .frame),
            frameOffset: try keys.decode(Int64.self, forKey: .frameOffset),
            start: try keys.decode(Int.self, forKey: .start),
            unitLength: try keys.decode(Int.self, forKey: .unitLength),
            dataStart: try keys.decode(Int.self, forKey: .dataStart),
            escapes: try keys.decode([Int].self, forKey: .escapes),
            reception: try keys.decode(Reception.self, forKey: .reception),
            segmentation: try keys.decode(PacketExtractor.Segmentation.self, forKey: .segmentation)
        )
        try decoder.require(escapes.count <= 1 << 17, "too many escapes")
    }

    fileprivate var numbers: [Int] {
        [spacecraft, virtualChannel, frame, Int(clamping: frameOffset), start, unitLength, dataStart]
            + [reception.markerErrors] + escapes
    }
}

extension PacketRecord {
    fileprivate var numbers: [Int] { [firstFrame, lastFrame, Int(clamping: inputOffset), markerErrors] }
}

extension PacketOpening: Codable {
    private enum CodingKeys: String, CodingKey {
        case firstFrame
        case zones
        case closing
        case closingFrame
        case rest
        case first
        case hasSkipped
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(firstFrame, forKey: .firstFrame)
        try keys.encode(zones, forKey: .zones)
        try keys.encodeIfPresent(closing, forKey: .closing)
        try keys.encode(closingFrame, forKey: .closingFrame)
        try keys.encodeIfPresent(rest, forKey: .rest)
        try keys.encodeIfPresent(first, forKey: .first)
        try keys.encode(hasSkipped, forKey: .hasSkipped)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            firstFrame: try keys.decode(Int.self, forKey: .firstFrame),
            zones: try keys.decode([DeferredZone].self, forKey: .zones),
            closing: try keys.decodeIfPresent(Closing.self, forKey: .closing),
            closingFrame: try keys.decode(Int.self, forKey: .closingFrame),
            rest: try keys.decodeIfPresent(DeferredZone.self, forKey: .rest),
            first: try keys.decodeIfPresent(DeferredPacket.self, forKey: .first),
            hasSkipped: try keys.decode(Bool.self, forKey: .hasSkipped)
        )
        try decoder.require(octets <= 2 * Self.longest, "more octets before the first packet than a segment keeps")
        try decoder.require(rest.map { !$0.octets.isEmpty } ?? true, "the octets before the first packet cannot be")
    }
}

extension DeferredZone: Codable {
    private enum CodingKeys: String, CodingKey {
        case octets
        case pointer
        case zone
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(HexText(octets), forKey: .octets)
        if case .offset(let offset) = pointer { try keys.encode(offset, forKey: .pointer) }
        try keys.encode(zone, forKey: .zone)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        octets = try keys.decode(HexText.self, forKey: .octets).octets
        let offset = try keys.decodeIfPresent(Int.self, forKey: .pointer)
        pointer = offset.map { .offset($0) } ?? .none
        zone = try keys.decode(PacketExtractor.Zone.self, forKey: .zone)
        try decoder.require((0...0xFFFF).contains(offset ?? 0), "no first header pointer is so large")
    }
}

extension DeferredPacket: Codable {
    private enum CodingKeys: String, CodingKey {
        case record
        case octets
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(record, forKey: .record)
        try keys.encode(HexText(octets), forKey: .octets)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        record = try keys.decode(PacketRecord.self, forKey: .record)
        octets = try keys.decode(HexText.self, forKey: .octets).octets
        try decoder.require(!octets.isEmpty && (-1...2047).contains(record.apid), "the first packet cannot be")
    }
}

extension WalkerSegment: Codable {
    private enum CodingKeys: String, CodingKey {
        case count
        case statistics
        case isBehindGap
        case first
        case holdsFirst
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(count, forKey: .count)
        try keys.encode(statistics, forKey: .statistics)
        try keys.encode(isBehindGap, forKey: .isBehindGap)
        try keys.encodeIfPresent(first, forKey: .first)
        try keys.encode(holdsFirst, forKey: .holdsFirst)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            count: try keys.decode(Int.self, forKey: .count),
            statistics: try keys.decode(PacketStatistics.self, forKey: .statistics),
            isBehindGap: try keys.decode(Bool.self, forKey: .isBehindGap),
            first: try keys.decodeIfPresent(DeferredPacket.self, forKey: .first),
            holdsFirst: try keys.decode(Bool.self, forKey: .holdsFirst)
        )
    }
}

extension PacketStatistics: Codable, Equatable {
    private enum CodingKeys: String, CodingKey {
        case packets
        case octets
        case apids
    }

    func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(packets, forKey: .packets)
        try keys.encode(octets, forKey: .octets)
        try keys.encode(applications, forKey: .apids)
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let applications = try keys.decode([LinkSummary.Application].self, forKey: .apids)
        let apids = applications.map(\.apid)
        try decoder.require(Set(apids).count == apids.count, "an application process stands twice")
        try decoder.require(apids.allSatisfy { (0..<2048).contains($0) }, "no application process has such a number")
        let sequences = applications.flatMap { [$0.firstSequence, $0.lastSequence] }
        try decoder.require(sequences.allSatisfy { (0..<1 << 14).contains($0) }, "no packet has such a sequence count")
        self.init(
            packets: try keys.decode(Int.self, forKey: .packets),
            octets: try keys.decode(Int.self, forKey: .octets),
            applications: applications
        )
    }

    /// Equal counts, in whatever order they came up.
    static func == (one: PacketStatistics, other: PacketStatistics) -> Bool {
        one.packets == other.packets && one.octets == other.octets && one.applications == other.applications
    }

    fileprivate var numbers: [Int] {
        [packets, octets] + applications.flatMap { [$0.packets, $0.octets, $0.gaps, $0.missing] }
    }
}

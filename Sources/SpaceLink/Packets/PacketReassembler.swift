/// Joins the segments of packets that were sent in parts.
///
/// CCSDS 133.0-B, Sequence Flags: a group is a first packet, continuation packets and a last one, of one application
/// process and with sequence counts that follow each other.
/// ```
/// │ header 01 │ data a │ header 00 │ data b │ header 10 │ data c │   three packets
/// │ header 11 │ data a │ data b │ data c │                         one unit
/// ```
/// The unit is a packet again: the primary header of the first one, marked as unsegmented and with the length of the
/// whole; its data field; and the data fields of the others, without their secondary headers if ``secondaryHeaderLength``
/// says how long those are. Its record tells the worst of its segments.
///
/// Packets that stand alone, idle packets and encapsulation packets pass through. A missing segment, or one out of
/// order, drops the whole group, which the sink is told; so does a gap within a segment. What is held is bounded by
/// ``longestUnit`` for each group, and by ``longestHeld`` and ``groupLimit`` for all: beyond these the oldest group goes.
///
/// The reassembler stands behind a ``LinkDecoder``, whose ledger does not change: segments that are dropped were used.
public struct PacketReassembler: Sendable {
    private struct Key: Hashable {
        var spacecraft: Int
        var virtualChannel: Int
        var apid: Int
    }

    private struct Group {
        var record: PacketRecord
        var octets: [UInt8]
        var nextSequence: Int
        /// The octets of the segments themselves.
        var received: Int
    }

    /// The octets of the secondary header that segments behind the first repeat; they are left out of the unit.
    public let secondaryHeaderLength: Int
    /// The octets of the longest unit; a longer one is dropped.
    ///
    /// Units longer than a packet can say have the greatest value in their length field; those who set this greater
    /// must go by the octets they are given.
    public let longestUnit: Int
    /// The most octets that are held for all groups together.
    public let longestHeld: Int

    /// The most groups that are open at a time, so that garbage of all addresses cannot fill the memory.
    public static let groupLimit = 1024

    private var groups: [Key: Group] = [:]
    private var held = 0
    /// Units that were joined.
    public private(set) var joined = 0
    /// Packets that were dropped.
    public private(set) var dropped = 0

    /// Makes a reassembler that holds nothing.
    ///
    /// - Parameters:
    ///   - secondaryHeaderLength: The octets of the secondary header that segments behind the first repeat.
    ///   - longestUnit: The octets of the longest unit; by default those of the longest packet.
    ///   - longestHeld: The most octets that are held for all groups together.
    public init(
        secondaryHeaderLength: Int = 0,
        longestUnit: Int = SpacePacketHeader.longestPacket,
        longestHeld: Int = 1 << 26
    ) {
        self.secondaryHeaderLength = max(0, secondaryHeaderLength)
        self.longestUnit = longestUnit
        self.longestHeld = longestHeld
    }

    /// Takes the next packet.
    ///
    /// - Parameters:
    ///   - packet: What is known of it.
    ///   - octets: The packet from its primary header on.
    ///   - sink: Takes packets and units, and is told of dropped segments.
    public mutating func push(
        _ packet: PacketRecord,
        octets: Span<UInt8>,
        into sink: inout (some LinkSink & ~Copyable)
    ) {
        guard !packet.isIdle, !packet.isEncapsulation, octets.count >= SpacePacketHeader.length else {
            return sink.packet(packet, octets: octets)
        }
        let key = Key(spacecraft: packet.spacecraft, virtualChannel: packet.virtualChannel, apid: packet.apid)
        let flags = SpacePacketHeader.SequenceFlags(rawValue: octets[2] >> 6) ?? .unsegmented
        switch flags {
        case .unsegmented:
            drop(key, .withoutLast, &sink)
            sink.packet(packet, octets: octets)
        case .first:
            drop(key, .withoutLast, &sink)
            start(key, packet, octets, &sink)
        case .continuation, .last:
            guard let group = groups[key] else { return dropSegment(.withoutFirst, packet, octets, &sink) }
            guard group.nextSequence == packet.sequenceCount else {
                drop(key, .missingSegment, &sink)
                return dropSegment(.missingSegment, packet, octets, &sink)
            }
            add(key, packet, octets, isLast: flags == .last, &sink)
        }
    }

    /// Ends the input: groups that are not complete are dropped, in the order in which they began.
    ///
    /// - Parameter sink: Is told of them.
    public mutating func finish(into sink: inout (some LinkSink & ~Copyable)) {
        let keys = groups.sorted { Self.precedes($0, $1) }.map(\.key)
        for key in keys { drop(key, .unfinished, &sink) }
    }

    private static func precedes(_ left: (key: Key, value: Group), _ right: (key: Key, value: Group)) -> Bool {
        (left.value.record.inputOffset, left.key.spacecraft, left.key.virtualChannel, left.key.apid)
            < (right.value.record.inputOffset, right.key.spacecraft, right.key.virtualChannel, right.key.apid)
    }

    private mutating func start(
        _ key: Key,
        _ packet: PacketRecord,
        _ octets: Span<UInt8>,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard !packet.isPartial else { return dropSegment(.partialSegment, packet, octets, &sink) }
        var group = Group(
            record: packet,
            octets: [],
            nextSequence: (packet.sequenceCount + 1) % SpacePacketHeader.sequenceModulus,
            received: octets.count
        )
        group.octets.append(octets)
        held += octets.count
        groups[key] = group
        bound(&sink)
    }

    private mutating func add(
        _ key: Key,
        _ packet: PacketRecord,
        _ octets: Span<UInt8>,
        isLast: Bool,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        // The group steps out while it grows; no copy.
        guard var group = groups.removeValue(forKey: key) else { return }
        let hasSecondaryHeader = octets[0] & 0x08 != 0
        let start = SpacePacketHeader.length + (hasSecondaryHeader ? secondaryHeaderLength : 0)
        if start < octets.count { group.octets.append(octets.extracting(start..<octets.count)) }
        held += max(0, octets.count - start)
        group.nextSequence = (packet.sequenceCount + 1) % SpacePacketHeader.sequenceModulus
        group.received += octets.count
        group.record.join(packet)
        groups[key] = group
        guard !packet.isPartial else { return drop(key, .partialSegment, &sink) }
        guard group.octets.count <= longestUnit else { return drop(key, .tooLong, &sink) }
        guard isLast else { return bound(&sink) }
        groups[key] = nil
        held -= group.octets.count
        Self.complete(&group.octets)
        joined += 1
        sink.packet(group.record, octets: group.octets.span)
    }

    /// Says in the header that the packet stands alone, and how long it is.
    private static func complete(_ octets: inout [UInt8]) {
        octets[2] |= 0xC0
        let length = UInt16(clamping: octets.count - SpacePacketHeader.length - 1)
        octets[4] = UInt8(length >> 8)
        octets[5] = UInt8(length & 0xFF)
    }

    /// Drops the oldest groups while too much is held.
    private mutating func bound(_ sink: inout (some LinkSink & ~Copyable)) {
        while held > longestHeld || groups.count > Self.groupLimit,
            let oldest = groups.min(by: { Self.precedes($0, $1) })?.key
        {
            drop(oldest, .tooLong, &sink)
        }
    }

    private mutating func drop(
        _ key: Key,
        _ reason: DroppedSegments.Reason,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        guard let group = groups.removeValue(forKey: key) else { return }
        held -= group.octets.count
        tell(reason, group.record, segments: group.record.segments, octets: group.received, &sink)
    }

    private mutating func dropSegment(
        _ reason: DroppedSegments.Reason,
        _ packet: PacketRecord,
        _ octets: Span<UInt8>,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        tell(reason, packet, segments: 1, octets: octets.count, &sink)
    }

    private mutating func tell(
        _ reason: DroppedSegments.Reason,
        _ record: PacketRecord,
        segments: Int,
        octets: Int,
        _ sink: inout (some LinkSink & ~Copyable)
    ) {
        dropped += segments
        sink.droppedSegments(
            DroppedSegments(
                reason: reason,
                spacecraft: record.spacecraft,
                virtualChannel: record.virtualChannel,
                apid: record.apid,
                firstSequence: record.sequenceCount,
                segments: segments,
                octets: octets,
                inputOffset: record.inputOffset
            )
        )
    }
}

extension PacketRecord {
    /// Adds a further segment.
    fileprivate mutating func join(_ other: PacketRecord) {
        if case .corrected(let own) = quality, case .corrected(let others) = other.quality,
            other.firstFrame <= lastFrame
        {
            // The frame that both lie in must not count twice.
            quality = .corrected(max(own, others))
        } else {
            quality = quality.worst(other.quality)
        }
        lastFrame = other.lastFrame
        markerErrors = max(markerErrors, other.markerErrors)
        isFlywheel = isFlywheel || other.isFlywheel
        isInverted = isInverted || other.isInverted
        segments += 1
    }
}

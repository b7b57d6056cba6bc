public import SpaceLink

/// A virtual channel of a spacecraft.
public struct ArchiveChannel: Sendable, Hashable, Comparable {
    /// The spacecraft's identifier.
    public var spacecraft: Int
    /// The virtual channel.
    public var virtualChannel: Int

    /// Names a channel.
    public init(spacecraft: Int, virtualChannel: Int) {
        self.spacecraft = spacecraft
        self.virtualChannel = virtualChannel
    }

    /// By spacecraft, then by virtual channel.
    public static func < (left: ArchiveChannel, right: ArchiveChannel) -> Bool {
        (left.spacecraft, left.virtualChannel) < (right.spacecraft, right.virtualChannel)
    }
}

/// Which clock a range of time is of.
public enum ArchiveClock: String, Sendable, Hashable, Codable, CaseIterable {
    /// The time that packets tell.
    case onboard
    /// The time at which frames or packets were received.
    case reception
}

/// Which units are wanted; what is `nil` does not restrict.
public struct ArchiveSelection: Sendable, Hashable {
    /// Packets of these application processes; −1 stands for encapsulation packets.
    public var apids: Set<Int>?
    /// Units of these channels.
    public var channels: Set<ArchiveChannel>?
    /// From this time on, inclusive.
    public var from: TAITime?
    /// Up to this time, exclusive.
    public var until: TAITime?
    /// The clock that both times are of.
    public var clock = ArchiveClock.onboard
    /// Units of these qualities.
    public var qualities: QualityClasses?
    /// Units of these ordinals.
    public var ordinals: Range<Int64>?
    /// Whether idle packets and frames are wanted.
    public var includesIdle = true

    /// Everything.
    public init() {}

    /// Whether a unit is wanted.
    public func matches(_ unit: ArchiveUnit) -> Bool {
        if !includesIdle, unit.isIdle { return false }
        if let apids, unit.kind != .packet || !apids.contains(unit.apid) { return false }
        if let channels,
            !channels.contains(ArchiveChannel(spacecraft: unit.spacecraft, virtualChannel: unit.virtualChannel))
        {
            return false
        }
        if let qualities, !qualities.contains(QualityClasses(unit.quality)) { return false }
        if let ordinals, !ordinals.contains(unit.ordinal) { return false }
        guard from != nil || until != nil else { return true }
        guard let time = clock == .onboard ? unit.onboardTime : unit.receptionTime else { return false }
        return (from.map { time >= $0 } ?? true) && (until.map { time < $0 } ?? true)
    }

    /// Whether units that an index key stands for may be wanted.
    func mayMatch(_ key: IndexKey) -> Bool {
        // The time first: it costs least to compare, and a query looks at the keys of every chunk.
        if clock == .onboard, from != nil || until != nil,
            !key.onboard.meets(from: from?.nanoseconds, until: until?.nanoseconds)
        {
            return false
        }
        if let apids, !key.isPackets || !apids.contains(key.packetAPID) { return false }
        if let channels,
            !channels.contains(
                ArchiveChannel(spacecraft: Int(key.spacecraft), virtualChannel: Int(key.virtualChannel))
            )
        {
            return false
        }
        return qualities.map { !$0.isDisjoint(with: key.qualities) } ?? true
    }

    /// Whether an on-board time, in nanoseconds TAI, or none is enough to know that a unit is not wanted.
    func rulesOut(onboard: Int64?) -> Bool {
        guard clock == .onboard, from != nil || until != nil else { return false }
        guard let onboard else { return true }
        return (from.map { onboard < $0.nanoseconds } ?? false) || (until.map { onboard >= $0.nanoseconds } ?? false)
    }

    /// Whether the ranges of a chunk leave room for a wanted unit.
    func mayMatch(_ chunk: ChunkEntry) -> Bool {
        if let ordinals {
            let held = Int64(chunk.ordinals.lowerBound)..<Int64(chunk.ordinals.upperBound)
            guard ordinals.overlaps(held) else { return false }
        }
        guard clock == .reception, from != nil || until != nil else { return true }
        return chunk.reception.meets(from: from?.nanoseconds, until: until?.nanoseconds)
    }
}

/// What a visitor of units wants next.
public enum ArchiveStep: Sendable, Hashable {
    /// The next unit.
    case next
    /// No more.
    case stop
}

import SpaceLink

/// The channel to which a unit belongs.
struct ChannelKey: Hashable {
    let spacecraft: Int
    let virtualChannel: Int

    init(spacecraft: Int, virtualChannel: Int) {
        self.spacecraft = spacecraft
        self.virtualChannel = virtualChannel
    }

    init(_ unit: ArchiveUnit) { self.init(spacecraft: unit.spacecraft, virtualChannel: unit.virtualChannel) }
}

/// The units that gather until a chunk is written, and what the index will say of them.
struct OpenChunk {
    private struct KeyName: Hashable {
        let spacecraft: Int
        let virtualChannel: Int
        let apid: Int
        let isPackets: Bool
    }

    private(set) var firstOrdinal: UInt64
    private(set) var units: [ArchiveUnit] = []
    private(set) var octets: [UInt8] = []
    private(set) var reception = TimeSpan()
    private(set) var onboard = TimeSpan()
    private var keys: [KeyName: IndexKey] = [:]
    /// Whether a unit came whose identifiers the index has no room for.
    private var isBeyondIndex = false

    init(firstOrdinal: UInt64) { self.firstOrdinal = firstOrdinal }

    /// Begins a chunk with room for as much as another has.
    init(firstOrdinal: UInt64, roomOf other: OpenChunk) {
        self.init(firstOrdinal: firstOrdinal)
        units.reserveCapacity(other.units.count)
        octets.reserveCapacity(other.octets.count)
    }

    /// The ordinal that the next unit will have.
    var nextOrdinal: UInt64 { firstOrdinal + UInt64(units.count) }

    /// Says that the index cannot list what is in this chunk, so that it is always looked at.
    mutating func leaveOutOfIndex() { isBeyondIndex = true }

    /// What the index says, in the order of the names; `nil` if it cannot say all.
    var indexKeys: [IndexKey]? {
        guard !isBeyondIndex else { return nil }
        return keys.values.sorted {
            ($0.spacecraft, $0.virtualChannel, $0.apid, $0.isPackets ? 1 : 0)
                < ($1.spacecraft, $1.virtualChannel, $1.apid, $1.isPackets ? 1 : 0)
        }
    }

    mutating func append(_ unit: ArchiveUnit, octets: Span<UInt8>) {
        let ordinal = nextOrdinal
        units.append(unit)
        self.octets.append(span: octets)
        if let time = unit.receptionTime { reception.include(time.nanoseconds) }
        count(unit, needed: ordinal)
    }

    /// Counts a packet that became complete in this chunk of frames.
    mutating func note(_ packet: ArchiveUnit, needed: UInt64) { count(packet, needed: needed) }

    mutating func restart(firstOrdinal: UInt64) {
        self.firstOrdinal = firstOrdinal
        units.removeAll(keepingCapacity: true)
        octets.removeAll(keepingCapacity: true)
        reception = TimeSpan()
        onboard = TimeSpan()
        keys.removeAll(keepingCapacity: true)
        isBeyondIndex = false
    }

    private mutating func count(_ unit: ArchiveUnit, needed: UInt64) {
        let time = unit.onboardTime?.nanoseconds ?? TimeSpan.unknown
        onboard.include(time)
        guard let spacecraft = UInt32(exactly: unit.spacecraft), let channel = UInt16(exactly: unit.virtualChannel),
            let apid = IndexKey.apid(unit.apid)
        else {
            isBeyondIndex = true
            return
        }
        let name = KeyName(
            spacecraft: unit.spacecraft,
            virtualChannel: unit.virtualChannel,
            apid: unit.apid,
            isPackets: unit.kind == .packet
        )
        let fresh = IndexKey(
            spacecraft: spacecraft,
            virtualChannel: channel,
            apid: apid,
            isPackets: unit.kind == .packet
        )
        func add(_ key: inout IndexKey) {
            key.count &+= 1
            key.octets &+= UInt64(unit.length)
            key.qualities.formUnion(QualityClasses(unit.quality))
            key.onboard.include(time)
            key.needed = min(key.needed, needed)
        }
        add(&keys[name, default: fresh])
    }
}

/// Which ordinals the frames have that a packet came in, and from where on it can be rebuilt alone.
struct FrameOrdinals {
    private struct Channel {
        var firstOrdinal: UInt64
        /// Frames that say where a packet begins, so that decoding can start with them; later ones last.
        var entries: [UInt64] = []
        /// The frame with which the channel's last packet became complete.
        var lastEnd: UInt64?
    }

    /// Frames that are remembered; a packet that began before them is looked for from its channel's start.
    private static let memory = 1 << 16

    private var indices: [Int] = []
    private var firstOrdinal: UInt64 = 0
    private var channels: [ChannelKey: Channel] = [:]

    mutating func append(_ frame: FrameRecord, ordinal: UInt64) {
        let key = ChannelKey(spacecraft: frame.spacecraft, virtualChannel: frame.virtualChannel)
        let isEntry = if case .offset? = frame.firstHeaderPointer { true } else { false }
        append(index: frame.index, of: key, isEntry: isEntry, ordinal: ordinal)
    }

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - index: By which packets name it.
    ///   - key: Its channel.
    ///   - isEntry: Whether it says where a packet begins in it.
    ///   - ordinal: Its ordinal.
    mutating func append(index: Int, of key: ChannelKey, isEntry: Bool, ordinal: UInt64) {
        if let last = indices.last, index <= last { indices.removeAll() }  // another input begins
        FrameOrdinals.trim(&indices) { firstOrdinal += UInt64($0) }
        if indices.isEmpty { firstOrdinal = ordinal }
        indices.append(index)
        func add(_ channel: inout Channel) {
            guard isEntry else { return }
            FrameOrdinals.trim(&channel.entries) { _ in }
            channel.entries.append(ordinal)
        }
        add(&channels[key, default: Channel(firstOrdinal: ordinal)])
    }

    /// The first ordinal from which decoding gives this packet just as decoding from the start does.
    ///
    /// That is a frame that says where a packet begins, and lies before both the frame where this packet begins and the
    /// one with which the packet before it on its channel became complete: so a gap between the two is seen again.
    mutating func needed(for packet: ArchiveUnit) -> UInt64 {
        let key = ChannelKey(packet)
        guard var channel = channels[key] else { return 0 }
        defer { channels[key] = channel }
        let end = ordinal(of: packet.lastFrame)
        defer { channel.lastEnd = end ?? channel.lastEnd }
        guard let first = ordinal(of: packet.firstFrame), let before = channel.lastEnd,
            let index = channel.entries.lastIndex(where: { $0 < min(first, before) })
        else { return channel.firstOrdinal }
        if index > 256 {  // later packets of the channel need nothing before this one did; not each time, for speed
            channel.entries.removeFirst(index)
            return channel.entries[0]
        }
        return channel.entries[index]
    }

    private static func trim<Value>(_ values: inout [Value], _ removed: (Int) -> Void) {
        guard values.count >= 2 * memory else { return }
        values.removeFirst(memory)
        removed(memory)
    }

    private func ordinal(of index: Int) -> UInt64? {
        var low = 0
        var high = indices.count
        while low < high {
            let middle = (low + high) / 2
            if indices[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low < indices.count && indices[low] == index ? firstOrdinal + UInt64(low) : nil
    }
}

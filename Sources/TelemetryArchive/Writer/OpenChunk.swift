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
        let spacecraft: UInt32
        let virtualChannel: UInt16
        let apid: UInt16
        let isPackets: Bool

        /// Where it is looked for first: of the few that a chunk has, hardly two share a place.
        var slot: Int { Int(apid &+ virtualChannel &* 7) & (OpenChunk.slots - 1) }
    }

    /// Names that are found without a dictionary, which would be most of the work of counting.
    private static let slots = 64

    private(set) var firstOrdinal: UInt64
    private(set) var units: [ArchiveUnit] = []
    private(set) var octets: [UInt8] = []
    private(set) var reception = TimeSpan()
    private(set) var onboard = TimeSpan()
    private var keys: [IndexKey] = []
    private var names: [KeyName] = []
    /// The places of all names among ``keys``.
    private var places: [KeyName: Int] = [:]
    /// The place of the last name that came to each slot.
    private var recent = [Int](repeating: 0, count: OpenChunk.slots)
    /// Whether a unit came whose identifiers the index has no room for.
    private var isBeyondIndex = false

    init(firstOrdinal: UInt64) { self.firstOrdinal = firstOrdinal }

    /// The ordinal that the next unit will have.
    var nextOrdinal: UInt64 { firstOrdinal + UInt64(units.count) }

    /// Says that the index cannot list what is in this chunk, so that it is always looked at.
    mutating func leaveOutOfIndex() { isBeyondIndex = true }

    /// What the index says, in the order of the names; `nil` if it cannot say all.
    var indexKeys: [IndexKey]? {
        guard !isBeyondIndex else { return nil }
        return keys.sorted {
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
        names.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
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
        let isPackets = unit.kind == .packet
        let name = KeyName(spacecraft: spacecraft, virtualChannel: channel, apid: apid, isPackets: isPackets)
        func add(_ key: inout IndexKey) {
            key.count &+= 1
            key.octets &+= UInt64(unit.length)
            key.qualities.formUnion(QualityClasses(unit.quality))
            key.onboard.include(time)
            key.needed = min(key.needed, needed)
        }
        add(&keys[place(of: name)])
    }

    /// Where a name's key is; a new one if it has none.
    private mutating func place(of name: KeyName) -> Int {
        let place = recent[name.slot]
        if place < names.count, names[place] == name { return place }
        let found = places[name] ?? keys.count
        if found == keys.count {
            places[name] = found
            names.append(name)
            keys.append(
                IndexKey(
                    spacecraft: name.spacecraft,
                    virtualChannel: name.virtualChannel,
                    apid: name.apid,
                    isPackets: name.isPackets
                )
            )
        }
        recent[name.slot] = found
        return found
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

import SpaceLink

/// What is in a chunk, as its units tell: what its header and an index must say of it.
struct ChunkContents: Sendable {
    let content: ArchiveContent
    let reception: TimeSpan
    let onboard: TimeSpan
    /// Stands for the keys, which may be many; `nil` if an index has no room for them.
    let keys: [UInt8]?

    init(of chunk: Chunk, content: ArchiveContent) {
        let units = chunk.units.span
        var tally = UnitTally(isPackets: content == .packets)
        var reception = TimeSpan()
        for index in 0..<units.count {
            if let time = units[index].receptionTime { reception.include(time.nanoseconds) }
            tally.count(units, index)
        }
        self.content = content
        self.reception = reception
        onboard = tally.onboard
        keys = tally.keys.map { ChunkContents.fingerprint(of: $0) }
    }

    /// Whether a header says of units what is so; in a file of frames the on-board times are those of packets besides.
    func matches(_ header: MemberHeader) -> Bool {
        var onboard = header.onboard
        if content == .frames { onboard.include(self.onboard) } else { onboard = self.onboard }
        return header.reception == reception && header.onboard == onboard
    }

    /// Whether the keys of an index are those of the units.
    ///
    /// Keys for packets in a file of frames are left out: which packets become complete in a chunk only a decode of the
    /// frames before it tells.
    func matches(_ said: [IndexKey]?) -> Bool {
        guard let said else { return true }  // anything may be in it
        return keys == ChunkContents.fingerprint(of: said.filter { content == .packets || !$0.isPackets })
    }

    private static func fingerprint(of keys: [IndexKey]) -> [UInt8] {
        var writer = OctetWriter()
        for var key in keys {
            key.needed = 0  // of use for packets in frames only
            key.encode(into: &writer)
        }
        var fingerprint = Fingerprint()
        fingerprint.push(writer.octets.span)
        return fingerprint.octets
    }
}

/// Counts units of one kind as an index does, in hardly any time beside that of reading them.
private struct UnitTally {
    private struct Name: Hashable {
        let spacecraft: Int
        let virtualChannel: Int
        let apid: Int
    }

    private struct Sum {
        let name: Name
        var count: UInt32 = 0
        var octets = 0
        var qualities: UInt8 = 0
        var onboard = TimeSpan()
    }

    private static let slots = 256

    private let isPackets: Bool
    private var sums: [Sum] = []
    /// The places of all names among the sums.
    private var places: [Name: Int] = [:]
    /// The place of the last name that came to each slot.
    private var recent = [Int](repeating: 0, count: UnitTally.slots)

    init(isPackets: Bool) { self.isPackets = isPackets }

    @inline(__always)
    mutating func count(_ units: Span<ArchiveUnit>, _ index: Int) {
        let name = Name(
            spacecraft: units[index].spacecraft,
            virtualChannel: units[index].virtualChannel,
            apid: units[index].apid
        )
        let slot = (name.apid &+ name.virtualChannel &* 37 &+ name.spacecraft) & (UnitTally.slots - 1)
        var place = recent[slot]
        if place >= sums.count || sums[place].name != name {
            place = self.place(of: name)
            recent[slot] = place
        }
        func add(_ sum: inout Sum) {
            sum.count += 1
            sum.octets += units[index].length
            sum.qualities |= QualityClasses(units[index].quality).rawValue
            if let time = units[index].onboardTime { sum.onboard.include(time.nanoseconds) }
        }
        add(&sums[place])
    }

    private mutating func place(of name: Name) -> Int {
        if let place = places[name] { return place }
        places[name] = sums.count
        sums.append(Sum(name: name))
        return sums.count - 1
    }

    /// The times of all of them.
    var onboard: TimeSpan {
        var onboard = TimeSpan()
        for sum in sums { onboard.include(sum.onboard) }
        return onboard
    }

    /// The keys in the order of their names; `nil` if an index has no room for a name.
    var keys: [IndexKey]? {
        var keys: [IndexKey] = []
        for sum in sums {
            guard let spacecraft = UInt32(exactly: sum.name.spacecraft),
                let channel = UInt16(exactly: sum.name.virtualChannel), let apid = IndexKey.apid(sum.name.apid)
            else { return nil }
            var key = IndexKey(spacecraft: spacecraft, virtualChannel: channel, apid: apid, isPackets: isPackets)
            key.count = sum.count
            key.octets = UInt64(sum.octets)
            key.qualities = QualityClasses(rawValue: sum.qualities)
            key.onboard = sum.onboard
            keys.append(key)
        }
        return keys.sorted {
            ($0.spacecraft, $0.virtualChannel, $0.apid) < ($1.spacecraft, $1.virtualChannel, $1.apid)
        }
    }
}

/// Compares indexes with the chunks that a check met before them.
///
/// Indexes list chunks in order, each once: the first one that no index before lists, and those behind it. Usually these
/// are all; a long list is written as several indexes, and a writer that was stopped between these goes on with the rest.
struct IndexCheck {
    /// Where the last index is that was compared and found right; 0 if there was none.
    private(set) var lastIndex: UInt64 = 0
    /// Chunks that were met, the latest.
    private var chunks: [(entry: ChunkEntry, contents: ChunkContents?)] = []
    /// How many of these an index has listed.
    private var listed = 0

    /// Takes a chunk; `contents` are absent if it cannot be read.
    mutating func take(_ entry: ChunkEntry, _ contents: ChunkContents?) { chunks.append((entry, contents)) }

    /// Compares an index, behind which the chunks before it are forgotten.
    ///
    /// - Parameters:
    ///   - octets: What it says.
    ///   - offset: Where it is.
    ///   - isUndamaged: Whether nothing before is damaged. If something is, it may have swallowed chunks and indexes, and
    ///     only what is said of chunks that were met is compared.
    /// - Throws: `FormatFault` if it says what is not so.
    mutating func check(_ octets: [UInt8], at offset: Int64, isUndamaged: Bool) throws(FormatFault) {
        let record = try IndexRecord(decoding: octets)
        guard record.offset == UInt64(offset), record.previous < record.offset else {
            throw FormatFault("the index does not belong here")
        }
        defer { forget(upTo: record.chunks.last?.offset ?? 0) }
        guard !isUndamaged || record.previous == lastIndex else {
            throw FormatFault("the index points to another one than the last before it")
        }
        var place = listed
        for chunk in record.chunks {
            while !isUndamaged, place < chunks.count, chunks[place].entry.offset < chunk.offset { place += 1 }
            guard place < chunks.count, chunks[place].entry.offset == chunk.offset else {
                if !isUndamaged { continue }
                throw FormatFault("the index does not list the chunks before it in order, each once")
            }
            let met = chunks[place]
            place += 1
            guard met.entry.isSamePlace(as: chunk), met.contents?.matches(chunk.keys) ?? true else {
                throw FormatFault("the index says of member \(chunk.sequence) what is not so")
            }
        }
        lastIndex = record.offset
    }

    /// What is wrong with a seal: an archive that is sealed has all of its chunks listed.
    var faultAtSeal: FormatFault? {
        guard listed < chunks.count else { return nil }
        return FormatFault("the archive is sealed and no index lists member \(chunks[listed].entry.sequence)")
    }

    private mutating func forget(upTo offset: UInt64) {
        while listed < chunks.count, chunks[listed].entry.offset <= offset { listed += 1 }
        guard 2 * listed >= chunks.count else { return }  // so that each is moved but a few times
        chunks.removeFirst(listed)
        listed = 0
    }
}

public import SpaceLink

/// What an archive holds, at a glance.
public struct ArchiveInfo: Sendable, Hashable {
    /// How much there is of one kind of unit.
    public struct Content: Sendable, Hashable {
        /// The channel.
        public var channel: ArchiveChannel
        /// The packets' application process identifier, −1 for encapsulation packets, `nil` for the channel's frames.
        public var apid: Int?
        /// Frames or packets.
        public var count: Int64
        /// Their octets.
        public var octets: Int64
        /// The least and greatest time that packets tell.
        public var onboard: ClosedRange<TAITime>?
    }

    /// Octets of the file.
    public var size: Int64
    /// Members of the file.
    public var members: Int64
    /// Chunks of units.
    public var chunks: Int64
    /// Units and their octets.
    public var totals: ArchiveTotals
    /// How the archive ends.
    public var end: ArchiveEnd
    /// The least and greatest time of reception.
    public var reception: ClosedRange<TAITime>?
    /// The least and greatest time that packets tell.
    public var onboard: ClosedRange<TAITime>?
    /// What there is of each channel and APID, in order.
    public var contents: [Content]
    /// Chunks at the end that no index describes yet; their packets are not in ``contents`` if they come in frames.
    public var unindexedChunks: Int64

    /// Octets of units for each octet of the file.
    public var ratio: Double { size > 0 ? Double(totals.octets) / Double(size) : 0 }
}

extension TimeSpan {
    /// The range as instants.
    var range: ClosedRange<TAITime>? {
        isKnown ? TAITime(nanoseconds: least)...TAITime(nanoseconds: greatest) : nil
    }
}

extension ArchiveReader {
    /// Sums up the indexes; chunks that none describes are read.
    ///
    /// - Parameter onDamage: Called for each such chunk that is damaged. Without it the damage is thrown.
    /// - Returns: The sums.
    /// - Throws: `.damaged`, or a failure of the source.
    public func info(onDamage: ((ArchiveDamage) -> Void)? = nil) throws(ArchiveError) -> ArchiveInfo {
        var reception = TimeSpan()
        var onboard = TimeSpan()
        var keys: [IndexKey: IndexKey] = [:]
        var unindexed: Int64 = 0
        for entry in chunks {
            reception.include(entry.reception)
            onboard.include(entry.onboard)
            if let known = entry.keys {
                for key in known { ArchiveInfo.add(key, to: &keys) }
            } else {
                unindexed += 1
                guard let chunk = try load(entry, onDamage: onDamage) else { continue }
                var open = OpenChunk(firstOrdinal: entry.firstOrdinal)
                var start = 0
                for unit in chunk.units {
                    open.append(unit, octets: chunk.octets.span.extracting(start..<(start + unit.length)))
                    start += unit.length
                }
                for key in open.indexKeys ?? [] { ArchiveInfo.add(key, to: &keys) }
            }
        }
        return ArchiveInfo(
            size: source.size,
            members: memberCount,
            chunks: Int64(chunks.count),
            totals: totals,
            end: end,
            reception: reception.range,
            onboard: onboard.range,
            contents: keys.values.map(ArchiveInfo.Content.init).sorted {
                ($0.channel, $0.apid ?? -1) < ($1.channel, $1.apid ?? -1)
            },
            unindexedChunks: unindexed
        )
    }
}

extension ArchiveInfo {
    /// Adds one chunk's key to the sums, which lie under the key's names alone.
    fileprivate static func add(_ key: IndexKey, to keys: inout [IndexKey: IndexKey]) {
        let name = IndexKey(
            spacecraft: key.spacecraft,
            virtualChannel: key.virtualChannel,
            apid: key.apid,
            isPackets: key.isPackets
        )
        var sum = keys[name] ?? name
        // Counts of one archive stay far below 2^64; a file that says otherwise only gets wrong sums.
        sum.octets = sum.octets &+ key.octets
        sum.needed = (sum.needed == .max ? 0 : sum.needed) &+ UInt64(key.count)
        sum.onboard.include(key.onboard)
        keys[name] = sum
    }
}

extension ArchiveInfo.Content {
    /// `needed` holds the count here, because a chunk's own has 32 bits.
    fileprivate init(_ sum: IndexKey) {
        channel = ArchiveChannel(spacecraft: Int(sum.spacecraft), virtualChannel: Int(sum.virtualChannel))
        apid = sum.isPackets ? sum.packetAPID : nil
        count = Int64(clamping: sum.needed == .max ? 0 : sum.needed)
        octets = Int64(clamping: sum.octets)
        onboard = sum.onboard.range
    }
}

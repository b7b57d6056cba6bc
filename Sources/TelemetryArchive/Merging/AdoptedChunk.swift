import ChannelCoding

/// A chunk that goes into another archive without being unpacked.
struct AdoptedChunk {
    /// What the index of the new archive says of it.
    var keys: [IndexKey]?
    /// The times that its packets tell.
    var onboard: TimeSpan
    /// The deflate stream and gzip's trailer behind it.
    let body: [UInt8]

    private let original: MemberHeader
    private let parts: [UnitTablePart]

    /// Whether its units are packed.
    var kind: MemberKind { original.kind }

    /// Reads a chunk and checks the octets that are taken over.
    ///
    /// - Parameters:
    ///   - entry: Where it is and what is expected there.
    ///   - members: The source.
    /// - Throws: `.damaged` if a checksum does not hold, or a failure of the source.
    init<Source>(_ entry: ChunkEntry, from members: MemberReader<Source>) throws(ArchiveError) {
        let offset = Int64(entry.offset)
        guard case .member(let header) = try members.find(at: offset), header.kind.holdsUnits,
            ChunkEntry(header, offset: entry.offset).isSamePlace(as: entry),
            header.memberSize <= UInt64(ArchiveLimit.memberSize)
        else { throw .damaged(ArchiveDamage(entry, .header, "another member is here than the index says")) }
        let body = try members.octets(at: offset + Int64(header.length), count: Int(header.memberSize) - header.length)
        let split = body.count - MemberHeader.trailerLength
        var check = DeflateCheck(limit: ArchiveLimit.rawSize)
        check.push(body.span.extracting(0..<split))
        if let fault = check.fault(expecting: header.deflateChecksum, trailer: Array(body[split...])) {
            throw .damaged(ArchiveDamage(entry, fault.part, fault.reason))
        }
        guard let parts = try members.tableParts(header, at: offset) else {
            throw .damaged(ArchiveDamage(entry, .units, "the table of units is not where its chunk says"))
        }
        self.parts = parts
        self.body = body
        original = header
        keys = entry.keys
        onboard = header.onboard
    }

    /// Makes keys right for another first ordinal.
    ///
    /// - Parameter distance: How much higher it is, modulo 2^64.
    mutating func moveKeys(by distance: UInt64) {
        keys = keys?.map { key in
            var key = key
            if key.needed != .max { key.needed &+= distance }
            return key
        }
    }

    /// The parts of the table of units as they are where the first of them begins at an offset.
    func tables(at offset: UInt64) -> [[UInt8]] {
        parts.map { part in
            var part = part
            part.firstPart = parts.count == 1 ? 0 : offset
            return part.encode()
        }
    }

    /// The header of the chunk in its new place.
    ///
    /// - Parameters:
    ///   - placed: Kind, sequence, first ordinal and predecessor.
    ///   - tables: The parts of the table of units, of which it has the last.
    /// - Returns: The header.
    func header(_ placed: MemberHeader, _ tables: [[UInt8]]) -> MemberHeader {
        var header = original
        header.sequence = placed.sequence
        header.firstOrdinal = placed.firstOrdinal
        header.previous = placed.previous
        header.onboard = onboard
        header.subfields = original.subfields.map { field in
            field.id == UnitTablePart.id ? Subfield(id: field.id, octets: tables.last ?? field.octets) : field
        }
        header.memberSize = UInt64(header.length + body.count)
        return header
    }
}

/// What makes two chunks the same, wherever they are.
struct ChunkSignature: Hashable {
    private let kind: MemberKind
    private let unitCount: UInt32
    private let rawSize: UInt32
    private let deflateChecksum: UInt32
    private let rawChecksum: UInt32
    /// SHA-256 of the table of units: the same octets may have come with another quality or at another time.
    private let table: [UInt8]

    /// The signature of the chunk that an index entry announced, or `nil` if that is not there.
    init?<Source>(_ entry: ChunkEntry, from members: MemberReader<Source>) throws(ArchiveError) {
        let offset = Int64(entry.offset)
        guard case .member(let header) = try members.find(at: offset), header.kind.holdsUnits,
            let parts = try members.tableParts(header, at: offset)
        else { return nil }
        kind = header.kind
        unitCount = header.unitCount
        rawSize = header.rawSize
        deflateChecksum = header.deflateChecksum
        rawChecksum = header.rawChecksum
        var fingerprint = Fingerprint()
        for part in parts { fingerprint.push(part.octets.span) }
        table = fingerprint.octets
    }
}

extension MemberReader {
    /// All parts of a chunk's table of units, or `nil` if one of them is not where it should be.
    func tableParts(_ header: MemberHeader, at offset: Int64) throws(ArchiveError) -> [UnitTablePart]? {
        guard let last = UnitTablePart(in: header), last.part + 1 == last.parts else { return nil }
        var parts: [UnitTablePart] = []
        var place = Int64(clamping: last.firstPart)
        for index in 0..<last.part {
            guard place < offset, case .member(let companion) = try find(at: place),
                let part = UnitTablePart(in: companion), part.part == index, part.parts == last.parts,
                companion.firstOrdinal == header.firstOrdinal, try isSound(companion, at: place)
            else { return nil }
            parts.append(part)
            place += Int64(companion.memberSize)
        }
        return parts + [last]
    }
}

extension UnitTablePart {
    /// The part in a member's header, if there is one that can be read.
    fileprivate init?(in header: MemberHeader) {
        guard let octets = header.subfield(UnitTablePart.id), let part = try? UnitTablePart(decoding: octets) else {
            return nil
        }
        self = part
    }
}

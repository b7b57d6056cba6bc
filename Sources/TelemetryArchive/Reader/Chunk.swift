import ChannelCoding

/// The units of one chunk, read and checked.
struct Chunk {
    /// What is known of each unit; nothing if only octets were asked for.
    let units: [ArchiveUnit]
    /// How many units there are.
    let count: Int
    let octets: [UInt8]

    /// Reads the chunk that an index entry or a header announced.
    ///
    /// - Parameters:
    ///   - entry: Where it is and what is expected there.
    ///   - members: The source.
    ///   - selection: The units that are enough. Where packets of its application processes can be read alone, only the
    ///     checksums of header and deflate stream are compared.
    ///   - content: What the archive keeps, if that is known.
    ///   - onlyOctets: Whether nothing needs to be known of units, if all are wanted.
    /// - Throws: `.damaged` if anything is not as announced, or a failure of the source.
    init<Source>(
        _ entry: ChunkEntry,
        from members: MemberReader<Source>,
        selection: ArchiveSelection = ArchiveSelection(),
        content: ArchiveContent? = nil,
        onlyOctets: Bool = false
    ) throws(ArchiveError) {
        let offset = Int64(entry.offset)
        guard case .member(let header) = try members.find(at: offset) else {
            throw .damaged(ArchiveDamage(entry, .header, "the header of the chunk does not hold"))
        }
        guard header.kind.holdsUnits || header.kind == .journal, header.sequence == entry.sequence,
            header.firstOrdinal == entry.firstOrdinal,
            header.unitCount == entry.unitCount, header.rawSize == entry.rawSize, header.memberSize == entry.size
        else { throw .damaged(ArchiveDamage(entry, .index, "another member is here than the index says")) }
        guard content == nil || content == header.content else {
            throw .damaged(ArchiveDamage(entry, .header, header.strangeness))
        }
        if entry.skippedUnits == 0, let part = try Chunk(header, at: offset, from: members, selection) {
            self = part
            return
        }
        let onlyOctets = onlyOctets && entry.skippedUnits == 0 && selection == ArchiveSelection()
        let whole = try Chunk(header, at: offset, from: members, onlyOctets: onlyOctets)
        guard entry.skippedUnits > 0 else {
            self = whole
            return
        }
        units = Array(whole.units.dropFirst(entry.skippedUnits))
        count = units.count
        octets = Array(whole.octets.dropFirst(entry.skippedOctets))
    }

    /// Reads the chunk behind a header that holds.
    init<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        from members: MemberReader<Source>,
        onlyOctets: Bool = false
    ) throws(ArchiveError) {
        (units, octets) = try Chunk.locating(header, at: offset) {
            try Chunk.parts(header, at: offset, from: members, onlyOctets: onlyOctets)
        }
        count = Int(header.unitCount)
    }

    /// Reads packets of some application processes; `nil` if they cannot be read alone.
    private init?<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        from members: MemberReader<Source>,
        _ selection: ArchiveSelection
    ) throws(ArchiveError) {
        guard let apids = selection.apids, header.kind == .packed, header.content == .packets,
            let pieces = header.subfield(PieceTable.id)
        else { return nil }
        let found = try Chunk.locating(header, at: offset) {
            try Chunk.parts(header, at: offset, from: members, pieces, apids, selection)
        }
        guard let found else { return nil }
        (units, octets) = found
        count = units.count
    }

    /// Says where a chunk is of which something does not hold.
    private static func locating<Result>(
        _ header: MemberHeader,
        at offset: Int64,
        _ body: () throws -> Result
    ) throws(ArchiveError) -> Result {
        let entry = ChunkEntry(header, offset: UInt64(offset))
        do {
            return try body()
        } catch let fault as ChunkFault {
            throw .damaged(ArchiveDamage(entry, fault.part, fault.reason))
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw .damaged(ArchiveDamage(entry, .raw, "\(error)"))
        }
    }

    private static func parts<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        from members: MemberReader<Source>,
        _ pieces: [UInt8],
        _ apids: Set<Int>,
        _ selection: ArchiveSelection
    ) throws -> ([ArchiveUnit], [UInt8])? {
        try checkSizes(header)
        let rest = try members.octets(at: offset + Int64(header.length), count: Int(header.memberSize) - header.length)
        let split = rest.count - MemberHeader.trailerLength
        let deflate = rest.span.extracting(0..<split)
        try checkDeflate(header, deflate)
        let (_, length) = try trailer(rest[split...])
        guard PackedPayload.isPossible(length, rawSize: Int(header.rawSize)) else { return nil }
        let table = try table(header, at: offset, from: members)
        let found: PartialPayload?
        do throws(FormatFault) {
            found = try PartialPayload(
                deflate,
                pieces: PieceTable(decoding: pieces, length: split),
                size: length,
                rawSize: Int(header.rawSize),
                apids: apids,
                lengths: { () throws(FormatFault) in try UnitTable.lengths(table, count: Int(header.unitCount)) }
            )
        } catch {
            throw ChunkFault(part: .raw, reason: error.reason)
        }
        guard let found, !found.units.isEmpty else { return found == nil ? nil : ([], []) }
        let part = UnitTable.Part(units: found.units, selection: selection)
        var units: [ArchiveUnit] = []
        var octets: [UInt8] = []
        do throws(FormatFault) {
            try UnitTable.decode(
                table,
                count: Int(header.unitCount),
                firstOrdinal: Int64(header.firstOrdinal),
                octets: found.octets.span,
                part: part
            ) { unit, start in
                units.append(unit)
                octets.append(span: found.octets.span.extracting(start..<(start + unit.length)))
            }
        } catch {
            throw ChunkFault(part: .units, reason: error.reason)
        }
        try requireKind(of: units, header)
        return (units, octets)
    }

    private static func kind(of header: MemberHeader) -> ArchiveUnit.Kind {
        header.content == .packets ? .packet : .frame
    }

    private static func requireKind(of units: [ArchiveUnit], _ header: MemberHeader) throws(ChunkFault) {
        let kind = kind(of: header)
        guard units.allSatisfy({ $0.kind == kind }) else {
            throw ChunkFault(part: .units, reason: "there are units of another kind")
        }
    }

    private static func parts<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        from members: MemberReader<Source>,
        onlyOctets: Bool
    ) throws -> ([ArchiveUnit], [UInt8]) {
        try checkSizes(header)
        let rest = try members.octets(at: offset + Int64(header.length), count: Int(header.memberSize) - header.length)
        let octets = try payload(header, rest)
        let table = try table(header, at: offset, from: members)
        guard onlyOctets else { return (try units(header, table, octets), octets) }
        do throws(FormatFault) {
            let kind = kind(of: header)
            try UnitTable.check(table, count: Int(header.unitCount), size: octets.count, kind: kind)
        } catch {
            throw ChunkFault(part: .units, reason: error.reason)
        }
        return ([], octets)
    }

    private static func units(
        _ header: MemberHeader,
        _ table: [UInt8],
        _ octets: [UInt8]
    ) throws(ChunkFault) -> [ArchiveUnit] {
        let units: [ArchiveUnit]
        do throws(FormatFault) {
            units = try UnitTable.decode(
                table,
                count: Int(header.unitCount),
                firstOrdinal: Int64(header.firstOrdinal),
                octets: octets.span
            )
        } catch {
            throw ChunkFault(part: .units, reason: error.reason)
        }
        try requireKind(of: units, header)
        return units
    }

    /// Refuses, before memory is taken, what no writer makes.
    private static func checkSizes(_ header: MemberHeader) throws(ChunkFault) {
        guard Int(header.rawSize) <= ArchiveLimit.rawSize, Int(header.unitCount) <= ArchiveLimit.unitCount,
            header.memberSize <= UInt64(ArchiveLimit.memberSize)
        else {
            throw ChunkFault(
                part: .header,
                reason: "the chunk announces \(header.unitCount) units of \(header.rawSize) octets in "
                    + "\(header.memberSize), more than any writer makes"
            )
        }
    }

    /// The octets of the units, with every checksum compared.
    private static func payload(_ header: MemberHeader, _ rest: [UInt8]) throws -> [UInt8] {
        let split = rest.count - MemberHeader.trailerLength
        let deflate = rest.span.extracting(0..<split)
        try checkDeflate(header, deflate)
        let (checksum, length) = try trailer(rest[split...])
        let inflated = try inflate(header, deflate, length: length)
        guard GzipCRC32.checksum(inflated.span) == checksum, inflated.count == length else {
            throw ChunkFault(part: .trailer, reason: "gzip's CRC-32 or length behind the member is wrong")
        }
        let octets = header.kind == .packed ? try unpack(inflated, header) : inflated
        guard CRC32C.checksum(octets.span) == header.rawChecksum else {
            throw ChunkFault(part: .raw, reason: "the units' octets do not match their CRC-32C")
        }
        return octets
    }

    private static func checkDeflate(_ header: MemberHeader, _ deflate: Span<UInt8>) throws(ChunkFault) {
        guard CRC32C.checksum(deflate) == header.deflateChecksum else {
            throw ChunkFault(part: .deflate, reason: "the compressed octets do not match their CRC-32C")
        }
    }

    /// gzip's checksum and length.
    private static func trailer(_ octets: ArraySlice<UInt8>) throws(FormatFault) -> (checksum: UInt32, length: Int) {
        var reader = OctetReader(octets)
        return (try reader.read(), Int(try reader.read(UInt32.self)))
    }

    /// What the deflate stream holds: the units' octets, or a payload as long as the trailer says.
    private static func inflate(_ header: MemberHeader, _ deflate: Span<UInt8>, length: Int) throws -> [UInt8] {
        let isPacked = header.kind == .packed
        guard !isPacked || PackedPayload.isPossible(length, rawSize: Int(header.rawSize)) else {
            throw ChunkFault(part: .trailer, reason: "the packed chunk announces \(length) octets, more than can be")
        }
        var inflater = Inflater()
        do {
            return try inflater.inflateWhole(deflate, expecting: isPacked ? length : Int(header.rawSize))
        } catch {
            throw ChunkFault(part: .deflate, reason: error.reason)
        }
    }

    private static func unpack(_ payload: [UInt8], _ header: MemberHeader) throws -> [UInt8] {
        do throws(FormatFault) {
            return try PackedPayload.unpack(payload, rawSize: Int(header.rawSize))
        } catch {
            throw ChunkFault(part: .raw, reason: error.reason)
        }
    }

    /// The table of units, from the member's header and those before it.
    private static func table<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        from members: MemberReader<Source>
    ) throws -> [UInt8] {
        func part(_ header: MemberHeader) throws -> UnitTablePart {
            guard let octets = header.subfield(UnitTablePart.id) else {
                throw ChunkFault(part: .units, reason: "the table of units is missing")
            }
            do { return try UnitTablePart(decoding: octets) } catch {
                throw ChunkFault(part: .units, reason: error.reason)
            }
        }
        let last = try part(header)
        guard last.part + 1 == last.parts else {
            throw ChunkFault(part: .units, reason: "the table of units does not end in its chunk's header")
        }
        var packed: [UInt8] = []
        var place = Int64(clamping: last.firstPart)
        for index in 0..<last.part {
            guard place < offset, case .member(let companion) = try members.find(at: place) else {
                throw ChunkFault(part: .units, reason: "part \(index) of the table of units is not at offset \(place)")
            }
            let piece = try part(companion)
            guard piece.part == index, piece.parts == last.parts, companion.firstOrdinal == header.firstOrdinal else {
                throw ChunkFault(part: .units, reason: "part \(index) of the table of units is of another chunk")
            }
            packed.append(contentsOf: piece.octets)
            place += Int64(companion.memberSize)
        }
        packed.append(contentsOf: last.octets)
        do throws(FormatFault) {
            return try Codec.unpack(packed, codec: last.codec, length: Int(last.length))
        } catch {
            throw ChunkFault(part: .units, reason: error.reason)
        }
    }
}

extension MemberReader {
    /// Whether the octets of a member that holds no units match its checksums.
    func isSound(_ header: MemberHeader, at offset: Int64) throws(ArchiveError) -> Bool {
        guard header.deflateLength <= 64 else { return false }
        let rest = try octets(at: offset + Int64(header.length), count: Int(header.memberSize) - header.length)
        let split = rest.count - MemberHeader.trailerLength
        return CRC32C.checksum(rest.span.extracting(0..<split)) == header.deflateChecksum
            && rest[split...].allSatisfy { $0 == 0 }
    }

    /// The chunk behind a header that holds, or what is wrong with it.
    func read(_ header: MemberHeader, at offset: Int64) throws(ArchiveError) -> ChunkReading.Outcome {
        do throws(ArchiveError) {
            let chunk = try Chunk(header, at: offset, from: self)
            let isWhole = chunk.units.count == Int(header.unitCount)
            return isWhole ? .whole(chunk) : .damaged(ArchiveDamage(header, at: offset))
        } catch {
            guard case .damaged(let damage) = error else { throw error }
            return .damaged(damage)
        }
    }

    /// What is wrong with a chunk, if anything is.
    func chunkDamage(_ header: MemberHeader, at offset: Int64) throws(ArchiveError) -> ArchiveDamage? {
        guard case .damaged(let damage) = try read(header, at: offset) else { return nil }
        return damage
    }
}

extension ArchiveDamage {
    /// What is wrong with the chunk of an index entry.
    init(_ entry: ChunkEntry, _ part: Part, _ detail: String) {
        self.init(
            offset: Int64(entry.offset),
            length: Int64(clamping: entry.size),
            sequence: entry.sequence,
            part: part,
            detail: detail
        )
    }
}

/// What does not hold in a chunk.
struct ChunkFault: Error {
    let part: ArchiveDamage.Part
    let reason: String
}

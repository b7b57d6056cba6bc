/// Finds members in a source and reads them, believing nothing that is not checked.
struct MemberReader<Source: ArchiveSource> {
    /// What is at a place where a member is due.
    enum Finding {
        /// A whole member with a header that holds.
        case member(MemberHeader)
        /// The source ends inside a member; the header is there if all of it is.
        case cut(MemberHeader?)
        /// No member.
        case invalid(FormatFault)
        /// The end of the source.
        case end
    }

    let source: Source

    /// Exactly these octets.
    ///
    /// - Throws: `.storage` if the source gives fewer, because sizes were checked against its own before.
    func octets(at offset: Int64, count: Int) throws(ArchiveError) -> [UInt8] {
        var buffer: [UInt8] = []
        try source.read(at: offset, into: &buffer, count: count)
        guard buffer.count == count else {
            throw .storage(
                operation: "read",
                reason: "\(buffer.count) octets came of the \(count) at offset \(offset)"
            )
        }
        return buffer
    }

    /// Looks for a member at a place.
    func find(at offset: Int64) throws(ArchiveError) -> Finding {
        let available = source.size - offset
        guard available > 0 else { return .end }
        var octets = try octets(at: offset, count: Int(min(available, 2048)))
        guard octets.count >= MemberHeader.fixedLength else {
            let seen = Array(
                (MemberHeader.magic + octets.dropFirst(10).prefix(2) + Array("PL".utf8)).prefix(octets.count)
            )
            return octets.starts(with: seen) ? .cut(nil) : .invalid(FormatFault("no member begins here"))
        }
        guard let length = MemberHeader.announcedLength(octets[...]) else {
            return .invalid(FormatFault("no member begins here"))
        }
        guard Int64(length) <= available else {
            // A header beyond the end is a cut only if the member's own size says so too.
            var reader = OctetReader(octets[20...])
            let size: UInt64 = (try? reader.read()) ?? 0
            return size > UInt64(available) && size < UInt64(Int64.max)
                ? .cut(nil) : .invalid(FormatFault("the header's length is wrong"))
        }
        if length > octets.count { octets = try self.octets(at: offset, count: length) }
        do {
            let header = try MemberHeader(decoding: octets[0..<length])
            return header.memberSize > UInt64(available) ? .cut(header) : .member(header)
        } catch {
            return .invalid(error)
        }
    }

    /// The next place at or after an offset where a whole header holds that can be one of this archive.
    ///
    /// Units may be archives themselves, with headers that hold. Such a header is believed only if its archive can have
    /// come so far: not if it counts from units that are known already, or from more members than there is room for.
    ///
    /// - Parameters:
    ///   - start: Where to begin.
    ///   - sequence: The least sequence number that is believed.
    ///   - ordinal: The least ordinal that is believed.
    ///   - within: How many octets to look at.
    /// - Returns: The offset of the header, or `nil`.
    /// - Throws: A failure of the source.
    func nextMember(
        from start: Int64,
        sequence: UInt64,
        ordinal: UInt64 = 0,
        within: Int64 = .max
    ) throws(ArchiveError) -> Int64? {
        var offset = start
        while source.size - offset >= Int64(MemberHeader.fixedLength), offset - start < within {
            let window = try octets(at: offset, count: Int(min(source.size - offset, 1 << 16)))
            let last = window.count - MemberHeader.fixedLength
            for index in 0...last where window[index] == 0x1F && window[index + 1] == 0x8B {
                guard MemberHeader.announcedLength(window[index...]) != nil else { continue }
                switch try find(at: offset + Int64(index)) {
                case .member(let header), .cut(.some(let header)):
                    let place = offset + Int64(index)
                    let room = UInt64(place - start + 1) / UInt64(MemberHeader.leastMember)
                    guard header.sequence >= sequence, header.sequence - sequence <= room,
                        header.firstOrdinal >= ordinal || !header.kind.isKnown
                    else { continue }
                    return place
                case .cut, .invalid, .end: continue
                }
            }
            offset += Int64(last + 1)
        }
        return nil
    }

    /// Where a member ends whose header does not hold, as the size in it or else gzip's checksum tells.
    ///
    /// - Parameters:
    ///   - offset: Where the member begins.
    ///   - sequence: Its sequence number.
    /// - Returns: The offset of the member that follows, or `nil` if none is there.
    /// - Throws: A failure of the source.
    func endOfDamaged(at offset: Int64, sequence: UInt64) throws(ArchiveError) -> Int64? {
        guard source.size - offset > Int64(MemberHeader.leastMember) else { return nil }
        let head = try octets(at: offset, count: MemberHeader.fixedLength)
        var reader = OctetReader(head[20...])
        let size: UInt64? = try? reader.read()
        if let size, size < UInt64(source.size - offset), try leads(to: offset + Int64(size), sequence + 1) {
            return offset + Int64(size)
        }
        guard let length = MemberHeader.announcedLength(head[...]),
            let end = try endOfStream(from: offset + Int64(length)), try leads(to: end, sequence + 1)
        else { return nil }
        return end
    }

    /// Whether a member of that number begins at an offset.
    private func leads(to offset: Int64, _ sequence: UInt64) throws(ArchiveError) -> Bool {
        switch try find(at: offset) {
        case .member(let header), .cut(.some(let header)): header.sequence == sequence
        case .cut, .invalid, .end: false
        }
    }

    /// Where a deflate stream and its trailer end, if gzip's checksum and length are right.
    private func endOfStream(from start: Int64) throws(ArchiveError) -> Int64? {
        var inflater = Inflater()
        var checksum = GzipCRC32()
        var length = 0
        var place = start
        while !inflater.isFinished {
            guard length <= ArchiveLimit.rawSize, source.size > place else { return nil }
            let piece = try octets(at: place, count: Int(min(source.size - place, 1 << 16)))
            var output: [UInt8] = []
            guard let used = try? inflater.push(piece.span, into: &output, room: 1 << 18),
                used > 0 || !output.isEmpty || inflater.isFinished
            else { return nil }
            checksum.push(output.span)
            length += output.count
            place += Int64(used)
        }
        guard source.size - place >= Int64(MemberHeader.trailerLength) else { return nil }
        var expected = OctetWriter()
        expected.put(checksum.value)
        expected.put(UInt32(truncatingIfNeeded: length))
        let trailer = try octets(at: place, count: MemberHeader.trailerLength)
        return trailer == expected.octets ? place + Int64(trailer.count) : nil
    }
}

/// Walks from member to member, and over damage to the next.
struct MemberWalk<Source: ArchiveSource> {
    /// What the walk meets.
    enum Event {
        case member(MemberHeader, offset: Int64)
        case damage(ArchiveDamage)
        /// The source ends inside the member that begins here.
        case cut(offset: Int64)
    }

    let reader: MemberReader<Source>
    private var offset: Int64 = 0
    private var sequence: UInt64 = 0
    /// The ordinal behind the last unit that was met.
    private var ordinal: UInt64 = 0

    init(_ reader: MemberReader<Source>) { self.reader = reader }

    /// The next event, or `nil` at the end.
    mutating func next() throws(ArchiveError) -> Event? {
        switch try reader.find(at: offset) {
        case .end: return nil
        case .member(let header):
            defer {
                offset += Int64(header.memberSize)
                sequence = header.sequence + 1
                ordinal = header.firstOrdinal &+ UInt64(header.unitCount)
            }
            return .member(header, offset: offset)
        case .cut:
            defer { offset = reader.source.size }
            return .cut(offset: offset)
        case .invalid(let fault):
            if let version = fault.version { throw .unsupportedVersion(offset: offset, version: version) }
            let next = try place(behind: offset)
            defer {
                offset = next
                sequence += 1
            }
            return .damage(
                ArchiveDamage(
                    offset: offset,
                    length: next - offset,
                    sequence: sequence,
                    part: .header,
                    detail: fault.reason
                )
            )
        }
    }

    /// Where the next member begins behind one that does not hold.
    private func place(behind offset: Int64) throws(ArchiveError) -> Int64 {
        if let end = try reader.endOfDamaged(at: offset, sequence: sequence) { return end }
        let next = try reader.nextMember(from: offset + 1, sequence: sequence, ordinal: ordinal)
        return next ?? reader.source.size
    }
}

import ChannelCoding

/// A piece of the raw input from which an archive was made, kept beside the units that came of it.
///
/// Its octets are deflated as they are. The subfield `PN` says where they lay:
/// ```
///  0  version u8 = 1, reserved [7]
///  8  offset u64      octets of the input before
/// ```
struct InputPiece: Hashable, Sendable {
    static let id = "PN"
    /// Octets of a piece.
    static let limit = 1 << 20

    var offset: Int64

    /// What the header says of the place.
    var subfield: Subfield {
        var place = OctetWriter()
        place.put(UInt64(1))  // the version and seven reserved octets
        place.put(UInt64(max(offset, 0)))
        return Subfield(id: InputPiece.id, octets: place.octets)
    }

    /// The whole member of a piece.
    ///
    /// - Parameters:
    ///   - header: Kind, sequence, first ordinal and predecessor.
    ///   - octets: The piece.
    ///   - level: How hard zlib tries.
    /// - Returns: The member.
    /// - Throws: `.limit` if the piece is too long.
    func member(_ header: MemberHeader, _ octets: Span<UInt8>, level: Int) throws(ArchiveError) -> [UInt8] {
        guard octets.count <= InputPiece.limit else {
            throw .limit(
                what: "length of a piece of input",
                value: Int64(octets.count),
                limit: Int64(InputPiece.limit)
            )
        }
        var header = header
        header.rawSize = UInt32(octets.count)
        header.rawChecksum = CRC32C.checksum(octets)
        header.subfields = [subfield]
        var deflater = Deflater(level: level)
        var deflate: [UInt8] = []
        try deflater.compress(octets, into: &deflate)
        return try Member.encode(&header, deflate: deflate, inflated: octets)
    }

    /// Reads where a piece lay.
    init(decoding octets: [UInt8]) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the input's place is of an unknown version") }
        _ = try reader.read(octets: 7)
        guard let offset = Int64(exactly: try reader.read(UInt64.self)) else {
            throw FormatFault("the input's place is beyond 63 bits")
        }
        self.offset = offset
    }

    init(offset: Int64) { self.offset = offset }
}

extension ArchiveReader {
    /// Visits the raw input that was kept, piece by piece.
    ///
    /// - Parameters:
    ///   - onDamage: Called for each piece that is damaged or missing, which is then left out. Without it the damage is
    ///     thrown.
    ///   - body: Takes each piece and where it lay.
    /// - Returns: How many octets of it there are; `nil` if none was kept.
    /// - Throws: `.damaged`, a failure of the source, or what `body` throws.
    @discardableResult
    public func forEachInputPiece(
        onDamage: ((ArchiveDamage) -> Void)? = nil,
        _ body: (Int64, Span<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) -> Int64? {
        let members = MemberReader(source: source)
        var walk = MemberWalk(members)
        var count: Int64?
        var next: Int64 = 0
        while let event = try walk.next() {
            guard case .member(let header, let offset) = event, header.kind == .input else { continue }
            let place = ArchiveDamage(header, at: offset)
            count = count ?? 0
            switch try members.inputPiece(header, at: offset) {
            case .failure(let fault): try report(place.with(fault.part, fault.reason), onDamage)
            case .success(let checked):
                let (piece, octets) = (checked.place, checked.octets)
                if piece.offset != next {
                    let detail = "octet \(next) of the input is due, and this is octet \(piece.offset)"
                    try report(place.with(.sequence, detail), onDamage)
                    guard piece.offset > next else { continue }
                }
                try body(piece.offset, octets.span)
                next = piece.offset + Int64(octets.count)
                count = (count ?? 0) + Int64(octets.count)
            }
        }
        return count
    }

    private func report(_ damage: ArchiveDamage, _ onDamage: ((ArchiveDamage) -> Void)?) throws(ArchiveError) {
        guard let onDamage else { throw .damaged(damage) }
        onDamage(damage)
    }
}

extension MemberReader {
    /// Reads a piece of input and checks it.
    func inputPiece(
        _ header: MemberHeader,
        at offset: Int64
    ) throws(ArchiveError) -> Result<CheckedPiece, ChunkFault> {
        guard header.rawSize <= UInt32(InputPiece.limit), header.memberSize <= UInt64(ArchiveLimit.memberSize) else {
            return .failure(ChunkFault(part: .header, reason: "the piece of input is longer than any writer makes it"))
        }
        let rest = try octets(at: offset + Int64(header.length), count: Int(header.memberSize) - header.length)
        let split = rest.count - MemberHeader.trailerLength
        guard CRC32C.checksum(rest.span.extracting(0..<split)) == header.deflateChecksum else {
            return .failure(ChunkFault(part: .deflate, reason: "the compressed octets do not match their CRC-32C"))
        }
        do throws(FormatFault) {
            let piece = try InputPiece(decoding: header.subfield(InputPiece.id) ?? [])
            var inflater = Inflater()
            let length = Int(header.rawSize)
            let octets = try inflater.inflateWhole(rest.span.extracting(0..<split), expecting: length)
            guard CRC32C.checksum(octets.span) == header.rawChecksum else {
                return .failure(ChunkFault(part: .raw, reason: "the input's octets do not match their CRC-32C"))
            }
            var trailer = OctetReader(rest[split...])
            guard try trailer.read() == GzipCRC32.checksum(octets.span), try trailer.read() == header.rawSize else {
                let reason = "gzip's CRC-32 or length behind the member is wrong"
                return .failure(ChunkFault(part: .trailer, reason: reason))
            }
            let adopted = AdoptedPiece(header: header, body: rest)
            return .success(CheckedPiece(place: piece, octets: octets, adopted: adopted))
        } catch {
            return .failure(ChunkFault(part: .raw, reason: error.reason))
        }
    }
}

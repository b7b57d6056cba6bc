import ChannelCoding

/// What a member holds.
struct MemberKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt8

    static let readme = MemberKind(rawValue: 1)
    static let raw = MemberKind(rawValue: 2)
    static let packed = MemberKind(rawValue: 3)
    static let index = MemberKind(rawValue: 4)
    static let seal = MemberKind(rawValue: 5)
    static let journal = MemberKind(rawValue: 6)
    static let parity = MemberKind(rawValue: 7)
    static let metadata = MemberKind(rawValue: 8)
    static let input = MemberKind(rawValue: 9)

    /// Whether units are in it, for good; a journal's are there only until a chunk holds them.
    var holdsUnits: Bool { self == .raw || self == .packed }
    /// Whether all it says is in its header.
    var isRecord: Bool { self == .readme || self == .index || self == .seal || self == .metadata }
    /// Whether this version knows what it is.
    var isKnown: Bool { (1...9).contains(rawValue) }

    var description: String {
        let names = ["readme", "raw", "packed", "index", "seal", "journal", "parity", "metadata", "input"]
        return isKnown ? names[Int(rawValue) - 1] : "kind \(rawValue)"
    }
}

/// The least and greatest time of something, in nanoseconds since 1958-01-01 TAI.
struct TimeSpan: Hashable, Sendable {
    /// Stands for an unknown time in the file.
    static let unknown = Int64.min

    private(set) var least = TimeSpan.unknown
    private(set) var greatest = TimeSpan.unknown

    init() {}

    /// Takes what a file says; a range that runs backwards is unknown.
    init(least: Int64, greatest: Int64) {
        guard least != TimeSpan.unknown, greatest >= least else { return }
        self.least = least
        self.greatest = greatest
    }

    var isKnown: Bool { least != TimeSpan.unknown }

    /// Widens the range to hold a time; an unknown one changes nothing.
    mutating func include(_ nanoseconds: Int64) {
        guard nanoseconds != TimeSpan.unknown else { return }
        least = isKnown ? min(least, nanoseconds) : nanoseconds
        greatest = max(greatest, nanoseconds)
    }

    mutating func include(_ other: TimeSpan) {
        include(other.least)
        include(other.greatest)
    }

    /// Whether some time in the range lies in `from ..< until`.
    func meets(from: Int64?, until: Int64?) -> Bool {
        isKnown && (until.map { least < $0 } ?? true) && (from.map { greatest >= $0 } ?? true)
    }
}

/// A run of octets in a gzip header, named by two letters.
struct Subfield: Hashable, Sendable {
    let id: String
    let octets: [UInt8]
}

/// The header of a member: a gzip header whose extra field begins with the subfield `PL`.
///
/// ```
///   0  1f 8b 08 04                      gzip, deflate, FLG.FEXTRA and nothing else
///   4  00 00 00 00  00  ff              MTIME none, XFL none, OS unknown
///  10  XLEN u16                         octets of extra field that follow
///  12  'P' 'L'  112 u16                 the subfield that makes it a member
///  16  version u8, kind u8, flags u16
///  20  memberSize u64                   header, deflate stream and trailer
///  28  sequence u64                     0, 1, 2, …
///  36  firstOrdinal u64                 units before this member
///  44  unitCount u32, rawSize u32       units in it, and their octets
///  52  receptionMin, Max, onboardMin, Max i64
///  84  crc32cDeflate u32                of the deflate stream
///  88  crc32cRaw u32                    of the units' octets
///  92  previousSHA256 [32]              of the whole member before, zero for the first
/// 124  headerCRC32C u32                 of octets 0 ..< 12 + XLEN, these four taken as zero
/// 128  further subfields
/// ```
/// All numbers are little-endian.
struct MemberHeader: Hashable, Sendable {
    /// Octets from the member's start to the end of `PL`.
    static let fixedLength = 128
    /// The longest header that gzip's XLEN can announce.
    static let maximumLength = 12 + 65_535
    /// gzip's CRC-32 and ISIZE.
    static let trailerLength = 8
    /// The first octets of every member.
    static let magic: [UInt8] = [0x1F, 0x8B, 0x08, 0x04, 0, 0, 0, 0, 0, 0xFF]
    /// The version of the format that this code reads and writes.
    static let version: UInt8 = 1

    var kind: MemberKind
    var flags: UInt16 = 0
    var memberSize: UInt64 = 0
    var sequence: UInt64
    var firstOrdinal: UInt64
    var unitCount: UInt32 = 0
    var rawSize: UInt32 = 0
    var reception = TimeSpan()
    var onboard = TimeSpan()
    var deflateChecksum: UInt32 = 0
    var rawChecksum: UInt32 = 0
    var previous: [UInt8] = Fingerprint.none
    /// What follows `PL`.
    var subfields: [Subfield] = []

    init(kind: MemberKind, sequence: UInt64, firstOrdinal: UInt64) {
        self.kind = kind
        self.sequence = sequence
        self.firstOrdinal = firstOrdinal
    }

    /// Octets of the header with its subfields.
    var length: Int { subfields.reduce(MemberHeader.fixedLength) { $0 + 4 + $1.octets.count } }

    /// Octets of the deflate stream.
    var deflateLength: UInt64 { memberSize - UInt64(length + MemberHeader.trailerLength) }

    /// What a member with units keeps.
    var content: ArchiveContent { flags & 1 == 1 ? .packets : .frames }

    /// Why a chunk is none of an archive that keeps the other kind of units.
    var strangeness: String { "it keeps \(content) and the archive does not" }

    /// Makes it the header of a packed chunk.
    mutating func mark(_ packed: PackedOctets) {
        kind = .packed
        guard rawSize >= PieceTable.leastChunk else { return }
        let pieces = Subfield(id: PieceTable.id, octets: packed.pieces.encode())
        if length + 4 + pieces.octets.count <= MemberHeader.maximumLength { subfields.append(pieces) }
    }

    /// The octets of the subfield of that name.
    func subfield(_ id: String) -> [UInt8]? { subfields.first { $0.id == id }?.octets }

    /// The whole gzip header.
    ///
    /// - Throws: `.limit` if the subfields are longer than a gzip header can hold.
    func encode() throws(ArchiveError) -> [UInt8] {
        guard length <= MemberHeader.maximumLength else {
            throw .limit(
                what: "length of a member's header",
                value: Int64(length),
                limit: Int64(MemberHeader.maximumLength)
            )
        }
        var writer = OctetWriter()
        writer.put(octets: MemberHeader.magic)
        writer.put(UInt16(length - 12))
        writer.put(octets: Array("PL".utf8))
        writer.put(UInt16(MemberHeader.fixedLength - 16))
        writer.put(MemberHeader.version)
        writer.put(kind.rawValue)
        writer.put(flags)
        writer.put(memberSize)
        writer.put(sequence)
        writer.put(firstOrdinal)
        writer.put(unitCount)
        writer.put(rawSize)
        for span in [reception, onboard] {
            writer.put(span.least)
            writer.put(span.greatest)
        }
        writer.put(deflateChecksum)
        writer.put(rawChecksum)
        writer.put(octets: previous)
        writer.put(UInt32(0))
        for subfield in subfields {
            writer.put(octets: Array(subfield.id.utf8))
            writer.put(UInt16(subfield.octets.count))
            writer.put(octets: subfield.octets)
        }
        var octets = writer.octets
        let checksum = CRC32C.checksum(octets.span)
        for index in 0..<4 { octets[124 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
        return octets
    }

    /// How long the header is that begins with these octets, or `nil` if none does.
    ///
    /// - Parameter octets: At least ``fixedLength`` octets; the checksum is not looked at.
    /// - Returns: Octets up to the end of the extra field.
    static func announcedLength(_ octets: ArraySlice<UInt8>) -> Int? {
        let start = octets.startIndex
        guard octets.count >= fixedLength, octets.starts(with: magic), octets[start + 12] == UInt8(ascii: "P"),
            octets[start + 13] == UInt8(ascii: "L"), octets[start + 14] == 112, octets[start + 15] == 0
        else { return nil }
        let length = 12 + Int(octets[start + 10]) + Int(octets[start + 11]) << 8
        return length >= fixedLength ? length : nil
    }

    /// Reads a whole header.
    ///
    /// - Parameter octets: Exactly the header, as ``announcedLength(_:)`` says.
    /// - Throws: `FormatFault` if the checksum or the form is wrong.
    init(decoding octets: ArraySlice<UInt8>) throws(FormatFault) {
        guard MemberHeader.announcedLength(octets) == octets.count else {
            throw FormatFault("it is no member's header")
        }
        var copy = Array(octets)
        for index in 124..<128 { copy[index] = 0 }
        var reader = OctetReader(octets.dropFirst(16))
        let version = try reader.read(UInt8.self)
        let kind = MemberKind(rawValue: try reader.read())
        flags = try reader.read()
        memberSize = try reader.read()
        sequence = try reader.read()
        firstOrdinal = try reader.read()
        unitCount = try reader.read()
        rawSize = try reader.read()
        reception = TimeSpan(least: try reader.read(), greatest: try reader.read())
        onboard = TimeSpan(least: try reader.read(), greatest: try reader.read())
        deflateChecksum = try reader.read()
        rawChecksum = try reader.read()
        previous = Array(try reader.read(octets: 32))
        guard try reader.read(UInt32.self) == CRC32C.checksum(copy.span) else {
            throw FormatFault("the header does not match its checksum")
        }
        self.kind = kind
        guard version == MemberHeader.version else {
            throw FormatFault("format version \(version) is not 1", version: Int(version))
        }
        while reader.remaining > 0 {
            let id = String(decoding: try reader.read(octets: 2), as: UTF8.self)
            subfields.append(
                Subfield(id: id, octets: Array(try reader.read(octets: Int(try reader.read(UInt16.self)))))
            )
        }
        // Zero deflate octets are no deflate stream, so a member is longer than its header and trailer.
        guard memberSize > UInt64(octets.count + MemberHeader.trailerLength), memberSize <= UInt64(Int64.max) else {
            throw FormatFault("the header announces a member of \(memberSize) octets, less than its own length")
        }
        guard sequence < UInt64(Int64.max), firstOrdinal < UInt64(Int64.max) - UInt64(UInt32.max) else {
            throw FormatFault("the header counts beyond 63 bits")
        }
    }
}

/// What an index knows of the units of one kind in one chunk.
struct IndexKey: Hashable, Sendable {
    static let length = 48

    var spacecraft: UInt32
    var virtualChannel: UInt16
    /// 0 for frames, 0xFFFF for encapsulation packets, which have none.
    var apid: UInt16
    /// Whether packets are meant, in the chunk or becoming complete in it, or else the frames of the channel.
    var isPackets: Bool
    /// The qualities that occur.
    var qualities: QualityClasses = []
    var count: UInt32 = 0
    var octets: UInt64 = 0
    var onboard = TimeSpan()
    /// The lowest ordinal of a unit that is needed to rebuild them.
    var needed = UInt64.max

    /// The APID as the link decoder has it: −1 in encapsulation packets.
    var packetAPID: Int { apid == UInt16.max ? -1 : Int(apid) }

    /// The APID as the index has it, or `nil` if it has no room for it.
    static func apid(_ packetAPID: Int) -> UInt16? {
        packetAPID == -1 ? UInt16.max : packetAPID < Int(UInt16.max) ? UInt16(exactly: packetAPID) : nil
    }

    func encode(into writer: inout OctetWriter) {
        writer.put(spacecraft)
        writer.put(virtualChannel)
        writer.put(apid)
        writer.put(UInt8(isPackets ? 1 : 0))
        writer.put(qualities.rawValue)
        writer.put(UInt16(0))
        writer.put(count)
        writer.put(octets)
        writer.put(onboard.least)
        writer.put(onboard.greatest)
        writer.put(needed)
    }

    init(spacecraft: UInt32, virtualChannel: UInt16, apid: UInt16, isPackets: Bool) {
        self.spacecraft = spacecraft
        self.virtualChannel = virtualChannel
        self.apid = apid
        self.isPackets = isPackets
    }

    init(_ reader: inout OctetReader) throws(FormatFault) {
        spacecraft = try reader.read()
        virtualChannel = try reader.read()
        apid = try reader.read()
        isPackets = try reader.read(UInt8.self) == 1
        qualities = QualityClasses(rawValue: try reader.read())
        _ = try reader.read(UInt16.self)
        count = try reader.read()
        octets = try reader.read()
        onboard = TimeSpan(least: try reader.read(), greatest: try reader.read())
        needed = try reader.read()
    }
}

/// How much indexes may say before a file of that size is taken for one that no writer made.
struct IndexAllowance {
    private var left: Int64

    /// Four times the size of the file, and one whole index.
    init(size: Int64) { left = Int64(IndexRecord.maximumLength) + min(size, .max / 8) * 4 }

    /// Takes what the keys of chunks need; says whether there was enough.
    mutating func take(_ chunks: some Sequence<ChunkEntry>) -> Bool {
        for chunk in chunks { left -= Int64(IndexKey.length * (chunk.keys?.count ?? 0)) }
        return left >= 0
    }
}

/// What an index knows of one chunk.
struct ChunkEntry: Hashable, Sendable {
    static let length = 76
    /// Octets of the least member.
    static let leastSize = UInt64(MemberHeader.fixedLength + MemberHeader.trailerLength + 1)

    var offset: UInt64
    var size: UInt64
    var sequence: UInt64
    var firstOrdinal: UInt64
    var unitCount: UInt32
    var rawSize: UInt32
    var reception: TimeSpan
    var onboard: TimeSpan
    /// What is in the chunk, or `nil` if that was not written down and anything may be.
    var keys: [IndexKey]?
    /// In which journal it is, from 1 on; 0 for the archive itself (not in the file).
    var journal = 0
    /// Units at the start of a journal's group that a chunk holds already (not in the file).
    var skippedUnits = 0
    /// Their octets.
    var skippedOctets = 0

    /// Units that count here.
    var keptUnits: Int64 { Int64(unitCount) - Int64(skippedUnits) }
    /// Their octets.
    var keptOctets: Int64 { Int64(rawSize) - Int64(skippedOctets) }

    /// The ordinals of the chunk's units.
    var ordinals: Range<UInt64> { firstOrdinal..<(firstOrdinal + UInt64(unitCount)) }

    /// Whether the keys, if there are any, count as many units of the archive's own kind and octets as the chunk has.
    ///
    /// They do in all that writers make. If not, a reader that believed them might leave the chunk out.
    func isAccountedFor(in content: ArchiveContent) -> Bool {
        guard let keys else { return true }
        var units: UInt64 = 0
        var octets: UInt64 = 0
        for key in keys where key.isPackets == (content == .packets) {
            units += UInt64(key.count)  // of 32 bits each, and no index has room for 2^32 keys
            let sum = octets.addingReportingOverflow(key.octets)
            guard !sum.overflow else { return false }
            octets = sum.partialValue
        }
        return units == UInt64(unitCount) && octets == UInt64(rawSize)
    }

    /// Whether two entries are of one chunk, whatever they say of its contents.
    func isSamePlace(as other: ChunkEntry) -> Bool {
        var other = other
        other.keys = keys
        return self == other
    }

    /// What a member's header alone tells.
    init(_ header: MemberHeader, offset: UInt64) {
        self.offset = offset
        size = header.memberSize
        sequence = header.sequence
        firstOrdinal = header.firstOrdinal
        unitCount = header.unitCount
        rawSize = header.rawSize
        reception = header.reception
        onboard = header.onboard
        keys = nil
    }

    func encode(into writer: inout OctetWriter) {
        writer.put(offset)
        writer.put(size)
        writer.put(sequence)
        writer.put(firstOrdinal)
        writer.put(unitCount)
        writer.put(rawSize)
        for span in [reception, onboard] {
            writer.put(span.least)
            writer.put(span.greatest)
        }
        writer.put(keys.map { UInt32($0.count) } ?? UInt32.max)
        for key in keys ?? [] { key.encode(into: &writer) }
    }

    init(_ reader: inout OctetReader) throws(FormatFault) {
        offset = try reader.read()
        size = try reader.read()
        sequence = try reader.read()
        firstOrdinal = try reader.read()
        unitCount = try reader.read()
        rawSize = try reader.read()
        reception = TimeSpan(least: try reader.read(), greatest: try reader.read())
        onboard = TimeSpan(least: try reader.read(), greatest: try reader.read())
        let count: UInt32 = try reader.read()
        guard firstOrdinal < UInt64(Int64.max) - UInt64(UInt32.max), offset < UInt64(Int64.max) else {
            throw FormatFault("an index counts beyond 63 bits")
        }
        guard count != UInt32.max else { return }
        guard Int(count) <= reader.remaining / IndexKey.length else { throw FormatFault("an index ends early") }
        var keys: [IndexKey] = []
        keys.reserveCapacity(Int(count))
        for _ in 0..<count { keys.append(try IndexKey(&reader)) }
        self.keys = keys
    }
}

/// The subfield `PI`: the chunks since the index before.
///
/// ```
///  0  version u8 = 1, codec u8 (0 stored, 1 raw deflate), reserved u16
///  4  offset u64                of this member
/// 12  previousIndex u64         offset of the index member before, 0 if there is none
/// 20  chunks u32, length u32    of the entries after decompression
/// 28  entries
/// ```
struct IndexRecord: Hashable, Sendable {
    static let id = "PI"
    /// No index is larger than this after decompression.
    static let maximumLength = 16 << 20

    var offset: UInt64
    var previous: UInt64
    var chunks: [ChunkEntry]

    func encode() throws(ArchiveError) -> [UInt8] {
        var entries = OctetWriter()
        for chunk in chunks { chunk.encode(into: &entries) }
        var writer = OctetWriter()
        let packed = try Codec.pack(entries.octets)
        writer.put(UInt8(1))
        writer.put(packed.codec)
        writer.put(UInt16(0))
        writer.put(offset)
        writer.put(previous)
        writer.put(UInt32(chunks.count))
        writer.put(UInt32(entries.octets.count))
        writer.put(octets: packed.octets)
        return writer.octets
    }

    init(offset: UInt64, previous: UInt64, chunks: [ChunkEntry]) {
        self.offset = offset
        self.previous = previous
        self.chunks = chunks
    }

    init(decoding octets: [UInt8]) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the index is of an unknown version") }
        let codec: UInt8 = try reader.read()
        _ = try reader.read(UInt16.self)
        offset = try reader.read()
        previous = try reader.read()
        let count: UInt32 = try reader.read()
        let length = Int(try reader.read(UInt32.self))
        guard length <= IndexRecord.maximumLength, Int(count) <= length / ChunkEntry.length,
            UInt64(count) <= offset / ChunkEntry.leastSize
        else {
            throw FormatFault("the index announces \(count) chunks in \(length) octets")
        }
        let body = try Codec.unpack(Array(try reader.read(octets: reader.remaining)), codec: codec, length: length)
        var entries = OctetReader(body)
        chunks = []
        chunks.reserveCapacity(Int(count))
        // Chunks lie one behind the other before their index: a file has room for only so many, whatever it inflates to.
        var place: UInt64 = 0
        for _ in 0..<count {
            let chunk = try ChunkEntry(&entries)
            guard chunk.offset >= place, chunk.size >= ChunkEntry.leastSize, chunk.offset < offset,
                chunk.size <= offset - chunk.offset
            else { throw FormatFault("the index names chunks that do not lie in order before it") }
            place = chunk.offset + chunk.size
            chunks.append(chunk)
        }
        guard entries.remaining == 0 else {
            throw FormatFault("\(entries.remaining) octets follow the index's entries")
        }
    }
}

/// The subfield `PE`: what the whole archive amounts to, up to here.
///
/// ```
///  0  version u8 = 1, reserved [7]
///  8  offset u64          of this member
/// 16  lastIndex u64       offset of the last index member, 0 if there is none
/// 24  metadata u64        offset of the metadata member that holds
/// 32  members u64         this one included
/// 40  chunks u64
/// 48  units u64, octets u64
/// 64  root [32]           SHA-256 of the member before; through the chain, of everything
/// ```
struct SealRecord: Hashable, Sendable {
    static let id = "PE"

    var offset: UInt64
    var lastIndex: UInt64
    var metadata: UInt64
    var members: UInt64
    var chunks: UInt64
    var units: UInt64
    var octets: UInt64
    var root: [UInt8]

    func encode() -> [UInt8] {
        var writer = OctetWriter()
        writer.put(UInt64(1))  // the version and seven reserved octets
        for number in [offset, lastIndex, metadata, members, chunks, units, octets] { writer.put(number) }
        writer.put(octets: root)
        return writer.octets
    }

    init(
        offset: UInt64,
        lastIndex: UInt64,
        metadata: UInt64,
        members: UInt64,
        chunks: UInt64,
        units: UInt64,
        octets: UInt64,
        root: [UInt8]
    ) {
        self.offset = offset
        self.lastIndex = lastIndex
        self.metadata = metadata
        self.members = members
        self.chunks = chunks
        self.units = units
        self.octets = octets
        self.root = root
    }

    init(decoding octets: [UInt8]) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the seal is of an unknown version") }
        _ = try reader.read(octets: 7)
        offset = try reader.read()
        lastIndex = try reader.read()
        metadata = try reader.read()
        members = try reader.read()
        chunks = try reader.read()
        units = try reader.read()
        self.octets = try reader.read()
        root = Array(try reader.read(octets: 32))
    }
}

/// Stored or deflated, whichever is shorter.
enum Codec {
    static func pack(_ octets: [UInt8]) throws(ArchiveError) -> (codec: UInt8, octets: [UInt8]) {
        var deflater = Deflater(level: 9)
        var packed: [UInt8] = []
        try deflater.compress(octets.span, into: &packed)
        return packed.count < octets.count ? (1, packed) : (0, octets)
    }

    static func unpack(_ octets: [UInt8], codec: UInt8, length: Int) throws(FormatFault) -> [UInt8] {
        switch codec {
        case 0:
            guard octets.count == length else {
                throw FormatFault("\(octets.count) octets are stored where \(length) are announced")
            }
            return octets
        case 1:
            var inflater = Inflater()
            return try inflater.inflateWhole(octets.span, expecting: length)
        default: throw FormatFault("there is no codec \(codec)")
        }
    }
}

import ChannelCoding
import SpaceLink

/// The subfield `PJ`: which journal of its part this is.
///
/// ```
///  0  version u8 = 1, reserved [7]
///  8  number u64      0, 1, 2, … of the part's journals
/// ```
struct JournalRecord: Hashable, Sendable {
    static let id = "PJ"

    var number: UInt64

    func encode() -> [UInt8] {
        var writer = OctetWriter()
        writer.put(UInt64(1))  // the version and seven reserved octets
        writer.put(number)
        return writer.octets
    }

    init(number: UInt64) { self.number = number }

    init(decoding octets: [UInt8]) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the journal is of an unknown version") }
        _ = try reader.read(octets: 7)
        number = try reader.read()
    }
}

/// Makes the members of one journal: a head that repeats the metadata, then one or more for each group of units.
struct JournalWriter {
    private var chain = MemberChain()
    private let content: ArchiveContent

    /// Begins a journal.
    ///
    /// - Parameters:
    ///   - number: Which of the part's journals it is.
    ///   - metadata: What the archive is about.
    ///   - firstOrdinal: Units before all of this journal's.
    ///   - octets: The head is appended here.
    /// - Throws: `.limit` for metadata beyond what a header holds.
    init(
        number: UInt64,
        metadata: ArchiveMetadata,
        firstOrdinal: UInt64,
        into octets: inout [UInt8]
    ) throws(ArchiveError) {
        content = metadata.content
        var header = chain.header(kind: .journal, firstOrdinal: firstOrdinal)
        header.flags = content == .packets ? 1 : 0
        header.subfields = [
            Subfield(id: JournalRecord.id, octets: JournalRecord(number: number).encode()),
            Subfield(id: "PM", octets: metadata.encode()),
        ]
        let member = try Member.encode(&header)
        chain.advance(over: member)
        octets.append(contentsOf: member)
    }

    /// Makes the members of a group: one, or more if the table of units is too long for one header.
    ///
    /// - Parameters:
    ///   - units: The units in order.
    ///   - firstOrdinal: The ordinal of the first of them.
    ///   - octets: Their octets.
    ///   - members: The members are appended here.
    /// - Throws: `.zlib` if it fails.
    mutating func append(
        _ units: ArraySlice<ArchiveUnit>,
        firstOrdinal: UInt64,
        octets: Span<UInt8>,
        to members: inout [UInt8]
    ) throws(ArchiveError) {
        guard !units.isEmpty else { return }
        let table = UnitTable.encode(Array(units), octets: octets)
        let parts = try UnitTablePart.split(table, at: 0)
        guard parts.count == 1 else {
            let middle = units.startIndex + units.count / 2
            let split = units[..<middle].reduce(0) { $0 + $1.length }
            try append(
                units[..<middle],
                firstOrdinal: firstOrdinal,
                octets: octets.extracting(0..<split),
                to: &members
            )
            try append(
                units[middle...],
                firstOrdinal: firstOrdinal + UInt64(units.count / 2),
                octets: octets.extracting(split..<octets.count),
                to: &members
            )
            return
        }
        var header = chain.header(kind: .journal, firstOrdinal: firstOrdinal)
        header.flags = content == .packets ? 1 : 0
        header.unitCount = UInt32(units.count)
        header.rawSize = UInt32(octets.count)
        for unit in units {
            if let time = unit.receptionTime { header.reception.include(time.nanoseconds) }
            if let time = unit.onboardTime { header.onboard.include(time.nanoseconds) }
        }
        header.rawChecksum = CRC32C.checksum(octets)
        header.subfields = parts.map { Subfield(id: UnitTablePart.id, octets: $0.encode()) }
        var deflate: [UInt8] = []
        StoredDeflate.encode(octets, into: &deflate)
        let member = try Member.encode(&header, deflate: deflate, inflated: octets)
        chain.advance(over: member)
        members.append(contentsOf: member)
    }
}

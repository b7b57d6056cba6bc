/// The subfield `PU`: a chunk's table of units, or a part of it.
///
/// ```
///  0  version u8 = 1, codec u8 (0 stored, 1 raw deflate), part u16, parts u16, reserved u16
///  8  firstPart u64      offset of the member with part 0, 0 if there is one part only
/// 16  length u32         of the whole table after decompression
/// 20  octets             of the (compressed) table; those of all parts, joined, are the whole
/// ```
/// The last part is in the header of the chunk's own member. A table too long for one header has its other parts in
/// metadata members just before.
struct UnitTablePart: Hashable, Sendable {
    static let id = "PU"
    /// How many octets of the table one header takes.
    static let capacity = 60_000
    /// No table is longer than this after decompression.
    static let maximumLength = 16 << 20

    var codec: UInt8
    var part: UInt16
    var parts: UInt16
    var firstPart: UInt64
    var length: UInt32
    var octets: [UInt8]

    func encode() -> [UInt8] {
        var writer = OctetWriter()
        writer.put(UInt8(1))
        writer.put(codec)
        writer.put(part)
        writer.put(parts)
        writer.put(UInt16(0))
        writer.put(firstPart)
        writer.put(length)
        writer.put(octets: octets)
        return writer.octets
    }

    /// Cuts a table into parts.
    ///
    /// - Parameters:
    ///   - table: The octets of the table.
    ///   - offset: Where the first part's member will begin.
    /// - Returns: At least one part.
    /// - Throws: `.zlib` if it fails.
    static func split(_ table: [UInt8], at offset: UInt64) throws(ArchiveError) -> [UnitTablePart] {
        let packed = try Codec.pack(table)
        let parts = max(1, (packed.octets.count + capacity - 1) / capacity)
        return (0..<parts).map { part in
            UnitTablePart(
                codec: packed.codec,
                part: UInt16(part),
                parts: UInt16(parts),
                firstPart: parts == 1 ? 0 : offset,
                length: UInt32(table.count),
                octets: Array(packed.octets[(part * capacity)..<min(packed.octets.count, (part + 1) * capacity)])
            )
        }
    }

    init(codec: UInt8, part: UInt16, parts: UInt16, firstPart: UInt64, length: UInt32, octets: [UInt8]) {
        self.codec = codec
        self.part = part
        self.parts = parts
        self.firstPart = firstPart
        self.length = length
        self.octets = octets
    }

    init(decoding octets: [UInt8]) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the table of units is of an unknown version") }
        codec = try reader.read()
        part = try reader.read()
        parts = try reader.read()
        _ = try reader.read(UInt16.self)
        firstPart = try reader.read()
        length = try reader.read()
        self.octets = Array(try reader.read(octets: reader.remaining))
        guard part < parts, parts <= 512, Int(length) <= UnitTablePart.maximumLength else {
            throw FormatFault("the table of units announces part \(part) of \(parts) and \(length) octets")
        }
    }
}

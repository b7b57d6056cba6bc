/// The subfield `PS`: the pieces of a packed member's deflate stream, each of which can be inflated alone.
///
/// ```
/// version u8 = 1, then for the head and each cluster the octets of its piece, in groups of seven bits
/// ```
/// Behind the last piece follows the empty last block of two octets.
struct PieceTable: Hashable, Sendable {
    static let id = "PS"
    /// Octets of a chunk from which on it pays to read parts of it.
    static let leastChunk = 128 << 10

    /// Octets of each piece.
    var sizes: [Int]

    init(sizes: [Int]) { self.sizes = sizes }

    func encode() -> [UInt8] {
        var writer = OctetWriter()
        writer.put(UInt8(1))
        for size in sizes { writer.put(varint: UInt64(size)) }
        return writer.octets
    }

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - octets: The subfield.
    ///   - length: Octets of the deflate stream.
    /// - Throws: `FormatFault` if the pieces are not as long as the stream.
    init(decoding octets: [UInt8], length: Int) throws(FormatFault) {
        var reader = OctetReader(octets)
        guard try reader.read(UInt8.self) == 1 else { throw FormatFault("the table of pieces has an unknown version") }
        sizes = []
        var left = length - Member.emptyDeflate.count
        while reader.remaining > 0 {
            let size = try reader.readCount(limit: left)
            sizes.append(size)
            left -= size
        }
        guard left == 0 else { throw FormatFault("the pieces of a packed chunk lack \(left) octets") }
    }
}

import ChannelCoding

/// Builds whole members.
enum Member {
    /// The deflate stream of nothing: one last block of fixed codes with only its end in it.
    static let emptyDeflate: [UInt8] = [0x03, 0x00]

    /// Puts header, deflate stream and trailer together.
    ///
    /// - Parameters:
    ///   - header: Everything but the sizes and the checksum of the deflate stream, which are filled in.
    ///   - deflate: A raw deflate stream.
    ///   - inflated: What it inflates to, for gzip's own trailer.
    /// - Returns: The octets of the member.
    /// - Throws: `.limit` if the header is too long.
    static func encode(
        _ header: inout MemberHeader,
        deflate: [UInt8],
        inflated: Span<UInt8>
    ) throws(ArchiveError) -> [UInt8] {
        header.memberSize = UInt64(header.length + deflate.count + MemberHeader.trailerLength)
        header.deflateChecksum = CRC32C.checksum(deflate.span)
        var octets = try header.encode()
        octets.append(contentsOf: deflate)
        var trailer = OctetWriter()
        trailer.put(GzipCRC32.checksum(inflated))
        trailer.put(UInt32(truncatingIfNeeded: inflated.count))
        octets.append(contentsOf: trailer.octets)
        return octets
    }

    /// A member that inflates to nothing and says what it has to say in its header.
    static func encode(_ header: inout MemberHeader) throws(ArchiveError) -> [UInt8] {
        try encode(&header, deflate: emptyDeflate, inflated: Span())
    }
}

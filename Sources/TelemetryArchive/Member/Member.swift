import ChannelCoding

/// What follows a member's header, with the checksum by which the header vouches for it.
struct MemberBody: Sendable {
    /// A raw deflate stream.
    let deflate: [UInt8]
    /// CRC-32C of the stream.
    let checksum: UInt32
    /// gzip's own: CRC-32 and length of what the stream inflates to.
    let trailer: [UInt8]

    init(deflate: [UInt8], inflated: Span<UInt8>) {
        self.deflate = deflate
        checksum = CRC32C.checksum(deflate.span)
        var writer = OctetWriter()
        writer.put(GzipCRC32.checksum(inflated))
        writer.put(UInt32(truncatingIfNeeded: inflated.count))
        trailer = writer.octets
    }
}

/// Builds whole members.
enum Member {
    /// The deflate stream of nothing: one last block of fixed codes with only its end in it.
    static let emptyDeflate: [UInt8] = [0x03, 0x00]

    /// Puts header, deflate stream and trailer together.
    ///
    /// - Parameters:
    ///   - header: Everything but the sizes and the checksum of the deflate stream, which are filled in.
    ///   - body: What follows it.
    /// - Returns: The octets of the member.
    /// - Throws: `.limit` if the header is too long.
    static func encode(_ header: inout MemberHeader, _ body: MemberBody) throws(ArchiveError) -> [UInt8] {
        header.memberSize = UInt64(header.length + body.deflate.count + MemberHeader.trailerLength)
        header.deflateChecksum = body.checksum
        var octets = try header.encode()
        octets.reserveCapacity(Int(header.memberSize))
        octets.append(contentsOf: body.deflate)
        octets.append(contentsOf: body.trailer)
        return octets
    }

    /// As ``encode(_:_:)``, of a stream and what it inflates to.
    static func encode(
        _ header: inout MemberHeader,
        deflate: [UInt8],
        inflated: Span<UInt8>
    ) throws(ArchiveError) -> [UInt8] {
        try encode(&header, MemberBody(deflate: deflate, inflated: inflated))
    }

    /// A member that inflates to nothing and says what it has to say in its header.
    static func encode(_ header: inout MemberHeader) throws(ArchiveError) -> [UInt8] {
        try encode(&header, deflate: emptyDeflate, inflated: Span())
    }
}

import ChannelCoding

/// Makes parity for an archive whose octets come in order, by which up to four pages of each stripe are healed.
///
/// ```swift
/// var writer = try ParityWriter(storage)
/// while let octets = next() { try writer.push(octets.span) }
/// try writer.finish()
/// ```
/// It keeps the parity of one group, a mebioctet, and nothing of the archive.
public struct ParityWriter<Storage: ArchiveStorage & ~Copyable>: ~Copyable {
    private var storage: Storage
    private var chain = MemberChain()
    private var fingerprint = Fingerprint()
    private var sums = PageSums(codewords: ParityGeometry.stripes)
    private var checksums: [UInt32] = []
    /// The page that is not full yet.
    private var page: [UInt8] = []
    private var number = 0

    /// Begins the parity of an archive.
    ///
    /// - Parameter storage: An empty place.
    /// - Throws: A failure of the storage.
    public init(_ storage: consuming Storage) throws(ArchiveError) {
        self.storage = storage
        page.reserveCapacity(ParityGeometry.pageLength)
        var header = chain.header(kind: .readme, firstOrdinal: 0)
        header.subfields = [Subfield(id: Readme.id, octets: Array(Readme.parity.utf8))]
        try put(&header)
    }

    /// Takes the next octets of the archive.
    ///
    /// - Parameter octets: As many as there are.
    /// - Throws: A failure of the storage.
    public mutating func push(_ octets: Span<UInt8>) throws(ArchiveError) {
        fingerprint.push(octets)
        var start = 0
        while start < octets.count {
            // Only now is it known that the full group before is not the last.
            if checksums.count == ParityGeometry.groupPages {
                try close(isLast: false, length: ParityGeometry.groupLength)
            }
            let count = min(ParityGeometry.pageLength - page.count, octets.count - start)
            let piece = octets.extracting(start..<start + count)
            start += count
            if count == ParityGeometry.pageLength {
                take(piece)
            } else {
                page.append(span: piece)
                if page.count == ParityGeometry.pageLength { takeGathered() }
            }
        }
    }

    /// Writes the parity of the last group.
    ///
    /// - Throws: A failure of the storage.
    public mutating func finish() throws(ArchiveError) {
        var length = checksums.count * ParityGeometry.pageLength
        if !page.isEmpty {
            length += page.count
            page.append(contentsOf: repeatElement(0, count: ParityGeometry.pageLength - page.count))
            takeGathered()
        }
        if length > 0 { try close(isLast: true, length: length) }
        try storage.synchronize()
    }

    /// Gives the storage back.
    ///
    /// - Returns: The storage, with the parity.
    public consuming func takeStorage() -> Storage { storage }

    private mutating func takeGathered() {
        var full: [UInt8] = []
        swap(&full, &page)
        take(full.span)
        full.removeAll(keepingCapacity: true)
        swap(&full, &page)
    }

    private mutating func take(_ page: Span<UInt8>) {
        sums.push(page, codeword: checksums.count % ParityGeometry.stripes)
        checksums.append(CRC32C.checksum(page))
    }

    /// Writes the blocks of a group, first the first page of parity of all stripes, so that damage on end spreads.
    private mutating func close(isLast: Bool, length: Int) throws(ArchiveError) {
        let group = ParityGroup(number: number, length: length)
        let digest = fingerprint.octets
        let pages = (0..<group.stripes).map { stripe in
            let count = group.parityPages(ofStripe: stripe)
            return sums.pages(codeword: stripe, missing: Array((0..<count).reversed()), remaining: count)
        }
        for index in 0..<PageSums.roots {
            for stripe in 0..<group.stripes where index < pages[stripe].count {
                let block = ParityBlock(
                    group: group,
                    isLast: isLast,
                    stripe: stripe,
                    index: index,
                    digest: digest,
                    checksums: stride(from: stripe, to: group.pages, by: ParityGeometry.stripes).map { checksums[$0] },
                    page: pages[stripe][index]
                )
                var header = chain.header(kind: .parity, firstOrdinal: 0)
                header.subfields = [Subfield(id: ParityBlock.id, octets: block.encode())]
                try put(&header)
            }
        }
        sums = PageSums(codewords: ParityGeometry.stripes)
        checksums.removeAll(keepingCapacity: true)
        number += 1
    }

    private mutating func put(_ header: inout MemberHeader) throws(ArchiveError) {
        let member = try Member.encode(&header)
        chain.advance(over: member)
        try storage.append(member.span)
    }
}

extension Readme {
    /// The same for a parity file.
    static let parity = """

        PERILUNE ARCHIVE PARITY (.plar.parity), format version 1

        Heals the archive of that name. Gzip members (RFC 1952) that inflate to nothing. Numbers little-endian. Each
        member of kind 7 (octet 17) has behind the 128 octets of its header a subfield PP: version u8 = 1, flags u8
        (1: the archive ends with this group), stripe u8, index u8, group u32, length u32 (octets of the archive in the
        group), u32, SHA-256 of the archive up to the group's end [32], CRC-32C u32 of each page of the stripe, a page of
        parity [4096].

        A group is 15974400 octets of the archive, its page n (4096 octets, the last filled up with zeros) is in stripe
        n mod 65. The pages of a stripe and then its pages of parity by index, c0 c1 ... c(n-1), are such that
        ((c0 * a + c1) * a + c2) ... + c(n-1) = 0 for a = 1, 2, 4, 8, as many as there are pages of parity (four, or as
        many as the stripe has pages), octet by octet in the field of x^8+x^4+x^3+x^2+1.

        """
}

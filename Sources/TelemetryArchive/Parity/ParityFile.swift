/// What a parity file holds, found by going from member to member: nothing but places stays in memory.
struct ParityFile<Source: ArchiveSource> {
    /// The blocks of a group.
    struct Entry {
        let group: ParityGroup
        let isLast: Bool
        let digest: [UInt8]
        /// Where the block of each stripe and index is, 0 if it does not hold.
        fileprivate var places: [Int64]

        fileprivate init(_ block: ParityBlock) {
            group = block.group
            isLast = block.isLast
            digest = block.digest
            places = [Int64](repeating: 0, count: block.group.blocks)
        }

        fileprivate func place(_ stripe: Int, _ index: Int) -> Int { index * ParityGeometry.stripes + stripe }

        /// Pages of parity of a stripe that hold.
        func available(_ stripe: Int) -> Int {
            (0..<group.parityPages(ofStripe: stripe)).count { places[place(stripe, $0)] != 0 }
        }

        /// Blocks that hold.
        var blocks: Int { places.count { $0 != 0 } }
    }

    /// By number.
    private(set) var entries: [Int: Entry] = [:]
    /// Places that are not what was written.
    private(set) var damage: [ArchiveDamage] = []
    private let reader: MemberReader<Source>

    /// Reads all of it.
    ///
    /// - Throws: A failure of the source, or `.unsupportedVersion`.
    init(_ source: Source) throws(ArchiveError) {
        reader = MemberReader(source: source)
        var walk = MemberWalk(reader)
        while let event = try walk.next() {
            switch event {
            case .damage(let found): damage.append(found)
            case .cut(let offset):
                damage.append(
                    ArchiveDamage(
                        offset: offset,
                        length: source.size - offset,
                        sequence: 0,
                        part: .header,
                        detail: "the file is cut short here"
                    )
                )
            case .member(let header, let offset): try take(header, at: offset)
            }
        }
    }

    /// The last group of which anything is known.
    var last: Entry? { entries.max { $0.key < $1.key }?.value }

    /// Blocks that were written and do not hold, as far as the others tell.
    var missingBlocks: Int64 {
        guard let last else { return 0 }
        let full = ParityGroup(number: 0, length: ParityGeometry.groupLength).blocks
        let written = Int64(last.group.number) * Int64(full) + Int64(last.group.blocks)
        return written - entries.values.reduce(0) { $0 + Int64($1.blocks) }
    }

    /// One block, read again.
    func block(_ entry: Entry, stripe: Int, index: Int) throws(ArchiveError) -> ParityBlock? {
        let offset = entry.places[entry.place(stripe, index)]
        guard offset > 0, case .member(let header) = try reader.find(at: offset) else { return nil }
        return try? ParityBlock(decoding: header.subfield(ParityBlock.id) ?? [])
    }

    /// The checksums of a stripe's pages, which every block of it has.
    func checksums(_ entry: Entry, stripe: Int) throws(ArchiveError) -> [UInt32]? {
        for index in 0..<entry.group.parityPages(ofStripe: stripe) {
            if let block = try block(entry, stripe: stripe, index: index) { return block.checksums }
        }
        return nil
    }

    private mutating func take(_ header: MemberHeader, at offset: Int64) throws(ArchiveError) {
        let place = ArchiveDamage(header, at: offset)
        let rest = header.memberSize - UInt64(header.length)
        let behind = Int(min(rest, UInt64(ParityFile.rest.count) + 1))
        if try reader.octets(at: offset + Int64(header.length), count: behind) != ParityFile.rest {
            // The header has all that matters, and it holds.
            damage.append(place.with(.trailer, "what follows the header is not what was written"))
        }
        guard header.kind == .parity else { return }
        do throws(FormatFault) {
            let block = try ParityBlock(decoding: header.subfield(ParityBlock.id) ?? [])
            var entry = entries[block.group.number] ?? Entry(block)
            guard entry.group == block.group, entry.digest == block.digest, entry.isLast == block.isLast else {
                throw FormatFault("it is of another archive than those before")
            }
            let index = entry.place(block.stripe, block.index)
            if entry.places[index] == 0 { entry.places[index] = offset }
            entries[block.group.number] = entry
        } catch {
            damage.append(place.with(.header, error.reason))
        }
    }

    /// What is behind the header of a member that inflates to nothing.
    private static var rest: [UInt8] {
        Member.emptyDeflate + [UInt8](repeating: 0, count: MemberHeader.trailerLength)
    }
}

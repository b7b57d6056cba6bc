/// What is found of an archive when it is opened.
struct ArchiveOpening {
    var metadata: ArchiveMetadata
    /// Whether nothing but the kind of units is known of it, because no metadata hold.
    var isMetadataLost = false
    var end: ArchiveEnd
    var damage: [ArchiveDamage] = []
    var memberCount: Int64
    var chunks: [ChunkEntry]

    /// Opens a sealed archive by its last 64 KiB.
    ///
    /// - Returns: `nil` if there is no seal at the end, or if anything behind it does not hold: then headers are
    ///   hopped from the start, which needs neither.
    /// - Throws: A failure of the source.
    static func byFooter<Source>(_ members: MemberReader<Source>) throws(ArchiveError) -> ArchiveOpening? {
        let size = members.source.size
        guard let (offset, seal) = try lastSeal(members) else { return nil }
        guard let metadataOffset = Int64(exactly: seal.metadata), metadataOffset < offset,
            case .member(let header) = try members.find(at: metadataOffset), header.kind == .metadata,
            let octets = header.subfield("PM"), let metadata = try? ArchiveMetadata(decoding: octets),
            let chunks = try chunks(behind: seal, at: offset, members), seal.members <= UInt64(size),
            chunks.allSatisfy({ $0.isAccountedFor(in: metadata.content) })
        else { return nil }
        return ArchiveOpening(
            metadata: metadata,
            end: .sealed,
            memberCount: Int64(seal.members),
            chunks: chunks
        )
    }

    private static func lastSeal<Source>(
        _ members: MemberReader<Source>
    ) throws(ArchiveError) -> (Int64, SealRecord)? {
        let size = members.source.size
        let start = max(0, size - 65_536)
        let tail = try members.octets(at: start, count: Int(size - start))
        guard tail.count >= MemberHeader.fixedLength else { return nil }
        for index in (0...(tail.count - MemberHeader.fixedLength)).reversed() where tail[index] == 0x1F {
            guard MemberHeader.announcedLength(tail[index...]) != nil,
                case .member(let header) = try members.find(at: start + Int64(index))
            else { continue }
            let offset = start + Int64(index)
            guard header.kind == .seal, offset + Int64(header.memberSize) == size,
                let octets = header.subfield(SealRecord.id), let seal = try? SealRecord(decoding: octets),
                seal.offset == UInt64(offset)
            else { return nil }
            return (offset, seal)
        }
        return nil
    }

    /// Follows the indexes back from the seal; each must lie before the one that names it, so there are no circles.
    private static func chunks<Source>(
        behind seal: SealRecord,
        at sealOffset: Int64,
        _ members: MemberReader<Source>
    ) throws(ArchiveError) -> [ChunkEntry]? {
        var groups: [[ChunkEntry]] = []
        var next = seal.lastIndex
        var bound = UInt64(sealOffset)
        var behind = UInt64(sealOffset)
        var allowance = IndexAllowance(size: members.source.size)
        while next != 0 {
            guard next < bound, case .member(let header) = try members.find(at: Int64(next)), header.kind == .index,
                let octets = header.subfield(IndexRecord.id), let record = try? IndexRecord(decoding: octets),
                record.offset == next, record.chunks.last.map({ $0.offset + $0.size <= behind }) ?? true,
                allowance.take(record.chunks)
            else { return nil }
            groups.append(record.chunks)
            behind = record.chunks.first?.offset ?? behind
            bound = next
            next = record.previous
        }
        let chunks = Array(groups.reversed().joined())
        let first = chunks.first?.firstOrdinal ?? 0
        var ordinal = first
        var place: UInt64 = 0
        var octets: UInt64 = 0
        for chunk in chunks {
            guard chunk.firstOrdinal == ordinal, chunk.offset >= place, chunk.size <= UInt64(sealOffset),
                chunk.offset < UInt64(sealOffset)
            else { return nil }
            ordinal += UInt64(chunk.unitCount)
            octets += UInt64(chunk.rawSize)
            place = chunk.offset + chunk.size
        }
        guard UInt64(chunks.count) == seal.chunks, ordinal - first == seal.units, octets == seal.octets else {
            return nil
        }
        return chunks
    }

    /// Opens any archive by its members' headers.
    ///
    /// - Throws: As ``ArchiveReader/init(_:)``.
    static func byHopping<Source>(_ members: MemberReader<Source>) throws(ArchiveError) -> ArchiveOpening {
        try requireArchive(members)
        var survey = Survey(size: members.source.size)
        var walk = MemberWalk(members)
        while let event = try walk.next() { survey.take(event) }
        return try survey.opening()
    }

    /// Tells a file of another kind from an archive with a damaged start.
    static func requireArchive<Source>(_ members: MemberReader<Source>) throws(ArchiveError) {
        switch try members.find(at: 0) {
        case .member: return
        case .end: throw .notAnArchive(found: [])
        case .cut: throw .cutShort(offset: 0, readableUnits: 0)
        case .invalid(let fault):
            if let version = fault.version { throw .unsupportedVersion(offset: 0, version: version) }
            guard try members.nextMember(from: 1, sequence: 1, within: 1 << 20) == nil else { return }
            throw .notAnArchive(
                found: try members.octets(at: 0, count: Int(min(members.source.size, 16)))
            )
        }
    }
}

/// Gathers what a walk over all headers meets.
private struct Survey {
    private var metadata: ArchiveMetadata?
    private var content = ArchiveContent.frames
    private var end = ArchiveEnd.open
    private var damage: [ArchiveDamage] = []
    private var memberCount: Int64 = 0
    private var chunks: [ChunkEntry] = []
    private var allowance: IndexAllowance
    private var nextOrdinal: UInt64 = 0
    private var cutOffset: Int64?

    init(size: Int64) { allowance = IndexAllowance(size: size) }

    mutating func take<Source>(_ event: MemberWalk<Source>.Event) {
        switch event {
        case .damage(let found):
            damage.append(found)
            end = .open
        case .cut(let offset):
            cutOffset = offset
            end = .cutShort(offset: offset)
        case .member(let header, let offset):
            memberCount += 1
            end = header.kind == .seal ? .sealed : .open
            take(header, at: offset)
        }
    }

    private mutating func take(_ header: MemberHeader, at offset: Int64) {
        func fault(_ part: ArchiveDamage.Part, _ detail: String) -> ArchiveDamage {
            ArchiveDamage(
                offset: offset,
                length: Int64(header.memberSize),
                sequence: header.sequence,
                part: part,
                detail: detail
            )
        }
        switch header.kind {
        case .raw, .packed:
            guard header.firstOrdinal >= nextOrdinal else {
                return damage.append(fault(.sequence, "its units were read before"))
            }
            chunks.append(ChunkEntry(header, offset: UInt64(offset)))
            nextOrdinal = header.firstOrdinal + UInt64(header.unitCount)
            if chunks.count == 1 { content = header.content }
        case .metadata:
            guard let octets = header.subfield("PM") else { return }
            do { metadata = try ArchiveMetadata(decoding: octets) } catch {
                damage.append(fault(.metadata, error.reason))
            }
        case .index:
            do throws(FormatFault) {
                guard let octets = header.subfield(IndexRecord.id) else { throw FormatFault("the index is empty") }
                let record = try IndexRecord(decoding: octets)
                guard allowance.take(record.chunks) else { throw FormatFault("the indexes say more than a file can") }
                var strange: UInt64?
                for chunk in record.chunks where !learn(chunk) { strange = strange ?? chunk.sequence }
                if let strange { throw FormatFault("the index does not account for the units of member \(strange)") }
            } catch {
                damage.append(fault(.index, error.reason))
            }
        default: return
        }
    }

    /// Takes what an index says of a chunk that was met, if it is the one that it means.
    ///
    /// - Returns: Whether that accounts for the chunk's units; if not, the chunk stays one that no index describes.
    private mutating func learn(_ entry: ChunkEntry) -> Bool {
        var range = 0..<chunks.count
        while let middle = range.isEmpty ? nil : range.lowerBound + range.count / 2 {
            if chunks[middle].offset < entry.offset {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        guard range.lowerBound < chunks.count, chunks[range.lowerBound].offset == entry.offset,
            entry.isSamePlace(as: chunks[range.lowerBound])
        else { return true }
        guard entry.isAccountedFor(in: metadata?.content ?? content) else { return false }
        chunks[range.lowerBound] = entry
        return true
    }

    func opening() throws(ArchiveError) -> ArchiveOpening {
        var known = metadata
        if known == nil, !chunks.isEmpty { known = ArchiveMetadata(content: content, creator: "") }
        guard let known else {
            if let cutOffset { throw .cutShort(offset: cutOffset, readableUnits: 0) }
            if let first = damage.first { throw .damaged(first) }
            throw .cutShort(offset: 0, readableUnits: 0)
        }
        var chunks = chunks
        // Metadata that came late may have told of another kind of units than chunks and indexes before.
        for index in chunks.indices where !chunks[index].isAccountedFor(in: known.content) { chunks[index].keys = nil }
        return ArchiveOpening(
            metadata: known,
            isMetadataLost: metadata == nil,
            end: end,
            damage: damage,
            memberCount: memberCount,
            chunks: chunks
        )
    }
}

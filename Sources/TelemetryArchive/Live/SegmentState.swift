/// Where a part ends, as far as it can be gone on with.
struct SegmentState {
    var metadata: ArchiveMetadata
    /// The place, number and predecessor of the next member.
    var chain = MemberChain()
    var totals = ArchiveTotals()
    var nextOrdinal: UInt64 = 0
    /// Chunks that no index lists yet.
    var unindexed: [ChunkEntry] = []
    var lastIndex: UInt64 = 0
    var metadataOffset: UInt64 = 0
    var chunkCount: UInt64 = 0

    /// Reads a part's headers, and everything behind the last chunk but one or the last seal.
    ///
    /// What lies before was synchronised, because a chunk is only begun when the one before is safe. What lies behind
    /// may be torn: it ends before the first member there that does not hold, and a journal has what is cut off.
    ///
    /// - Parameter members: The part.
    /// - Returns: `nil` if not even its metadata is there, so that it holds no unit.
    /// - Throws: `.unsupportedVersion`, or a failure of the source.
    static func find<Source>(_ members: MemberReader<Source>) throws(ArchiveError) -> SegmentState? {
        var survey = SegmentSurvey()
        var walk = MemberWalk(members)
        while let event = try walk.next() { survey.take(event) }
        var state = survey.trusted
        while case .member(let header) = try members.find(at: Int64(state.offset)) {
            guard try members.isWhole(header, at: Int64(state.offset)) else { break }
            state.take(header, at: Int64(state.offset))
        }
        guard var found = state.found else { return nil }
        if let last = state.lastMember {
            let octets = try members.octets(at: last, count: Int(Int64(state.offset) - last))
            var fingerprint = Fingerprint()
            fingerprint.push(octets.span)
            found.chain.previous = fingerprint.octets
        }
        return found
    }
}

extension MemberReader {
    /// Whether everything that a member's checksums vouch for is there.
    fileprivate func isWhole(_ header: MemberHeader, at offset: Int64) throws(ArchiveError) -> Bool {
        if header.kind.holdsUnits { return try chunkDamage(header, at: offset) == nil }
        guard header.kind.isRecord else { return true }
        return try isSound(header, at: offset)
    }
}

/// Follows a walk and remembers the last place up to which everything must have been safe.
private struct SegmentSurvey {
    private(set) var trusted = SegmentProgress()
    private var current = SegmentProgress()
    private var behindLastChunk: SegmentProgress?

    mutating func take<Source>(_ event: MemberWalk<Source>.Event) {
        guard case .member(let header, let offset) = event else { return }
        if header.kind.holdsUnits, let safe = behindLastChunk, safe.offset > trusted.offset { trusted = safe }
        current.take(header, at: offset)
        if header.kind.holdsUnits { behindLastChunk = current }
        if header.kind == .seal { trusted = current }
    }
}

/// What the members up to a place amount to.
private struct SegmentProgress {
    private(set) var offset: UInt64 = 0
    private(set) var lastMember: Int64?
    private var metadata: ArchiveMetadata?
    private var state = SegmentState(metadata: ArchiveMetadata(content: .packets, creator: ""))

    mutating func take(_ header: MemberHeader, at offset: Int64) {
        lastMember = offset
        self.offset = UInt64(offset) + header.memberSize
        state.chain.offset = self.offset
        state.chain.sequence = header.sequence + 1
        state.nextOrdinal = max(state.nextOrdinal, header.firstOrdinal)
        switch header.kind {
        case .raw, .packed:
            let entry = ChunkEntry(header, offset: UInt64(offset))
            state.nextOrdinal = max(state.nextOrdinal, entry.ordinals.upperBound)
            state.totals.units += Int64(header.unitCount)
            state.totals.octets += Int64(header.rawSize)
            state.chunkCount += 1
            state.unindexed.append(entry)
        case .index:
            state.lastIndex = UInt64(offset)
            // A long index is written in pieces, of which the last may not have come to the medium.
            guard let octets = header.subfield(IndexRecord.id), let record = try? IndexRecord(decoding: octets),
                let last = record.chunks.last
            else { return }
            state.unindexed.removeAll { $0.offset <= last.offset }
        case .metadata:
            guard let octets = header.subfield("PM"), let said = try? ArchiveMetadata(decoding: octets) else { return }
            metadata = said
            state.metadataOffset = UInt64(offset)
        default: return
        }
    }

    /// The state, if it is known what the part is about.
    var found: SegmentState? {
        guard let metadata else { return nil }
        var found = state
        found.metadata = metadata
        return found
    }
}

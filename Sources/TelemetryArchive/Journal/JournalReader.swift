/// What a journal holds, found by reading all of it: journals are short.
struct JournalContents {
    /// The metadata that its head repeats.
    var metadata: ArchiveMetadata?
    /// The head's number, or `nil` if the head does not hold.
    var number: UInt64?
    /// Units that chunks had when the journal was begun, or `nil` if the head does not hold.
    var base: UInt64?
    /// The members with units whose every checksum holds, in order.
    var groups: [ChunkEntry] = []
    /// Places in front of groups that hold, which are not what was written.
    var damage: [ArchiveDamage] = []
    /// Octets at the end that are no whole group: what was being written when the writer stopped, never acknowledged.
    var tail: Int64 = 0

    /// Reads a journal, whatever is left of it.
    ///
    /// - Throws: A failure of the source.
    init<Source>(_ members: MemberReader<Source>) throws(ArchiveError) {
        var walk = MemberWalk(members)
        var end: Int64 = 0
        var suspect: [ArchiveDamage] = []
        while let event = try nextEvent(&walk) {
            guard case .member(let header, let offset) = event else {
                if case .damage(let found) = event { suspect.append(found) }
                continue
            }
            var times: ChunkContents?
            if let fault = try members.journalFault(header, at: offset, &times) {
                suspect.append(fault)
                continue
            }
            // A group was only begun when all before it was safe: what does not hold before one that does is damage.
            damage += suspect
            suspect = []
            end = offset + Int64(header.memberSize)
            take(header, at: offset, times)
        }
        tail = members.source.size - end
    }

    /// A later version's journal is left alone like damage: its units are not for this program.
    private func nextEvent<Source>(_ walk: inout MemberWalk<Source>) throws(ArchiveError) -> MemberWalk<Source>.Event? {
        do throws(ArchiveError) {
            return try walk.next()
        } catch {
            guard case .unsupportedVersion = error else { throw error }
            return nil
        }
    }

    private mutating func take(_ header: MemberHeader, at offset: Int64, _ times: ChunkContents?) {
        if let octets = header.subfield("PM") { metadata = try? ArchiveMetadata(decoding: octets) }
        if let octets = header.subfield(JournalRecord.id), let record = try? JournalRecord(decoding: octets) {
            number = record.number
            base = header.firstOrdinal
        }
        guard header.unitCount > 0 else { return }
        var group = ChunkEntry(header, offset: UInt64(offset))
        if let times {  // those of its units, whatever the header says
            group.reception = times.reception
            group.onboard = times.onboard
        }
        groups.append(group)
    }
}

extension MemberReader {
    /// What is wrong with a member of a journal, or else what is in it.
    fileprivate func journalFault(
        _ header: MemberHeader,
        at offset: Int64,
        _ contents: inout ChunkContents?
    ) throws(ArchiveError) -> ArchiveDamage? {
        let place = ArchiveDamage(header, at: offset)
        guard header.kind == .journal else { return place.with(.header, "it is no member of a journal") }
        guard header.unitCount > 0 else {
            return try isSound(header, at: offset) ? nil : place.with(.deflate, "the head does not match its CRC-32C")
        }
        switch try read(header, at: offset) {
        case .damaged(let damage): return damage
        case .whole(let chunk):
            contents = ChunkContents(of: chunk, content: header.content)
            return nil
        }
    }
}

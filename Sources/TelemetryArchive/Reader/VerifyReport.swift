import ChannelCoding

/// What a check of a whole archive found.
public struct VerifyReport: Sendable, Hashable {
    /// How the archive ends.
    public var end: ArchiveEnd
    /// Members whose every checksum holds.
    public var members: Int64 = 0
    /// Members of kinds that this version does not know; their checksums hold.
    public var unknownMembers: Int64 = 0
    /// Chunks that can be read.
    public var chunks: Int64 = 0
    /// Units and their octets that can be read.
    public var readable = ArchiveTotals()
    /// Every place that is not what was written, in the order of the file.
    public var damage: [ArchiveDamage] = []
    /// Ordinals of units that were written and cannot be read, as far as the rest tells.
    public var lost: [Range<Int64>] = []
    /// Units and their octets that only the journals have; they are among those that can be read.
    public var journaled = ArchiveTotals()
    /// SHA-256 of the last member that holds; through the chain it stands for everything before.
    public var root: [UInt8] = []

    /// Whether everything that is there is right; an archive that was not sealed or was cut short may still be.
    public var isUndamaged: Bool { damage.isEmpty }
    /// Whether everything is right and nothing is missing at the end.
    public var isWhole: Bool { damage.isEmpty && end == .sealed }
}

extension ArchiveReader {
    /// Reads everything and compares it with every checksum.
    ///
    /// - Returns: What was found. Damage is no error here.
    /// - Throws: A failure of the source, or `.notAnArchive`, `.unsupportedVersion` where nothing can be checked.
    public func verify() throws(ArchiveError) -> VerifyReport { try ArchiveReader.verify(source, journals: journals) }

    /// Checks an archive that may be too damaged to open.
    ///
    /// - Parameters:
    ///   - source: The octets of the archive.
    ///   - journals: The octets of the journals that lie beside it.
    /// - Returns: What was found. Damage is no error here.
    /// - Throws: A failure of the source, or `.notAnArchive`, `.unsupportedVersion` where nothing can be checked.
    public static func verify(_ source: Source, journals: [Source] = []) throws(ArchiveError) -> VerifyReport {
        var verification = try ArchiveVerification(source, journals: journals)
        while let step = try verification.next() { verification.take(try step.check(source)) }
        return try verification.finish()
    }
}

/// A check of a whole archive, apart from the work: it walks from member to member and takes what came of checking each.
///
/// ```swift
/// while let step = try verification.next() {
///     verification.take(try step.check(source))   // here, or ahead by as many tasks as there are cores
/// }
/// let report = try verification.finish()
/// ```
/// What headers and indexes say of units is compared with the units: how many there are of each channel and application
/// process, their octets, qualities and times. Of packets that become complete in frames that is not so, because only a
/// decode of the whole tells them.
package struct ArchiveVerification<Source: ArchiveSource> {
    private let reader: MemberReader<Source>
    private let journals: [Source]
    private var walk: MemberWalk<Source>
    private var report = VerifyReport(end: .open)
    private var sequence: UInt64 = 0
    private var ordinal: UInt64 = 0
    /// SHA-256 of the member before, unless that one is damaged already.
    private var previous: [UInt8]? = Fingerprint.none
    private var good: [UInt64: ChunkEntry] = [:]
    private var members: UInt64 = 0
    private var written = ArchiveTotals()
    private var chunks: UInt64 = 0
    private var indexes = IndexCheck()
    private var lastMetadata: UInt64 = 0
    private var metadata: ArchiveMetadata?
    /// What the chunks keep, as their headers say.
    private var content: ArchiveContent?
    /// Whether it is known how many units are in the parts before this one.
    private var hasBase = false

    /// Begins a check.
    ///
    /// - Parameters:
    ///   - source: The octets of the archive.
    ///   - journals: The octets of the journals that lie beside it.
    /// - Throws: A failure of the source, or `.notAnArchive`, `.unsupportedVersion` where nothing can be checked.
    package init(_ source: Source, journals: [Source]) throws(ArchiveError) {
        reader = MemberReader(source: source)
        self.journals = journals
        walk = MemberWalk(reader)
        try ArchiveOpening.requireArchive(reader)
    }

    /// The next member or the next damage, or `nil` at the end; only headers are read.
    package mutating func next() throws(ArchiveError) -> VerificationStep? {
        switch try walk.next() {
        case .member(let header, let offset)?: VerificationStep(event: .member(header, offset: offset))
        case .damage(let damage)?: VerificationStep(event: .damage(damage))
        case .cut(let offset)?: VerificationStep(event: .cut(offset: offset))
        case nil: nil
        }
    }

    /// Takes what came of a step, in the order of the steps.
    package mutating func take(_ checked: CheckedStep) {
        switch checked.content {
        case .damage(let damage):
            report.damage.append(damage)
            report.end = .open
            previous = nil
            sequence = damage.sequence + 1
            members += 1
        case .cut(let offset):
            report.end = .cutShort(offset: offset)
        case .member(let member):
            report.end = member.header.kind == .seal ? .sealed : .open
            take(member)
        }
    }

    /// The report, with what journals add.
    package func finish() throws(ArchiveError) -> VerifyReport {
        var chunks = good.values.sorted { $0.offset < $1.offset }
        let repeated =
            metadata == nil
            ? try reader.metadata(repeatedIn: journals, behind: chunks, content: content ?? .frames) : nil
        guard let metadata = metadata ?? repeated else { return report }
        let tail = try JournalTail(behind: &chunks, reader, metadata: metadata, journals: journals)
        guard tail.isPresent, report.end != .sealed || !tail.groups.isEmpty else { return report }
        var joined = report
        joined.end = .open
        joined.journaled = tail.totals
        joined.damage = tail.told(report.damage, behind: chunks)
        let held = Int64(clamping: chunks.last?.ordinals.upperBound ?? 0)
        joined.lost.removeAll { $0.lowerBound >= held }
        joined.lost += tail.missing.map { Int64($0.lowerBound)..<Int64($0.upperBound) }
        joined.readable.units += tail.totals.units
        joined.readable.octets += tail.totals.octets
        return joined
    }

    private mutating func take(_ member: CheckedMember) {
        let header = member.header
        let offset = member.offset
        let before = report.damage.count
        let isBehindDamage = previous == nil
        let place = ArchiveDamage(header, at: offset)
        if header.sequence != sequence, !isBehindDamage {
            report.damage.append(place.with(.sequence, "it is numbered \(header.sequence) where \(sequence) is due"))
        }
        if let previous, previous != header.previous {
            report.damage.append(place.with(.chain, "the member before is not the one that it followed once"))
        }
        sequence = header.sequence + 1
        members = header.sequence + 1
        if !hasBase, header.sequence <= 1 { ordinal = header.firstOrdinal }  // readme and metadata hold no units
        hasBase = true
        if header.firstOrdinal > ordinal {
            let missing = header.firstOrdinal - ordinal
            lose(ordinal..<header.firstOrdinal)
            ordinal = header.firstOrdinal
            if !isBehindDamage {
                report.damage.append(place.with(.sequence, "\(missing) units before it are missing"))
            }
        } else if header.firstOrdinal < ordinal, header.kind.isKnown {
            report.damage.append(place.with(.sequence, "it counts from unit \(header.firstOrdinal), not \(ordinal)"))
        }
        if header.kind.isRecord, header.unitCount != 0 || header.rawSize != 0 || header.rawChecksum != 0 {
            report.damage.append(place.with(.header, "a member that holds no units announces some"))
        }
        if let fault = member.fault { report.damage.append(place.with(fault.part, fault.reason)) }
        if header.kind.holdsUnits {
            takeChunk(member)
        } else if let fault = recordFault(header, at: offset) {
            report.damage.append(place.with(fault.part, fault.reason))
        }
        guard report.damage.count == before else {
            previous = nil
            return
        }
        if header.kind == .metadata, let octets = header.subfield("PM") {
            lastMetadata = UInt64(offset)
            metadata = try? ArchiveMetadata(decoding: octets)
        }
        previous = member.fingerprint
        report.root = member.fingerprint
        report.members += 1
        if !header.kind.isKnown { report.unknownMembers += 1 }
    }

    private mutating func takeChunk(_ member: CheckedMember) {
        let header = member.header
        let entry = ChunkEntry(header, offset: UInt64(member.offset))
        chunks += 1
        written.units += Int64(header.unitCount)
        written.octets += Int64(header.rawSize)
        ordinal = max(ordinal, entry.ordinals.upperBound)
        good[entry.offset] = entry
        let kept = metadata?.content ?? content ?? header.content
        content = kept
        let isStrange = header.content != kept
        indexes.take(entry, isStrange ? nil : member.contents)
        if let damage = member.damage {
            report.damage.append(damage)
        } else if isStrange {
            report.damage.append(ArchiveDamage(header, at: member.offset).with(.header, header.strangeness))
        }
        guard member.fault == nil, member.damage == nil, !isStrange else {
            lose(entry.ordinals)
            return
        }
        report.chunks += 1
        report.readable.units += Int64(header.unitCount)
        report.readable.octets += Int64(header.rawSize)
        if let contents = member.contents, !contents.matches(header) {
            let place = ArchiveDamage(header, at: member.offset)
            report.damage.append(place.with(.header, "it says other times than those of its units"))
        }
    }

    private mutating func lose(_ ordinals: Range<UInt64>) {
        guard !ordinals.isEmpty else { return }
        let range = Int64(ordinals.lowerBound)..<Int64(ordinals.upperBound)
        if let last = report.lost.last, last.upperBound == range.lowerBound {
            report.lost[report.lost.count - 1] = last.lowerBound..<range.upperBound
        } else {
            report.lost.append(range)
        }
    }

    /// Compares what an index, a seal or metadata says with what was met.
    private mutating func recordFault(_ header: MemberHeader, at offset: Int64) -> ChunkFault? {
        do throws(FormatFault) {
            switch header.kind {
            case .metadata: try checkMetadata(header)
            case .index:
                let octets = header.subfield(IndexRecord.id) ?? []
                try indexes.check(octets, at: offset, isUndamaged: report.damage.isEmpty)
            case .seal: try checkSeal(header, at: offset)
            default: break
            }
        } catch {
            let part: ArchiveDamage.Part =
                header.kind == .metadata ? .metadata : header.kind == .index ? .index : .seal
            return ChunkFault(part: part, reason: error.reason)
        }
        return nil
    }

    private func checkMetadata(_ header: MemberHeader) throws(FormatFault) {
        guard let octets = header.subfield("PM") else { return }
        let found = try ArchiveMetadata(decoding: octets)
        guard found.content == metadata?.content ?? content ?? found.content else {
            throw FormatFault("the metadata are of an archive that keeps \(found.content)")
        }
    }

    private func checkSeal(_ header: MemberHeader, at offset: Int64) throws(FormatFault) {
        let seal = try SealRecord(decoding: header.subfield(SealRecord.id) ?? [])
        guard seal.offset == UInt64(offset), seal.root == header.previous else {
            throw FormatFault("the seal does not belong here")
        }
        guard report.damage.isEmpty else { return }
        if let fault = indexes.faultAtSeal { throw fault }
        guard seal.lastIndex == indexes.lastIndex, seal.metadata == lastMetadata else {
            throw FormatFault("the seal points to another index or to other metadata than the last")
        }
        guard seal.members == members, seal.chunks == chunks, seal.units == UInt64(written.units),
            seal.octets == UInt64(written.octets)
        else {
            throw FormatFault(
                "the seal counts \(seal.units) units in \(seal.chunks) chunks where \(written.units) in \(chunks) "
                    + "were found"
            )
        }
    }
}

/// What a walk over an archive met, to be checked by any task.
package struct VerificationStep: Sendable {
    enum Event {
        case member(MemberHeader, offset: Int64)
        case damage(ArchiveDamage)
        case cut(offset: Int64)
    }

    let event: Event

    /// Reads every octet of a member and compares it with its own checksums.
    ///
    /// - Parameter source: The octets of the archive.
    /// - Returns: What was found.
    /// - Throws: A failure of the source.
    package func check(_ source: some ArchiveSource) throws(ArchiveError) -> CheckedStep {
        switch event {
        case .member(let header, let offset):
            CheckedStep(content: .member(try CheckedMember(header, at: offset, MemberReader(source: source))))
        case .damage(let damage): CheckedStep(content: .damage(damage))
        case .cut(let offset): CheckedStep(content: .cut(offset: offset))
        }
    }
}

/// What came of a step.
package struct CheckedStep: Sendable {
    fileprivate enum Content {
        case member(CheckedMember)
        case damage(ArchiveDamage)
        case cut(offset: Int64)
    }

    fileprivate let content: Content
}

/// A member's own checksums, compared.
private struct CheckedMember {
    let header: MemberHeader
    let offset: Int64
    /// SHA-256 of the whole member.
    let fingerprint: [UInt8]
    /// What is wrong with its deflate stream or trailer.
    let fault: ChunkFault?
    /// What is wrong with a chunk whose stream is right.
    let damage: ArchiveDamage?
    /// What is in a chunk that can be read.
    let contents: ChunkContents?

    init<Source>(_ header: MemberHeader, at offset: Int64, _ reader: MemberReader<Source>) throws(ArchiveError) {
        self.header = header
        self.offset = offset
        // A chunk that can be read has a sound stream, which need not be inflated again to tell.
        contents = try CheckedMember.contents(header, at: offset, reader)
        if contents != nil {
            var fingerprint = Fingerprint()
            let octets = try reader.octets(at: offset, count: Int(header.memberSize))
            fingerprint.push(octets.span)
            self.fingerprint = fingerprint.octets
            fault = nil
            damage = nil
            return
        }
        (fingerprint, fault) = try CheckedMember.check(header, at: offset, reader)
        damage = header.kind.holdsUnits && fault == nil ? try reader.chunkDamage(header, at: offset) : nil
    }

    /// What is in a chunk, whose memory is free again for what is read next; `nil` if it is none that can be read.
    private static func contents<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        _ reader: MemberReader<Source>
    ) throws(ArchiveError) -> ChunkContents? {
        guard header.kind.holdsUnits, header.memberSize <= UInt64(ArchiveLimit.memberSize),
            case .whole(let chunk) = try reader.read(header, at: offset)
        else { return nil }
        return ChunkContents(of: chunk, content: header.content)
    }

    /// Reads a member in pieces and compares its deflate stream with both checksums.
    private static func check<Source>(
        _ header: MemberHeader,
        at offset: Int64,
        _ reader: MemberReader<Source>
    ) throws(ArchiveError) -> (fingerprint: [UInt8], fault: ChunkFault?) {
        var fingerprint = Fingerprint()
        let head = try reader.octets(at: offset, count: header.length)
        fingerprint.push(head.span)
        var place = offset + Int64(header.length)
        let end = offset + Int64(header.memberSize) - Int64(MemberHeader.trailerLength)
        var stream = DeflateCheck(limit: max(Int(header.rawSize), ArchiveLimit.rawSize))
        while place < end {
            let piece = try reader.octets(at: place, count: Int(min(end - place, 1 << 18)))
            place += Int64(piece.count)
            fingerprint.push(piece.span)
            stream.push(piece.span)
        }
        let trailer = try reader.octets(at: end, count: MemberHeader.trailerLength)
        fingerprint.push(trailer.span)
        return (fingerprint.octets, stream.fault(expecting: header.deflateChecksum, trailer: trailer))
    }
}

/// Inflates a stream to nowhere, for its checksums.
struct DeflateCheck: ~Copyable {
    private let limit: Int
    private var deflateChecksum = CRC32C()
    private var inflatedChecksum = GzipCRC32()
    private var inflatedLength = 0
    private var inflater = Inflater()
    private var reason: String?

    init(limit: Int) { self.limit = limit }

    mutating func push(_ piece: Span<UInt8>) {
        deflateChecksum.update(piece)
        var used = 0
        while reason == nil, used < piece.count {
            if inflater.isFinished {
                reason = "octets follow the end of the deflate stream"
            } else {
                used += inflate(piece.extracting(used..<piece.count))
            }
        }
    }

    /// Inflates a bounded number of octets.
    private mutating func inflate(_ piece: Span<UInt8>) -> Int {
        var output: [UInt8] = []
        do {
            let used = try inflater.push(piece, into: &output, room: 1 << 18)
            inflatedChecksum.push(output.span)
            inflatedLength += output.count
            if inflatedLength > limit { reason = "the deflate stream gives more than \(limit) octets" }
            return used
        } catch {
            reason = error.reason
            return 0
        }
    }

    func fault(expecting checksum: UInt32, trailer: [UInt8]) -> ChunkFault? {
        guard deflateChecksum.value == checksum else {
            return ChunkFault(part: .deflate, reason: "the compressed octets do not match their CRC-32C")
        }
        if let reason { return ChunkFault(part: .deflate, reason: reason) }
        guard inflater.isFinished else {
            return ChunkFault(part: .deflate, reason: "the deflate stream has no end")
        }
        var expected = OctetWriter()
        expected.put(inflatedChecksum.value)
        expected.put(UInt32(truncatingIfNeeded: inflatedLength))
        guard expected.octets == trailer else {
            return ChunkFault(part: .trailer, reason: "gzip's CRC-32 or length behind the member is wrong")
        }
        return nil
    }
}

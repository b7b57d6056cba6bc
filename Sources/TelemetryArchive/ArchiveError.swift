/// Why an archive cannot be written or read; the description is a whole sentence.
public enum ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The octets at offset 0 are not those of an archive.
    case notAnArchive(found: [UInt8])
    /// The archive was made by a later version of the format.
    case unsupportedVersion(offset: Int64, version: Int)
    /// The file ends inside a member, before anything can be read.
    case cutShort(offset: Int64, readableUnits: Int64)
    /// A member is not what was written.
    case damaged(ArchiveDamage)
    /// A number in the archive or from the caller is beyond what is allowed.
    case limit(what: String, value: Int64, limit: Int64)
    /// A frame was given to an archive of packets, or a packet to an archive of frames.
    case wrongContent(expected: ArchiveContent)
    /// The storage or source failed.
    case storage(operation: String, reason: String)
    /// An earlier failure of the storage left it unknown what is on it; nothing more is written.
    case writerFailed(reason: String)
    /// The writer was finished before.
    case writerFinished
    /// zlib refused to work.
    case zlib(operation: String, code: Int)
    /// The link description does not fit what is stored.
    case link(reason: String)
    /// Another one writes to this archive.
    case locked(owner: String)
    /// There is an archive of that name.
    case exists(name: String)
    /// One of several archives, counted from 0, cannot be merged with the others.
    case unfit(input: Int, reason: String)
    /// The raw input that one of several archives, counted from 0, keeps is not whole; octet `due` is the first missing.
    case incompleteInput(input: Int, due: Int64)

    /// What happened, where, and what can be done.
    public var description: String {
        switch self {
        case .notAnArchive(let found):
            let digits = found.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
            return found.isEmpty
                ? "This is not a Perilune archive: it holds no octets."
                : "This is not a Perilune archive: at offset 0 it begins with \(digits), where an archive begins with "
                    + "1f 8b 08 04 and the subfield PL."
        case .unsupportedVersion(let offset, let version):
            return "The member at offset \(offset) is of format version \(version), but this program reads version 1; "
                + "a newer Perilune will read it."
        case .cutShort(let offset, let readableUnits):
            return "The archive is cut short in the member at offset \(offset); \(readableUnits) units before it "
                + "remain readable."
        case .damaged(let damage): return damage.description
        case .limit(let what, let value, let limit):
            return "The \(what) is \(value), but at most \(limit) is allowed."
        case .wrongContent(let expected):
            return "This archive keeps \(expected.rawValue); other units need an archive of their own."
        case .storage(let operation, let reason): return "The archive's storage failed to \(operation): \(reason)."
        case .writerFailed(let reason):
            return "Nothing more is written to this archive, because its storage failed before (\(reason)); open it "
                + "again to see what is on it."
        case .writerFinished: return "The archive was sealed already; open it for appending to add more."
        case .zlib(let operation, let code): return "zlib failed in \(operation) with code \(code)."
        case .link(let reason):
            return "The frames of this archive cannot be decoded with its link description: \(reason)."
        case .locked(let owner):
            return "This archive is being written by \(owner); wait until that ends, or write to another archive."
        case .unfit(let input, let reason): return "Archive \(input + 1) cannot be merged: \(reason)"
        case .incompleteInput(let input, let due):
            return "Archive \(input + 1) keeps raw input that is not whole: octet \(due) of it is missing."
        case .exists(let name):
            return "\(name) exists already; append to it, or choose another name."
        }
    }
}

/// One place where an archive is not what was written.
public struct ArchiveDamage: Sendable, Hashable, CustomStringConvertible {
    /// What does not hold.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        /// The member's header or its checksum.
        case header
        /// The compressed octets.
        case deflate
        /// The octets after decompression.
        case raw
        /// The CRC-32 and length behind the member.
        case trailer
        /// The table that tells where units begin and end.
        case units
        /// The SHA-256 of the member before.
        case chain
        /// The order of members or units.
        case sequence
        /// What an index says about chunks.
        case index
        /// What the seal says about the whole.
        case seal
        /// The metadata.
        case metadata
    }

    /// Where the damaged member begins, in octets.
    public var offset: Int64
    /// How many octets are concerned.
    public var length: Int64
    /// The member's sequence number, or the one due here if its header cannot be believed.
    public var sequence: UInt64
    /// What does not hold.
    public var part: Part
    /// How it was seen.
    public var detail: String

    /// Says what is wrong with a member.
    public init(offset: Int64, length: Int64, sequence: UInt64, part: Part, detail: String) {
        self.offset = offset
        self.length = length
        self.sequence = sequence
        self.part = part
        self.detail = detail
    }

    /// The whole of a member, nothing found yet.
    init(_ header: MemberHeader, at offset: Int64) {
        self.init(
            offset: offset,
            length: Int64(clamping: header.memberSize),
            sequence: header.sequence,
            part: .header,
            detail: ""
        )
    }

    /// The same place with something found there.
    func with(_ part: Part, _ detail: String) -> ArchiveDamage {
        var damage = self
        damage.part = part
        damage.detail = detail
        return damage
    }

    /// A sentence with the place and what was found.
    public var description: String {
        "The archive is damaged at offset \(offset) (member \(sequence), \(length) octets, \(part.rawValue)): \(detail)."
    }
}

/// Why some octets cannot be understood; whoever knows where they lie turns it into an ``ArchiveError``.
struct FormatFault: Error {
    let reason: String
    /// The format version found, where it is what hinders.
    var version: Int?

    init(_ reason: String, version: Int? = nil) {
        self.reason = reason
        self.version = version
    }
}

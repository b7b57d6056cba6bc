/// What units an archive keeps.
public enum ArchiveContent: String, Sendable, Hashable, Codable, CaseIterable {
    /// Accepted transfer frames, whole, after correction.
    case frames
    /// Space packets.
    case packets
}

/// What an archive says about itself: how to understand its units, and where they came from.
public struct ArchiveMetadata: Sendable, Hashable {
    /// Where the units came from.
    public struct Origin: Sendable, Hashable {
        /// The file's name, or another word for the place.
        public var name: String
        /// Octets of the input, if known.
        public var size: Int64?
        /// Thirty-two octets of SHA-256 of the input, if known.
        public var sha256: [UInt8]?

        /// Names a place.
        public init(name: String, size: Int64? = nil, sha256: [UInt8]? = nil) {
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }

    /// What the units are.
    public var content: ArchiveContent
    /// The program that made the archive, with its version.
    public var creator: String
    /// The mission's name.
    public var mission: String?
    /// The effective link description as JSON octets, by which frames are decoded to packets.
    public var link: [UInt8]?
    /// The packets' time code as JSON octets.
    public var timeCode: [UInt8]?
    /// Where the units came from.
    public var origin: Origin?
    /// The names of all places where the units came from, if it was more than one.
    public var origins: [String] = []
    /// The raw inputs that are kept one behind the other, if they come from several archives.
    public var inputs: [Origin] = []
    /// How carefully the archive was written: `durable`, `relaxed` or `none`.
    public var durability: String?
    /// Octets drawn at random, by which a journal knows its archive; all parts of one archive have the same.
    public var identity: [UInt8]?
    /// Which part of an archive in several files this is, if not the first.
    public var part: Int64?
    /// Octets of the units in the parts before.
    public var octetsBefore: Int64?

    /// Says what an archive is about.
    public init(
        content: ArchiveContent,
        creator: String,
        mission: String? = nil,
        link: [UInt8]? = nil,
        timeCode: [UInt8]? = nil,
        origin: Origin? = nil,
        durability: String? = nil,
        identity: [UInt8]? = nil
    ) {
        self.content = content
        self.creator = creator
        self.mission = mission
        self.link = link
        self.timeCode = timeCode
        self.origin = origin
        self.durability = durability
        self.identity = identity
    }
}

// In the file: subfield `PM`, one CBOR map (RFC 8949) of definite length from text to text, octets or unsigned
// integers. Unknown keys are skipped.
extension ArchiveMetadata {
    func encode() -> [UInt8] {
        var entries: [(String, CBORValue)] = [
            ("content", .text(Array(content.rawValue.utf8))), ("creator", .text(Array(creator.utf8))),
        ]
        if let mission { entries.append(("mission", .text(Array(mission.utf8)))) }
        if let link { entries.append(("link", .octets(link))) }
        if let timeCode { entries.append(("timeCode", .octets(timeCode))) }
        if let origin {
            if !origin.name.isEmpty { entries.append(("originName", .text(Array(origin.name.utf8)))) }
            if let size = origin.size, size >= 0 { entries.append(("originSize", .unsigned(UInt64(size)))) }
            if let sha256 = origin.sha256 { entries.append(("originSHA256", .octets(sha256))) }
        }
        if !origins.isEmpty { entries.append(("origins", .text(Array(origins.joined(separator: "\n").utf8)))) }
        if !inputs.isEmpty { entries.append(("inputs", .octets(InputList.encode(inputs)))) }
        if let durability { entries.append(("durability", .text(Array(durability.utf8)))) }
        if let identity { entries.append(("identity", .octets(identity))) }
        if let part, part >= 0 { entries.append(("part", .unsigned(UInt64(part)))) }
        if let octetsBefore, octetsBefore >= 0 {
            entries.append(("octetsBefore", .unsigned(UInt64(octetsBefore))))
        }
        return CBORValue.encode(entries)
    }

    init(decoding octets: [UInt8]) throws(FormatFault) {
        let entries = try CBORValue.decode(octets)
        guard case .text(let content)? = entries["content"],
            let content = ArchiveContent(rawValue: String(decoding: content, as: UTF8.self))
        else { throw FormatFault("the metadata does not say whether frames or packets are kept") }
        self.init(content: content, creator: entries["creator"]?.string ?? "")
        mission = entries["mission"]?.string
        link = entries["link"]?.bytes
        timeCode = entries["timeCode"]?.bytes
        origins = entries["origins"]?.string?.split(separator: "\n").map(String.init) ?? []
        durability = entries["durability"]?.string
        identity = entries["identity"]?.bytes
        part = entries["part"]?.number
        octetsBefore = entries["octetsBefore"]?.number
        inputs = try InputList.decode(entries["inputs"]?.bytes ?? [])
        let size = entries["originSize"]?.number
        if let name = entries["originName"]?.string ?? size.map({ _ in "" }) {
            origin = Origin(name: name, size: size, sha256: entries["originSHA256"]?.bytes)
        }
    }
}

/// The few kinds of CBOR values that metadata needs.
enum CBORValue: Hashable {
    case unsigned(UInt64)
    case octets([UInt8])
    case text([UInt8])

    var string: String? {
        guard case .text(let octets) = self else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    var number: Int64? {
        guard case .unsigned(let value) = self else { return nil }
        return Int64(exactly: value)
    }

    var bytes: [UInt8]? {
        guard case .octets(let octets) = self else { return nil }
        return octets
    }

    static func encode(_ entries: [(String, CBORValue)]) -> [UInt8] {
        var octets: [UInt8] = []
        putHead(5, UInt64(entries.count), into: &octets)
        for (key, value) in entries {
            CBORValue.text(Array(key.utf8)).put(into: &octets)
            value.put(into: &octets)
        }
        return octets
    }

    static func decode(_ octets: [UInt8]) throws(FormatFault) -> [String: CBORValue] {
        var rest = octets[...]
        let (major, count) = try takeHead(&rest)
        guard major == 5, count <= 256 else { throw FormatFault("the metadata is no small CBOR map") }
        var entries: [String: CBORValue] = [:]
        for _ in 0..<count {
            guard let key = try take(&rest).string else { throw FormatFault("a key of the metadata is no text") }
            entries[key] = try take(&rest)
        }
        guard rest.isEmpty else { throw FormatFault("\(rest.count) octets follow the metadata") }
        return entries
    }

    private func put(into octets: inout [UInt8]) {
        switch self {
        case .unsigned(let value): CBORValue.putHead(0, value, into: &octets)
        case .octets(let run):
            CBORValue.putHead(2, UInt64(run.count), into: &octets)
            octets.append(contentsOf: run)
        case .text(let run):
            CBORValue.putHead(3, UInt64(run.count), into: &octets)
            octets.append(contentsOf: run)
        }
    }

    /// A major type and its argument, in as few octets as hold it, most significant first.
    private static func putHead(_ major: UInt8, _ value: UInt64, into octets: inout [UInt8]) {
        guard value >= 24 else { return octets.append(major << 5 | UInt8(value)) }
        let size = value <= 0xFF ? 0 : value <= 0xFFFF ? 1 : value <= 0xFFFF_FFFF ? 2 : 3
        octets.append(major << 5 | UInt8(24 + size))
        for index in (0..<(1 << size)).reversed() {
            octets.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }

    private static func takeHead(_ rest: inout ArraySlice<UInt8>) throws(FormatFault) -> (UInt8, UInt64) {
        guard let first = rest.popFirst() else { throw FormatFault("the metadata ends early") }
        let short = first & 31
        guard short >= 24 else { return (first >> 5, UInt64(short)) }
        guard short < 28, rest.count >= 1 << (short - 24) else { throw FormatFault("the metadata ends early") }
        var value: UInt64 = 0
        for _ in 0..<(1 << (short - 24)) { value = value << 8 | UInt64(rest.removeFirst()) }
        return (first >> 5, value)
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) throws(FormatFault) -> CBORValue {
        let (major, value) = try takeHead(&rest)
        guard major != 0 else { return .unsigned(value) }
        guard major == 2 || major == 3 else { throw FormatFault("the metadata holds CBOR of major type \(major)") }
        guard value <= UInt64(rest.count) else { throw FormatFault("the metadata ends early") }
        let run = Array(rest.prefix(Int(value)))
        rest.removeFirst(Int(value))
        return major == 2 ? .octets(run) : .text(run)
    }
}

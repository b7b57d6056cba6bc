import ChannelCoding
import Crypto
import SpaceLink
import TelemetryArchive

/// An archive whose indexes lie open and are not compressed, to say of chunks what is not so with every checksum right.
///
/// Left as it is, it says what is so; but of packets in frames nothing, like a writer that was not told of any.
public struct ForgedArchive: Sendable {
    /// What an index says of the units of one kind in one chunk.
    public struct Key: Sendable {
        /// The spacecraft's identifier.
        public var spacecraft: UInt32
        /// The virtual channel.
        public var virtualChannel: UInt16
        /// The application process, 0 for frames.
        public var apid: UInt16
        /// Whether packets are meant.
        public var isPackets: Bool
        /// A bit for each class of quality.
        public var qualities: UInt8 = 0
        /// Units.
        public var count: UInt32 = 0
        /// Their octets.
        public var octets: UInt64 = 0
        /// The least on-board time; -2^63 if none is known.
        public var onboardLeast = Int64.min
        /// The greatest on-board time.
        public var onboardGreatest = Int64.min
        /// The first unit that is needed to decode them.
        public var needed = UInt64.max
    }

    /// What an index says of a chunk.
    public struct Entry: Sendable {
        /// The member that the chunk is.
        public var member: Int
        /// What it says to be in it; `nil` if anything may be.
        public var keys: [Key]?
    }

    /// A member in its parts.
    public struct Member: Sendable {
        /// The first 128 octets, of which sizes, checksums and the hash of the member before are made right.
        public var header: [UInt8]
        /// What else is in the header; of indexes and of places in seals it is made.
        public var subfields: [UInt8]
        /// The deflate stream and gzip's trailer.
        public var body: [UInt8]
    }

    /// All members.
    public var members: [Member]
    /// What the indexes among them say.
    public var indexes: [Int: [Entry]] = [:]

    /// Takes an archive apart.
    ///
    /// - Parameter sample: The archive.
    public init(_ sample: SampleArchive) {
        members = sample.members.map { member in
            let octets = Array(sample.octets[member.range])
            let end = 12 + Int(octets[10]) + Int(octets[11]) << 8
            return Member(
                header: Array(octets[..<128]),
                subfields: Array(octets[128..<end]),
                body: Array(octets[end...])
            )
        }
        var entries: [Entry] = []
        for (number, member) in sample.members.enumerated() {
            if member.holdsUnits {
                entries.append(Entry(member: number, keys: ForgedArchive.keys(of: sample.units[member.units])))
            } else if member.kind == 4 {
                indexes[number] = entries
                entries = []
            }
        }
    }

    /// The archive, put together again.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        var places: [(offset: Int, size: Int)] = []
        var previous = [UInt8](repeating: 0, count: 32)
        var lastIndex = 0
        var lastMetadata = 0
        for (number, member) in members.enumerated() {
            let offset = octets.count
            var header = member.header
            header.replaceSubrange(92..<124, with: previous)
            var subfields = member.subfields
            switch header[17] {
            case 4:
                subfields = index(indexes[number] ?? [], at: offset, behind: lastIndex, places)
                lastIndex = offset
            case 5:
                for (place, value) in [(12, offset), (20, lastIndex), (28, lastMetadata)] {
                    subfields.replaceSubrange(place..<place + 8, with: littleEndian(UInt64(value)))
                }
                subfields.replaceSubrange(68..<100, with: previous)
            case 8 where subfields.starts(with: "PM".utf8): lastMetadata = offset
            default: break
            }
            header.replaceSubrange(10..<12, with: littleEndian(UInt16(116 + subfields.count)))
            let size = 128 + subfields.count + member.body.count
            header.replaceSubrange(20..<28, with: littleEndian(UInt64(size)))
            header.replaceSubrange(124..<128, with: [0, 0, 0, 0])
            header += subfields
            header.replaceSubrange(124..<128, with: littleEndian(CRC32C.checksum(header.span)))
            let whole = header + member.body
            previous = Array(SHA256.hash(data: whole))
            places.append((offset, size))
            octets += whole
        }
        return octets
    }

    private func index(
        _ entries: [Entry],
        at offset: Int,
        behind lastIndex: Int,
        _ places: [(offset: Int, size: Int)]
    ) -> [UInt8] {
        var list: [UInt8] = []
        for entry in entries {
            let place = places[entry.member]
            list += littleEndian(UInt64(place.offset)) + littleEndian(UInt64(place.size))
            list += members[entry.member].header[28..<84]
            list += littleEndian(entry.keys.map { UInt32($0.count) } ?? .max)
            for key in entry.keys ?? [] { list += encode(key) }
        }
        var octets: [UInt8] = [1, 0, 0, 0]
        octets += littleEndian(UInt64(offset)) + littleEndian(UInt64(lastIndex))
        octets += littleEndian(UInt32(entries.count)) + littleEndian(UInt32(list.count)) + list
        return Array("PI".utf8) + littleEndian(UInt16(octets.count)) + octets
    }

    private func encode(_ key: Key) -> [UInt8] {
        littleEndian(key.spacecraft) + littleEndian(key.virtualChannel) + littleEndian(key.apid)
            + [key.isPackets ? 1 : 0, key.qualities, 0, 0] + littleEndian(key.count) + littleEndian(key.octets)
            + littleEndian(key.onboardLeast) + littleEndian(key.onboardGreatest) + littleEndian(key.needed)
    }

    private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// What is so.
    private static func keys(of units: ArraySlice<ArchiveUnit>) -> [Key] {
        var keys: [[Int]: Key] = [:]
        for unit in units {
            let name = [unit.spacecraft, unit.virtualChannel, unit.apid]
            let unknown = Key(
                spacecraft: UInt32(unit.spacecraft),
                virtualChannel: UInt16(unit.virtualChannel),
                apid: unit.apid < 0 ? 0xFFFF : UInt16(unit.apid),
                isPackets: unit.kind == .packet
            )
            var key = keys[name] ?? unknown
            key.count += 1
            key.octets += UInt64(unit.length)
            key.qualities |= quality(unit.quality)
            key.needed = min(key.needed, UInt64(unit.ordinal))
            if let time = unit.onboardTime?.nanoseconds {
                key.onboardLeast = key.onboardLeast == .min ? time : min(key.onboardLeast, time)
                key.onboardGreatest = max(key.onboardGreatest, time)
            }
            keys[name] = key
        }
        return keys.values.sorted {
            ($0.spacecraft, $0.virtualChannel, $0.apid) < ($1.spacecraft, $1.virtualChannel, $1.apid)
        }
    }

    private static func quality(_ quality: FrameQuality) -> UInt8 {
        switch quality {
        case .good: 1
        case .corrected: 2
        case .unchecked: 4
        case .uncorrectable: 8
        case .crcFailed: 16
        }
    }
}

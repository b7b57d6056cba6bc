import ChannelCoding
import SpaceLink
import TelemetryArchive

/// Small files that announce, or become, a great deal; all their checksums are right.
public struct ArchiveBomb: Sendable, CustomStringConvertible {
    /// What it does.
    public let description: String
    /// The file.
    public let octets: [UInt8]

    /// All of them.
    ///
    /// - Throws: What the writer throws of which they are made.
    public static func all() throws -> [ArchiveBomb] {
        let parts = try Parts()
        return [
            parts.chunk("16 MiB of zeros in a chunk that announces 100 octets", rawSize: 100, trailer: nil),
            parts.chunk("16 MiB of zeros as columns of 100 octets", rawSize: 100, trailer: 100, isPacked: true),
            parts.chunk("100 octets of units in 16 MiB of columns", rawSize: 100, trailer: 16 << 20, isPacked: true),
            parts.chunk("2^32 units of 2^32 octets", units: .max, rawSize: .max, trailer: .max),
            parts.chunk("2^32 units in 16 MiB", units: .max, rawSize: 16 << 20, trailer: nil),
            parts.chunk("65,536 units in 16 MiB, and no table of them", units: 65_536, rawSize: 16 << 20, trailer: nil),
            parts.indexes("an index of 16 MiB", 1),
            parts.indexes("200 indexes of 16 MiB, each naming the one before, behind a seal", 200),
            parts.nested("1,000 headers that each announce 64 KiB, one in the other", 1000, apart: 64),
        ]
    }

    private init(_ description: String, _ octets: [UInt8]) {
        self.description = description
        self.octets = octets
    }

    /// What bombs are made of: the start of an archive, and a chunk of 16 MiB of zeros.
    private struct Parts {
        /// A little less than 16 MiB, as many whole entries of an index.
        private static let length = 76 * 220_752

        private let start: [UInt8]
        private let header: [UInt8]
        private let zeros: [UInt8]
        private let seal: [UInt8]
        private let metadata: Int

        init() throws {
            var settings = ArchiveSettings(chunkSize: 8 << 20)
            settings.form = .raw
            settings.level = 9
            var writer = try ArchiveWriter(
                MemoryArchive(),
                metadata: ArchiveMetadata(content: .packets, creator: "tests"),
                settings: settings
            )
            let packet = PacketRecord(spacecraft: 0, virtualChannel: 0, apid: 0, sequenceCount: 0)
            for length in [8 << 20, Parts.length - 8 << 20] {
                let unit = [UInt8](repeating: 0, count: length)
                try writer.append(packet: packet, onboardTime: nil, octets: unit.span)
            }
            try writer.finish()
            let octets = writer.takeStorage().octets
            let members = SampleArchive.members(octets)
            let chunk = members[2].range
            let first = chunk.lowerBound
            let end = first + 12 + Int(octets[first + 10]) + Int(octets[first + 11]) << 8
            start = Array(octets[..<first])
            header = Array(octets[first..<end])
            zeros = Array(octets[end..<chunk.upperBound - 8])
            seal = Array(octets[members[members.count - 1].range])
            metadata = members[1].range.lowerBound
        }

        /// A chunk that says of its zeros what is not so.
        func chunk(
            _ description: String,
            units: UInt32 = 2,
            rawSize: UInt32,
            trailer: UInt32?,
            isPacked: Bool = false
        ) -> ArchiveBomb {
            var header = header
            if isPacked { header[17] = 3 }
            header.put(units, at: 44)
            header.put(rawSize, at: 48)
            return ArchiveBomb(description, start + member(header, zeros, inflated: trailer ?? UInt32(Parts.length)))
        }

        /// Indexes of as many entries of zeros as 16 MiB have room for, and a seal that points to the last.
        func indexes(_ description: String, _ count: Int) -> ArchiveBomb {
            var octets = start
            var previous = 0
            for number in 0..<count {
                var entry: [UInt8] = [1, 1, 0, 0]
                entry.append(little: UInt64(octets.count))
                entry.append(little: UInt64(previous))
                entry.append(little: UInt32(Parts.length / 76))
                entry.append(little: UInt32(Parts.length))
                entry += zeros
                previous = octets.count
                octets += member(header(kind: 4, sequence: number + 2, id: "PI", entry), [3, 0], inflated: 0)
            }
            var record = Array(seal[132..<seal.count - 10])
            for (place, value) in [octets.count, previous, metadata, count + 3, 220_752 * count, 0, 0].enumerated() {
                record.put(UInt64(value), at: 8 + 8 * place)
            }
            octets += member(header(kind: 5, sequence: count + 2, id: "PE", record), [3, 0], inflated: 0)
            return ArchiveBomb(description, octets)
        }

        /// Beginnings of headers, one inside the other.
        func nested(_ description: String, _ count: Int, apart: Int) -> ArchiveBomb {
            var claim = Array(header[..<min(apart, 64)])
            claim[10] = 0xFF
            claim[11] = 0xFF
            let claims = Array([[UInt8]](repeating: claim, count: count).joined())
            return ArchiveBomb(description, start + claims + [UInt8](repeating: 0, count: 70_000))
        }

        /// A header that says nothing but in its subfield.
        private func header(kind: UInt8, sequence: Int, id: String, _ octets: [UInt8]) -> [UInt8] {
            var header = Array(header[..<128]) + Array(id.utf8)
            header.append(little: UInt16(octets.count))
            header += octets
            header[10] = UInt8((header.count - 12) & 0xFF)
            header[11] = UInt8((header.count - 12) >> 8)
            header[17] = kind
            header.put(UInt64(sequence), at: 28)
            for place in [44, 48, 88] { header.put(UInt32(0), at: place) }
            return header
        }

        /// A member whose checksums are right.
        private func member(_ header: [UInt8], _ deflate: [UInt8], inflated length: UInt32) -> [UInt8] {
            var member = header
            member.put(UInt64(header.count + deflate.count + 8), at: 20)
            member.put(CRC32C.checksum(deflate.span), at: 84)
            member.put(UInt32(0), at: 124)
            member.put(CRC32C.checksum(member.span), at: 124)
            member += deflate
            member.append(little: UInt32(0))
            member.append(little: length)
            return member
        }
    }
}

extension [UInt8] {
    fileprivate mutating func put(_ value: some FixedWidthInteger, at place: Int) {
        for index in 0..<value.bitWidth / 8 { self[place + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }

    fileprivate mutating func append(little value: some FixedWidthInteger) {
        for index in 0..<value.bitWidth / 8 { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}

import ChannelCoding
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Packed chunks put together as Format.md says, of fields that no writer may choose.
struct FieldTests {
    private static let widths = [1, 2, 3, 4, 6, 8]
    private static let copy: UInt8 = 6

    /// A field, and what is kept of its numbers.
    private struct Field {
        let predictor: UInt8
        let width: Int
        let isLittleEndian: Bool
        let distance: Int
        /// One for each row but the first.
        let residuals: [UInt64]
        let isSparse: Bool

        init(at place: Int, room: Int, rows: Int, _ generator: inout SeededGenerator) {
            let widths = FieldTests.widths.filter { $0 <= room }
            let width = widths[Int(generator.next() % UInt64(widths.count))]
            let mayCopy = place >= width
            let predictors: [UInt8] = [0, 1, 2, 3, 5, FieldTests.copy]
            predictor = predictors[Int(generator.next() % (mayCopy ? 6 : 5))]
            self.width = width
            isLittleEndian = generator.next() % 3 == 0
            distance = mayCopy ? width + Int(generator.next() % UInt64(place - width + 1)) : 0
            isSparse = generator.next() % 3 == 0
            // Of some fields the highest octets are never used, and some never change.
            let unused = UInt64(8 * (8 - width)) + 8 * (generator.next() % UInt64(width + 1))
            let zeros = generator.next() % 5
            residuals = (1..<rows).map { _ in
                let residual = generator.next()
                return generator.next() % 4 < zeros || unused == 64 ? 0 : residual >> unused
            }
        }

        var head: [UInt8] {
            let code = UInt8(FieldTests.widths.firstIndex(of: width) ?? 0)
            var head = [predictor | code << 3 | (isLittleEndian ? 0x40 : 0) | (isSparse ? 0x80 : 0)]
            if predictor == FieldTests.copy { head += varint(distance) }
            if isSparse { head += varint(residuals.count { $0 != 0 }) }
            return head
        }

        var planes: [[UInt8]] {
            let kept = isSparse ? residuals.filter { $0 != 0 } : residuals
            var planes = (0..<width).map { plane in kept.map { UInt8(truncatingIfNeeded: $0 >> UInt64(8 * plane)) } }
            if isSparse {
                var bits = [UInt8](repeating: 0, count: (residuals.count + 7) / 8)
                for (index, residual) in residuals.enumerated() where residual != 0 {
                    bits[index / 8] |= 1 << UInt8(index % 8)
                }
                planes.insert(bits, at: 0)
            }
            return planes
        }

        func number(_ row: [UInt8], at place: Int) -> UInt64 {
            let octets = row[place..<(place + width)]
            return (isLittleEndian ? octets.reversed() : Array(octets)).reduce(0) { $0 << 8 | UInt64($1) }
        }

        /// Puts the numbers into all rows but the first.
        func fill(_ rows: inout [[UInt8]], at place: Int) {
            let mask = UInt64.max >> UInt64(64 - 8 * width)
            func original(_ row: [UInt8]) -> UInt64 {
                predictor == FieldTests.copy ? number(row, at: place - distance) : 0
            }
            var value = number(rows[0], at: place) ^ original(rows[0])
            var step: UInt64 = 0
            var turn: UInt64 = 0
            for (index, residual) in residuals.enumerated() {
                let missing = residual % 2 == 0 ? residual / 2 : 0 &- (residual / 2) &- 1
                switch predictor {
                case 0: value = residual
                case 1: value = value &+ missing & mask
                case 2:
                    step = step &+ missing
                    value = value &+ step & mask
                case 5:
                    turn = turn &+ missing
                    step = step &+ turn
                    value = value &+ step & mask
                default: value ^= residual
                }
                let number = value ^ original(rows[index + 1])
                for octet in 0..<width {
                    let shift = UInt64(8 * (isLittleEndian ? octet : width - 1 - octet))
                    rows[index + 1][place + octet] = UInt8(truncatingIfNeeded: number >> shift)
                }
            }
        }
    }

    @Test(arguments: 0..<80) func rowsFollowFromTheirFields(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 9100)
        let count = seed < 4 ? seed + 1 : 1 + Int(generator.next() % 300)
        let length = 8 + Int(generator.next() % 60)
        var rows = [[UInt8]](repeating: generator.octets(length), count: count)
        var head: [UInt8] = [0, 0] + varint(1) + varint(0) + varint(count) + varint(length) + [0]
        var planes = [[UInt8](repeating: 2, count: count), []]
        var place = 0
        while place < length {
            if generator.next() % 4 == 0 {
                let run = 1 + Int(generator.next() % UInt64(min(length - place, 9)))
                head += [4] + varint(run)
                place += run
                continue
            }
            let field = Field(at: place, room: length - place, rows: count, &generator)
            field.fill(&rows, at: place)
            head += field.head
            planes += field.planes
            place += field.width
        }
        planes.append(rows[0])
        let isWritten = planes.map { plane in plane.contains { $0 != 0 } }
        head = [1, 1] + head + isWritten.map { $0 ? 1 : 0 }
        let payload = [UInt8(head.count & 0xFF), UInt8(head.count >> 8), 0, 0] + head
        let archive = try FieldTests.archive(rows, packedAs: payload + zip(planes, isWritten).flatMap { $1 ? $0 : [] })
        var read: [[UInt8]] = []
        try ArchiveReader(MemoryArchive(archive)).forEachUnit { _, octets in
            read.append(octets.copied)
            return .next
        }
        #expect(read == rows, "seed \(seed)")
    }

    /// An archive of units whose chunk has a payload in their place.
    private static func archive(_ units: [[UInt8]], packedAs payload: [UInt8]) throws -> [UInt8] {
        let archive = try PackedTests.archive(units, content: .packets, settings: Streams.settings(1 << 20, .raw))
        let kinds = PackedTests.kinds(archive)
        func number(_ place: Int, _ width: Int) -> Int {
            (0..<width).reduce(0) { $0 | Int(archive[place + $1]) << (8 * $1) }
        }
        var offset = 0
        for _ in 0..<(try #require(kinds.firstIndex(of: 2))) { offset += number(offset + 20, 8) }
        var member = Array(archive[offset..<(offset + 12 + number(offset + 10, 2))])
        let length = UInt16(payload.count)
        let deflate = [1] + little(length) + little(~length) + payload
        member[17] = 3
        member.replaceSubrange(20..<28, with: little(UInt64(member.count + deflate.count + 8)))
        member.replaceSubrange(84..<88, with: little(CRC32C.checksum(deflate.span)))
        member.replaceSubrange(124..<128, with: little(UInt32(0)))
        member.replaceSubrange(124..<128, with: little(CRC32C.checksum(member.span)))
        // Every bit by itself, as gzip's own specification has it.
        let checksum = ~payload.reduce(~UInt32(0)) { crc, octet in
            (0..<8).reduce(crc ^ UInt32(octet)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return archive[..<offset] + member + deflate + little(checksum) + little(UInt32(payload.count))
    }
}

private func little(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func varint(_ value: Int) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
}

public import SpaceLink
import TestSupport

/// Telemetry whose every octet follows from a seed.
public enum SampleStream {
    /// What archives are made of.
    public enum Content: String, Sendable, CaseIterable {
        /// Packets of five applications, one of which is noise.
        case packets
        /// Frames of two channels with these packets, some of them lost.
        case frames
        /// Packets that carry a file of records, which go on from one packet to the next.
        case records
        /// Packets that are lists of keyed values, and such as change seldom, say a number twice, or come at intervals.
        case mixture
    }

    /// The lengths of the five applications' packets; the last one is noise.
    private static let lengths = [26, 58, 130, 250, 90]
    /// Which of them sends, over and over.
    private static let round = [0, 1, 0, 2, 0, 3, 1, 4]

    /// How a stream is decoded.
    public static func link(_ content: Content) -> LinkDescription {
        var link = LinkDescription()
        link.input = content == .frames ? .frames : .packets
        guard content == .frames else { return link }
        link.block = .none(length: nil)
        link.frame.length = 220
        link.frame.insertZone = 8
        return link
    }

    /// A stream.
    ///
    /// - Parameters:
    ///   - content: What it is made of.
    ///   - count: About how many octets.
    ///   - seed: Whence they follow.
    /// - Returns: The octets.
    /// - Throws: `LinkDescriptionError`, if the link above were none.
    public static func octets(_ content: Content, count: Int, seed: UInt64) throws -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        switch content {
        case .packets: return packets(count, &generator).octets
        case .frames: return try frames(count, &generator)
        case .records: return records(count, &generator)
        case .mixture: return mixture(count, &generator)
        }
    }

    private static func packets(_ count: Int, _ generator: inout SeededGenerator) -> (octets: [UInt8], starts: [Int]) {
        var octets: [UInt8] = []
        octets.reserveCapacity(count + 300)
        var starts: [Int] = []
        var counts = [Int](repeating: 0, count: lengths.count)
        while octets.count < count {
            let chance = generator.next()
            let application = chance % 50 == 0 ? Int(chance >> 32 % 5) : round[starts.count % round.count]
            let seconds = UInt32(2_000_000_000 + starts.count / 10)
            let sequence = counts[application]
            counts[application] += 1
            starts.append(octets.count)
            octets += header(apid: 17 + 60 * application, sequence, length: lengths[application])
            octets += (0..<4).map { UInt8(truncatingIfNeeded: seconds >> UInt32(24 - 8 * $0)) }
            octets.append(UInt8(starts.count % 10 * 25))
            for place in 11..<lengths[application] {
                let noise = UInt8(truncatingIfNeeded: chance >> UInt64(place & 31))
                if application == 4 {
                    octets.append(UInt8(truncatingIfNeeded: generator.next() >> 56))
                } else {
                    let slow = (place & ~1) * 37 + (sequence * (place % 7)) >> (place & 1 == 0 ? 8 : 0)
                    octets.append(UInt8(truncatingIfNeeded: slow) ^ (place & 3 == 3 ? noise & 3 : 0))
                }
            }
        }
        return (octets, starts)
    }

    private static func header(apid: Int, _ sequence: Int, length: Int) -> [UInt8] {
        [
            UInt8(8 | apid >> 8), UInt8(apid & 0xFF), 0xC0 | UInt8(sequence >> 8 & 0x3F), UInt8(sequence & 0xFF),
            UInt8((length - 7) >> 8), UInt8((length - 7) & 0xFF),
        ]
    }

    private static func frames(_ count: Int, _ generator: inout SeededGenerator) throws -> [UInt8] {
        let (packets, starts) = packets(count, &generator)
        var encoder = try LinkEncoder(link(.frames), spacecraft: 91)
        var octets: [UInt8] = []
        octets.reserveCapacity(count + count / 8)
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : packets.count
            let isLost = generator.next() % 40 == 0
            encoder.push(
                packet: packets.span.extracting(start..<end),
                virtualChannel: packets[start + 1] == 17 ? 5 : 1
            ) { _, frame in
                guard !isLost else { return }
                // The pointer is read only during the call and only over its own count.
                unsafe frame.withUnsafeBufferPointer { unsafe octets.append(contentsOf: $0) }
            }
        }
        return octets
    }

    private static func records(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var file: [UInt8] = []
        var octets: [UInt8] = []
        var sequence = 0
        var record = 0
        while octets.count < count {
            while file.count < 490 {
                file += (0..<100).map { place in
                    let noise = (20..<36).contains(place) ? UInt8(truncatingIfNeeded: generator.next() & 7) : 0
                    return (place == 11 ? UInt8(record & 0xFF) : UInt8(truncatingIfNeeded: place &* 37 &+ 11)) ^ noise
                }
                record += 1
            }
            octets += header(apid: 1, sequence, length: 512)
            octets += (0..<16).map { UInt8(truncatingIfNeeded: $0 == 15 ? sequence &* 73 : $0 &* 9) }
            octets += file[..<490]
            file.removeFirst(490)
            sequence += 1
        }
        return octets
    }

    private static func mixture(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var due = [0, 1, 2, 3]
        var counts = [0, 0, 0, 0]
        var seldom = [UInt8](repeating: 0, count: 16)
        var octets: [UInt8] = []
        while octets.count < count {
            let application = due.indices.min { (due[$0], $0) < (due[$1], $1) } ?? 0
            let now = due[application]
            let chance = generator.next()
            due[application] += [11, 3, 4, 7][application] + (chance % 8 == 0 ? 1 : 0)
            let noise = (0..<4).map { UInt8(truncatingIfNeeded: chance >> UInt64(32 + 8 * $0)) }
            let body: [UInt8]
            switch application {
            case 0: body = list(now, &generator)
            case 1:
                if chance >> 8 % 3 == 0 { seldom[Int(chance >> 16 % 16)] = noise[0] }
                body = seldom
            case 2: body = noise + [1, 2, 3, 4, 5] + noise + [6]
            default: body = [0, 0, UInt8(now >> 8 & 0xFF), UInt8(now & 0xFF)] + [UInt8](repeating: 7, count: 12)
            }
            octets += header(apid: 17 + 60 * application, counts[application], length: 11 + body.count)
            counts[application] += 1
            let seconds = UInt32(2_000_000_000 + now / 10)
            octets += (0..<4).map { UInt8(truncatingIfNeeded: seconds >> UInt32(24 - 8 * $0)) }
            octets += [UInt8(now % 10 * 25)] + body
        }
        return octets
    }

    /// Values behind their keys, one in eight left out.
    private static func list(_ now: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<24).flatMap { index -> [UInt8] in
            guard generator.next() % 8 != 0 else { return [] }
            let width = 1 << (index * 5 % 4)
            let value = (0..<width).map { UInt8(truncatingIfNeeded: index &* 29 &+ $0 &* 7) }
            return [2, UInt8(0x10 + 3 * index)] + value.dropLast() + [UInt8(truncatingIfNeeded: now >> (index % 5))]
        }
    }

    /// Time as the packets tell it: whole seconds in octets 6 to 9.
    static func time(_ packet: PacketRecord, _ octets: Span<UInt8>) -> TAITime? {
        guard octets.count >= 10, !packet.isIdle else { return nil }
        let seconds = (6..<10).reduce(Int64(0)) { $0 << 8 | Int64(octets[$1]) }
        return TAITime(nanoseconds: seconds * 1_000_000_000)
    }
}

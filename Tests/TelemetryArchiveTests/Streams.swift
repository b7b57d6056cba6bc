import SpaceLink
import TelemetryArchive
import TestSupport

/// A unit with its octets, as written or as read.
struct Kept: Equatable {
    var unit: ArchiveUnit
    var octets: [UInt8]
}

/// Made links whose every octet follows from a seed.
enum Streams {
    /// AOS frames of 220 octets, two channels with packets of five applications.
    static let link: LinkDescription = {
        var link = LinkDescription()
        link.input = .frames
        link.block = .none(length: nil)
        link.frame.length = 220
        link.frame.insertZone = 8
        return link
    }()

    /// Time as the made packets tell it: whole seconds in octets 6 to 9.
    static func time(_ packet: PacketRecord, _ octets: Span<UInt8>) -> TAITime? {
        guard octets.count >= 10, !packet.isIdle else { return nil }
        let seconds = (6..<10).reduce(Int64(0)) { $0 << 8 | Int64(octets[$1]) }
        return TAITime(nanoseconds: seconds * 1_000_000_000)
    }

    /// The packets that a selection gives of an archive.
    static func kept(_ archive: [UInt8], _ selection: ArchiveSelection = ArchiveSelection()) throws -> [Kept] {
        var kept: [Kept] = []
        try ArchiveReader(MemoryArchive(archive)).forEachPacket(
            selection,
            link: Streams.link,
            onboardTime: Streams.time
        ) { unit, octets in
            kept.append(Kept(unit: unit, octets: octets.copied))
            return .next
        }
        return kept
    }

    /// Packets back to back, with times that mostly rise.
    static func packets(seed: UInt64, count: Int) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        var counts: [Int: UInt16] = [:]
        return (0..<count).map { index in
            let apid = [3, 17, 256, 1000, 2047][Int(generator.next() % 5)]
            let length = 4 + Int(generator.next() % (index % 50 == 7 ? 900 : 60))
            let sequence = counts[apid, default: 0]
            counts[apid] = (sequence + 1) & 0x3FFF
            let late = index % 31 == 3 ? 400 : 0
            let seconds = UInt32(2_000_000_000 + 10 * index - late)
            var packet: [UInt8] = [
                UInt8(8 | apid >> 8), UInt8(apid & 255), 0xC0 | UInt8(sequence >> 8), UInt8(sequence & 255),
                UInt8((length - 1) >> 8), UInt8((length - 1) & 255),
            ]
            packet += (0..<4).map { UInt8(truncatingIfNeeded: seconds >> UInt32(24 - 8 * $0)) }
            packet += (4..<length).map {
                UInt8(truncatingIfNeeded: $0 * apid + index / 3) ^ UInt8(generator.next() & 3)
            }
            return packet
        }
    }

    /// Packets of two lengths whose octets mostly follow from those before, as in telemetry they do.
    static func steady(seed: UInt64, count: Int) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            let isLong = index % 3 == 1
            let value = UInt32(truncatingIfNeeded: index * 1000 + index * index)
            var packet: [UInt8] = [8, isLong ? 17 : 77, 0xC0 | UInt8(index >> 8 & 0x3F), UInt8(index & 0xFF), 0]
            packet += [isLong ? 39 : 14, 0x77, 0x35, UInt8(index >> 8 & 0xFF), UInt8(index & 0xFF)]
            packet += (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
            packet += (0..<(isLong ? 32 : 7)).map { UInt8($0 * 8) ^ UInt8(generator.next() % 100 / 99) }
            return packet
        }
    }

    /// Frames with these packets on two channels, some of them lost.
    static func frames(
        seed: UInt64,
        packets count: Int,
        lost: Int = 17,
        isSteady: Bool = false
    ) throws -> [UInt8] {
        var encoder = try LinkEncoder(link, spacecraft: 91)
        var generator = SeededGenerator(seed: seed &+ 1)
        var octets: [UInt8] = []
        for packet in isSteady ? steady(seed: seed, count: count) : packets(seed: seed, count: count) {
            encoder.push(packet: packet.span, virtualChannel: packet[1] == 17 ? 5 : 1) { _, frame in
                guard lost == 0 || generator.next() % UInt64(lost) != 0 else { return }
                octets += frame.copied
            }
        }
        for channel in [1, 5] {
            encoder.flush(virtualChannel: channel) { _, frame in
                octets += frame.copied
            }
        }
        return octets
    }

    /// Everything that a decode of the whole gives.
    static func decode(_ octets: [UInt8], by link: LinkDescription) throws -> Collector {
        var decoder = try LinkDecoder(link)
        var collector = Collector()
        decoder.push(octets.span, into: &collector)
        decoder.finish(into: &collector)
        return collector
    }

    /// An archive of what a decode gives.
    static func archive(
        _ octets: [UInt8],
        by link: LinkDescription,
        content: ArchiveContent,
        settings: ArchiveSettings = ArchiveSettings(),
        isSealed: Bool = true
    ) throws -> [UInt8] {
        let metadata = ArchiveMetadata(content: content, creator: "tests")
        let storage = FailingStorage()
        var sink = ArchiveSink(
            try ArchiveWriter(storage, metadata: metadata, settings: settings),
            content: content,
            onboardTime: time
        )
        var decoder = try LinkDecoder(link)
        var start = 0
        while start < octets.count {
            sink.receptionTime = TAITime(nanoseconds: 2_000_000_000_000_000_000 + Int64(start) * 1000)
            let end = min(octets.count, start + 997)
            decoder.push(octets.span.extracting(start..<end), into: &sink)
            start = end
        }
        decoder.finish(into: &sink)
        if isSealed { try sink.finish() } else { try sink.flush() }
        return storage.octets
    }

    /// Settings with a chunk size and a form.
    static func settings(_ chunkSize: Int, _ form: ArchiveSettings.Form) -> ArchiveSettings {
        var settings = ArchiveSettings(chunkSize: chunkSize)
        settings.form = form
        return settings
    }

    /// All units of an archive.
    static func read(_ archive: [UInt8], _ selection: ArchiveSelection = ArchiveSelection()) throws -> [Kept] {
        var kept: [Kept] = []
        try ArchiveReader(MemoryArchive(archive)).forEachUnit(selection) { unit, octets in
            kept.append(Kept(unit: unit, octets: octets.copied))
            return .next
        }
        return kept
    }
}

/// Keeps what a link decoder finds.
struct Collector: LinkSink {
    var frames: [Kept] = []
    var packets: [Kept] = []

    mutating func frame(_ frame: FrameRecord, octets: Span<UInt8>) {
        frames.append(Kept(unit: ArchiveUnit(frame: frame, length: octets.count), octets: octets.copied))
    }

    mutating func packet(_ packet: PacketRecord, octets: Span<UInt8>) {
        let time = Streams.time(packet, octets)
        packets.append(
            Kept(unit: ArchiveUnit(packet: packet, length: octets.count, onboardTime: time), octets: octets.copied)
        )
    }
}

extension Span<UInt8> {
    /// The octets as an array.
    var copied: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }  // one copy; debug builds are slow
}

/// What is the same in two reports of a unit, whichever way it came.
extension Kept {
    /// Without ordinal and reception time, which only an archive knows.
    var essence: Kept {
        var essence = self
        essence.unit.ordinal = 0
        essence.unit.receptionTime = nil
        return essence
    }
}

/// Storage in memory that fails at its n-th call, and can be looked at from outside.
final class FailingStorage: ArchiveStorage {
    private(set) var octets: [UInt8] = []
    private(set) var synchronized = 0
    private(set) var calls = 0
    private let failAt: Int
    private let torn: Int

    init(failAt: Int = .max, torn: Int = 0) {
        self.failAt = failAt
        self.torn = torn
    }

    func append(_ more: Span<UInt8>) throws(ArchiveError) {
        calls += 1
        guard calls != failAt else {
            octets += more.extracting(0..<min(torn, more.count)).copied
            throw .storage(operation: "append", reason: "call \(calls) fails")
        }
        octets += more.copied
    }

    func synchronize() throws(ArchiveError) {
        calls += 1
        guard calls != failAt else { throw .storage(operation: "synchronize", reason: "call \(calls) fails") }
        synchronized = octets.count
    }
}

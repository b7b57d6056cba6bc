import ArchiveFaults
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Clocks that jump: on the ground, on board, and the one by which the writer waits.
@Suite struct ClockTests {
    private static let day: Int64 = 86_400_000_000_000

    /// Times of reception that jump by days, and on-board times that begin again, stand still, or are not told.
    private static func times(_ index: Int, _ generator: inout SeededGenerator) -> (ground: TAITime, board: TAITime?) {
        let jumps: [Int64] = [0, 0, -3, 3650, -3650, 1]
        let jump = jumps[index / 17 % jumps.count] * day
        let ground = TAITime(nanoseconds: 2_000_000_000_000_000_000 + Int64(index) * 1_000_000_000 + jump)
        let nanoseconds: Int64
        switch index / 23 % 5 {
        case 0: nanoseconds = 1_900_000_000_000_000_000 + Int64(index) * 500_000_000
        case 1: nanoseconds = Int64(index) * 1_000_000_000  // a computer that begins again counts from 1958
        case 2: return (ground, nil)
        case 3: nanoseconds = 1_900_000_000_000_000_000
        default: nanoseconds = Int64(bitPattern: generator.next()) / 2  // a broken one says anything
        }
        return (ground, TAITime(nanoseconds: nanoseconds))
    }

    /// Writes packets with such times and tells what was written.
    private static func write(
        isSealed: Bool,
        form: ArchiveSettings.Form
    ) throws -> (archive: [UInt8], written: [ArchiveUnit]) {
        var generator = SeededGenerator(seed: 31)
        var packets = RecordSink()
        var decoder = try LinkDecoder(SampleStream.link(.packets))
        let stream = try SampleStream.octets(.packets, count: 20_000, seed: 32)
        decoder.push(stream.span, into: &packets)
        var written: [ArchiveUnit] = []
        var boards: [Int64: TAITime?] = [:]
        for (index, (packet, octets)) in packets.packets.enumerated() {
            let (ground, board) = times(index, &generator)
            var unit = ArchiveUnit(packet: packet, length: octets.count, onboardTime: board, receptionTime: ground)
            unit.ordinal = Int64(index)
            written.append(unit)
            boards[packet.inputOffset] = .some(board)
        }
        let told = boards
        var settings = Streams.settings(1500, form)
        settings.chunksPerIndex = 3
        let storage = FailingStorage()
        let metadata = ArchiveMetadata(content: .packets, creator: "tests")
        var sink = ArchiveSink(
            try ArchiveWriter(storage, metadata: metadata, settings: settings),
            content: .packets,
            onboardTime: { packet, _ in told[packet.inputOffset] ?? nil }
        )
        for (index, (packet, octets)) in packets.packets.enumerated() {
            sink.receptionTime = written[index].receptionTime
            sink.packet(packet, octets: octets.span)
        }
        if isSealed { try sink.finish() } else { try sink.flush() }
        return (storage.octets, written)
    }

    @Test(arguments: [true, false], ArchiveSettings.Form.allCases)
    func unitsAreFoundByTimeWhicheverWayItJumps(isSealed: Bool, form: ArchiveSettings.Form) throws {
        let (archive, written) = try ClockTests.write(isSealed: isSealed, form: form)
        #expect(written.count > 200)
        let reader = try ArchiveReader(MemoryArchive(archive))
        var generator = SeededGenerator(seed: 35)
        for clock in ArchiveClock.allCases {
            var known: [TAITime] = []
            for unit in written {
                if let time = clock == .onboard ? unit.onboardTime : unit.receptionTime { known.append(time) }
            }
            for _ in 0..<60 {
                var selection = ArchiveSelection()
                selection.clock = clock
                let ends = (0..<2).map { _ in known[Int(generator.next() % UInt64(known.count))] }.sorted()
                selection.from = generator.next() % 5 == 0 ? nil : ends[0]
                selection.until = generator.next() % 5 == 0 ? nil : ends[1]
                var found: [ArchiveUnit] = []
                try reader.forEachUnit(selection) { unit, _ in
                    found.append(unit)
                    return .next
                }
                let expected = written.filter { selection.matches($0) }
                #expect(found == expected, "\(clock) \(ends)")
            }
        }
    }

    @Test func aWriterWhoseClockJumpsNeverForgetsAUnit() throws {
        let workload = Workload(seed: 33, count: 300)
        let folder = SimulatedFolder()
        var live = LiveArchiveSettings()
        live.rotationInterval = 3_600_000_000_000
        let start: Int64 = 1_700_000_000_000_000_000
        let metadata = Workload.metadata
        var archive = try LiveArchive.create(Workload.name, in: folder, metadata: metadata, settings: live, now: start)
        var late: [Int] = []
        try ClockTests.jump(workload, &archive, from: start) { index, isDue, committed in
            // By its rule a unit waits 20 ms, or less if time ran backward.
            if isDue, committed != index + 1 { late.append(index) }
            let left = workload.read(folder.disk.leastLeft()).units.count
            #expect(left >= committed)
        }
        #expect(late == [])
        #expect(workload.read(folder.disk.leastLeft()).units == workload.packets.map(\.1))
    }

    /// Appends packets while the writer's clock jumps by forty days either way.
    private static func jump(
        _ workload: Workload,
        _ archive: inout LiveArchive<SimulatedFolder>,
        from start: Int64,
        each: (_ index: Int, _ isDue: Bool, _ committed: Int) -> Void
    ) throws(ArchiveError) {
        let interval = LiveArchiveSettings().commitInterval
        var generator = SeededGenerator(seed: 34)
        var now = start
        var since = start
        for index in workload.packets.indices {
            if archive.committed.units == index { since = now }
            let octets = workload.packets[index].1
            try archive.append(packet: workload.packets[index].0, onboardTime: nil, octets: octets.span)
            let step = Int64(generator.next() % 30_000_000)
            let steps = [step, step, step, 40 * day, -40 * day]
            now += steps[Int(generator.next() % 5)]
            try archive.tick(now: now)
            each(index, now < since || now - since >= interval, Int(archive.committed.units))
        }
        try archive.finish()
    }
}

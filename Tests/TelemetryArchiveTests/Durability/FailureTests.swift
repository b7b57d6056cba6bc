import ArchiveFaults
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

/// Folders that fail, and what the archive makes of it.
@Suite struct FailureTests {
    private static let states = CrashStates()

    /// Operations that a workload needs.
    private func operations(_ workload: Workload) -> Int {
        let folder = SimulatedFolder()
        workload.run(in: folder)
        return folder.operations
    }

    @Test(arguments: [SimulatedFolder.Failure.noSpace, .lostPages])
    func whateverOperationFailsNothingAcknowledgedIsLost(failure: SimulatedFolder.Failure) {
        for seed in [3, 14] as [UInt64] {
            let workload = Workload(seed: seed, count: 8)
            for call in 1...operations(workload) {
                for staysBroken in [false, true] {
                    let folder = SimulatedFolder(failAt: call, failure: failure, staysBroken: staysBroken)
                    var trial = PowerCutTrial(workload) { $0 }
                    trial.statesAtEach = 1
                    trial.continuesEach = 50
                    trial.judge(folder, FailureTests.states) { cut in
                        // A failure may leave a hole or a torn place in the middle; only loss and lies are wrong.
                        switch cut.verdict {
                        case .right, .damaged, .notContinued: return true
                        case .lost, .wrong:
                            Issue.record("\(failure) at \(call): \(cut)")
                            return false
                        }
                    }
                    // What is on the disk without a power cut is read as it is.
                    #expect(workload.read(folder.disk.visible).wrong == 0)
                }
            }
        }
    }

    @Test func aFailedSynchronizationIsNeverRepeatedAndLosesNothing() throws {
        let workload = Workload(seed: 5)
        for call in 1...operations(workload) {
            let folder = SimulatedFolder(failAt: call, failure: .lostPages)
            let (units, failure) = workload.run(in: folder)
            // One failure of a file is borne: another file takes its place. Only the folder's own ends the archive.
            if failure == nil { #expect(units == Int64(workload.packets.count), "operation \(call)") }
            let reading = workload.read(folder.disk.leastLeft())
            #expect(reading.units.count >= Int(units), "operation \(call)")
        }
    }

    @Test func afterAFailureNothingMoreIsTaken() throws {
        let workload = Workload(seed: 2)
        let folder = SimulatedFolder(failAt: 15, staysBroken: true)
        var archive = try LiveArchive.create(Workload.name, in: folder, metadata: Workload.metadata, now: 0)
        var failures: [ArchiveError] = []
        for (packet, octets) in workload.packets {
            do throws(ArchiveError) {
                try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
                try archive.commit()
            } catch {
                failures.append(error)
            }
        }
        guard case .storage? = failures.first, case .writerFailed? = failures.last else {
            Issue.record("\(failures)")
            return
        }
        let committed = archive.committed
        #expect(committed.units > 0)
        #expect(workload.read(folder.disk.leastLeft()).units.count >= Int(committed.units))
    }

    @Test func theSecondWriterIsToldWhoTheFirstIs() throws {
        let folder = SimulatedFolder()
        var archive = try LiveArchive.create(Workload.name, in: folder, metadata: Workload.metadata, now: 0)
        #expect(throws: ArchiveError.locked(owner: "another writer")) {
            _ = try LiveArchive.open(Workload.name, in: folder, now: 0).committed
        }
        try archive.finish()
        var next = try LiveArchive.open(Workload.name, in: folder, now: 0)
        try next.finish()
        #expect(folder.locks.isEmpty)
    }

    @Test func anArchiveThatIsThereIsNotReplaced() throws {
        let folder = SimulatedFolder(SimulatedDisk([Workload.name + ".j3": [1, 2, 3]]))
        #expect(throws: ArchiveError.exists(name: Workload.name + ".j3")) {
            _ = try LiveArchive.create(Workload.name, in: folder, metadata: Workload.metadata, now: 0).committed
        }
        #expect(folder.locks.isEmpty)
    }
}

/// Time that jumps, and files that belong to others.
@Suite struct LiveArchiveTests {
    @Test func aClockThatIsSetBackDelaysNothing() throws {
        let workload = Workload(seed: 4)
        let folder = SimulatedFolder()
        var archive = try LiveArchive.create(
            Workload.name,
            in: folder,
            metadata: Workload.metadata,
            now: 5_000_000_000_000
        )
        let (packet, octets) = workload.packets[0]
        try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
        try archive.tick(now: 5_000_010_000_000)
        #expect(archive.committed.units == 0)
        #expect(archive.due == 5_000_020_000_000)
        try archive.tick(now: 17)
        #expect(archive.committed.units == 1)
        try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
        try archive.tick(now: .max)
        #expect(archive.committed.units == 2)
        #expect(folder.disk.visible.keys.contains { $0.hasSuffix(".j2") }, "both chunks were closed")
        try archive.finish()
    }

    @Test func aJournalOfAnotherArchiveIsNotBelieved() throws {
        let workload = Workload(seed: 6)
        func files(_ identity: [UInt8]) throws -> [String: [UInt8]] {
            let folder = SimulatedFolder()
            var metadata = Workload.metadata
            metadata.identity = identity
            var archive = try LiveArchive.create(Workload.name, in: folder, metadata: metadata, now: 0)
            for (packet, octets) in workload.packets {
                try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
            }
            try archive.commit()
            return folder.disk.visible
        }
        let own = try files([1])
        let other = try files([2])
        #expect(workload.read(own).units.count == workload.packets.count)
        var mixed = own
        mixed[Workload.name + ".j0"] = other[Workload.name + ".j0"]
        #expect(workload.read(mixed).units.isEmpty)
    }

    @Test func aJournalWhosePartDidNotSurviveIsInNobodysWay() throws {
        let workload = Workload(seed: 9)
        var settings = LiveArchiveSettings()
        settings.rotationSize = 1
        settings.archive = ArchiveSettings(chunkSize: 100)
        let first = SimulatedFolder()
        var archive = try Workload.begin(in: first, settings)
        for (packet, octets) in workload.packets.prefix(2) {
            try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
            if archive.committed.units == 0 { try archive.tick(now: 0) }
        }
        try archive.commit()
        var files = first.disk.visible
        #expect(files.keys.sorted() == ["a.0001.plar", "a.0001.plar.j0", "a.plar"])
        files["a.0001.plar"] = nil
        let folder = SimulatedFolder(SimulatedDisk(files))
        var next = try LiveArchive.open(Workload.name, in: folder, settings: settings, now: 0)
        #expect(next.committed.units == 2)
        for (packet, octets) in workload.packets.dropFirst(2).prefix(2) {
            try next.append(packet: packet, onboardTime: nil, octets: octets.span)
        }
        try next.finish()
        #expect(workload.read(folder.disk.visible).units == workload.packets.prefix(4).map(\.1))
        #expect(!folder.disk.visible.keys.contains { $0.contains(".plar.j") })
    }

    @Test(arguments: [ArchiveDurability.durable, .relaxed, .none])
    func durabilityIsSaidAndKept(durability: ArchiveDurability) throws {
        let workload = Workload(seed: 8)
        var settings = LiveArchiveSettings()
        settings.durability = durability
        let folder = SimulatedFolder()
        var archive = try Workload.begin(in: folder, settings)
        for (packet, octets) in workload.packets {
            try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
        }
        try archive.commit()
        let committed = archive.committed
        #expect(committed.units == (durability == .none ? 0 : Int64(workload.packets.count)))
        // Relaxed survives the end of the program; only durable survives the loss of power for certain.
        #expect(workload.read(folder.disk.visible).units.count == Int(committed.units))
        let left = workload.read(folder.disk.leastLeft()).units.count
        #expect(left == (durability == .durable ? workload.packets.count : 0))
        try archive.finish()
        let octets = try #require(folder.disk.contents(Workload.name))
        let reader = try ArchiveReader(MemoryArchive(octets))
        #expect(reader.metadata.durability == durability.rawValue)
        #expect(reader.end == .sealed)
        #expect(folder.disk.visible.keys.sorted() == [Workload.name])
    }

    @Test func partsFollowEachOther() throws {
        var workload = Workload(seed: 9)
        var settings = LiveArchiveSettings()
        settings.rotationSize = 1
        settings.archive = ArchiveSettings(chunkSize: 100)
        let folder = SimulatedFolder()
        var archive = try Workload.begin(in: folder, settings)
        for (packet, octets) in workload.packets.prefix(3) {
            try archive.append(packet: packet, onboardTime: nil, octets: octets.span)
            try archive.tick(now: 0)
        }
        try archive.finish()
        #expect(folder.disk.visible.keys.sorted() == ["a.0001.plar", "a.0002.plar", "a.0003.plar", "a.plar"])
        workload = Workload(seed: 9)
        #expect(workload.read(folder.disk.visible).units == workload.packets.prefix(3).map(\.1))
        for octets in folder.disk.visible.values {
            #expect(try ArchiveReader.verify(MemoryArchive(octets)).isWhole)
        }
    }
}

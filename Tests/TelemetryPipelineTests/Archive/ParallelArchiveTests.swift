import Foundation
import LinkIO
import SpaceLink
import TelemetryArchive
import TelemetryPipeline
import TestSupport
import Testing

/// Archives by several tasks: the same as by one.
@Suite struct ParallelArchiveTests {
    static let layers = [
        #"{"input": "cadu", "block": {"code": "rs", "interleave": 2}, "frame": {"type": "aos"}}"#,
        #"{"input": "frames", "block": {"code": "none"}, "frame": {"type": "aos", "length": 220, "insertZone": 8}}"#,
        #"{"input": "packets"}"#,
    ]

    private func archive(_ path: String, as name: String, jobs: Int, in folder: TemporaryFolder) async throws -> [UInt8]
    {
        var input = try TelemetryInput(InputRequest(paths: [path]))
        var job = ArchiveJob(output: folder.path(name), creator: "test")
        job.settings = ArchiveSettings(chunkSize: 4096)
        job.settings.chunksPerIndex = 3
        let made = try await job.run(&input, jobs: jobs) { _, _, _ in }
        let octets = try folder.read(name)
        #expect(made.size == Int64(octets.count))
        return octets
    }

    private func extract(
        _ archive: String,
        packets: Bool,
        _ selection: ArchiveSelection = ArchiveSelection(),
        jobs: Int,
        in folder: TemporaryFolder
    ) async throws -> (octets: [UInt8], result: ArchiveExtraction.Result) {
        let opened = try OpenedArchive(InputRequest(paths: [archive]), craft: nil)
        let result = try await ArchiveExtraction(output: folder.path("out"), replacing: true)
            .run(opened, selection, packets: packets, jobs: jobs) { _, _ in }
        return (try folder.read("out"), result)
    }

    @Test(arguments: layers) func unitsDoNotDependOnTheTasks(json: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("input", Downlink(json: json, frames: 90, seed: 22).octets)
        var input = try TelemetryInput(InputRequest(paths: [path]))
        let serial = ArchiveJob(output: folder.path("serial"), creator: "test")
        var job = serial
        job.settings = ArchiveSettings(chunkSize: 4096)
        job.settings.chunksPerIndex = 3
        _ = try job.run(&input) { _, _, _ in }
        let one = try await archive(path, as: "one", jobs: 1, in: folder)
        #expect(try folder.read("serial") == one)
        var units: [UInt8]?
        for jobs in [1, 2, 3, 7] {
            let name = "a\(jobs)"
            let made = try await archive(path, as: name, jobs: jobs, in: folder)
            // The same tasks, the same octets: timing decides nothing.
            #expect(try await archive(path, as: "again\(jobs)", jobs: jobs, in: folder) == made)
            let report = try await ArchiveFiles(path: folder.path(name)).verify(jobs: jobs)
            #expect(report.isWhole)
            #expect(try report == ArchiveFiles(path: folder.path(name)).verify())
            let extracted = try await extract(folder.path(name), packets: false, jobs: jobs, in: folder)
            #expect(extracted.octets.count > 4 * 4096)
            #expect(units ?? extracted.octets == extracted.octets)
            units = extracted.octets
        }
        var archived = try TelemetryInput(InputRequest(paths: [folder.path("a3")]))
        var direct = try TelemetryInput(InputRequest(paths: [path]))
        var (first, second) = (Keeper(withIdle: true), Keeper(withIdle: true))
        _ = try direct.decode(into: &first)
        _ = try archived.decode(into: &second)
        #expect(first.packets == second.packets)
    }

    @Test(arguments: layers) func selectionsDoNotDependOnTheTasks(json: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("input", Downlink(json: json, frames: 90, seed: 23).octets)
        _ = try await archive(path, as: "a", jobs: 2, in: folder)
        var selection = ArchiveSelection()
        selection.apids = [33]
        let serial = try await extract(folder.path("a"), packets: true, selection, jobs: 1, in: folder)
        #expect(!serial.octets.isEmpty)
        for jobs in [2, 3, 7] {
            let parallel = try await extract(folder.path("a"), packets: true, selection, jobs: jobs, in: folder)
            #expect(parallel.octets == serial.octets)
            #expect(parallel.result.totals == serial.result.totals)
        }
    }

    @Test(arguments: layers) func damageIsReportedAsByOneTask(json: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("input", Downlink(json: json, frames: 90, seed: 24).octets)
        let whole = try await archive(path, as: "a", jobs: 2, in: folder)
        var generator = SeededGenerator(seed: 25)
        for _ in 0..<12 {
            var damaged = whole
            let place = Int.random(in: 4096..<whole.count, using: &generator)
            damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
            let damagedPath = try folder.write("damaged", damaged)
            let serial = try ArchiveFiles(path: damagedPath).verify()
            #expect(!serial.isWhole)
            #expect(try await ArchiveFiles(path: damagedPath).verify(jobs: 3) == serial, "octet \(place)")
            let one = try await extract(damagedPath, packets: true, jobs: 1, in: folder)
            let three = try await extract(damagedPath, packets: true, jobs: 3, in: folder)
            #expect(one.octets == three.octets)
            #expect(one.result.damage == three.result.damage)
        }
    }

    @Test func aSourceThatFailsLeavesNoFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("input", Downlink(json: Self.layers[2], frames: 90, seed: 26).octets)
        let whole = try await archive(path, as: "a", jobs: 2, in: folder)
        for jobs in [1, 3] {
            try FileManager.default.removeItem(atPath: folder.path("a"))
            let file = try folder.write("a", whole)
            let opened = try OpenedArchive(InputRequest(paths: [file]), craft: nil)
            // Somebody cuts the file while it is read.
            try FileHandle(forWritingTo: URL(filePath: file)).truncate(atOffset: UInt64(whole.count / 2))
            await #expect(throws: ArchiveError.self) {
                _ = try await ArchiveExtraction(output: folder.path("out"), replacing: true)
                    .run(opened, ArchiveSelection(), packets: false, jobs: jobs) { _, _ in }
            }
            #expect(try folder.names() == ["a", "input"])
        }
    }

    @Test(arguments: [1, 2, 7]) func aFailureWhileWritingComesOnceAndLeavesNothing(jobs: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("input", Downlink(json: Self.layers[2], frames: 2000, seed: 27).octets)
        var input = try TelemetryInput(InputRequest(paths: [path]))
        // The medium is full: the octets go straight there, for it is no regular file.
        var job = ArchiveJob(output: "/dev/full", creator: "test")
        job.settings = ArchiveSettings(chunkSize: 1 << 16)
        await #expect(throws: ArchiveError.self) { _ = try await job.run(&input, jobs: jobs) { _, _, _ in } }
        var generator = SeededGenerator(seed: 28)
        let noise = try folder.write("noise", generator.octets(20_000))
        var nothing = try TelemetryInput(InputRequest(paths: [noise], link: "jpss"))
        job.output = folder.path("a")
        await #expect(throws: PipelineFailure.self) { _ = try await job.run(&nothing, jobs: jobs) { _, _, _ in } }
        #expect(try folder.names() == ["input", "noise"])
    }
}

/// Work ahead of the one who takes its results.
@Suite struct OrderedWorkTests {
    private struct Refusal: Error, Equatable {
        let number: Int
    }

    @Test(arguments: [2, 3, 7]) func resultsComeInOrder(jobs: Int) async throws {
        var next = 0
        var taken: [Int] = []
        try await OrderedWork.run(jobs: jobs) {
            defer { next += 1 }
            #expect(next - taken.count <= jobs + 1)
            return next < 100 ? next : nil
        } work: { number in
            // The first ones take longest.
            (0..<(100 - number) * 50).reduce(number) { $0 ^ $1 } | number << 20
        } take: { result in
            taken.append(result >> 20)
            return .next
        }
        #expect(taken == Array(0..<100))
    }

    @Test(arguments: [2, 7]) func errorsComeWhenTheirTurnComes(jobs: Int) async throws {
        var next = 0
        var taken = 0
        await #expect(throws: Refusal(number: 20)) {
            try await OrderedWork.run(jobs: jobs) {
                defer { next += 1 }
                return next
            } work: { number in
                guard number < 20 else { throw Refusal(number: number) }
                return number
            } take: { _ in
                taken += 1
                return .next
            }
        }
        #expect(taken == 20)
    }

    @Test func aSourceOfItemsThatFailsDoesSoBehindAllItems() async throws {
        var next = 0
        var taken = 0
        await #expect(throws: Refusal(number: -1)) {
            try await OrderedWork.run(jobs: 3) {
                guard next < 10 else { throw Refusal(number: -1) }
                defer { next += 1 }
                return next
            } work: { number in
                number
            } take: { _ in
                taken += 1
                return .next
            }
        }
        #expect(taken == 10)
    }

    @Test func whoeverWantsNoMoreIsAskedNoMore() async throws {
        var next = 0
        var taken = 0
        try await OrderedWork.run(jobs: 3) {
            defer { next += 1 }
            return next
        } work: { number in
            number
        } take: { _ in
            taken += 1
            return taken == 5 ? .stop : .next
        }
        #expect(taken == 5)
        #expect(next <= 5 + 4)
    }
}

import Foundation
import LinkIO
import TestSupport
import Testing

@Suite struct OctetOutputTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func appearsWholeWhenCommitted() throws {
        var random = SeededGenerator(seed: 11)
        let octets = random.octets(700_000)
        var output = try OctetOutput(path: folder.path("out"), replacing: false)
        for start in stride(from: 0, to: octets.count, by: 999) {
            try output.write(octets[start..<min(start + 999, octets.count)].span)
        }
        #expect(!(try folder.names()).contains("out"), "nothing under the final name before the end")
        #expect(output.octets == 700_000)
        try output.commit()
        #expect(try folder.names() == ["out"])
        #expect(try folder.read("out") == octets)
    }

    @Test func leavesNothingWhenAbandoned() throws {
        do {
            var output = try OctetOutput(path: folder.path("out"), replacing: false)
            try output.write("half")
            try output.flush()
        }
        #expect(try folder.names() == [])
    }

    @Test func refusesToReplaceUnlessTold() throws {
        _ = try folder.write("out", [1])
        #expect(throws: IOFailure.exists(path: folder.path("out"))) {
            _ = try OctetOutput(path: folder.path("out"), replacing: false)
        }
        var output = try OctetOutput(path: folder.path("out"), replacing: true)
        try output.write("new")
        #expect(try folder.read("out") == [1], "the old file stands until the new one is whole")
        try output.commit()
        #expect(try folder.read("out") == Array("new".utf8))
    }

    @Test func namesAFolderAndAMissingFolder() throws {
        #expect(throws: IOFailure.outputIsDirectory(path: folder.url.path)) {
            _ = try OctetOutput(path: folder.url.path, replacing: true)
        }
        #expect(throws: IOFailure.self) { _ = try OctetOutput(path: folder.path("no/where"), replacing: false) }
    }

    @Test func writesStraightToWhatIsNoFile() throws {
        var output = try OctetOutput(path: "/dev/null", replacing: false)
        try output.write("gone")
        try output.commit()
        #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    }
}

@Suite struct OctetSourceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func readsToTheEndAndAtAnyPlace() throws {
        var random = SeededGenerator(seed: 12)
        let octets = random.octets(100_001)
        var source = try OctetSource(path: folder.write("in", octets))
        #expect(source.size == 100_001)
        var middle = [UInt8](repeating: 0, count: 50)
        #expect(try source.read(at: 99_990, into: &middle) == 11)
        #expect(Array(middle[..<11]) == Array(octets[99_990...]))
        var buffer = [UInt8](repeating: 0, count: 4096)
        var read: [UInt8] = []
        while true {
            let count = try source.read(into: &buffer)
            if count == 0 { break }
            read += buffer[..<count]
        }
        #expect(read == octets)
    }

    @Test func saysWhatIsWrongWithAPath() throws {
        #expect(throws: IOFailure.isDirectory(path: folder.url.path)) { _ = try OctetSource(path: folder.url.path) }
        let missing = folder.path("none")
        let failure = #expect(throws: IOFailure.self) { _ = try OctetSource(path: missing) }
        #expect(failure?.description == "\(missing): cannot open it: No such file or directory; check the path")
    }
}

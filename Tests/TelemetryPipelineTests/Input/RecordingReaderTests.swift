import Foundation
import TelemetryPipeline
import TestSupport
import Testing

@Suite struct RecordingReaderTests {
    private func files(in folder: TemporaryFolder) throws -> (paths: [String], whole: [UInt8]) {
        var generator = SeededGenerator(seed: 5)
        let parts = [70_001, 0, 1, 131_072, 17].map { generator.octets($0) }
        let paths = try parts.enumerated().map { try folder.write("part\($0.offset)", $0.element) }
        return (paths, parts.flatMap { $0 })
    }

    private func readAll(_ reader: inout RecordingReader, pieces: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: pieces)
        var octets: [UInt8] = []
        while true {
            let count = try reader.read(into: &buffer)
            if count == 0 { return octets }
            octets += buffer[..<count]
        }
    }

    @Test(arguments: [97, 4096, 65_536, 1 << 20]) func severalFilesAreOneStreamInAnyCut(pieces: Int) throws {
        let folder = try TemporaryFolder()
        let (paths, whole) = try files(in: folder)
        var reader = try RecordingReader(paths: paths)
        let size = reader.size
        let name = reader.name
        #expect(size == Int64(whole.count))
        #expect(name == "\(paths[0]) and 4 more")
        let read = try readAll(&reader, pieces: pieces)
        #expect(read == whole)
        let behind = try readAll(&reader, pieces: pieces)
        #expect(behind.isEmpty)
    }

    @Test(arguments: [0, 1, 70_000, 70_002, 1 << 18, 1 << 20]) func aLookAheadTakesNothing(ahead: Int) throws {
        let folder = try TemporaryFolder()
        let (paths, whole) = try files(in: folder)
        var reader = try RecordingReader(paths: paths)
        let first = try reader.peek(ahead)
        let again = try reader.peek(ahead)
        #expect(first == Array(whole.prefix(ahead)))
        #expect(again == first)
        let read = try readAll(&reader, pieces: 1000)
        #expect(read == whole)
    }

    @Test func aMissingPartIsFoundBeforeAnythingIsRead() throws {
        let folder = try TemporaryFolder()
        let (paths, _) = try files(in: folder)
        let missing = folder.path("part9")
        let failure = #expect(throws: (any Error).self) { _ = try RecordingReader(paths: paths + [missing]) }
        #expect(failure.map { "\($0)" } == "\(missing): cannot open it: No such file or directory; check the path")
    }

    @Test func aNamedPipeIsReadOnce() throws {
        let folder = try TemporaryFolder()
        let (paths, _) = try files(in: folder)
        let pipes = [folder.path("pipe1"), folder.path("pipe2")]
        // Unsafe because `mkfifo` takes the path by pointer.
        for pipe in pipes { #expect(unsafe mkfifo(pipe, 0o600) == 0) }
        let content = SeededOctets.some(300_000)
        let writer = Thread {
            for pipe in pipes { try? FileHandle(forWritingTo: URL(fileURLWithPath: pipe)).write(contentsOf: content) }
        }
        signal(SIGPIPE, SIG_IGN)
        writer.start()
        var reader = try RecordingReader(paths: [pipes[0], paths[0], pipes[1]])
        let size = reader.size
        #expect(size == nil)
        let read = try readAll(&reader, pieces: 5000)
        #expect(read.count == 2 * 300_000 + 70_001)
        #expect(read.starts(with: content))
    }
}

private enum SeededOctets {
    static func some(_ count: Int) -> Data {
        var generator = SeededGenerator(seed: 6)
        return Data(generator.octets(count))
    }
}

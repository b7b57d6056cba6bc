import Foundation
import SpaceLink
import TelemetryArchive
import TestSupport
import Testing

struct GzipTests {
    /// What `gzip -dc` prints, if there is a gzip.
    private func gunzip(_ archive: [UInt8]) throws -> (output: [UInt8], status: Int32)? {
        guard FileManager.default.fileExists(atPath: "/bin/gzip") else { return nil }
        let file = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID()).plar")
        try Data(archive).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/gzip")
        process.arguments = ["-dc"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return (output, process.terminationStatus)
    }

    @Test(arguments: [700, 10_000, 1 << 20])
    func gzipPrintsTheStream(chunkSize: Int) throws {
        let stream = try Streams.frames(seed: 41, packets: 800)
        var settings = Streams.settings(chunkSize, .raw)
        settings.chunksPerIndex = 4
        let archive = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
        guard let (output, status) = try gunzip(archive) else { return }
        #expect(status == 0)
        #expect(output == stream)
    }

    @Test func aWriterThatStoppedLeavesValidGzip() throws {
        let stream = try Streams.frames(seed: 42, packets: 300)
        let archive = try Streams.archive(
            stream,
            by: Streams.link,
            content: .frames,
            settings: Streams.settings(1000, .raw),
            isSealed: false
        )
        guard let (output, status) = try gunzip(archive) else { return }
        #expect(status == 0)
        #expect(output == stream)
    }

    @Test func aPackedArchiveIsValidGzipAsWell() throws {
        let stream = try Streams.frames(seed: 43, packets: 800)
        let settings = Streams.settings(50_000, .packed)
        let archive = try Streams.archive(stream, by: Streams.link, content: .frames, settings: settings)
        guard let (output, status) = try gunzip(archive) else { return }
        #expect(status == 0)
        #expect(output != stream)
    }

    @Test func theStartSaysWhatItIs() throws {
        let archive = try Streams.archive([], by: Streams.link, content: .frames)
        let start = String(decoding: archive.prefix(4096), as: UTF8.self)
        #expect(start.contains("PERILUNE TELEMETRY ARCHIVE"))
        #expect(start.contains("zcat FILE"))
        #expect(Array(archive.prefix(4)) == [0x1F, 0x8B, 0x08, 0x04])
    }
}

import ArchiveFaults
import Foundation
import TelemetryArchive
import TestSupport
import Testing

/// What surrounds an archive and fails: disks, permissions, other writers, other readers.
@Suite struct ArchiveFaultTests {
    private static func script(_ text: String, _ arguments: [String], in folder: TemporaryFolder) throws -> Outcome {
        let file = try folder.write("script", Array(text.utf8))
        return try Shell.run("sh", [file, try Tool.perilune.url.path, folder.url.path] + arguments)
    }

    /// Whether a file system of its own can be mounted here, as a full or a read-only disk.
    private static let canMount: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        let probe = "mount -t tmpfs -o size=64k none \"$2\" 2>/dev/null && umount \"$2\""
        return (try? script(probe, [], in: folder).status) == 0
    }()

    /// How a command is run by somebody who may not do everything.
    private static let unprivileged =
        geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups --" : "env"

    private static let canDropRights: Bool = {
        guard let folder = try? TemporaryFolder() else { return false }
        return (try? script("\(unprivileged) \"$1\" --version", [], in: folder).status) == 0
    }()

    private static let packets = ["--input", "packets"]

    // MARK: Disks

    @Test(.enabled(if: canMount, "no file system can be mounted here"))
    func aFullDiskLosesNothingThatWasAcknowledged() throws {
        let folder = try TemporaryFolder()
        let stream = try SampleStream.octets(.packets, count: 400_000, seed: 3)
        _ = try folder.write("stream", stream)
        let outcome = try ArchiveFaultTests.script(
            """
            cd "$2"; mkdir disk out
            mount -t tmpfs -o size=200k none disk || exit 9
            trap 'umount disk' EXIT
            { head -c 60000 stream; sleep 1; tail -c +60001 stream; } |
                "$1" archive create - --input packets -o disk/a.plar --json --raw --chunk 32768 > log 2> words
            echo $? > status
            cp disk/* out/
            rm -f disk/*.j* disk/a.0*
            mount -o remount,ro disk
            "$1" archive append stream --input packets -o disk/a.plar > /dev/null 2> words2; echo $? > status2
            "$1" archive info disk/a.plar --partial > /dev/null 2>&1; echo $? > status3
            """,
            [],
            in: folder
        )
        #expect(outcome.status == 0, "\(outcome.words)")
        func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }
        #expect(try text("status") == "2\n")
        #expect(try text("words").contains("No space left on device"))
        let lines = try text("log").split(separator: "\n")
        let last = try #require(try lines.map { try Event(line: String($0)) }.last { $0.name == "committed" })
        let safe = try last.payload(GrowingArchiveTests.Totals.self)
        #expect(safe.octets > 0)
        var extracted: [UInt8] = []
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
        for name in kept.filter({ $0.hasSuffix(".plar") }).sorted(by: { ($0.count, $0) < ($1.count, $1) }) {
            let path = folder.path("out/" + name)
            extracted += try Shell.run(Tool.perilune.url.path, ["archive", "extract", path, "--partial"]).output
        }
        #expect(extracted.count >= safe.octets)
        #expect(stream.starts(with: extracted))
        // Nothing can be written then, and that is said; what is there is read without a lock.
        #expect(try text("status2") == "2\n")
        #expect(try text("words2").contains("Read-only file system"))
        #expect(try text("status3") == "0\n")
    }

    // MARK: Permissions

    @Test(.enabled(if: canDropRights, "rights cannot be given up here"))
    func whoMayOnlyReadCanReadAndChangesNothing() async throws {
        let folder = try TemporaryFolder()
        let stream = try SampleStream.octets(.packets, count: 30_000, seed: 4)
        _ = try folder.write("stream", stream)
        let created = ["archive", "create", "stream", "-o", "a.plar"] + ArchiveFaultTests.packets
        #expect(try await Tool.perilune.run(created, in: folder).status == 0)
        let before = try folder.read("a.plar")
        let outcome = try ArchiveFaultTests.script(
            """
            cd "$2"; mkdir results; mv a.plar stream results; mkdir place; mv results/a.plar place/
            chmod 755 . ; chmod 644 results/stream place/a.plar; chmod 777 results; chmod 555 place
            run() { name=$1; shift; \(ArchiveFaultTests.unprivileged) "$PROGRAM" "$@" > results/$name.out \
            2> results/$name.words; echo $? > results/$name.status; }
            PROGRAM=$1
            run create archive create results/stream --input packets -o place/b.plar
            run live archive create - --input packets -o place/c.plar < results/stream
            run append archive append results/stream --input packets -o place/a.plar
            run repair archive repair place/a.plar -o place/d.plar
            run verify archive verify place/a.plar
            run extract archive extract place/a.plar
            chmod 000 place/a.plar
            run hidden archive verify place/a.plar
            chmod 644 place/a.plar; chmod 755 place; ls place > results/names
            """,
            [],
            in: folder
        )
        #expect(outcome.status == 0, "\(outcome.words)")
        func text(_ name: String) throws -> String {
            String(decoding: try folder.read("results/" + name), as: UTF8.self)
        }
        for name in ["create", "live", "append", "repair", "hidden"] {
            #expect(try text(name + ".status") == "2\n", "\(name)")
            let words = try text(name + ".words")
            #expect(words.contains("Permission denied"), "\(name): \(words)")
        }
        #expect(try text("verify.status") == "0\n")
        #expect(try folder.read("results/extract.out") == stream)
        #expect(try text("names") == "a.plar\n")
        #expect(try folder.read("place/a.plar") == before)
    }

    // MARK: Other writers

    @Test func ofWritersAtTheSameTimeOneWritesAndTheOthersAreToldWho() async throws {
        let folder = try TemporaryFolder()
        let first = try SampleStream.octets(.packets, count: 5000, seed: 5)
        let create = ["archive", "create", "-", "-o", "a.plar"] + ArchiveFaultTests.packets
        #expect(try await Tool.perilune.run(create, in: folder, input: first).status == 0)
        // A lock's file that somebody left means nothing.
        _ = try folder.write("a.plar.lock", Array("process 999999 on elsewhere\n".utf8))
        let more = try (0..<6).map { try SampleStream.octets(.packets, count: 40_000, seed: UInt64(60 + $0)) }
        let append = ["archive", "append", "-", "-o", "a.plar"] + ArchiveFaultTests.packets
        let running = try more.map { try RunningTool(.perilune, append, in: folder, input: $0) }
        var written: [[UInt8]] = []
        for (index, tool) in running.enumerated() {
            let outcome = try await tool.end()
            if outcome.status == 0 {
                written.append(more[index])
            } else {
                #expect(outcome.status == 2)
                #expect(outcome.words.contains("is being written by process"), "\(outcome.words)")
                #expect(outcome.words.contains("wait until that ends"))
            }
        }
        #expect(!written.isEmpty)
        #expect(try folder.names() == ["a.plar"])
        #expect(try await Tool.perilune.run("archive", "verify", "a.plar", in: folder).status == 0)
        var left = try await Tool.perilune.run("archive", "extract", "a.plar", in: folder).output[...]
        #expect(left.starts(with: first))
        left = left.dropFirst(first.count)
        while let next = written.firstIndex(where: { left.starts(with: $0) }) {
            left = left.dropFirst(written[next].count)
            written.remove(at: next)
        }
        #expect(left.isEmpty && written.isEmpty, "the appended streams are not there once each")
    }

    // MARK: Damage

    @Test func aHoleIsSaidByEveryReaderOfAnArchiveWithoutASeal() async throws {
        var settings = ArchiveSettings(chunkSize: 3000)
        settings.chunksPerIndex = 4
        let sample = try SampleArchive(.packets, count: 20_000, settings: settings, ending: .open)
        let chunk = try #require(sample.members.dropFirst(4).first { $0.holdsUnits })
        var octets = sample.octets
        octets[chunk.range.lowerBound + 40] ^= 1  // in its header: so it is not known to be a chunk
        let folder = try TemporaryFolder()
        _ = try folder.write("a.plar", octets)
        for command in ["verify", "extract", "query"] {
            let outcome = try await Tool.perilune.run("archive", command, "a.plar", in: folder)
            #expect(outcome.status == 1, "\(command)")
            let words = outcome.words + outcome.text
            #expect(words.contains("damaged at offset \(chunk.range.lowerBound) "), "\(command): \(outcome.words)")
        }
        let decoded = try await Tool.perilune.run("decode", "a.plar", "--to", "packets", in: folder)
        #expect(decoded.status != 0)
        #expect(decoded.words.contains("damaged at offset \(chunk.range.lowerBound) "), "\(decoded.words)")
    }

    // MARK: Bombs

    @Test func noBombTakesMemory() throws {
        let folder = try TemporaryFolder()
        for (index, bomb) in try ArchiveBomb.all().enumerated() {
            let path = try folder.write("bomb-\(index)", bomb.octets)
            for command in ["verify", "info", "extract", "query"] {
                // Half a gigabyte of addresses, of which the program itself takes most.
                let outcome = try ArchiveFaultTests.script(
                    "ulimit -v 700000; ulimit -t 60; \"$1\" archive \(command) '\(path)' > /dev/null; exit $?",
                    [],
                    in: folder
                )
                let isTold = outcome.status == 1 || outcome.status == 2 || command == "info" || command == "query"
                #expect(isTold && outcome.status <= 2, "\(bomb), \(command): \(outcome.status), \(outcome.words)")
            }
        }
    }

    // MARK: Other readers

    @Test func zcatPrintsTheFramesOfARawArchive() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let create = ["archive", "create", pass.path, "-o", "a.plar", "--mission", "luna-25", "--raw"]
        #expect(try await Tool.perilune.run(create, in: folder).status == 0)
        let frames = try await Tool.perilune.run("decode", pass.path, "--to", "frames", "--quiet", in: folder).output
        let printed = try Shell.run("sh", ["-c", "gzip -t < \"$0\" && zcat < \"$0\"", folder.path("a.plar")])
        #expect(printed.status == 0, "\(printed.words)")
        #expect(!frames.isEmpty && printed.output == frames)
    }

    private static let haveCCSDSPy = (try? Shell.run("python3", ["-c", "import ccsdspy"]).status) == 0

    /// Counts packets by process with the lengths in their headers alone.
    private static let counter = """
        import collections, struct, sys
        data = open(sys.argv[1], 'rb').read()
        place, counts = 0, collections.Counter()
        while place < len(data):
            word, _, length = struct.unpack_from('>HHH', data, place)
            counts[word & 0x7FF] += 1
            place += 7 + length
        assert place == len(data)
        for apid, count in sorted(counts.items()):
            if apid != 2047: print(apid, count)  # no idle packets
        """

    /// Extracts packets of a pass and gives their path and how many there are of each process, as they were sent.
    private func extracted(_ folder: TemporaryFolder) async throws -> (path: String, counts: [String]) {
        let pass = try await GeneratedPass.of("nominal")
        let create = ["archive", "create", pass.path, "-o", "a.plar", "--mission", "luna-25"]
        #expect(try await Tool.perilune.run(create, in: folder).status == 0)
        let extract = ["archive", "extract", "a.plar", "--to", "packets", "-o", "packets.bin"]
        #expect(try await Tool.perilune.run(extract, in: folder).status == 0)
        var counts: [Int: Int] = [:]
        for channel in pass.truth.channels {
            for sent in channel.apids { counts[sent.apid, default: 0] += sent.packets }
        }
        return (folder.path("packets.bin"), counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    }

    @Test func extractedPacketsAreToldApartByTheirLengths() async throws {
        let folder = try TemporaryFolder()
        let (path, counts) = try await extracted(folder)
        guard let counted = try? Shell.run("python3", ["-c", ArchiveFaultTests.counter, path]) else { return }
        #expect(counted.status == 0, "\(counted.words)")
        #expect(counted.text.split(separator: "\n").map(String.init) == counts)
    }

    @Test(.enabled(if: haveCCSDSPy, "ccsdspy is absent"))
    func ccsdspyReadsExtractedPackets() async throws {
        let folder = try TemporaryFolder()
        let (path, counts) = try await extracted(folder)
        let script = """
            import sys, ccsdspy.utils
            for apid, stream in sorted(ccsdspy.utils.split_by_apid(sys.argv[1]).items()):
                if apid != 2047: print(apid, ccsdspy.utils.count_packets(stream))
            """
        let counted = try Shell.run("python3", ["-c", script, path])
        #expect(counted.status == 0, "\(counted.words)")
        #expect(counted.text.split(separator: "\n").map(String.init) == counts)
    }
}

import Foundation
import TestSupport
import Testing

/// Whatever is wrong is said: what, where, and what to try; with 2, and with nothing left behind.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        /// Standard error begins with this, behind the name of the command.
        let begins: String
        /// A piece of what to try.
        let remedy: String

        init(_ arguments: String, _ begins: String, try remedy: String) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.begins = begins
            self.remedy = remedy
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    /// A folder with what is wrong.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: 41)
        _ = try folder.write("empty", [])
        _ = try folder.write("noise", generator.octets(50_000))
        _ = try folder.write("zeros", [UInt8](repeating: 0, count: 50_000))
        _ = try folder.write("text", Array("The quick brown fox jumps over the lazy dog.\n".utf8))
        _ = try folder.write("half.frame", [0x4E, 0x02] + generator.octets(998))
        _ = try folder.write("one.packet", [0x08, 0x0B, 0xC0, 0x00, 0x00, 0x01, 0x55, 0xAA])
        _ = try folder.write("cut.json", Array(#"{"input": "frames", "#.utf8))
        _ = try folder.write("key.json", Array(#"{"input": "frames", "frmae": {"length": 220}}"#.utf8))
        _ = try folder.write("length.json", Array(#"{"frame": {"length": 100}}"#.utf8))
        _ = try folder.write("kind.json", Array(#"{"input": "frames", "frame": {"length": "long"}}"#.utf8))
        _ = try folder.write("open.xml", Array("<SpaceSystem name=\"X\">\n  <Header></Other>\n</SpaceSystem>".utf8))
        _ = try folder.write("other.xml", Array("<html/>".utf8))
        _ = try folder.write("no-time.csv", Array("a,b\n1,2\n".utf8))
        _ = try folder.write("no-role.csv", Array("time,b\n1,2\n".utf8))
        _ = try folder.write("no-row.csv", Array("time,gyro.a.rate.x\nnever,2\n".utf8))
        _ = try folder.write("taken", [1])
        let directory = folder.url.appending(path: "directory")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        return folder
    }

    private func check(_ one: Case) async throws {
        let folder = try folder()
        let before = try folder.names()
        let outcome = try await Tool.perilune.run(one.arguments, in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.words.hasPrefix("perilune: " + one.begins), "\(outcome.words)")
        #expect(outcome.words.contains(one.remedy), "\(outcome.words)")
        #expect(outcome.words.split(separator: "\n").count == 1)
        #expect(try folder.names() == before, "something was left")
        #expect(try folder.read("taken") == [1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("directory")).isEmpty)
    }

    private static let unrecognized = "noise: no layer recognised in its first 50000 octets"

    @Test(arguments: [
        Case("inspect empty", "empty: is empty (0 octets)", try: "Check that the recording was written"),
        Case("decode empty --to packets -o x", "empty: is empty (0 octets)", try: "Check that"),
        Case("archive create empty -o x", "empty: is empty (0 octets)", try: "Check that"),
        Case("replay empty --to x", "empty: is empty (0 octets)", try: "Check that"),
        Case("inspect directory", "directory: is a directory", try: "name a file in it"),
        Case("decode directory --to packets -o x", "directory: is a directory", try: "name a file in it"),
        Case("inspect noise", unrecognized, try: "Name the link with --link"),
        Case("decode noise --to packets -o x", unrecognized, try: "Name the link with --link"),
        Case("archive create noise -o x", unrecognized, try: "Name the link with --link"),
        Case("replay noise --to x", unrecognized, try: "Name the link with --link"),
        Case("inspect zeros", "zeros: no layer recognised", try: "--link"),
        Case("inspect text", "text: no layer recognised", try: "--link"),
        Case("inspect half.frame", "half.frame: no layer recognised in its first 1000 octets", try: "--link"),
        Case("inspect nosuch", "nosuch: cannot open it: No such file or directory", try: "check the path"),
        Case("detect nosuch --mission luna-25", "nosuch: cannot open it", try: "check the path"),
        Case("archive verify nosuch", "nosuch: cannot open it", try: "check the path"),
        Case("archive info text", "text: This is not a Perilune archive", try: "begins with"),
        Case("archive extract - --to packets", "-: an archive is read from one file", try: "by its path"),
    ])
    func anInputThatIsNoRecordingIsRefused(one: Case) async throws { try await check(one) }

    @Test(arguments: [
        Case(
            "decode half.frame --link hakuto-r --to packets -o x",
            "half.frame: not one frame or packet in 1000 octets with the link hakuto-r (1000 octets truncatedFrame)",
            try: "try `perilune inspect` without --link"
        ),
        Case(
            "decode noise --link jpss --to packets -o x",
            "noise: not one frame or packet in 50000 octets with the link jpss",
            try: "try `perilune inspect` without --link"
        ),
        Case("decode noise --link hakuto-r --to packets -o x", "noise: the ", try: "another link's recording. Try"),
        Case("archive create noise --link hakuto-r -o x", "noise: the ", try: "another link's recording. Try"),
        Case("inspect noise --link change5", "--link: 'change5' is not a preset", try: "did you mean change-5?"),
        Case("inspect noise --link nosuch.json", "nosuch.json: cannot open it", try: "check the path"),
        Case("inspect noise --link cut.json", "cut.json: ", try: "--print-link"),
        Case("inspect noise --link key.json", "key.json: ", try: "--print-link"),
        Case("inspect noise --link length.json", "length.json: ", try: "--print-link"),
        Case("inspect noise --link kind.json", "kind.json: ", try: "--print-link"),
        Case("inspect noise --set block.interlave=4", "--set block.interlave=4: ", try: "--print-link"),
        Case("inspect noise --set block.interleave=many", "--set block.interleave=many: ", try: "--print-link"),
        Case("inspect noise --frame aos --frame-length 3", "the link: ", try: "--print-link"),
        Case("decode noise --mission lunar-25 --to packets -o x", "no mission lunar-25", try: "did you mean luna-25?"),
        Case("detect noise --mission nosuch", "no mission nosuch", try: "there is luna-25"),
        Case(
            "decode noise --mission luna-25 --craft rover --to packets -o x",
            "no craft rover in mission luna-25",
            try: "there is lander"
        ),
    ])
    func aLinkThatIsNotThisOneIsRefused(one: Case) async throws { try await check(one) }

    @Test(arguments: [
        Case(
            "decode one.packet --input packets --to packets -o taken",
            "taken: exists already",
            try: "add --force to replace it"
        ),
        Case("archive create one.packet --input packets -o taken", "taken: exists already", try: "--force"),
        Case("replay one.packet --input packets --to taken", "taken: exists already", try: "--force"),
        Case(
            "decode one.packet --input packets --to packets -o nosuch/x",
            "nosuch/x: cannot create it: No such file or directory",
            try: "check the path"
        ),
        Case(
            "decode one.packet --input packets --to packets -o taken/x",
            "taken/x: cannot create it: Not a directory",
            try: "taken"
        ),
        Case("decode one.packet --input packets --to packets -o directory", "directory: is a directory", try: "name"),
        Case("decode one.packet --input packets --to frames -o x", "one.packet: holds packets", try: "--to packets"),
        Case(
            "replay one.packet --input packets --to udp://127.0.0.1",
            "udp://127.0.0.1: no place to send to",
            try: "write udp://HOST:PORT"
        ),
        Case("replay one.packet --input packets --to tcp://127.0.0.1:1", "tcp://127.0.0.1:1: ", try: "receiver"),
    ])
    func anOutputThatCannotBeIsRefused(one: Case) async throws { try await check(one) }

    @Test(arguments: [
        Case(
            "decode one.packet --input packets --to packets --from yesterday -o x",
            "--from: 'yesterday' is not a time in ISO 8601",
            try: "like 2023-08-19T11:10:00Z"
        ),
        Case(
            "replay one.packet --input packets --from 2023-02-30T00:00:00Z --to x",
            "--from: '2023-02-30T00:00:00Z' is not a time",
            try: "like 2023-08-19T11:10:00Z"
        ),
        Case(
            "decode one.packet --input packets --to packets --from 2023-08-19T11:10:00Z -o x",
            "one.packet: --from and --until need to know how packets tell the time",
            try: "name the --mission"
        ),
        Case(
            "decode one.packet --input packets --to packets --from 2023-01-02T00:00:00Z --until 2023-01-01T00:00:00Z",
            "--until: '2023-01-01T00:00:00Z' is not",
            try: "later than --from 2023-01-02T00:00:00Z"
        ),
        Case("replay one.packet --speed 0 --to x", "--speed: '0' is not a number of 0.1 to 1000", try: "or max"),
        Case("replay one.packet --speed nan --to x", "--speed: 'nan' is not a number", try: "or max"),
        Case("replay one.packet --input packets --speed 5 --to x", "one.packet: nothing says", try: "--speed max"),
        Case("decode one.packet --input packets --to packets --apid 5000", "--apid: '5000' is not", try: "0 to 2047"),
        Case("detect one.packet --input packets", "one.packet: nothing says what its packets mean", try: "--mission"),
        Case("detect one.packet --mission luna-25 --fail-on gap", "--fail-on: 'gap' is not", try: "anomaly:critical"),
        Case(
            "decode one.packet --input packets --to parameters -o x",
            "one.packet: nothing says what its packets mean",
            try: "--dictionary FILE.xml"
        ),
        Case(
            "decode one.packet --input packets --to parameters --dictionary open.xml -o x",
            "open.xml:2:",
            try: "Header"
        ),
        Case(
            "decode one.packet --input packets --to parameters --dictionary other.xml -o x",
            "other.xml:1:",
            try: "SpaceSystem"
        ),
        Case("detect --table no-time.csv", "no-time.csv: has no column 'time'", try: "--map COLUMN=time"),
        Case("detect --table no-role.csv", "no-role.csv: no column is a role", try: "--map gx=gyro.a.rate.x:deg/s"),
        Case("detect --table no-row.csv --quiet", "no-row.csv: holds no row that can be judged", try: "line 2"),
        Case("detect --table no-time.csv --map c=time", "no-time.csv: has no column 'c'", try: "columns are a, b"),
        Case("detect --table no-time.csv --map a", "--map: 'a' is not COLUMN=ROLE", try: "COLUMN=ROLE:unit"),
    ])
    func anOptionThatMeansNothingIsRefused(one: Case) async throws { try await check(one) }

    @Test(arguments: [
        ["inspect"], ["decode", "noise"], ["decode", "noise", "--to", "pictures"], ["fly"], ["archive", "x"],
    ])
    func wrongUsageEndsWithTwoAndSaysHow(arguments: [String]) async throws {
        let outcome = try await Tool.perilune.run(arguments, in: try folder())
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.words.hasPrefix("Error: "))
        #expect(outcome.words.contains("Usage: perilune"))
    }

    @Test(.enabled(if: Fixtures.haveRecordings, Comment(rawValue: Fixtures.absent)))
    func aRealRecordingWithAnotherCraftsLinkIsRefused() async throws {
        let change = ExpectedRecording.path("change5_2020-11-28.u8")
        let mars = ExpectedRecording.path("mars2020_10kbps.u8")
        for (recording, link, words) in [
            (change, "jpss", "not one frame or packet in 676500 octets with the link jpss"),
            (mars, "change-5", "have no check and their counts do not go on: this is another link's recording"),
        ] {
            let folder = try TemporaryFolder()
            let outcome = try await Tool.perilune.run(
                "decode",
                recording,
                "--link",
                link,
                "--to",
                "packets",
                "-o",
                "x",
                in: folder
            )
            #expect(outcome.status == 2)
            #expect(outcome.words.contains(words))
            #expect(try folder.names().isEmpty)
        }
    }
}

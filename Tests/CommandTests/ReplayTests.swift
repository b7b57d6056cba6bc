import Foundation
import TestSupport
import Testing

/// What is replayed is what was decoded, wherever it goes.
@Suite struct ReplayTests {
    struct Done: Decodable {
        let units: Int
        let octets: Int
        let streamSeconds: Double
        let seconds: Double
        let speedReached: Double
    }

    private static let mission = ["--mission", "luna-25"]
    /// Short enough for the buffer of a socket that is read afterwards.
    private static let tenSeconds = ["--from", "2023-08-19T11:01:00Z", "--until", "2023-08-19T11:01:10Z"]

    private func decode(_ pass: GeneratedPass, _ more: [String] = []) async throws -> [UInt8] {
        let outcome = try await Tool.perilune.run(
            ["decode", pass.path, "--to", "packets"] + Self.mission + more,
            in: try TemporaryFolder()
        )
        #expect(outcome.status == 0)
        return outcome.output
    }

    @Test func eachPacketIsOneDatagram() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let socket = try DatagramSocket()
        let target = "udp://127.0.0.1:\(socket.port)"
        let outcome = try await Tool.perilune.run(
            ["replay", pass.path, "--to", target, "--speed", "100", "--json"] + Self.mission + Self.tenSeconds,
            in: try TemporaryFolder()
        )
        #expect(outcome.status == 0, "\(outcome.words)")
        let datagrams = socket.receive()
        #expect(datagrams.flatMap { $0 } == (try await decode(pass, Self.tenSeconds)))
        for datagram in datagrams {
            #expect(datagram.count == (Int(datagram[4]) << 8 | Int(datagram[5])) + 7)
        }
        let done = try outcome.done(Done.self)
        #expect(done.units == datagrams.count)
        #expect(done.octets == datagrams.reduce(0) { $0 + $1.count })
    }

    @Test func standardOutputGetsTheWholePassFromRecordingAndArchive() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let folder = try TemporaryFolder()
        let packets = try await decode(pass)
        let direct = try await Tool.perilune.run(
            ["replay", pass.path, "--to", "-", "--speed", "max"] + Self.mission,
            in: folder
        )
        #expect(direct.status == 0)
        #expect(direct.output == packets)
        let created = try await Tool.perilune.run(
            ["archive", "create", pass.path, "-o", "a.plar"] + Self.mission,
            in: folder
        )
        #expect(created.status == 0)
        let archived = try await Tool.perilune.run("replay", "a.plar", "--to", "-", in: folder)
        #expect(archived.status == 0)
        #expect(archived.output == packets)
        let frames = try await Tool.perilune.run("replay", "a.plar", "--unit", "frames", "--to", "f", in: folder)
        #expect(frames.status == 0)
        let decoded = try await Tool.perilune.run("decode", "a.plar", "--to", "frames", in: folder)
        #expect(try folder.read("f") == decoded.output)
    }

    @Test func thePaceIsThatOfTheCraftTimesTheSpeed() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            ["replay", pass.path, "--to", "out", "--speed", "10", "--json"] + Self.mission + Self.tenSeconds,
            in: folder
        )
        #expect(outcome.status == 0)
        let done = try outcome.done(Done.self)
        #expect((9.5...10).contains(done.streamSeconds))
        // Never faster than asked for; how much slower is the machine's affair.
        #expect(done.seconds >= done.streamSeconds / 10)
        #expect(done.speedReached <= 10)
        #expect(try folder.read("out") == (try await decode(pass, Self.tenSeconds)))
    }

    @Test func withoutATerminalLinesTellOfThePass() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let outcome = try await Tool.perilune.run(
            ["replay", pass.path, "--apid", "32"] + Self.mission,
            in: try TemporaryFolder()
        )
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("uncommandedTorque"))
        #expect(!outcome.text.contains("\u{1B}"))
        #expect(outcome.words.contains("300.0 s of telemetry"))
    }
}

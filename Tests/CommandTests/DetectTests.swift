import Foundation
import TestSupport
import Testing

@Suite struct DetectTests {
    struct Anomaly: Decodable {
        let condition: String
        let severity: String
        let state: String
        let onset: String
        let detected: String
    }

    struct Done: Decodable {
        struct Counts: Decodable, Equatable {
            let information: Int
            let warning: Int
            let critical: Int
        }

        let octets: Int?
        let rows: Int?
        let events: Counts
    }

    private func detect(_ pass: GeneratedPass, _ more: String...) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let outcome = try await Tool.perilune.run(
            ["detect", pass.path, "--mission", "luna-25", "--json", "--quiet"] + more,
            in: folder
        )
        #expect(outcome.words.isEmpty)
        #expect(try folder.names().isEmpty)
        return outcome
    }

    @Test(arguments: ["spin-out", "burn-overrun", "gyro-dropout"])
    func anAnomalyIsNamedAsTheTruthNamesIt(scenario: String) async throws {
        let pass = try await GeneratedPass.of(scenario)
        let outcome = try await detect(pass)
        #expect(outcome.status == 0)
        let events = try outcome.events()
        #expect(events.dropLast().allSatisfy { $0.name == "anomaly" })
        let raised = try events.dropLast().map { try $0.payload(Anomaly.self) }.filter { $0.state == "raised" }
        let expected = pass.truth.faults.flatMap(\.expected)
        let first = try #require(raised.first, "nothing was named")
        let match = try #require(expected.first { $0.condition == first.condition }, "\(first.condition)")
        #expect(Set(raised.map(\.condition)).isSubset(of: expected.map(\.condition)))
        let delay = try pass.truth.seconds(to: first.detected) - match.onset
        #expect((-0.2..<30).contains(delay), "seen \(delay) s after it began")
        if let point = pass.truth.pointOfNoReturn {
            #expect(try pass.truth.seconds(to: first.detected) < point.time)
        }
        let done = try outcome.done(Done.self)
        #expect(done.events.warning + done.events.critical == raised.count)
        #expect(done.octets == (try pass.octets.count))
    }

    @Test func aHealthyPassIsSilent() async throws {
        let pass = try await GeneratedPass.of("nominal")
        let outcome = try await detect(pass, "--fail-on", "anomaly")
        #expect(outcome.status == 0)
        #expect(try outcome.events().map(\.name) == ["done"])
        #expect(try outcome.done(Done.self).events == .init(information: 0, warning: 0, critical: 0))
        let plain = try await Tool.perilune.run(
            "detect",
            pass.path,
            "--mission",
            "luna-25",
            in: try TemporaryFolder()
        )
        #expect(plain.output.isEmpty)
        #expect(plain.words.hasSuffix("no anomaly in 2023-08-19T11:00:00.000Z to 2023-08-19T11:05:00.000Z\n"))
    }

    @Test func failOnMakesTheAnswerTheExitCode() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        #expect(try await detect(pass, "--fail-on", "anomaly:critical").status == 1)
    }

    @Test func theTableOfSamplesIsJudgedAsTheTelemetryIs() async throws {
        let pass = try await GeneratedPass.of("spin-out")
        let outcome = try await Tool.perilune.run(
            "detect",
            "--table",
            pass.table,
            "--mission",
            "luna-25",
            "--json",
            "--quiet",
            in: try TemporaryFolder()
        )
        #expect(outcome.status == 0)
        let first = try #require(try outcome.events().first).payload(TableAnomaly.self)
        #expect(pass.truth.faults[0].expected.map(\.condition).contains(first.condition))
        // A table of seconds is judged in seconds.
        #expect((pass.truth.faults[0].onset - 0.2..<pass.truth.faults[0].onset + 30).contains(first.detected))
    }

    private struct TableAnomaly: Decodable {
        let condition: String
        let detected: Double
    }
}

import Crypto
import Foundation
import LanderSimulator
import Missions
import Testing

/// Equal requests, equal octets; and the form of the truth.
@Suite struct DeterminismTests {
    @Test func theSameSeedGivesTheSameOctetsAndTruth() throws {
        let first = try FlownPass("spin-out", seed: 7, duration: 60)
        let second = try FlownPass("spin-out", seed: 7, duration: 60)
        #expect(first.octets == second.octets)
        #expect(try first.truth.json() == second.truth.json())
    }

    /// Equal on every machine and in every build: a change of physics or layouts changes it, nothing else may.
    @Test func aPassHasTheHashThatItHasEverywhere() throws {
        let pass = try FlownPass("spin-out", seed: 7, duration: 120)
        #expect(pass.truth.packetsSHA256 == "fcc9068dfc286e9c2503b7f8883ba669e86d6dcb611011324376e5deb0e88bb8")
    }

    @Test func otherSeedsGiveOtherPasses() throws {
        let hashes = try (1...5).map { try FlownPass("spin-out", seed: $0, duration: 40).truth.packetsSHA256 }
        #expect(Set(hashes).count == 5)
    }

    @Test func theLinkAndTheFormLeaveTheFlightAlone() throws {
        let critical = try FlownPass("spin-out", seed: 7, duration: 60)
        let low = try FlownPass("spin-out", seed: 7, duration: 60, link: "low", format: .packets)
        #expect(critical.truth.states == low.truth.states)
    }

    @Test func theTruthHasTheKeysThatOthersReadItBy() throws {
        let pass = try FlownPass("spin-out", seed: 7, duration: 120)
        let object = try JSONSerialization.jsonObject(with: Data(pass.truth.json())) as? [String: Any]
        let truth = try #require(object)
        #expect(
            Set(truth.keys) == [
                "v", "generator", "mission", "craft", "scenario", "seed", "start", "faults", "pointOfNoReturn",
                "states", "fate", "channels", "packetsSHA256",
            ]
        )
        #expect(truth["v"] as? Int == 1)
        #expect(truth["start"] as? String == "2023-08-19T11:00:00Z")
        let fault = try #require((truth["faults"] as? [[String: Any]])?.first)
        #expect(fault["end"] is NSNull)
        #expect((fault["target"] as? String)?.hasPrefix("thruster.") ?? false)
        let state = try #require((truth["states"] as? [[String: Any]])?.first)
        #expect(
            Set(state.keys) == [
                "time", "quaternion", "rate", "angularMomentum", "position", "velocity", "mass", "mode", "engine",
            ]
        )
        #expect((truth["states"] as? [Any])?.count == 121)
        let fate = try #require((truth["fate"] as? [[String: Any]])?.first)
        #expect(fate["octets"] as? [Int] == [0, 259])
        #expect(fate["frame"] as? Int == 0)
        #expect(fate["what"] as? String == "sent")
    }
}

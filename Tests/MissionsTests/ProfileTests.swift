import AttitudeMonitor
import Foundation
import MissionDatabase
import Missions
import RigidBody
import SpaceLink
import Testing

/// The profiles that ship, and the ways in which a profile is found.
@Suite struct ProfileTests {
    @Test func luna25Ships() throws {
        #expect(MissionProfile.names.contains("luna-25"))
        let mission = try MissionProfile.named("luna-25")
        #expect(mission.name == "luna-25")
        #expect(mission.agency == "Roscosmos")
        let craft = try mission.craft()
        #expect(craft.id == "lander")
        #expect(craft.spacecraft == 25)
        #expect(craft.scenarios.keys.sorted() == ["burn-overrun", "gyro-dropout", "luna-25", "nominal", "spin-out"])
        #expect(mission.craft(spacecraft: 25)?.id == "lander")
        #expect(mission.craft(spacecraft: 26) == nil)
    }

    @Test(arguments: MissionProfile.names) func linksOfShippedProfilesDecodeAndEncode(name: String) throws {
        for craft in try MissionProfile.named(name).spacecraft {
            _ = try LinkDecoder(craft.link)
            let encoder = try LinkEncoder(craft.link, spacecraft: craft.spacecraft)
            #expect(encoder.packetZoneLength > 0)
        }
    }

    @Test(arguments: MissionProfile.names) func everyNoteSaysPublicDerivedOrAssumed(name: String) throws {
        for craft in try MissionProfile.named(name).spacecraft {
            #expect(!craft.notes.isEmpty)
            for (key, note) in craft.notes {
                let mark = note.split(separator: ":").first ?? ""
                #expect(["p", "d", "a"].contains(mark), "\(key): \(note)")
            }
        }
    }

    @Test func theMonitorKnowsThePlanOfTheBurn() throws {
        let craft = try MissionProfile.named("luna-25").craft("lander")
        #expect(craft.monitor.burns == [BurnPlan(duration: 84, velocityChange: 18.75)])
        #expect(craft.monitorConfiguration.vehicle.thrusters?.count == 6)
        #expect(craft.monitorConfiguration.vehicle.mass == 1330)
    }

    @Test func aProfileWrittenOutLoadsFromItsFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "profile-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let shipped = try MissionProfile.named("luna-25")
        for file in shipped.files {
            let place = folder.appending(path: file.path)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.octets).write(to: place)
        }
        let loaded = try MissionProfile.find(folder.path)
        #expect(loaded.files == shipped.files.sorted { $0.path < $1.path })
        #expect(try loaded.craft("lander").link == shipped.craft("lander").link)
    }

    @Test(arguments: [
        ("luna-52", "no mission luna-52: did you mean luna-25?"),
        ("apollo", "no mission apollo: there is luna-25"),
        ("./nowhere", "./nowhere: there is no such folder"),
    ])
    func anUnknownMissionIsAnsweredWithWhatThereIs(name: String, message: String) throws {
        let error = try #require(throws: MissionError.self) { try MissionProfile.find(name) }
        #expect("\(error)".hasPrefix(message), "\(error)")
    }

    @Test func anUnknownCraftOrScenarioIsAnsweredWithTheNearest() throws {
        let mission = try MissionProfile.named("luna-25")
        let craft = try #require(throws: MissionError.self) { try mission.craft("landre") }
        #expect("\(craft)" == "no craft landre in mission luna-25: did you mean lander?")
        let scenario = try #require(throws: MissionError.self) { try mission.craft().scenario("spinout") }
        #expect("\(scenario)" == "no scenario spinout for luna-25/lander: did you mean spin-out?")
    }
}

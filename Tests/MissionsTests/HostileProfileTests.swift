import Missions
import Testing

/// Profiles that say something that cannot be: the message names file, key path and what to write.
@Suite struct HostileProfileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let file: String
        let old: String
        let new: String
        let message: String

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "misspelt key",
            file: "mission.json",
            old: "\"agency\"",
            new: "\"agencie\"",
            message: "mission.json: agencie: unknown key; did you mean agency?"
        ),
        Case(
            name: "misspelt key deep down",
            file: "mission.json",
            old: "\"defaultLink\"",
            new: "\"defaultlinc\"",
            message: "mission.json: spacecraft[0].simulator.defaultlinc: unknown key; did you mean defaultLink?"
        ),
        Case(
            name: "misspelt key of the monitor",
            file: "mission.json",
            old: "{\"burns\": [",
            new: "{\"burn\": [",
            message: "mission.json: spacecraft[0].monitor.burn: unknown key; did you mean burns?"
        ),
        Case(
            name: "text for a number",
            file: "mission.json",
            old: "\"spacecraft\": 25,",
            new: "\"spacecraft\": \"25\",",
            message: "mission.json: spacecraft[0].spacecraft: this is no whole number"
        ),
        Case(
            name: "identifier out of range",
            file: "mission.json",
            old: "\"spacecraft\": 25,",
            new: "\"spacecraft\": 65536,",
            message: "mission.json: spacecraft[0].spacecraft: an identifier is 0 to 65535"
        ),
        Case(
            name: "missing key",
            file: "mission.json",
            old: "\"title\": \"Luna-25\",",
            new: "",
            message: "mission.json: title: this key is missing"
        ),
        Case(
            name: "file that is not there",
            file: "mission.json",
            old: "\"telemetry.xml\"",
            new: "\"telemetri.xml\"",
            message: "mission.json: spacecraft[0].database: there is no file telemetri.xml in the profile; "
                + "did you mean telemetry.xml?"
        ),
        Case(
            name: "default link that is not there",
            file: "mission.json",
            old: "\"defaultLink\": \"critical\"",
            new: "\"defaultLink\": \"critcal\"",
            message: "mission.json: spacecraft[0].simulator.defaultLink: no link critcal; did you mean critical?"
        ),
        Case(
            name: "bit rate of zero",
            file: "mission.json",
            old: "\"bitRate\": 2048",
            new: "\"bitRate\": 0",
            message: "mission.json: spacecraft[0].simulator.links.low.bitRate: from 1 to 1e9"
        ),
        Case(
            name: "timer before the plan",
            file: "mission.json",
            old: "\"backupTimer\": 127",
            new: "\"backupTimer\": 80",
            message: "mission.json: spacecraft[0].simulator.burn.backupTimer: the timer ends before the burn"
        ),
        Case(
            name: "key of the vehicle",
            file: "vehicle.json",
            old: "\"scaleTolerance\"",
            new: "\"scaleTolerence\"",
            message: "vehicle.json: thrusters[0].scaleTolerence: unknown key; did you mean scaleTolerance?"
        ),
        Case(
            name: "vector of two",
            file: "vehicle.json",
            old: "\"torque\": [24, 0, 0]",
            new: "\"torque\": [24, 0]",
            message: "vehicle.json: thrusters[0].torque"
        ),
        Case(
            name: "broken syntax",
            file: "vehicle.json",
            old: "{\n  \"mass\": 1330,",
            new: "{\n  \"mass\" 1330,",
            message: "vehicle.json: "
        ),
    ]

    @Test(arguments: cases) func whatIsWrongIsNamed(_ broken: Case) throws {
        let files = try MissionProfile.named("luna-25").files.map { file in
            guard file.path == broken.file else { return file }
            let text = String(decoding: file.octets, as: UTF8.self)
            try #require(text.contains(broken.old))
            let range = try #require(text.firstRange(of: broken.old))
            return ProfileFile(path: file.path, octets: Array(text.replacingCharacters(range, broken.new).utf8))
        }
        let error = try #require(throws: MissionError.self) { try MissionProfile(files: files) }
        #expect("\(error)".hasPrefix(broken.message), "\(error)")
    }

    @Test func aLinkThatCannotBeIsRefusedWithItsPlace() throws {
        let files = try replacing("\"interleave\": 1", by: "\"interleave\": \"one\"")
        let error = try #require(throws: MissionError.self) { try MissionProfile(files: files) }
        #expect("\(error)".contains("mission.json"), "\(error)")
        #expect("\(error)".contains("interleave"), "\(error)")
    }

    @Test func aFolderWithoutMissionFileIsNoProfile() {
        let error = #expect(throws: MissionError.self) { try MissionProfile(files: [], place: "here/") }
        #expect(error.map { "\($0)" }?.hasPrefix("here/mission.json: there is no such file") ?? false)
    }

    @Test(arguments: 0..<40) func noCutOfTheFileTraps(part: Int) throws {
        let shipped = try MissionProfile.named("luna-25").files
        let files = shipped.map { file in
            guard file.path == "mission.json" else { return file }
            return ProfileFile(path: file.path, octets: Array(file.octets.prefix(file.octets.count * part / 40)))
        }
        #expect(throws: MissionError.self) { try MissionProfile(files: files) }
    }

    private func replacing(_ old: String, by new: String) throws -> [ProfileFile] {
        try MissionProfile.named("luna-25").files.map { file in
            guard file.path == "mission.json" else { return file }
            let text = String(decoding: file.octets, as: UTF8.self)
            let range = try #require(text.firstRange(of: old))
            return ProfileFile(path: file.path, octets: Array(text.replacingCharacters(range, new).utf8))
        }
    }
}

extension String {
    /// The text with one range replaced.
    fileprivate func replacingCharacters(_ range: Range<String.Index>, _ new: String) -> String {
        var text = self
        text.replaceSubrange(range, with: new)
        return text
    }
}

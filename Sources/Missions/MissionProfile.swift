import AttitudeMonitor
import RigidBody
import SpaceLink

/// A mission as data: its craft, their links, packet layouts, bodies and scenarios.
///
/// A profile is a folder with `mission.json`, the XTCE databases, vehicle files and `scenarios/*.json`. Those that ship
/// are in the binary; ``files`` gives them back octet for octet, to be edited and loaded by path.
/// ```swift
/// let craft = try MissionProfile.named("luna-25").craft("lander")
/// var decoder = try LinkDecoder(craft.link)
/// ```
public struct MissionProfile: Sendable {
    /// Its name, `luna-25`.
    public let name: String
    /// Its name for people.
    public let title: String
    /// Who flies it.
    public let agency: String
    /// One sentence on the mission.
    public let about: String
    /// The craft, in the order of the file.
    public let spacecraft: [Craft]
    /// All files of the profile, as they are.
    public let files: [ProfileFile]

    /// The names of the profiles in the binary.
    public static var names: [String] { ProfileFiles.embeddedNames }

    /// Loads a profile that ships.
    ///
    /// - Parameter name: One of ``names``.
    /// - Returns: The profile.
    /// - Throws: `.unknownMission` with the nearest name.
    public static func named(_ name: String) throws(MissionError) -> MissionProfile {
        guard names.contains(name) else { throw .unknownMission(name: name, known: names) }
        return try MissionProfile(files: ProfileFiles.embedded(name), place: name + "/")
    }

    /// Loads a profile from its folder.
    ///
    /// - Parameter folder: The folder that holds `mission.json`.
    /// - Returns: The profile.
    /// - Throws: What is wrong, with file, key path and the nearest right name.
    public static func load(folder: String) throws(MissionError) -> MissionProfile {
        let place = folder.hasSuffix("/") ? folder : folder + "/"
        return try MissionProfile(files: try ProfileFiles.folder(folder), place: place)
    }

    /// Loads a profile by what a person wrote: a path that is a folder, else the name of one that ships.
    ///
    /// - Parameter nameOrFolder: `luna-25`, or `./my-mission`.
    /// - Returns: The profile.
    /// - Throws: What is wrong, with the nearest right name.
    public static func find(_ nameOrFolder: String) throws(MissionError) -> MissionProfile {
        if names.contains(nameOrFolder) { return try named(nameOrFolder) }
        if ProfileFiles.isFolder(nameOrFolder) { return try load(folder: nameOrFolder) }
        if nameOrFolder.contains("/") {
            throw .unreadable(path: nameOrFolder, reason: "there is no such folder of a mission profile")
        }
        return try named(nameOrFolder)
    }

    /// Makes a profile of its files.
    ///
    /// - Parameters:
    ///   - files: The files, by their path below the folder.
    ///   - place: What to write before their names in messages.
    /// - Throws: What is wrong, with file, key path and the nearest right name.
    public init(files: [ProfileFile], place: String = "") throws(MissionError) {
        guard let file = files.first(where: { $0.path == "mission.json" }) else {
            throw .unreadable(path: place + "mission.json", reason: "there is no such file, so this is no profile")
        }
        let content = try ProfileJSON.decode(
            MissionFile.self,
            from: file.octets,
            file: place + file.path,
            keys: MissionFile.keys
        )
        self.files = files
        name = content.name
        title = content.title
        agency = content.agency
        about = content.about ?? ""
        var assembler = CraftAssembler(mission: content.name, files: files, place: place)
        var spacecraft: [Craft] = []
        for (index, entry) in content.spacecraft.enumerated() {
            spacecraft.append(try assembler.assemble(entry, index: index))
        }
        guard !spacecraft.isEmpty else {
            throw .invalid(file: place + file.path, key: "spacecraft", reason: "a mission has at least one craft")
        }
        self.spacecraft = spacecraft
    }

    /// The craft of a name, or the only one.
    ///
    /// - Parameter id: Its name; `nil` takes the first craft.
    /// - Returns: The craft.
    /// - Throws: `.unknownCraft` with the nearest name.
    public func craft(_ id: String? = nil) throws(MissionError) -> Craft {
        guard let craft = id == nil ? spacecraft.first : spacecraft.first(where: { $0.id == id }) else {
            throw .unknownCraft(name: id ?? "", mission: name, known: spacecraft.map(\.id))
        }
        return craft
    }

    /// The craft that a spacecraft identifier in a frame belongs to.
    public func craft(spacecraft identifier: Int) -> Craft? { spacecraft.first { $0.spacecraft == identifier } }
}

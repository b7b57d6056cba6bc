/// Why a mission profile cannot be used, as a sentence with file, key path and the nearest right name.
public enum MissionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No profile bears this name.
    case unknownMission(name: String, known: [String])
    /// The mission has no craft of this name.
    case unknownCraft(name: String, mission: String, known: [String])
    /// The craft has no scenario of this name.
    case unknownScenario(name: String, mission: String, craft: String, known: [String])
    /// A file or folder cannot be read.
    case unreadable(path: String, reason: String)
    /// The profile names a file that is not in it.
    case missingFile(name: String, file: String, key: String, known: [String])
    /// A file says something that cannot be; the key path is empty where the whole file is meant.
    case invalid(file: String, key: String, reason: String)

    /// The error as a sentence.
    public var description: String {
        switch self {
        case .unknownMission(let name, let known):
            "no mission \(name): \(NearestName.hint(for: name, among: known))"
                + " (or give the folder of a profile, the one that holds mission.json)"
        case .unknownCraft(let name, let mission, let known):
            "no craft \(name) in mission \(mission): \(NearestName.hint(for: name, among: known))"
        case .unknownScenario(let name, let mission, let craft, let known):
            "no scenario \(name) for \(mission)/\(craft): \(NearestName.hint(for: name, among: known))"
        case .unreadable(let path, let reason):
            "\(path): \(reason); check the path and its permissions"
        case .missingFile(let name, let file, let key, let known):
            "\(file): \(key): there is no file \(name) in the profile; \(NearestName.hint(for: name, among: known))"
        case .invalid(let file, let key, let reason):
            key.isEmpty ? "\(file): \(reason)" : "\(file): \(key): \(reason)"
        }
    }
}

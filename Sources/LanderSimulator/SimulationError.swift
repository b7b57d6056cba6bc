public import MissionDatabase
public import Missions
public import SpaceLink

/// Why a pass cannot be flown, as a sentence with what to try.
public enum SimulationError: Error, Sendable, CustomStringConvertible {
    /// The mission has no such scenario, or a file of it is wrong.
    case mission(MissionError)
    /// The packet layouts cannot be read or written.
    case database(XTCEError)
    /// The link cannot be made.
    case link(LinkDescriptionError)
    /// The craft has no figures for the simulator.
    case noSimulator(craft: String)
    /// The scenario belongs to another mission or craft.
    case otherCraft(scenario: String, wants: String, given: String)
    /// The vehicle lacks a part that the simulator flies with.
    case missingPart(craft: String, part: String)
    /// The duration is outside what can be flown.
    case badDuration(Double, minimum: Double, why: String)
    /// The rate cannot be sampled.
    case badRate(Double)
    /// The craft has no link of this name.
    case unknownLink(String, known: [String])
    /// The start is no instant.
    case badStart(String)
    /// The packets need more than the link carries.
    case linkTooSlow(link: String, needed: Double, carried: Double)
    /// No container of this name can be written.
    case noPacket(String, craft: String)

    /// The error as a sentence.
    public var description: String {
        switch self {
        case .mission(let error): "\(error)"
        case .database(let error): "\(error)"
        case .link(let error): "\(error)"
        case .noSimulator(let craft):
            "\(craft) has no figures for the simulator: add the object simulator to its entry in mission.json"
        case .otherCraft(let scenario, let wants, let given):
            "scenario \(scenario) is for \(wants), not for \(given): choose that one, or take the key out of the file"
        case .missingPart(let craft, let part):
            "\(craft) has no \(part): the simulator needs it in vehicle.json"
        case .badDuration(let duration, let minimum, let why):
            "a duration of \(SimulationError.number(duration)) s is no pass of this scenario: \(why);"
                + " give \(SimulationError.number(minimum)) s to 604800 s"
        case .badRate(let rate):
            "a rate of \(SimulationError.number(rate)) packets a second cannot be sampled: give 0.0001 to 50"
        case .unknownLink(let name, let known):
            "no link \(name): there is \(known.sorted().joined(separator: ", "))"
        case .badStart(let text):
            "\(text) is no start: write an instant in UTC, such as 2023-08-19T11:00:00Z"
        case .linkTooSlow(let link, let needed, let carried):
            "the packets need \(SimulationError.number(needed.rounded())) bit/s and the \(link) link carries "
                + "\(SimulationError.number(carried.rounded())): lower the rate or take a faster link"
        case .noPacket(let name, let craft):
            "\(craft) has no packet \(name): check simulator.links in mission.json against the containers of its database"
        }
    }

    /// A number without a fraction that says nothing.
    static func number(_ value: Double) -> String {
        guard let whole = Int(exactly: value) else { return "\(value)" }
        return "\(whole)"
    }
}

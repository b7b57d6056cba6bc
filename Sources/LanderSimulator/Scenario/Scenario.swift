public import Missions

/// What shall happen in a pass, as a scenario file says it: plan, faults, channel; ranges are drawn from the seed.
public struct Scenario: Sendable, Hashable {
    /// Its name: that of its file, without folder and ending.
    public let name: String
    /// What stands in the file.
    let content: Content

    /// Reads a scenario.
    ///
    /// - Parameters:
    ///   - file: The file, named by its path.
    ///   - name: The name of the scenario; that of the file if absent.
    /// - Throws: What is wrong, with file, key path and the nearest right name.
    public init(file: ProfileFile, name: String? = nil) throws(MissionError) {
        let last = file.path.split(separator: "/").last.map { String($0) } ?? file.path
        self.name = name ?? (last.hasSuffix(".json") ? String(last.dropLast(5)) : last)
        content = try ProfileJSON.decode(Content.self, from: file.octets, file: file.path, keys: Content.keys)
        if let defect = content.defect {
            throw .invalid(file: file.path, key: defect.key, reason: defect.reason)
        }
    }

    /// `scenario.json` as it stands in the file.
    struct Content: Sendable, Hashable, Decodable {
        var title: String?
        var about: String?
        var mission: String?
        var craft: String?
        var phase: String?
        var duration: Double?
        var rate: Double?
        var link: String?
        var plan: Plan?
        var initial: Initial?
        var faults: [FaultRequest]?
        var channel: Channel?
        var dispersion: Dispersion?

        static let keys = KeyTree.object([
            "title": .any, "about": .any, "mission": .any, "craft": .any, "phase": .any, "duration": .any,
            "rate": .any, "link": .any, "plan": .plain("slew", "burn"), "initial": .plain("rate", "attitudeError"),
            "faults": .list(
                .object([
                    "type": .any, "target": .any, "onset": .plain("fraction", "seconds"), "end": .any, "size": .any,
                    "probability": .any,
                ])
            ),
            "channel": .plain("frameLoss", "bitErrorRate"), "dispersion": .plain("factor"),
        ])
    }

    /// What the craft is meant to do.
    struct Plan: Sendable, Hashable, Decodable {
        /// Whether a slew is flown.
        var slew: Bool?
        /// Whether a burn is flown.
        var burn: BurnWish?
    }

    /// Whether a burn is flown.
    enum BurnWish: String, Sendable, Hashable, Decodable {
        case none
        case ifTimeAllows
        case required
    }

    /// How the craft starts off its target.
    struct Initial: Sendable, Hashable, Decodable {
        /// Rate (rad/s, 1 sigma an axis).
        var rate: Double?
        /// Attitude error (rad, 1 sigma an axis).
        var attitudeError: Double?
    }

    /// What the channel does to the stream.
    struct Channel: Sendable, Hashable, Codable {
        /// Share of frames that never arrive.
        var frameLoss: Double?
        /// Share of bits that arrive wrong.
        var bitErrorRate: Double?
    }

    /// How far the craft is from the drawings.
    struct Dispersion: Sendable, Hashable, Decodable {
        /// Factor on all errors of building; 1 if absent, 0 for a perfect craft.
        var factor: Double?
    }
}

extension Scenario.Content {
    /// The first figure that cannot be, with its key path.
    var defect: (key: String, reason: String)? {
        if let duration, !(duration >= 1 && duration <= 604_800) { return ("duration", "a pass lasts 1 to 604800 s") }
        if let rate, !(rate >= 1e-4 && rate <= 50) { return ("rate", "a rate is 0.0001 to 50 a second") }
        for (index, fault) in (faults ?? []).enumerated() {
            if let defect = fault.defect { return ("faults[\(index)].\(defect.key)", defect.reason) }
        }
        if let loss = channel?.frameLoss, !(0...1).contains(loss) { return ("channel.frameLoss", "a share is 0 to 1") }
        if let rate = channel?.bitErrorRate, !(0...0.5).contains(rate) {
            return ("channel.bitErrorRate", "a share of bits is 0 to 0.5")
        }
        return nil
    }
}

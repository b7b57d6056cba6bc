import AttitudeMonitor
import RigidBody
import SpaceLink

/// `mission.json` as it stands in the file.
struct MissionFile: Decodable {
    var name: String
    var title: String
    var agency: String
    var about: String?
    var spacecraft: [CraftEntry]

    struct CraftEntry: Decodable {
        var id: String
        var title: String?
        var spacecraft: Int
        var link: LinkDescription
        var timeCode: TimeCode
        var database: String
        var vehicle: String
        var monitor: MonitorSettings?
        var simulator: SimulatorSettings?
        var notes: [String: String]?
    }

    static let keys = KeyTree.object([
        "name": .any, "title": .any, "agency": .any, "about": .any,
        "spacecraft": .list(
            .object([
                "id": .any, "title": .any, "spacecraft": .any, "link": .any, "timeCode": .any, "database": .any,
                "vehicle": .any, "monitor": VehicleKeys.monitor, "simulator": SimulatorSettings.keys,
                "notes": .names(.any),
            ])
        ),
    ])
}

/// Puts the craft of a profile together from its files, and checks what no single file can know.
struct CraftAssembler {
    let mission: String
    let files: [ProfileFile]
    let place: String
    private var identifiers: Set<String> = []

    init(mission: String, files: [ProfileFile], place: String) {
        self.mission = mission
        self.files = files
        self.place = place
    }

    /// Makes one craft.
    mutating func assemble(_ entry: MissionFile.CraftEntry, index: Int) throws(MissionError) -> Craft {
        let path = "spacecraft[\(index)]"
        let missionFile = place + "mission.json"
        guard identifiers.insert(entry.id).inserted else {
            throw .invalid(file: missionFile, key: path + ".id", reason: "two craft are called \(entry.id)")
        }
        guard (0...0xFFFF).contains(entry.spacecraft) else {
            throw .invalid(file: missionFile, key: path + ".spacecraft", reason: "an identifier is 0 to 65535")
        }
        if let defect = entry.simulator?.defect {
            throw .invalid(file: missionFile, key: "\(path).simulator.\(defect.key)", reason: defect.reason)
        }
        let vehicleFile = try file(entry.vehicle, key: path + ".vehicle")
        let vehicle = try ProfileJSON.decode(
            Vehicle.self,
            from: vehicleFile.octets,
            file: place + vehicleFile.path,
            keys: VehicleKeys.tree
        )
        return Craft(
            id: entry.id,
            title: entry.title ?? entry.id,
            spacecraft: entry.spacecraft,
            link: entry.link,
            timeCode: entry.timeCode,
            database: try file(entry.database, key: path + ".database"),
            vehicle: vehicle,
            vehicleFile: vehicleFile,
            monitor: entry.monitor ?? MonitorSettings(),
            simulator: entry.simulator,
            scenarios: try scenarios(of: entry.id),
            notes: entry.notes ?? [:],
            mission: mission
        )
    }

    private func file(_ name: String, key: String) throws(MissionError) -> ProfileFile {
        guard let file = files.first(where: { $0.path == name }) else {
            throw .missingFile(name: name, file: place + "mission.json", key: key, known: files.map(\.path))
        }
        return file
    }

    /// The scenario files that name this craft, or none.
    private func scenarios(of craft: String) throws(MissionError) -> [String: ProfileFile] {
        struct Head: Decodable { var craft: String? }
        var found: [String: ProfileFile] = [:]
        for file in files where file.path.hasPrefix("scenarios/") && file.path.hasSuffix(".json") {
            let head = try ProfileJSON.decode(Head.self, from: file.octets, file: place + file.path, keys: .any)
            guard head.craft == nil || head.craft == craft else { continue }
            found[String(file.path.dropFirst("scenarios/".count).dropLast(".json".count))] = file
        }
        return found
    }
}

/// The keys of what the attitude monitor reads: the vehicle, of which `simulator` is the simulator's alone, and settings.
enum VehicleKeys {
    static let monitor = KeyTree.object([
        "minimumSeverity": .any, "modes": .names(.any), "graceTime": .any,
        "burns": .list(.plain("start", "duration", "velocityChange")), "tagUncertainty": .any, "lossRate": .any,
        "tumbleRate": .any, "slewRate": .any, "quaternionNormTolerance": .any, "starTrackerOutage": .any,
        "minimumAltitude": .any, "clearTime": .any,
    ])

    static let tree = KeyTree.object([
        "mass": .any,
        "inertia": .plain("xx", "yy", "zz", "xy", "xz", "yz", "uncertainty"),
        "thrusters": .list(.plain("id", "torque", "scaleTolerance", "minimumOnTime")),
        "engines": .list(.plain("id", "thrust", "direction", "offset", "thrustTolerance")),
        "gyros": .names(.plain("angularRandomWalk", "bias", "scale", "resolution", "range")),
        "starTrackers": .names(.plain("across", "about", "boresight", "maximumRate", "timeTagError")),
        "accelerometer": .plain("noise", "bias"),
        "modes": .names(.plain("rate", "attitude")),
        "simulator": .any,
        "notes": .names(.any),
    ])
}

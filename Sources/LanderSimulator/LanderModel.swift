import Missions
import RigidBody

/// What the simulator reads of `vehicle.json` beyond what a monitor knows: the section `simulator`.
struct LanderModel: Sendable, Codable, Hashable {
    var dryMass: Double
    var engineSpecificImpulse: Double
    var engineRiseTime: Double
    var engineChamberPressure: Double
    var engineThrustScale: Double
    var engineLineOfThrust: Double
    var thrusterSpecificImpulse: Double
    var thrusterLeverArm: Double
    var thrusterRiseTime: Double
    var thrusterScale: Double
    var thrusterShotNoise: Double
    var thrusterMisalignment: Double
    var thrusterQuantum: Double
    var solarTorque: Vector3
    var gyroMisalignment: Double
    var gyroQuantum: Double
    var starTrackerPeriod: Double
    var starTrackerDelay: Double
    var accelerometerScale: Double
    var control: Control

    /// The flight software's figures.
    struct Control: Sendable, Codable, Hashable {
        var period: Double
        var frequency: Double
        var damping: Double
        var maximumDuty: Double
        var deadBand: Double
        var rateDeadBand: Double
        var starTrackerGain: Double
        var biasGain: Double
    }

    private static let keys = KeyTree.object([
        "simulator": .object([
            "dryMass": .any, "engineSpecificImpulse": .any, "engineRiseTime": .any, "engineChamberPressure": .any,
            "engineThrustScale": .any, "engineLineOfThrust": .any, "thrusterSpecificImpulse": .any,
            "thrusterLeverArm": .any, "thrusterRiseTime": .any, "thrusterScale": .any, "thrusterShotNoise": .any,
            "thrusterMisalignment": .any, "thrusterQuantum": .any, "solarTorque": .any, "gyroMisalignment": .any,
            "gyroQuantum": .any, "starTrackerPeriod": .any, "starTrackerDelay": .any, "accelerometerScale": .any,
            "control": .plain(
                "period",
                "frequency",
                "damping",
                "maximumDuty",
                "deadBand",
                "rateDeadBand",
                "starTrackerGain",
                "biasGain"
            ),
        ]),
        "mass": .any, "inertia": .any, "thrusters": .any, "engines": .any, "gyros": .any, "starTrackers": .any,
        "accelerometer": .any, "modes": .any, "notes": .any,
    ])

    /// Reads the section.
    static func read(_ craft: Craft) throws(MissionError) -> LanderModel {
        struct File: Decodable { var simulator: LanderModel }
        let name = "\(craft.mission)/\(craft.vehicleFile.path)"
        let model = try ProfileJSON.decode(File.self, from: craft.vehicleFile.octets, file: name, keys: keys).simulator
        for (key, value) in model.positiveFigures where !(value > 0 && value < 1e6) {
            throw .invalid(file: name, key: "simulator.\(key)", reason: "this is not more than 0 and below 1000000")
        }
        let cycles = model.control.period * 100
        guard cycles >= 1, cycles <= 100, cycles == cycles.rounded() else {
            throw .invalid(
                file: name,
                key: "simulator.control.period",
                reason: "a whole number of hundredths of a second, up to 1 s"
            )
        }
        if let mass = craft.vehicle.mass, !(mass >= model.dryMass && mass < 1e6) {
            throw .invalid(file: name, key: "mass", reason: "this is below the dry mass, or above 1000000 kg")
        }
        if let inertia = craft.vehicle.inertia, !(min(inertia.xx, inertia.yy, inertia.zz) > 0) {
            throw .invalid(file: name, key: "inertia", reason: "moments of inertia are more than 0")
        }
        return model
    }

    /// Scales all errors of building.
    mutating func disperse(by factor: Double) {
        engineThrustScale *= factor
        thrusterScale *= factor
        thrusterMisalignment *= factor
        gyroMisalignment *= factor
        accelerometerScale *= factor
    }

    private var positiveFigures: [(String, Double)] {
        [
            ("dryMass", dryMass), ("engineSpecificImpulse", engineSpecificImpulse),
            ("engineRiseTime", engineRiseTime), ("thrusterSpecificImpulse", thrusterSpecificImpulse),
            ("thrusterLeverArm", thrusterLeverArm), ("thrusterRiseTime", thrusterRiseTime),
            ("thrusterQuantum", thrusterQuantum), ("gyroQuantum", gyroQuantum),
            ("starTrackerPeriod", starTrackerPeriod), ("starTrackerDelay", starTrackerDelay),
            ("control.frequency", control.frequency), ("control.maximumDuty", control.maximumDuty),
            ("control.deadBand", control.deadBand),
        ]
    }
}

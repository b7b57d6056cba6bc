import RigidBody

/// Power, heat and tanks: simple, but moved by what the craft does.
struct BusModel: Sendable {
    private(set) var batteryCharge = 0.93
    private(set) var batteryVoltage = 28.6
    private(set) var arrayCurrent = 6.0
    private(set) var loadCurrent = 5.2
    private(set) var engineTemperature = 291.0
    private(set) var arrayTemperature = 300.0
    private(set) var chamberPressure = 0.0
    private(set) var tankPressure = 1_800_000.0
    private var noise: RandomStream
    private let fullChamberPressure: Double
    private let sun: Vector3
    private var startingPropellant: Double?

    // Ampere hours of the battery, in ampere seconds.
    private static let capacity = 60.0 * 3600
    private static let fullArrayCurrent = 9.5

    init(seed: UInt64, chamberPressure: Double, sun: Vector3) {
        noise = RandomStream(seed: seed, .housekeeping)
        fullChamberPressure = chamberPressure
        self.sun = sun
    }

    /// Takes in one control cycle.
    mutating func update(period: Double, attitude: Quaternion, engineLevel: Double, mass: Double, dryMass: Double) {
        // Arrays on both flanks, normal to the x axis.
        let incidence = attitude.rotateBack(sun).x.magnitude
        arrayCurrent = Self.fullArrayCurrent * incidence
        loadCurrent = 5.2 + (engineLevel > 0 ? 1.1 : 0) + 0.02 * noise.gaussian()
        batteryCharge += (arrayCurrent - loadCurrent) * period / Self.capacity
        batteryCharge = min(max(batteryCharge, 0), 1)
        batteryVoltage = 25.2 + 3.6 * batteryCharge + 0.03 * (arrayCurrent - loadCurrent)
        engineTemperature += ((engineLevel > 0 ? 640 : 291) - engineTemperature) * period / 60
        arrayTemperature += (220 + 150 * incidence - arrayTemperature) * period / 200
        chamberPressure = max(0, fullChamberPressure * engineLevel * (1 + 0.004 * noise.gaussian()))
        let propellant = max(1, mass - dryMass)
        let first = startingPropellant ?? propellant
        startingPropellant = first
        // Fed from a closed gas volume: the pressure falls as the tanks empty.
        tankPressure = 1_800_000 * (0.6 + 0.4 * propellant / first)
    }
}

import RigidBody

/// The vehicle and the settings made ready for the hot road: no optionals to ask, no names to look up.
struct CraftModel: Sendable {
    struct Thruster: Sendable {
        var id: Int
        var torque: Vector3
        var strength: Double
    }

    struct GyroFigures: Sendable {
        var isKnown = false
        var randomWalk = 0.0
        var bias = 0.0
        var scale = 0.0
        var resolution = 0.0
        var range = Double.infinity
    }

    struct TrackerFigures: Sendable {
        var isKnown = false
        var sigma = Vector3(2e-4, 2e-4, 2e-4)
        var maximumRate = 0.026
        var tagError = 0.05
    }

    struct Mode: Sendable {
        var label: String
        var kind: ModeKind?
        var rate: Double?
        var attitude: Double?
    }

    let settings: ResolvedSettings
    let burns: [BurnPlan]
    let hasVehicle: Bool
    let inertia: Matrix3
    let inverseInertia: Matrix3
    let largestInertia: Double
    let smallestInertia: Double
    let mass: Double
    let thrusters: [Thruster]
    let gyros: InlineArray<4, GyroFigures>
    let trackers: InlineArray<4, TrackerFigures>
    let modes: [Mode]
    /// Thrust (N) of the engine that burns, not a number where it is not known.
    let thrust: Double
    let thrustTolerance: Double
    /// Torque (N·m) that the engine may give by its line of thrust.
    let engineTorque: Double
    let accelerometerNoise: Double
    /// Share of one thruster's torque that its scale may leave unexplained.
    let scaleTolerance: Double
    /// Share of a change of momentum that the inertia may leave unexplained.
    let inertiaTolerance: Double
    /// Unexplained torque (N·m) that never counts.
    let torqueFloor: Double
    /// The torque (N·m) of all thrusters that push one way together.
    let authority: Double
    let weakestThruster: Double

    init(_ configuration: MonitorConfiguration) {
        let vehicle = configuration.vehicle
        settings = ResolvedSettings(configuration.settings)
        burns = configuration.settings.burns ?? []

        let tensor = vehicle.inertia?.matrix
        let inverse = tensor.flatMap { $0.row0.x > 0 && $0.row1.y > 0 && $0.row2.z > 0 ? $0.inverse : nil }
        hasVehicle = inverse != nil
        inertia = inverse == nil ? .identity : tensor ?? .identity
        inverseInertia = inverse ?? .identity
        largestInertia = max(inertia.row0.x, inertia.row1.y, inertia.row2.z)
        smallestInertia = min(inertia.row0.x, inertia.row1.y, inertia.row2.z)
        mass = vehicle.mass.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } ?? .nan

        let torques = (vehicle.thrusters ?? []).filter { (0...32).contains($0.id) && $0.torque.isFinite }
        thrusters = torques.map { Thruster(id: $0.id, torque: $0.torque, strength: $0.torque.norm) }
        var positive = Vector3.zero
        for thruster in torques {
            for axis in 0..<3 { positive[axis] += max(0, thruster.torque[axis]) }
        }
        authority = positive.norm
        weakestThruster = thrusters.map(\.strength).filter { $0 > 0 }.min() ?? 0
        let scale = torques.compactMap(\.scaleTolerance).max() ?? 0.1
        let uncertainty = vehicle.inertia?.uncertainty ?? 0.05
        scaleTolerance = min(0.6, 2.5 * max(scale, 0.02))
        inertiaTolerance = min(0.6, 2.5 * max(uncertainty, 0.02))
        // A twenty-fifth of the weakest thruster, but not below what slosh and bending move.
        torqueFloor = max(0.04 * weakestThruster, 3e-4 * largestInertia)

        let engine = vehicle.engines?.first
        thrust = engine.flatMap { $0.thrust > 0 && $0.thrust.isFinite ? $0.thrust : nil } ?? .nan
        thrustTolerance = engine?.thrustTolerance ?? 0.15
        engineTorque = thrust.isNaN ? 0 : thrust * ((engine?.offset ?? 0.003) * (1 + thrustTolerance) + 0.000_6)
        accelerometerNoise = vehicle.accelerometer?.noise ?? 0.005

        gyros = Self.gyroFigures(vehicle)
        trackers = Self.trackerFigures(vehicle)
        modes = Self.modes(vehicle, configuration.settings)
    }

    private static func gyroFigures(_ vehicle: Vehicle) -> InlineArray<4, GyroFigures> {
        var all = InlineArray<4, GyroFigures>(repeating: GyroFigures())
        for (index, name) in RoleSlot.gyroNames.enumerated() {
            guard let gyro = vehicle.gyros?[name] else { continue }
            all[index] = GyroFigures(
                isKnown: gyro.angularRandomWalk != nil,
                randomWalk: gyro.angularRandomWalk ?? 0,
                bias: gyro.bias ?? 0,
                scale: gyro.scale ?? 0,
                resolution: gyro.resolution ?? 0,
                range: gyro.range.flatMap { $0 > 0 ? $0 : nil } ?? .infinity
            )
        }
        return all
    }

    private static func trackerFigures(_ vehicle: Vehicle) -> InlineArray<4, TrackerFigures> {
        var all = InlineArray<4, TrackerFigures>(repeating: TrackerFigures())
        for index in 0..<4 {
            guard let tracker = vehicle.starTrackers?[String(index + 1)] else { continue }
            let across = tracker.across ?? 5e-5
            let about = tracker.about ?? 6 * across
            let boresight = tracker.boresight?.normalized
            var sigma = Vector3(about, about, about)
            if let boresight {
                for axis in 0..<3 {
                    let share = boresight[axis] * boresight[axis]
                    sigma[axis] = (across * across * (1 - share) + about * about * share).squareRoot()
                }
            }
            all[index] = TrackerFigures(
                isKnown: tracker.across != nil,
                sigma: sigma,
                maximumRate: tracker.maximumRate ?? 0.026,
                tagError: tracker.timeTagError ?? 0.05
            )
        }
        return all
    }

    private static func modes(_ vehicle: Vehicle, _ settings: MonitorSettings) -> [Mode] {
        var labels = Set(ModeKind.allCases.map(\.rawValue))
        labels.formUnion((vehicle.modes ?? [:]).keys)
        labels.formUnion((settings.modes ?? [:]).keys)
        return labels.sorted().map { label in
            let kind = settings.modes?[label] ?? ModeKind(rawValue: label)
            let limits = vehicle.modes?[label] ?? kind.flatMap { vehicle.modes?[$0.rawValue] }
            return Mode(label: label, kind: kind, rate: limits?.rate, attitude: limits?.attitude)
        }
    }
}

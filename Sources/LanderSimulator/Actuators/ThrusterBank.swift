import RigidBody

/// The attitude thrusters: pulses in, torque out, with the errors of real valves.
struct ThrusterBank: Sendable {
    /// One thruster as it is built, and what it does now.
    struct Thruster: Sendable {
        /// The number in its roles.
        let id: Int
        /// Torque (N·m) by the drawings.
        let nominal: Vector3
        /// Torque (N·m) as built.
        let actual: Vector3
        /// Shortest pulse (s).
        let minimumOnTime: Double
        /// What is wrong with it.
        var fault: Fault = .none
        /// Valve time (s) still commanded.
        var remaining = 0.0
        /// Valve time (s) commanded since the start.
        var onTime = 0.0
        /// Chamber level, 0 to 1.
        var level = 0.0
        /// Noise of this pulse, about 1.
        var shot = 1.0
    }

    /// What can be wrong with a thruster.
    enum Fault: Sendable, Hashable {
        case none
        case open
        case shut
        /// Torque times a factor, below zero for a reversed one.
        case scaled(Double)
    }

    var thrusters: [Thruster]
    private let approach: Double
    private let shotNoise: Double
    private let quantum: Double
    private var noise: RandomStream
    // For each axis the thruster that turns forwards and the one that turns backwards.
    private let pairs: [(forwards: Int, backwards: Int)]

    /// Builds the thrusters of a vehicle, with scale and direction drawn.
    init?(vehicle: [Vehicle.Thruster], model: LanderModel, step: Double, seed: UInt64, draw: inout RandomStream) {
        thrusters = vehicle.map { thruster in
            let scale = 1 + model.thrusterScale * draw.gaussian()
            let tilt = draw.gaussianVector() * model.thrusterMisalignment
            return Thruster(
                id: thruster.id,
                nominal: thruster.torque,
                actual: (thruster.torque + tilt.cross(thruster.torque)) * scale,
                minimumOnTime: thruster.minimumOnTime ?? 0.01
            )
        }
        approach = 1 - Elementary.exponential(-step / model.thrusterRiseTime)
        shotNoise = model.thrusterShotNoise
        quantum = model.thrusterQuantum
        noise = RandomStream(seed: seed, .thrusters)
        var pairs: [(Int, Int)] = []
        for axis in 0..<3 {
            let torques = thrusters.map { $0.nominal[axis] }
            guard let most = torques.max(), let least = torques.min(), most > 0, least < 0,
                let forwards = torques.firstIndex(of: most), let backwards = torques.firstIndex(of: least)
            else { return nil }
            pairs.append((forwards, backwards))
        }
        self.pairs = pairs
    }

    /// The largest torque (N·m) about an axis at a duty.
    func authority(axis: Int) -> Double { thrusters[pairs[axis].forwards].nominal[axis] }

    /// Commands the pulse nearest below a wanted impulse; impulses too small to fire are left to the caller.
    ///
    /// - Returns: The impulse (N·m·s) that was commanded.
    mutating func fire(axis: Int, impulse: Double, longest: Double) -> Double {
        let index = impulse > 0 ? pairs[axis].forwards : pairs[axis].backwards
        let torque = thrusters[index].nominal[axis]
        let wanted = min(impulse / torque, longest)
        guard wanted >= thrusters[index].minimumOnTime else { return 0 }
        let time = (wanted / quantum + 1e-9).rounded(.down) * quantum
        thrusters[index].remaining += time
        thrusters[index].onTime += time
        thrusters[index].shot = 1 + shotNoise * noise.gaussian()
        return time * torque
    }

    /// Burns for one step.
    ///
    /// - Returns: The mean torque (N·m) and the sum of the torques' magnitudes, which tells the propellant used.
    mutating func advance(by step: Double) -> (torque: Vector3, effort: Double) {
        var torque = Vector3.zero
        var effort = 0.0
        for index in thrusters.indices {
            let time = min(thrusters[index].remaining, step)
            thrusters[index].remaining -= time
            if thrusters[index].remaining < 1e-9 { thrusters[index].remaining = 0 }
            var command = time / step
            var factor = thrusters[index].shot
            switch thrusters[index].fault {
            case .none: break
            case .open: command = 1
            case .shut: command = 0
            case .scaled(let scale): factor *= scale
            }
            // A first-order chamber keeps the impulse of a pulse and gives it rise and fall.
            var level = thrusters[index].level
            level += (command - level) * approach
            if level < 1e-6, command == 0 { level = 0 }
            thrusters[index].level = level
            guard level > 0 else { continue }
            torque += thrusters[index].actual * (level * factor)
            effort += thrusters[index].nominal.norm * level
        }
        return (torque, effort)
    }
}

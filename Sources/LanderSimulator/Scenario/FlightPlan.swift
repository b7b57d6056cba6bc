import Missions
import RigidBody
import SpaceLink

/// A scenario with every value drawn: what will happen in this pass.
struct FlightPlan: Sendable {
    /// One fault with its values drawn.
    struct Fault: Sendable {
        let type: FaultType
        let target: String
        let onset: Double
        let end: Double?
        let size: Double
        /// A direction for faults that have one.
        let direction: Vector3
        /// The thruster it is about.
        let thruster: Int?
    }

    let duration: Double
    let orbit: LunarOrbit
    let slew: SlewProfile?
    let burn: FlightSoftware.Burn?
    let faults: [Fault]
    /// The attitude and rate at the start.
    let attitude: Quaternion
    let rate: Vector3
    /// Where the Sun is, inertial frame.
    let sun: Vector3

    private static let leastDuration = 20.0
    // The longest turn to the burn's attitude, calm before and after it, and what remains behind the burn.
    private static let leastBesidesBurn = 73.0
    private static let degree = 0.017453292519943295
    private static let calm = 8.0

    /// Draws a plan.
    init(request: PassRequest, settings: SimulatorSettings, duration: Double) throws(SimulationError) {
        let content = request.scenario.content
        let wish = content.plan?.burn ?? .none
        guard duration.isFinite, duration >= Self.leastDuration, duration <= 604_800 else {
            throw .badDuration(duration, minimum: Self.leastDuration, why: "a pass is neither a moment nor a month")
        }
        let leastWithBurn = (settings.burn?.backupTimer ?? 0) + Self.leastBesidesBurn
        if wish == .required {
            guard settings.burn != nil else { throw .missingPart(craft: request.craft.id, part: "simulator.burn") }
            guard duration >= leastWithBurn else {
                throw .badDuration(
                    duration,
                    minimum: leastWithBurn,
                    why: "the turn to the burn's attitude and the burn up to its back-up timer do not fit"
                )
            }
        }
        var draw = RandomStream(seed: request.seed, .scenario)
        self.duration = duration
        orbit = LunarOrbit(
            altitude: settings.orbit.altitude,
            inclination: settings.orbit.inclination,
            node: draw.uniform(0, 2 * 3.141592653589793),
            latitude: draw.uniform(-1, 1)
        )
        sun = draw.direction()
        let flies = wish == .required || (wish == .ifTimeAllows && duration >= leastWithBurn)
        let times = Self.drawTimes(
            duration: duration,
            reserve: flies ? settings.burn.map { $0.backupTimer + 10 } : nil,
            draw: &draw
        )
        burn = settings.burn.flatMap { burn in
            times.ignition.map {
                FlightSoftware.Burn(
                    ignition: $0,
                    velocityChange: burn.velocityChange,
                    plannedDuration: burn.duration,
                    backupTimer: burn.backupTimer
                )
            }
        }
        let axis = draw.direction()
        var target = Quaternion(rotationVector: draw.direction() * draw.uniform(0, 3))
        if let burn { target = Self.retrograde(orbit: orbit, at: burn.ignition + burn.plannedDuration / 2) }
        let from = target.turned(byBodyRotation: axis * -times.slewAngle)
        let slew = SlewProfile(
            from: from,
            axis: axis,
            angle: times.slewAngle,
            rate: times.slewRate,
            acceleration: 0.1 * Self.degree,
            start: times.slewStart
        )
        let mustTurn = times.ignition != nil
        self.slew = mustTurn || content.plan?.slew ?? true ? slew : nil
        attitude = from.turned(byBodyRotation: draw.gaussianVector() * (content.initial?.attitudeError ?? 2e-4))
        rate = draw.gaussianVector() * (content.initial?.rate ?? 5e-5)
        faults = Self.drawFaults(request, duration: duration, ignition: times.ignition, draw: &draw)
        let known = (request.craft.vehicle.thrusters ?? []).map(\.id)
        for fault in faults {
            guard let thruster = fault.thruster, !known.contains(thruster) else { continue }
            throw .missingPart(craft: request.craft.id, part: fault.target)
        }
    }

    private struct Times {
        var slewStart: Double
        var slewAngle: Double
        var slewRate: Double
        var ignition: Double?
    }

    /// Lays calm, turn, calm and burn into the duration; what is left over is shared out by chance.
    private static func drawTimes(duration: Double, reserve: Double?, draw: inout RandomStream) -> Times {
        let angle = draw.uniform(12, duration >= 400 ? 40 : 20) * degree
        let rate = draw.uniform(0.55, 0.8) * degree
        let (early, late) = (draw.uniform(), draw.uniform())
        let turn = angle / rate + rate / (0.1 * degree)
        guard let reserve else {
            let latest = max(0, min(0.15 * duration, duration - turn - calm))
            return Times(slewStart: tenth(early * latest), slewAngle: angle, slewRate: rate, ignition: nil)
        }
        let slack = max(0, duration - reserve - turn - 2 * calm)
        let start = calm + early * min(60, slack / 2)
        let ignition = start + turn + calm + late * min(120, slack / 2)
        return Times(slewStart: tenth(start), slewAngle: angle, slewRate: rate, ignition: tenth(ignition))
    }

    private static func tenth(_ time: Double) -> Double { (time * 10).rounded() / 10 }

    /// The attitude whose z axis brakes: against the velocity at a time, y along the orbit's normal.
    private static func retrograde(orbit: LunarOrbit, at time: Double) -> Quaternion {
        let step = 0.5
        var flown = orbit
        for _ in 0..<Int((time / step).rounded()) { flown.advance(by: step, acceleration: .zero) }
        guard let z = (-flown.velocity).normalized,
            let y = flown.position.cross(flown.velocity).normalized
        else { return .identity }
        let x = y.cross(z)
        return quaternion(axes: (x, y, z))
    }

    /// The rotation that takes the body axes to three inertial directions (Shepperd's choice of the largest divisor).
    private static func quaternion(axes: (x: Vector3, y: Vector3, z: Vector3)) -> Quaternion {
        let (a, b, c) = axes
        let candidates = [
            Quaternion(1 + a.x - b.y - c.z, a.y + b.x, a.z + c.x, b.z - c.y),
            Quaternion(a.y + b.x, 1 - a.x + b.y - c.z, b.z + c.y, c.x - a.z),
            Quaternion(a.z + c.x, b.z + c.y, 1 - a.x - b.y + c.z, a.y - b.x),
            Quaternion(b.z - c.y, c.x - a.z, a.y - b.x, 1 + a.x + b.y + c.z),
        ]
        let best = candidates.max { $0.norm < $1.norm } ?? .identity
        return best.normalized ?? .identity
    }

    private static func drawFaults(
        _ request: PassRequest,
        duration: Double,
        ignition: Double?,
        draw: inout RandomStream
    ) -> [Fault] {
        let thrusters = request.craft.vehicle.thrusters ?? []
        var faults: [Fault] = []
        for wanted in request.scenario.content.faults ?? [] {
            // Drawn in any case, so that one fault's chance moves nothing of the next one.
            let (chance, place, which) = (draw.uniform(), draw.uniform(), draw.index(below: max(1, thrusters.count)))
            let direction = draw.direction()
            guard chance < wanted.probability ?? 1 else { continue }
            let onset: Double
            switch wanted.onset {
            case .seconds(let low, let high): onset = low + (high - low) * place
            case .fraction(let low, let high): onset = (low + (high - low) * place) * duration
            case .ignition:
                guard let ignition else { continue }
                onset = ignition
            }
            var thruster: Int?
            var target = wanted.target
            if target == "thruster.*", thrusters.indices.contains(which) { target = "thruster.\(thrusters[which].id)" }
            if target.hasPrefix("thruster.") { thruster = Int(target.dropFirst("thruster.".count)) }
            faults.append(
                Fault(
                    type: wanted.type,
                    target: target,
                    onset: (onset * 100).rounded() / 100,
                    end: wanted.end,
                    size: wanted.size ?? wanted.type.usualSize,
                    direction: direction,
                    thruster: thruster
                )
            )
        }
        return faults
    }
}

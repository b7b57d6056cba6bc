import Crypto
import FoundationEssentials
import Missions
import RigidBody
import SpaceLink

/// What is written down while a pass is flown.
struct PassRecord {
    private var states: [PassTruth.State] = []
    private var hash = SHA256()
    private var packets: [Int: (packets: Int, octets: Int)] = [:]
    private let roles: [String]
    private let roleIndices: [Int]

    /// Begins a record of the roles of a row; parameters without a role are left out.
    init(roles row: SampleRow) {
        roleIndices = row.names.indices.filter { row.names[$0].first?.isLowercase ?? false }
        roles = roleIndices.map { row.names[$0] }
    }

    /// Writes the true state down.
    mutating func note(_ flight: borrowing LanderFlight) {
        states.append(
            PassTruth.State(
                time: flight.time,
                quaternion: flight.attitude,
                rate: flight.rate,
                angularMomentum: flight.angularMomentum,
                position: flight.orbit.position,
                velocity: flight.orbit.velocity,
                mass: flight.mass,
                mode: flight.software.mode.rawValue,
                engine: flight.engine.isOn
            )
        )
    }

    /// Counts a packet.
    mutating func count(packet: [UInt8], apid: Int) {
        hash.update(data: packet)
        let before = packets[apid] ?? (0, 0)
        packets[apid] = (before.packets + 1, before.octets + packet.count)
    }

    /// The sample of a row.
    func sample(time: Double, row: SampleRow) -> PassSample {
        PassSample(time: time, mode: row.mode.rawValue, roles: roles, values: roleIndices.map { row.values[$0] })
    }

    /// The whole truth.
    func truth(
        pass: LanderPass,
        plan: FlightPlan,
        flight: borrowing LanderFlight,
        stream: FrameStream,
        bitRate: Double
    ) -> PassTruth {
        let craft = pass.request.craft
        let apids = packets.sorted { $0.key < $1.key }
            .map { PassTruth.Packets(apid: $0.key, packets: $0.value.packets, octets: $0.value.octets) }
        var frames = stream.frames
        frames[pass.virtualChannel, default: 0] += 0
        return PassTruth(
            mission: craft.mission,
            craft: craft.id,
            scenario: DrawnScenario(pass: pass, plan: plan, flight: flight, bitRate: bitRate),
            seed: pass.request.seed,
            start: pass.start.utc,
            faults: Self.faults(plan: plan, firstFirings: flight.firstFirings),
            pointOfNoReturn: flight.pointOfNoReturn,
            states: states,
            fate: stream.fate,
            channels: frames.sorted { $0.key < $1.key }.map { channel, count in
                PassTruth.Channel(
                    spacecraft: craft.spacecraft,
                    virtualChannel: channel,
                    frames: count,
                    apids: channel == pass.virtualChannel ? apids : []
                )
            },
            packetsSHA256: hash.finalize().map { octet in
                (octet < 16 ? "0" : "") + String(octet, radix: 16)
            }.joined()
        )
    }

    private static func faults(plan: FlightPlan, firstFirings: [Double?]) -> [PassTruth.Fault] {
        zip(plan.faults, firstFirings).map { fault, firing in
            PassTruth.Fault(
                type: fault.type.rawValue,
                target: fault.target,
                onset: fault.onset,
                end: fault.end,
                size: fault.size,
                expected: fault.expected(burn: plan.burn, firstFiring: firing)
            )
        }
    }
}

extension FlightPlan.Fault {
    /// What a monitor may say of the fault, each with the time from which it could be seen.
    func expected(burn: FlightSoftware.Burn?, firstFiring: Double?) -> [PassTruth.Expected] {
        func from(_ time: Double, _ conditions: String...) -> [PassTruth.Expected] {
            conditions.map { PassTruth.Expected(condition: $0, onset: max(time, onset)) }
        }
        switch type {
        case .thrusterOpen, .leakTorque:
            return from(onset, "uncommandedTorque", "slowTorque", "divergence", "tumble")
        case .thrusterShut, .thrusterWeak, .thrusterReversed:
            guard let firstFiring else { return [] }
            return from(
                firstFiring,
                "thrusterResponse",
                "uncommandedTorque",
                "divergence",
                "tumble",
                "attitudeError"
            )
        case .engineWeak:
            guard let burn else { return [] }
            return from(burn.ignition, "thrustAnomaly")
                + from(burn.ignition + burn.plannedDuration, "burnOverrun")
        case .engineDoesNotStart:
            guard let burn else { return [] }
            return from(burn.ignition, "thrustAnomaly")
        case .engineDoesNotStop:
            guard let burn else { return [] }
            return from(burn.ignition + burn.plannedDuration, "burnOverrun")
        case .gyroZero: return from(onset, "gyroZero", "gyroFrozen", "gyroDisagreement")
        case .gyroFrozen: return from(onset, "gyroFrozen", "gyroDisagreement")
        case .gyroBias, .gyroScale, .gyroNoise: return from(onset, "gyroBias", "gyroDisagreement", "gyroFrozen")
        case .accelerometerOff:
            guard let burn else { return [] }
            return from(burn.ignition, "accelerationMissingInBurn")
                + from(burn.ignition + burn.plannedDuration, "burnOverrun")
        case .starTrackerLost: return from(onset + 180, "starTrackerLost")
        case .starTrackerJump: return from(onset, "starTrackerJump")
        }
    }
}

extension DrawnScenario {
    /// Writes down what was drawn, and how the burn went.
    init(pass: LanderPass, plan: FlightPlan, flight: borrowing LanderFlight, bitRate: Double) {
        let content = pass.request.scenario.content
        let cutoff = flight.cutoff
        self.init(
            name: pass.request.scenario.name,
            mission: pass.request.craft.mission,
            craft: pass.request.craft.id,
            phase: content.phase ?? "orbit",
            duration: pass.duration,
            rate: pass.rate,
            link: pass.link,
            bitRate: bitRate,
            format: pass.request.format.rawValue,
            initial: Initial(
                quaternion: plan.attitude,
                rate: plan.rate,
                position: plan.orbit.position,
                velocity: plan.orbit.velocity,
                mass: pass.request.craft.vehicle.mass ?? 0,
                sun: plan.sun
            ),
            slew: plan.slew.map {
                Slew(start: $0.start, end: $0.start + $0.duration, axis: $0.axis, angle: $0.angle, rate: $0.rate)
            },
            burn: plan.burn.map { burn in
                Burn(
                    ignition: burn.ignition,
                    plannedDuration: burn.plannedDuration,
                    plannedVelocityChange: burn.velocityChange,
                    plannedCutoff: burn.ignition + burn.plannedDuration,
                    backupTimer: burn.backupTimer,
                    cutoff: cutoff,
                    duration: cutoff.map { (($0 - burn.ignition) * 100).rounded() / 100 },
                    velocityChange: flight.engineVelocity,
                    periluneAltitude: flight.orbit.periluneAltitude
                )
            },
            faults: plan.faults.map {
                Fault(type: $0.type.rawValue, target: $0.target, onset: $0.onset, size: $0.size)
            },
            channel: Channel(
                frameLoss: content.channel?.frameLoss ?? 0,
                bitErrorRate: content.channel?.bitErrorRate ?? 0
            ),
            dispersion: Dispersion(
                engineThrust: flight.engine.thrust,
                thrusterTorques: flight.thrusters.thrusters.map(\.actual)
            )
        )
    }
}

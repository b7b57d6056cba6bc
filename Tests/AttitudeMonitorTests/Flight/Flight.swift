import RigidBody

/// A small craft that flies in the tests alone: own integrator, own noise, own controller.
///
/// Twelve thrusters of about 12 N·m, two for each direction of each axis, a braking engine off the centre of mass,
/// two gyros, a star tracker, accelerometers. The truth departs from what the monitor is told: inertia by some five
/// per cent, thrusters by some five per cent and two degrees, engine by some per cent.
struct Flight {
    enum Plan {
        case hold
        case slews
        case burns
        case spin
    }

    enum Fault: Hashable {
        case none
        case thrusterOpen(Int)
        case thrusterShut(Int)
        case leak(Double)
        /// Both thrusters towards +z open, and no control against them.
        case spinOut
        case accelerometerOff
        case cutOffFails
        case gyroZero
        case gyroFrozen
        case gyroInvalid
        case gyroSaturated
        case gyroBias(Double)
        case trackerJump
        case trackerLost
        case normOff
    }

    struct Settings {
        var plan = Plan.hold
        var fault = Fault.none
        var onset = Double.infinity
        var seed: UInt64 = 1
        var isAccumulating = false
        var hasSecondGyro = true
        var hasTracker = true
    }

    static let step = 0.05
    static let torques: [Vector3] = [
        Vector3(12, 1.5, 0), Vector3(12, -1.5, 0), Vector3(-12, 1.5, 0), Vector3(-12, -1.5, 0),
        Vector3(0, 12, 1.5), Vector3(0, 12, -1.5), Vector3(0, -12, 1.5), Vector3(0, -12, -1.5),
        Vector3(1.5, 0, 12), Vector3(-1.5, 0, 12), Vector3(1.5, 0, -12), Vector3(-1.5, 0, -12),
    ]

    let settings: Settings
    var random: Noise
    var time = 0.0
    var rate = Vector3(0.0002, -0.0003, 0.0001)
    var attitude = Quaternion.identity
    let inertia: Matrix3
    let inverse: Matrix3
    let trueTorques: [Vector3]
    let engineTorque: Vector3
    let engineForce: Double

    var onTimes = [Double](repeating: 0, count: 12)
    private var carried = Vector3.zero
    private var pulses = [Double](repeating: 0, count: 12)
    private var target = Quaternion.identity
    private var targetRate = Vector3.zero
    var mode = "hold"
    private var modeEnd = 30.0
    var engineOn = false
    var ignition = Double.nan
    let plannedBurn: Double
    private var velocity = Vector3.zero
    private var gyroAngle = Vector3.zero
    private var scale = Vector3.zero
    private var bias = Vector3.zero
    private var otherBias = Vector3.zero
    private var frozen = Vector3.zero
    private var held = Vector3.zero
    private var heldTime = -1.0
    private var star = Quaternion.identity
    private var starTime = Double.nan
    private var trackerOffset = Quaternion.identity

    init(_ settings: Settings) {
        self.settings = settings
        var noise = Noise(seed: settings.seed)
        let wide = Vector3(
            1150 * (1 + 0.05 * noise.normal()),
            1080 * (1 + 0.05 * noise.normal()),
            880 * (1 + 0.05 * noise.normal())
        )
        inertia = Matrix3(xx: wide.x, yy: wide.y, zz: wide.z, xy: 8, xz: -5, yz: 4)
        inverse = inertia.inverse ?? .identity
        trueTorques = Self.torques.map { torque in
            let tilt = Vector3(noise.normal(), noise.normal(), noise.normal()) * 0.02
            return (torque + tilt.cross(torque)) * (1 + 0.05 * noise.normal())
        }
        engineTorque = Vector3(noise.uniform(-9, 9), noise.uniform(-9, 9), noise.uniform(-2, 2))
        engineForce = 4860 * (1 + 0.03 * noise.normal())
        plannedBurn = 84
        scale = Vector3(noise.normal(), noise.normal(), noise.normal()) * 3e-4
        bias = Vector3(noise.normal(), noise.normal(), noise.normal()) * 1.5e-6
        otherBias = Vector3(noise.normal(), noise.normal(), noise.normal()) * 1.2e-5
        attitude = Quaternion(rotationVector: Vector3(noise.normal(), noise.normal(), noise.normal()) * 0.5)
        target = attitude
        random = noise
    }

    var isFaulty: Bool { time >= settings.onset }

    /// Flies one step of the integrator.
    mutating func advance() {
        guide()
        if (time / 0.1 - (time / 0.1).rounded()).magnitude < 1e-6 { control() }
        let torque = push(during: Self.step)
        // Fourth order on the rate, the mean rate of the step on the attitude.
        let (inertia, inverse) = (inertia, inverse)
        func slope(_ rate: Vector3) -> Vector3 { inverse * (torque - rate.cross(inertia * rate)) }
        let h = Self.step
        let one = slope(rate)
        let two = slope(rate + one * (h / 2))
        let three = slope(rate + two * (h / 2))
        let four = slope(rate + three * h)
        let next = rate + (one + two * 2 + three * 2 + four) * (h / 6)
        attitude = attitude.turned(byBodyRotation: (rate + next) * (h / 2))
        gyroAngle += sensed((rate + next) * 0.5) * h + random.vector() * (2.9e-6 * h.squareRoot())
        if engineOn { velocity += Vector3(0, 0, engineForce / 1330 * h) }
        velocity += random.vector() * (5e-4 * h.squareRoot())
        rate = next
        time = ((time + h) / h).rounded() * h
        observeStars()
        if time - heldTime >= 0.2499 {
            held = rate + otherBias + random.vector() * 1e-4
            heldTime = time
        }
    }

    private func sensed(_ rate: Vector3) -> Vector3 {
        var value = Vector3(rate.x * (1 + scale.x), rate.y * (1 + scale.y), rate.z * (1 + scale.z)) + bias
        if case .gyroBias(let size) = settings.fault, isFaulty { value += Vector3(0.48, -0.6, 0.64) * size }
        return value
    }

    // MARK: Guidance and control

    private mutating func guide() {
        switch mode {
        case "slew":
            let left = modeEnd - time
            targetRate = left > 0 ? slewRate : .zero
            target = target.turned(byBodyRotation: targetRate * Self.step)
        case "spin":
            // A spin-up and a spin-down, each at a rate the thrusters can give.
            let wanted = modeEnd - time > 40 ? 0.0873 : 0
            let step = 0.004 * Self.step
            targetRate.z += min(max(wanted - targetRate.z, -step), step)
            target = target.turned(byBodyRotation: targetRate * Self.step)
        default:
            targetRate = .zero
        }
        if mode == "burn" { followBurn() }
        guard time >= modeEnd else { return }
        switch (settings.plan, mode) {
        case (.hold, _): modeEnd = .infinity
        case (.slews, "hold"):
            let speed = random.uniform(0.0035, 0.0175)
            slewRate = (random.vector().normalized ?? Vector3(1, 0, 0)) * speed
            modeEnd = time + random.uniform(10, 60)
            mode = "slew"
        case (.burns, "hold"):
            mode = "burn"
            ignition = time + 10
            modeEnd = time + 10 + plannedBurn + 10
        case (.spin, "hold"):
            mode = "spin"
            modeEnd = time + 1200
        default:
            mode = "hold"
            targetRate = .zero
            engineOn = false
            modeEnd = time + (settings.plan == .slews ? random.uniform(60, 120) : 300)
        }
    }

    private var slewRate = Vector3.zero
    private var errorSum = Vector3.zero

    private mutating func followBurn() {
        let fails = settings.fault == .cutOffFails || settings.fault == .accelerometerOff
        let end = ignition + plannedBurn + (fails && ignition + plannedBurn >= settings.onset ? 43 : 0)
        engineOn = time >= ignition && time < end
        if fails { modeEnd = max(modeEnd, end + 10) }
    }

    private mutating func control() {
        let error = (target.conjugate * attitude).rotationVector
        let believed = isFaulty && gyroFailed ? frozen : sensed(rate)
        errorSum += error * 0.1
        if errorSum.norm > 0.5 { errorSum = errorSum * (0.5 / errorSum.norm) }
        let wanted = error * -300 - errorSum * 40 - (believed - targetRate) * 900
        pulses = [Double](repeating: 0, count: 12)
        for axis in 0..<3 {
            let torque = min(max(wanted[axis], -24), 24)
            if settings.fault == .spinOut, isFaulty { continue }
            carried[axis] = min(max(carried[axis] + torque * 0.1, -2.4), 2.4)
            // Below the shortest pulse, and inside the dead band, the wish is kept for later.
            guard carried[axis].magnitude > 24 * 0.015 else { continue }
            let on = min(carried[axis].magnitude / 24, 0.1)
            let pair = axis * 4 + (carried[axis] > 0 ? 0 : 2)
            pulses[pair] = on
            pulses[pair + 1] = on
            carried[axis] -= carried[axis] > 0 ? on * 24 : -on * 24
        }
    }

    private var gyroFailed: Bool {
        switch settings.fault {
        case .gyroZero, .gyroFrozen, .gyroInvalid: true
        default: false
        }
    }

    /// The mean torque of one step; counts the commanded on-times.
    private mutating func push(during step: Double) -> Vector3 {
        var torque = Vector3(1e-4, -2e-4, 1e-4)
        for index in 0..<12 {
            let commanded = min(pulses[index], step)
            pulses[index] -= commanded
            onTimes[index] += commanded
            var on = commanded / step
            if isFaulty {
                if settings.fault == .thrusterOpen(index + 1) { on = 1 }
                if settings.fault == .spinOut { on = index == 8 || index == 9 ? 1 : 0 }
                if settings.fault == .thrusterShut(index + 1) { on = 0 }
            }
            torque += trueTorques[index] * (on * (1 + 0.015 * random.normal()))
        }
        if case .leak(let size) = settings.fault, isFaulty { torque += Vector3(0.6, 0.64, -0.48) * size }
        if engineOn { torque += engineTorque * (1 + 0.03 * random.normal()) }
        return torque
    }

    // MARK: Telemetry

    private mutating func observeStars() {
        guard (time - time.rounded()).magnitude < 1e-6 else { return }
        if settings.fault == .trackerLost, isFaulty { return }
        if settings.fault == .trackerJump, isFaulty {
            trackerOffset = Quaternion(rotationVector: Vector3(0.004, -0.002, 0))
        }
        let noise = Vector3(2.9e-5 * random.normal(), 2.9e-5 * random.normal(), 1.9e-4 * random.normal())
        star = attitude.turned(byBodyRotation: noise) * trackerOffset
        if random.uniform(0, 1) < 0.2 { star = -star }
        if settings.fault == .normOff, isFaulty {
            star = Quaternion(star.x * 1.02, star.y * 1.02, star.z * 1.02, star.w * 1.02)
        }
        starTime = time
    }

    var starTag: Double { starTime }
    var starAttitude: Quaternion { star }
    var targetAttitude: Quaternion { target }
    var wantedRate: Vector3 { targetRate }
    var accumulated: Vector3 { gyroAngle }
    var other: Vector3 { held }
    var otherTag: Double { heldTime }

    func measured(_ noise: Vector3) -> Vector3 { sensed(rate) + noise }

    mutating func freeze(_ reading: Vector3) -> Vector3 { settings.isAccumulating ? frozenAngle : frozen }

    mutating func freezeLater(_ reading: Vector3) {
        if settings.isAccumulating { frozenAngle = reading } else { frozen = reading }
    }

    private var frozenAngle = Vector3.zero
}

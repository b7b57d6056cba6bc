import RigidBody

/// A gyro of three axes that sums angles: noise, bias, scale, misalignment, quantum and range.
struct GyroUnit: Sendable {
    /// What can be wrong with it.
    enum Fault: Sendable, Hashable {
        case none
        case zero
        case frozen
        case bias(Vector3)
        case scale(Double)
        case noise(Double)
    }

    /// What is wrong.
    var fault: Fault = .none {
        didSet { frozenRate = rate }
    }
    /// Angle (rad) since the start, in whole quanta.
    private(set) var angle = Vector3.zero
    /// Mean rate (rad/s) over the last tenth of a second.
    private(set) var rate = Vector3.zero

    private let noise: Double
    private let bias: Vector3
    private let scale: Vector3
    private let misalignment: Vector3
    private let range: Double
    private let quantum: Double
    private var sum = Vector3.zero
    private var history = [Vector3](repeating: .zero, count: 10)
    private var next = 0
    private var frozenRate = Vector3.zero

    /// Builds a gyro with its errors drawn.
    init(_ gyro: Vehicle.Gyro, model: LanderModel, step: Double, draw: inout RandomStream) {
        noise = (gyro.angularRandomWalk ?? 0) * step.squareRoot()
        bias = draw.gaussianVector() * (gyro.bias ?? 0)
        scale = draw.gaussianVector() * ((gyro.scale ?? 0) / 2)
        misalignment = draw.gaussianVector() * model.gyroMisalignment
        range = gyro.range ?? .infinity
        quantum = model.gyroQuantum
    }

    /// Takes in the rotation of one step.
    mutating func advance(trueRate: Vector3, by step: Double, random: inout RandomStream) {
        let errors = Vector3(trueRate.x * scale.x, trueRate.y * scale.y, trueRate.z * scale.z)
        var measured = trueRate + misalignment.cross(trueRate) + errors + bias
        var walk = random.gaussianVector() * noise
        switch fault {
        case .none, .zero, .frozen: break
        case .bias(let more): measured += more
        case .scale(let factor): measured = measured * (1 + factor)
        case .noise(let factor): walk = walk * factor
        }
        // The noise goes in before the limit: a saturated unit reads its range and nothing else.
        measured += walk * (1 / step)
        measured = Vector3(limited(measured.x), limited(measured.y), limited(measured.z))
        switch fault {
        case .zero: break
        case .frozen: sum += frozenRate * step
        case .none, .bias, .scale, .noise: sum += measured * step
        }
        angle = Vector3(quanta(sum.x), quanta(sum.y), quanta(sum.z))
        rate = fault == .frozen ? frozenRate : (angle - history[next]) * (1 / (step * Double(history.count)))
        history[next] = angle
        next = (next + 1) % history.count
    }

    private func limited(_ rate: Double) -> Double { min(max(rate, -range), range) }

    private func quanta(_ angle: Double) -> Double { (angle / quantum).rounded() * quantum }
}

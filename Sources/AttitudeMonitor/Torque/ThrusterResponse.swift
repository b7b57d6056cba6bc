import RigidBody

/// How much of what thrusters were commanded to give arrives, for each direction of each axis.
///
/// The memory fades by commanded impulse, not by time: a gain is as good as the firing it was learnt from.
struct ThrusterResponse: Sendable {
    private var missing = InlineArray<6, Float>(repeating: 0)
    private var commanded = InlineArray<6, Float>(repeating: 0)
    private var noise = InlineArray<6, Float>(repeating: 0)
    private var last: Int8 = -1
    private var direction = Vector3.zero

    /// The direction, 0 to 5 for +x, -x, +y, -y, +z, -z, that was furthest off when last judged.
    private(set) var judged: Int8 = 0

    /// Takes the impulse that was commanded and the one that nothing explains over one interval.
    ///
    /// The interval after a firing counts with it, because tags may have put part of the firing there.
    mutating func add(
        commanded impulse: Vector3,
        unexplained: Vector3,
        dt: Double,
        sigma: Double,
        model: CraftModel
    ) -> Residual? {
        let size = impulse.norm
        // Short pulses prove little, and tags may put them anywhere.
        guard size > 0.1 * model.weakestThruster * dt else {
            if last >= 0 { missing[Int(last)] -= Float(unexplained.dot(direction)) }
            last = -1
            return nil
        }
        direction = impulse * (1 / size)
        let index = Self.index(of: direction)
        let memory = 5 * model.weakestThruster
        let fade = Float(max(0, 1 - size / memory))
        missing[index] = missing[index] * fade - Float(unexplained.dot(direction))
        commanded[index] = commanded[index] * fade + Float(size)
        noise[index] = noise[index] * fade * fade + Float(2 * sigma * sigma)
        last = Int8(index)
        return worst(memory: memory, model)
    }

    /// The direction that is furthest off, among those that fired enough.
    private mutating func worst(memory: Double, _ model: CraftModel) -> Residual? {
        var worst: Residual?
        for index in 0..<6 where Double(commanded[index]) > 0.25 * memory {
            let spread = Double(noise[index]).squareRoot() / Double(commanded[index])
            let scale = model.scaleTolerance
            let bound = 0.5 * scale * scale + model.inertiaTolerance * model.inertiaTolerance + 16 * spread * spread
            let residual = Residual(
                value: 1 - Double(missing[index] / commanded[index]),
                expected: 1,
                limit: 0.1 + bound.squareRoot(),
                sigma: spread
            )
            guard residual.ratio >= worst?.ratio ?? 0 else { continue }
            (worst, judged) = (residual, Int8(index))
        }
        return worst
    }

    /// The unit vector of a direction.
    static func axis(_ index: Int) -> Vector3 {
        var axis = Vector3.zero
        axis[index / 2] = index.isMultiple(of: 2) ? 1 : -1
        return axis
    }

    private static func index(of direction: Vector3) -> Int {
        var axis = 0
        for candidate in 1..<3 where direction[candidate].magnitude > direction[axis].magnitude { axis = candidate }
        return 2 * axis + (direction[axis] > 0 ? 0 : 1)
    }
}

import RigidBody
import TestSupport

/// Noise for the test flights: twelve uniform numbers make one that is nearly normal.
struct Noise {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed &* 7919 &+ 17) }

    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * Double(generator.next() >> 11) / 9_007_199_254_740_992
    }

    mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += uniform(0, 1) }
        return sum
    }

    mutating func vector() -> Vector3 { Vector3(normal(), normal(), normal()) }
}

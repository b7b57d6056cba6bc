import RigidBody

/// Numbers that look random and are the same on every machine: xoshiro256** seeded by SplitMix64.
///
/// Each use has a stream of its own, so that one more draw in one place moves nothing elsewhere (Blackman and Vigna,
/// Scrambled Linear Pseudorandom Number Generators, 2018).
struct RandomStream: Sendable {
    /// What a stream is used for.
    enum Purpose: UInt64 {
        case scenario = 1
        case dispersion
        case thrusters
        case gyros
        case starTracker
        case accelerometer
        case housekeeping
        case channel
    }

    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var spare: Double?

    /// Starts the stream of a seed and a purpose.
    init(seed: UInt64, _ purpose: Purpose) {
        var mixer = seed &+ purpose.rawValue &* 0xD134_2543_DE82_EF95
        func mix() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (mix(), mix(), mix(), mix())
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A number from 0 up to, but not including, 1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number between two.
    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// A whole number from 0 up to, but not including, a count.
    mutating func index(below count: Int) -> Int { min(count - 1, Int(uniform() * Double(count))) }

    /// A number of the normal distribution, by Marsaglia's polar method.
    mutating func gaussian() -> Double {
        if let kept = spare {
            spare = nil
            return kept
        }
        while true {
            let x = uniform(-1, 1)
            let y = uniform(-1, 1)
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * Elementary.logarithm(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    /// Three independent numbers of the normal distribution.
    mutating func gaussianVector() -> Vector3 {
        let x = gaussian()
        let y = gaussian()
        let z = gaussian()
        return Vector3(x, y, z)
    }

    /// A direction without preference.
    mutating func direction() -> Vector3 {
        while true {
            if let direction = gaussianVector().normalized { return direction }
        }
    }
}

import Foundation

/// A channel of bits sent as ±1 with Gaussian noise, as a demodulator of eight bits sees it.
public struct NoisyChannel {
    private var generator: SeededGenerator
    /// The noise's standard deviation, for a signal of 1.
    private let deviation: Double
    private let amplitude = 24.0

    /// Makes a channel for information bits at so many decibels (Eb/N0), of a code of a rate.
    public init(decibels: Double, rate: Double, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        deviation = (1 / (2 * rate * pow(10, decibels / 10))).squareRoot()
    }

    private mutating func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992 }

    /// The soft symbols of packed bits.
    public mutating func send(_ octets: [UInt8], bits: Int) -> [Int8] {
        (0..<bits).map { index in
            let level = octets[index / 8] << UInt8(index % 8) & 0x80 != 0 ? 1.0 : -1.0
            let noise = (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
            return Int8(max(-127, min(127, (amplitude * (level + deviation * noise)).rounded())))
        }
    }
}

/// The bits in which symbols, taken hard, differ from what was sent.
public func wrongBits(_ symbols: [Int8], _ octets: [UInt8]) -> Int {
    symbols.indices.count { symbols[$0] != 0 && (symbols[$0] > 0) != (octets[$0 / 8] << UInt8($0 % 8) & 0x80 != 0) }
}

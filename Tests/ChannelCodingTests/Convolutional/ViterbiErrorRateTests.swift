import ChannelCoding
import Foundation
import TestSupport
import Testing

/// How many bits are wrong under white noise, held to what the code's distances allow.
@Suite struct ViterbiErrorRateTests {
    /// The bits that are wrong on all paths of each distance from the right one, beginning at 10 and rising by two.
    ///
    /// Of generators 171 and 133, by walking all paths of the code's state diagram that leave state 0 and come back to it.
    private static let wrongBits: [Double] = [36, 211, 1404, 11_633, 77_433, 502_690, 3_322_763]

    /// The chance that white noise takes the decoder to one of those paths, summed over all: no less than the truth.
    private func unionBound(_ ratio: Double) -> Double {
        Self.wrongBits.enumerated().reduce(0) { sum, term in
            // Q(√(2 · d · R · Eb/N0)), and the rate R is one half.
            sum + term.element * 0.5 * erfc((Double(10 + 2 * term.offset) * ratio / 2).squareRoot())
        }
    }

    /// The share of wrong bits at a signal-to-noise ratio for each bit.
    private func errorRate(decibels: Double, octets count: Int, amplitude: Double, seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: seed)
        let code = ConvolutionalCode()
        let data = generator.octets(count)
        var encoder = ConvolutionalEncoder(code)
        var packed: [UInt8] = []
        encoder.push(data.span, into: &packed)
        encoder.finish(tail: 6, into: &packed)
        let deviation = amplitude / pow(10, decibels / 20)
        let symbols = (0..<Int(encoder.symbolCount)).map { index in
            let level = packed[index / 8] & 0x80 >> UInt8(index % 8) != 0 ? amplitude : -amplitude
            let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &generator))).squareRoot()
            let noise = radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
            return Int8(max(-127, min(127, (level + deviation * noise).rounded())))
        }
        var decoder = ViterbiDecoder(code)
        var decoded: [UInt8] = []
        decoder.push(soft: symbols.span) { decoded += $0.copy }
        decoder.finish { decoded += $0.copy }
        let wrong = zip(data, decoded).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        return Double(wrong) / Double(8 * count)
    }

    // Half as many again for symbols in fifteen steps, and for chance. The sum ends after seven distances: at 3 dB, where
    // it overcounts, what is left out matters least.
    @Test(arguments: [10.0, 32, 60]) func threeDecibelsGiveTheErrorsTheyShould(amplitude: Double) {
        let rate = errorRate(decibels: 3, octets: 30_000, amplitude: amplitude, seed: 1)
        #expect(rate < 1.5 * unionBound(pow(10, 0.3)))
        #expect(rate > 2e-4, "fewer errors than the code can have: the noise is not what it should be")
    }

    @Test func fourDecibelsGiveTheErrorsTheyShould() {
        let rate = errorRate(decibels: 4, octets: 100_000, amplitude: 32, seed: 2)
        #expect(rate < 1.5 * unionBound(pow(10, 0.4)))
        #expect(rate > 4e-6, "fewer errors than the code can have: the noise is not what it should be")
    }
}

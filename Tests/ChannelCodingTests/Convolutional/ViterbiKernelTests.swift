import ChannelCoding
import TestSupport
import Testing

/// The trellis is walked by a loop in C where the processor has its instructions, and by Swift elsewhere, alike.
@Suite struct ViterbiKernelTests {
    private enum Input: CaseIterable {
        case noise, weakNoise, signal, erasures, silence, extremes
    }

    /// Three blocks and a bit of symbols.
    private func symbols(_ input: Input, _ code: ConvolutionalCode) -> [Int8] {
        var generator = SeededGenerator(seed: 3)
        var encoder = ConvolutionalEncoder(code)
        var packed: [UInt8] = []
        let data = generator.octets(700)
        encoder.push(data.span, into: &packed)
        return (0..<8 * packed.count).map { index in
            let level: Int8 = packed[index / 8] & 0x80 >> UInt8(index % 8) != 0 ? 60 : -60
            switch input {
            case .noise: return Int8(truncatingIfNeeded: generator.next())
            case .weakNoise: return Int8.random(in: -2...2, using: &generator)
            case .signal: return level + Int8.random(in: -60...60, using: &generator)
            case .erasures: return Bool.random(using: &generator) ? level : 0
            case .silence: return 0
            case .extremes: return Bool.random(using: &generator) ? -128 : 127
            }
        }
    }

    private func decode(_ symbols: [Int8], _ decoder: ViterbiDecoder) -> [UInt8] {
        var decoder = decoder
        var bits: [UInt8] = []
        decoder.push(soft: symbols.span) { bits += $0.copy }
        decoder.finish { bits += $0.copy }
        return bits
    }

    @Test(arguments: ViterbiTests.codes) func bitsAreTheSameWithTheKernelAndWithout(code: ConvolutionalCode) {
        for input in Input.allCases {
            let symbols = symbols(input, code)
            for startsAtZero in [false, true] {
                let phase = startsAtZero ? 0 : nil
                let with = ViterbiDecoder(code, phase: phase, startsAtZero: startsAtZero, usesKernel: true)
                let without = ViterbiDecoder(code, phase: phase, startsAtZero: startsAtZero, usesKernel: false)
                let areSame = decode(symbols, with) == decode(symbols, without)
                #expect(areSame, "\(code), \(input)")
            }
        }
    }
}

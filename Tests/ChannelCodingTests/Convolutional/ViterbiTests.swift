import ChannelCoding
import TestSupport
import Testing

@Suite struct ViterbiTests {
    /// Soft symbols of random octets, with noise of a known strength.
    private func link(
        _ code: ConvolutionalCode,
        octets count: Int = 1_200,
        noise: Int = 0,
        seed: UInt64 = 1
    ) -> (data: [UInt8], symbols: [Int8]) {
        var generator = SeededGenerator(seed: seed)
        let data = generator.octets(count)
        var encoder = ConvolutionalEncoder(code)
        var packed: [UInt8] = []
        encoder.push(data.span, into: &packed)
        encoder.finish(tail: 6, into: &packed)
        let symbols = (0..<Int(encoder.symbolCount)).map { index in
            let level = packed[index / 8] & 0x80 >> UInt8(index % 8) != 0 ? 40 : -40
            // Four uniform numbers added are close to a normal distribution.
            let sum = (0..<4).reduce(0) { sum, _ in sum + Int.random(in: -noise...noise, using: &generator) }
            return Int8(max(-127, min(127, level + sum)))
        }
        return (data, symbols)
    }

    private func decode(_ symbols: [Int8], _ decoder: ViterbiDecoder, pieces: [Range<Int>]? = nil) -> [UInt8] {
        var decoder = decoder
        var bits: [UInt8] = []
        for piece in pieces ?? [0..<symbols.count] {
            decoder.push(soft: symbols.span.extracting(piece)) { bits += $0.copy }
        }
        decoder.finish { bits += $0.copy }
        return bits
    }

    static let codes: [ConvolutionalCode] = ConvolutionalCode.Rate.allCases.flatMap { rate in
        [ConvolutionalCode(rate: rate), ConvolutionalCode(rate: rate, swap: true, invertC2: rate != .half)]
    }

    @Test(arguments: codes) func noisySymbolsGiveTheirBits(code: ConvolutionalCode) {
        // About one decibel more signal than the code needs for one wrong bit in 100,000.
        let noise =
            switch code.rate {
            case .half: 19
            case .twoThirds: 15
            case .threeQuarters: 12
            case .fiveSixths: 11
            case .sevenEighths: 10
            }
        let (data, symbols) = link(code, noise: noise)
        #expect(decode(symbols, ViterbiDecoder(code)).prefix(data.count) == data[...])
    }

    @Test(arguments: codes) func anyStartOfThePeriodIsFound(code: ConvolutionalCode) {
        let (data, symbols) = link(code, noise: 8)
        for lost in [1, 3, 5] {
            let decoded = decode(Array(symbols.dropFirst(lost)), ViterbiDecoder(code))
            // The first whole period comes a few bits late, so compare bit by bit from the end.
            let sent = SyncBench.bits(of: data)
            let received = SyncBench.bits(of: decoded)
            let tail = Array(sent[4_000..<4_200])
            let found = (3_980...4_000).contains { Array(received[$0..<$0 + 200]) == tail }
            #expect(found, "\(code), \(lost) symbols lost")
        }
    }

    @Test(arguments: codes) func aSlipAndATurnOfTheCarrierAreRecoveredFrom(code: ConvolutionalCode) {
        let (data, symbols) = link(code, octets: 2_400, noise: 6)
        let middle = symbols.count / 2
        let before = symbols[..<middle]
        let behind = symbols[middle...]
        let slips: [(String, [Int8])] = [
            ("lost", Array(before) + behind.dropFirst()),
            ("doubled", before + [symbols[middle - 1]] + behind),
            ("lost and turned over", before + behind.dropFirst().map { -$0 }),
        ]
        let sent = SyncBench.bits(of: data)
        for (name, received) in slips {
            let bits = SyncBench.bits(of: decode(received, ViterbiDecoder(code)))
            // Two blocks behind the slip all is well again, a few bits early or late.
            for (place, isTurned) in [(6_000, false), (14_000, name == "lost and turned over")] {
                let wanted = sent[place..<place + 2_000].map { isTurned ? 1 - $0 : $0 }
                let found = (place - 10...place + 10).contains { Array(bits[$0..<$0 + 2_000]) == wanted }
                #expect(found, "\(code), a symbol \(name), bit \(place)")
            }
        }
    }

    @Test(arguments: ConvolutionalCode.Rate.allCases) func invertedSymbolsGiveInvertedBits(
        rate: ConvolutionalCode.Rate
    ) {
        let code = ConvolutionalCode(rate: rate)
        let (data, symbols) = link(code)
        let decoded = decode(symbols.map { -$0 }, ViterbiDecoder(code, phase: 0))
        // The encoder began with zeros, which are ones here: the first bits may differ.
        #expect(decoded[2..<data.count].map { ~$0 } == Array(data[2...]))
    }

    @Test func theCutOfTheInputChangesNothing() {
        let code = ConvolutionalCode(rate: .fiveSixths)
        let (_, symbols) = link(code, octets: 800, noise: 20)
        let differences = ChunkingVerifier.differences(count: symbols.count, boundaries: [2_016, 2_022]) { pieces in
            decode(symbols, ViterbiDecoder(code), pieces: pieces)
        }
        #expect(differences == [])
    }

    @Test(arguments: 0...9) func shortInputsGiveWhatTheyHold(count: Int) {
        let (data, symbols) = link(ConvolutionalCode(), octets: count)
        let decoded = decode(symbols, ViterbiDecoder(ConvolutionalCode(), phase: 0, startsAtZero: true))
        #expect(decoded == data + [0])
    }

    @Test func erasuresAndSilenceAreNoTrap() {
        let silence = [Int8](repeating: 0, count: 10_000)
        #expect(decode(silence, ViterbiDecoder(ConvolutionalCode(rate: .sevenEighths))).count == 1_094)
        let extremes = [Int8](repeating: -128, count: 10_000)
        #expect(decode(extremes, ViterbiDecoder(ConvolutionalCode())).count == 625)
        #expect(decode([], ViterbiDecoder(ConvolutionalCode())) == [])
    }
}

import BenchmarkShim
import ChannelCoding
import TestSupport

/// Codes that are decoded from soft symbols, in information bits: convolutional, parity check, Turbo.
enum SoftCodesBenchmark {
    static func run(_ bench: Bench, hasPeer: Bool) throws {
        for (rate, decibels) in [(ConvolutionalCode.Rate.half, 6.0), (.sevenEighths, 8.0)] {
            try measureViterbi(bench, rate, decibels: decibels, hasPeer: hasPeer && rate == .half)
        }
        for (code, decibels) in [
            (try LowDensityParityCheck.Code(family: "ar4ja", rate: "1/2", informationBits: 1024), 3.0),
            (try LowDensityParityCheck.Code(family: "ar4ja", rate: "4/5", informationBits: 4096), 4.5),
            (try LowDensityParityCheck.Code(family: "c2", rate: "7/8", informationBits: 7136), 5.0),
        ] {
            try measureParityCheck(bench, code, decibels: decibels)
        }
        for (rate, decibels) in [("1/2", 2.5), ("1/6", 1.5)] {
            let code = try Turbo.Code(rate: rate, informationBits: 8920)
            try measureTurbo(bench, code, decibels: decibels)
        }
    }

    // MARK: Convolutional

    private static func measureViterbi(
        _ bench: Bench,
        _ rate: ConvolutionalCode.Rate,
        decibels: Double,
        hasPeer: Bool
    ) throws {
        let bits = 1 << 20
        var randomness = Randomness(seed: 6)
        let data = randomness.octets(bits / 8)
        var encoder = ConvolutionalEncoder(ConvolutionalCode(rate: rate))
        var packed: [UInt8] = []
        encoder.push(data.span, into: &packed)
        encoder.finish(tail: 6, into: &packed)
        let sent = Int(encoder.symbolCount)
        var channel = NoisyChannel(decibels: decibels, rate: Double(bits) / Double(sent), seed: 7)
        let symbols = channel.send(packed, bits: sent)
        var decoded: [UInt8] = []
        let timing = Timing.measure {
            decoded.removeAll(keepingCapacity: true)
            var decoder = ViterbiDecoder(ConvolutionalCode(rate: rate))
            for start in stride(from: 0, to: symbols.count, by: 1 << 16) {
                let piece = symbols.span.extracting(start..<min(start + 1 << 16, symbols.count))
                decoder.push(soft: piece) { decoded.append(span: $0) }
            }
            decoder.finish { decoded.append(span: $0) }
        }
        let wrong = difference(decoded, data)
        try bench.require(decoded.count >= data.count && wrong < bits / 10_000, "Viterbi: \(wrong) bits wrong")
        var reference: Figure.Reference?
        var proof = "\(wrong) of \(bits) bits wrong at \(Table.number(decibels)) dB"
        if hasPeer {
            let levels = symbols.map { UInt8(Int($0) + 128) }
            var theirs = [UInt8](repeating: 0, count: data.count)
            var isThere = true
            let peer = Timing.measure {
                // Both buffers live as long as the call: two symbols for each bit and six more, and the bits packed.
                isThere = unsafe bench_libfec_viterbi(levels, bits, &theirs) != 0
            }
            let wrongTheirs = difference(theirs, data)
            try bench.require(isThere && wrongTheirs < bits / 10_000, "libfec's Viterbi: \(wrongTheirs) bits wrong")
            reference = Figure.Reference(name: "libfec", value: bench.rate(bits, peer) / 1e6)
            proof += "; libfec \(wrongTheirs)"
        }
        bench.add(
            Figure(
                room: .channelCoding,
                what: "Viterbi K=7, rate \(rate.rawValue), soft",
                input: "\(bits) bits",
                value: bench.rate(bits, timing) / 1e6,
                unit: "Mbit/s",
                reference: reference,
                goal: rate == .half ? .atLeast(150) : nil,
                proof: proof,
                spread: timing.spread(bench.clock)
            )
        )
    }

    private static func difference(_ found: [UInt8], _ wanted: [UInt8]) -> Int {
        zip(found, wanted).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    }

    // MARK: Block codes

    private static func measureParityCheck(
        _ bench: Bench,
        _ code: LowDensityParityCheck.Code,
        decibels: Double
    ) throws {
        let encoder = LowDensityParityCheck.Encoder(code)
        var decoder = LowDensityParityCheck.Decoder(code)
        let name = code == .c2 ? "LDPC C2, rate 7/8" : "LDPC AR4JA, k=\(code.informationBits), n=\(code.codewordBits)"
        try measure(
            bench,
            name,
            decibels,
            bits: (code.informationBits, code.codewordBits),
            encode: { encoder.encoded($0.span) },
            decode: { decoder.decode($0.span, into: &$1) }
        )
    }

    private static func measureTurbo(_ bench: Bench, _ code: Turbo.Code, decibels: Double) throws {
        let encoder = Turbo.Encoder(code)
        var decoder = Turbo.Decoder(code)
        try measure(
            bench,
            "Turbo rate \(code.rate.rawValue), k=\(code.informationBits)",
            decibels,
            bits: (code.informationBits, code.codewordBits),
            encode: { encoder.encoded($0.span) },
            decode: { decoder.decode($0.span, into: &$1) }
        )
    }

    private static func measure(
        _ bench: Bench,
        _ name: String,
        _ decibels: Double,
        bits: (information: Int, codeword: Int),
        encode: ([UInt8]) -> [UInt8],
        decode: ([Int8], inout MutableSpan<UInt8>) -> SoftDecodingOutcome
    ) throws {
        let count = max(8, 400_000 / bits.information)
        var randomness = Randomness(seed: 8)
        var channel = NoisyChannel(
            decibels: decibels,
            rate: Double(bits.information) / Double(bits.codeword),
            seed: 9
        )
        let frames = (0..<count).map { _ in randomness.octets(bits.information / 8) }
        let received = frames.map { channel.send(encode($0), bits: bits.codeword) }
        var frame = [UInt8](repeating: 0, count: bits.information / 8)
        var (right, iterations) = (0, 0)
        let timing = Timing.measure {
            right = 0
            iterations = 0
            for index in 0..<count {
                var span = frame.mutableSpan
                iterations += decode(received[index], &span).iterations
                if frame == frames[index] { right += 1 }
            }
        }
        try bench.require(right * 10 >= count * 9, "\(name): \(right) of \(count) frames")
        bench.add(
            Figure(
                room: .channelCoding,
                what: "\(name), soft",
                input: "\(count) codewords at \(Table.number(decibels)) dB",
                value: bench.rate(count * bits.information, timing) / 1e6,
                unit: "Mbit/s",
                proof: "\(right) frames equal, \(Table.number(Double(iterations) / Double(count))) iterations each",
                spread: timing.spread(bench.clock)
            )
        )
    }
}

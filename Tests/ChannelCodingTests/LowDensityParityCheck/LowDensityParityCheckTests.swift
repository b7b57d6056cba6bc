import ChannelCoding
import TestSupport
import Testing

@Suite struct LowDensityParityCheckTests {
    typealias Code = LowDensityParityCheck.Code

    /// A code, and the decibels (Eb/N0) at which it fails less than once in a hundred thousand codewords.
    static let margins: [(Code, Double)] = [
        (.ar4ja(.half, .small), 3.0), (.ar4ja(.half, .middle), 2.0), (.ar4ja(.half, .large), 1.7),
        (.ar4ja(.twoThirds, .small), 3.4), (.ar4ja(.twoThirds, .middle), 2.7), (.ar4ja(.twoThirds, .large), 2.4),
        (.ar4ja(.fourFifths, .small), 4.2), (.ar4ja(.fourFifths, .middle), 3.6), (.ar4ja(.fourFifths, .large), 3.2),
        (.c2, 4.3),
    ]

    private func decode(_ symbols: [Int8], _ code: Code, limit: Int = 50) -> (SoftDecodingOutcome, [UInt8]) {
        var decoder = LowDensityParityCheck.Decoder(code, iterationLimit: limit)
        var frame = [UInt8](repeating: 0, count: code.dataLength)
        var span = frame.mutableSpan
        let outcome = decoder.decode(symbols.span, into: &span)
        return (outcome, frame)
    }

    @Test(arguments: margins) func noiseIsCorrected(_ code: Code, _ decibels: Double) {
        let encoder = LowDensityParityCheck.Encoder(code)
        var generator = SeededGenerator(seed: UInt64(code.codewordBits))
        let rate = Double(code.informationBits) / Double(code.codewordBits)
        var channel = NoisyChannel(decibels: decibels, rate: rate, seed: 1)
        var decoder = LowDensityParityCheck.Decoder(code)
        for number in 0..<max(2, 16_384 / code.informationBits) {
            let data = number == 0 ? [UInt8](repeating: 0, count: code.dataLength) : generator.octets(code.dataLength)
            let codeblock = encoder.encoded(data.span)
            let symbols = channel.send(codeblock, bits: code.codewordBits)
            var frame = [UInt8](repeating: 0x55, count: code.dataLength)
            var span = frame.mutableSpan
            let outcome = decoder.decode(symbols.span, into: &span)
            #expect(outcome.isCorrectable)
            // The two bits of fill behind C2 are no part of the code.
            let sent = code == .c2 ? code.codewordBits - 2 : code.codewordBits
            #expect(outcome.correctedBits == wrongBits(Array(symbols[..<sent]), codeblock))
            #expect(frame == data)
        }
    }

    @Test(arguments: Code.all) func hardBitsAreDecodedToo(_ code: Code) {
        var generator = SeededGenerator(seed: 7)
        let data = generator.octets(code.dataLength)
        var codeblock = LowDensityParityCheck.Encoder(code).encoded(data.span)
        var decoder = LowDensityParityCheck.Decoder(code)
        var frame = [UInt8](repeating: 0, count: code.dataLength)
        for errors in [0, code.codewordBits / 400] {
            for error in 0..<errors {
                codeblock[(error * 397 + 5) % codeblock.count] ^= 1 << UInt8(error % 8)
            }
            var span = frame.mutableSpan
            let outcome = decoder.decode(hard: codeblock.span, into: &span)
            #expect(outcome.isCorrectable)
            #expect(outcome.correctedBits == errors)
            #expect(frame == data)
        }
    }

    @Test(arguments: [Code.ar4ja(.half, .small), .ar4ja(.fourFifths, .small), .c2])
    func whatIsNoCodewordIsReported(_ code: Code) {
        var generator = SeededGenerator(seed: 3)
        let noise = generator.octets(code.codewordBits).map { Int8(bitPattern: $0) }
        let (outcome, frame) = decode(noise, code, limit: 20)
        #expect(!outcome.isCorrectable)
        #expect(outcome.correctedBits == 0)
        #expect(outcome.iterations == 20)
        let received = noise.indices.prefix(8 * frame.count).allSatisfy { index in
            (frame[index / 8] << UInt8(index % 8) & 0x80 != 0) == (noise[index] > 0)
        }
        #expect(received)
        #expect(!decode([Int8](repeating: 0, count: code.codewordBits), code).0.isCorrectable)
        #expect(!decode([Int8](repeating: 127, count: code.codewordBits), code, limit: 20).0.isCorrectable)
        #expect(decode([Int8](repeating: -128, count: code.codewordBits), code).0.isCorrectable)
    }

    @Test func erasuresAreFilledIn() {
        let code = Code.ar4ja(.twoThirds, .small)
        var generator = SeededGenerator(seed: 5)
        let data = generator.octets(code.dataLength)
        let codeblock = LowDensityParityCheck.Encoder(code).encoded(data.span)
        var symbols = (0..<code.codewordBits).map { codeblock[$0 / 8] << UInt8($0 % 8) & 0x80 != 0 ? Int8(9) : -9 }
        for index in stride(from: 2, to: symbols.count, by: 6) { symbols[index] = 0 }
        let (outcome, frame) = decode(symbols, code)
        #expect(outcome.isCorrectable)
        #expect(outcome.correctedBits == 0)
        #expect(frame == data)
    }

    @Test func onlyTheTenCodesExist() {
        #expect(Code.all.count == 10)
        for (family, rate, bits) in [("ar4ja", "7/8", 1024), ("c2", "1/2", 7136), ("ar4ja", "1/2", 2048), ("", "", 0)] {
            #expect(throws: CodingError.lowDensityParityCheck(family: family, rate: rate, informationBits: bits)) {
                try Code(family: family, rate: rate, informationBits: bits)
            }
        }
    }
}

import ChannelCoding
import TestSupport
import Testing

@Suite struct TurboTests {
    /// Rate, frame length, and decibels (Eb/N0) well above where the code begins to work.
    static let margins: [(String, Int, Double)] = [
        ("1/2", 1784, 2.4), ("1/3", 1784, 1.8), ("1/4", 1784, 1.6), ("1/6", 1784, 1.4), ("1/2", 3568, 2.2),
        ("1/3", 8920, 1.4), ("1/6", 7136, 1.2),
    ]

    @Test(arguments: try Fixtures.vectors("turbo_encode")) func encoderAgreesWithVector(_ vector: Vector) throws {
        let code = try Turbo.Code(
            rate: #require(vector.inputs["rate"] as? String),
            informationBits: #require(vector.int("k"))
        )
        #expect(code.codewordBits == vector.expected["nsymbols"] as? Int)
        let data = try #require(vector.octets("data"))
        #expect(Hex.text(Turbo.Encoder(code).encoded(data.span)) == vector.expected["symbols"] as? String)
    }

    @Test(arguments: margins) func noiseIsCorrected(_ rate: String, _ length: Int, _ decibels: Double) throws {
        let code = try Turbo.Code(rate: rate, informationBits: length)
        let encoder = Turbo.Encoder(code)
        var decoder = Turbo.Decoder(code)
        var generator = SeededGenerator(seed: UInt64(length))
        let efficiency = Double(length) / Double(code.codewordBits)
        var channel = NoisyChannel(decibels: decibels, rate: efficiency, seed: 4)
        for number in 0..<2 {
            let data = number == 0 ? [UInt8](repeating: 0, count: code.dataLength) : generator.octets(code.dataLength)
            let codeblock = encoder.encoded(data.span)
            let symbols = channel.send(codeblock, bits: code.codewordBits)
            var frame = [UInt8](repeating: 0x55, count: code.dataLength)
            var span = frame.mutableSpan
            let outcome = decoder.decode(symbols.span, into: &span)
            #expect(outcome.isCorrectable)
            #expect(outcome.correctedBits == wrongBits(symbols, codeblock))
            #expect(frame == data)
        }
    }

    @Test(arguments: Turbo.Code.Rate.allCases) func hardBitsAreDecodedToo(_ rate: Turbo.Code.Rate) throws {
        let code = try Turbo.Code(rate: rate.rawValue, informationBits: 1784)
        var generator = SeededGenerator(seed: 8)
        let data = generator.octets(code.dataLength)
        var codeblock = Turbo.Encoder(code).encoded(data.span)
        var decoder = Turbo.Decoder(code)
        var frame = [UInt8](repeating: 0, count: code.dataLength)
        for errors in [0, code.codewordBits / 100] {
            for error in 0..<errors { codeblock[(error * 97 + 5) % (codeblock.count - 1)] ^= 1 << UInt8(error % 8) }
            var span = frame.mutableSpan
            let outcome = decoder.decode(hard: codeblock.span, into: &span)
            #expect(outcome.isCorrectable)
            #expect(outcome.correctedBits == errors)
            #expect(frame == data)
        }
    }

    @Test(arguments: Turbo.Code.Rate.allCases) func whatIsNoCodewordIsReported(_ rate: Turbo.Code.Rate) throws {
        let code = try Turbo.Code(rate: rate.rawValue, informationBits: 1784)
        var generator = SeededGenerator(seed: 2)
        var decoder = Turbo.Decoder(code, iterationLimit: 6)
        var frame = [UInt8](repeating: 0, count: code.dataLength)
        var span = frame.mutableSpan
        let noise = generator.octets(code.codewordBits).map { Int8(bitPattern: $0) }
        #expect(!decoder.decode(noise.span, into: &span).isCorrectable)
        let silence = [Int8](repeating: 0, count: code.codewordBits)
        #expect(!decoder.decode(silence.span, into: &span).isCorrectable)
    }

    @Test(arguments: Turbo.Code.lengths) func theSecondOrderIsAPermutation(_ length: Int) throws {
        // Single ones reach the second encoder one by one: a frame of them comes back whole.
        let code = try Turbo.Code(rate: "1/4", informationBits: length)
        let data = [UInt8](repeating: 0xFF, count: code.dataLength)
        var decoder = Turbo.Decoder(code)
        var frame = [UInt8](repeating: 0, count: code.dataLength)
        var span = frame.mutableSpan
        #expect(decoder.decode(hard: Turbo.Encoder(code).encoded(data.span).span, into: &span).isCorrectable)
        #expect(frame == data)
    }

    @Test func onlyTheStandardCodesExist() {
        #expect(throws: CodingError.turbo(rate: "1/5", informationBits: 1784)) {
            try Turbo.Code(rate: "1/5", informationBits: 1784)
        }
        #expect(throws: CodingError.turbo(rate: "1/2", informationBits: 1785)) {
            try Turbo.Code(rate: "1/2", informationBits: 1785)
        }
    }
}

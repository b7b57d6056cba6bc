import ChannelCoding
import TestSupport
import Testing

@Suite struct ConvolutionalVectorTests {
    @Test(arguments: try Fixtures.vectors("conv_encode")) func encoderAgreesWithVector(_ vector: Vector) throws {
        let data = try #require(vector.octets("data"))
        #expect(vector.int("nbits") == 8 * data.count)
        var encoder = try ConvolutionalEncoder(vector.convolutionalCode())
        var symbols: [UInt8] = []
        encoder.push(data.span, into: &symbols)
        encoder.finish(into: &symbols)
        #expect(Hex.text(symbols) == vector.expected["symbols"] as? String)
        #expect(Int(encoder.symbolCount) == vector.expected["nsymbols"] as? Int)
    }

    @Test(arguments: try Fixtures.vectors("viterbi_decode")) func decoderAgreesWithVector(_ vector: Vector) throws {
        let symbols = try #require(vector.octets("symbols"))
        let count = try #require(vector.int("nsymbols"))
        let tail = try #require(vector.int("tail_zero_bits"))
        #expect(vector.int("start_state") == 0)
        var decoder = try ViterbiDecoder(vector.convolutionalCode(), phase: 0, startsAtZero: true)
        var bits: [UInt8] = []
        decoder.push(hard: symbols.span, symbolCount: count) { bits += $0.copy }
        decoder.finish { bits += $0.copy }
        let data = try #require(vector.expected["data"] as? String)
        #expect(Hex.text(bits.prefix(data.count / 2)) == data)
        #expect(Int(decoder.bitCount) == 4 * data.count + tail)
    }

    @Test(arguments: try Fixtures.vectors("concatenated_encode"))
    func concatenationAgreesWithVector(_ vector: Vector) throws {
        let frame = try #require(vector.octets("frame"))
        var codeblock = try ReedSolomon.Encoder(vector.code()).encoded(frame.span)
        var span = codeblock.mutableSpan
        PseudoRandomizer.short.apply(to: &span)
        let unit = SyncMarker.standard + codeblock
        #expect(Hex.text(unit) == vector.expected["cadu"] as? String)
        var encoder = try ConvolutionalEncoder(vector.convolutionalCode())
        var symbols: [UInt8] = []
        encoder.push(unit.span, into: &symbols)
        encoder.finish(into: &symbols)
        #expect(Hex.text(symbols) == vector.expected["symbols"] as? String)
        #expect(Int(encoder.symbolCount) == vector.expected["nsymbols"] as? Int)
    }
}

extension Vector {
    /// The convolutional code that a vector speaks of.
    func convolutionalCode() throws -> ConvolutionalCode {
        let rate = try #require(inputs["rate"] as? String)
        return try ConvolutionalCode(
            rate: #require(ConvolutionalCode.Rate(rawValue: rate)),
            invertC2: #require(inputs["invert_c2"] as? Bool)
        )
    }
}

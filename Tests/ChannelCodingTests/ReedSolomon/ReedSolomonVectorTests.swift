import ChannelCoding
import TestSupport
import Testing

@Suite struct ReedSolomonVectorTests {
    @Test(arguments: try Fixtures.vectors("rs_encode")) func encoderAgreesWithVector(_ vector: Vector) throws {
        let code = try vector.code()
        let data = try #require(vector.octets("data"))
        let codeblock = ReedSolomon.Encoder(code).encoded(data.span)
        #expect(Hex.text(codeblock) == vector.expected["codeblock"] as? String)
        let isCodeblock = ReedSolomon.Decoder(code).isCodeblock(codeblock.span)
        #expect(isCodeblock)
    }

    @Test(arguments: try Fixtures.vectors("rs_decode")) func decoderAgreesWithVector(_ vector: Vector) throws {
        let code = try vector.code()
        let received = try #require(vector.octets("codeblock"))
        let erasures = vector.inputs["erasures"] as? [Int] ?? []
        var decoder = ReedSolomon.Decoder(code)
        var codeblock = received
        var span = codeblock.mutableSpan
        let outcome = decoder.decode(&span, erasures: erasures)
        #expect(outcome.isCorrectable == vector.expected["correctable"] as? Bool)
        #expect(outcome.symbolsByCodeword == vector.expected["symbols_corrected"] as? [Int])
        if let data = vector.expected["data"] as? String {
            #expect(Hex.text(codeblock.prefix(code.dataLength)) == data)
        }
        for (codeword, count) in outcome.symbolsByCodeword.enumerated() where count == -1 {
            let places = stride(from: codeword, to: code.codeblockLength, by: code.interleave)
            #expect(places.allSatisfy { codeblock[$0] == received[$0] })
        }
    }
}

extension Vector {
    /// The code that a vector speaks of.
    func code() throws -> ReedSolomon.Code {
        let basis = try #require(inputs["basis"] as? String)
        return try ReedSolomon.Code(
            errors: #require(int("E")),
            interleave: #require(int("interleave")),
            basis: #require(ReedSolomon.Code.Basis(rawValue: basis)),
            virtualFill: #require(int("virtual_fill"))
        )
    }
}

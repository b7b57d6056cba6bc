import ChannelCoding
import TestSupport

/// Low-density parity-check and Turbo codes.
extension Examination {
    func parityCheckEncode() throws {
        let code = try LowDensityParityCheck.Code(
            family: text("code").lowercased(),
            rate: text("rate"),
            informationBits: int("k")
        )
        let data = try octets("data")
        try requireLength(data, code.dataLength)
        expect("n", code.codewordBits)
        var codeword = LowDensityParityCheck.Encoder(code).encoded(data.span)
        expect("codeword", codeword)
        var decoder = LowDensityParityCheck.Decoder(code)
        equal(decode(codeword, &decoder), data, "the data that come back")
        for index in [7, codeword.count / 2, codeword.count - 1] { codeword[index] ^= 1 << UInt8(index & 7) }
        equal(decode(codeword, &decoder), data, "the data that come back through three wrong bits")
    }

    /// The data of a codeword; nothing if it cannot be corrected.
    private func decode(_ codeword: [UInt8], _ decoder: inout LowDensityParityCheck.Decoder) -> [UInt8]? {
        var frame = [UInt8](repeating: 0, count: decoder.code.dataLength)
        var span = frame.mutableSpan
        let outcome = decoder.decode(hard: codeword.span, into: &span)
        return outcome.isCorrectable ? frame : nil
    }

    func turboEncode() throws {
        let code = try Turbo.Code(rate: text("rate"), informationBits: int("k"))
        let data = try octets("data")
        try requireLength(data, code.dataLength)
        expect("nsymbols", code.codewordBits)
        let codeword = Turbo.Encoder(code).encoded(data.span)
        expect("symbols", codeword)
        let symbols = (0..<code.codewordBits).map { index -> Int8 in
            codeword[index / 8] >> UInt8(7 - index % 8) & 1 == 1 ? 32 : -32
        }
        var decoder = Turbo.Decoder(code)
        var frame = [UInt8](repeating: 0, count: code.dataLength)
        var span = frame.mutableSpan
        _ = decoder.decode(symbols.span, into: &span)
        equal(frame, data, "the data that come back")
    }
}

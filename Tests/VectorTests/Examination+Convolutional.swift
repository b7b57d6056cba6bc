import ChannelCoding
import TestSupport

/// The convolutional code and the concatenated one.
extension Examination {
    private func convolutionalCode() throws -> ConvolutionalCode {
        let rate = try text("rate")
        return ConvolutionalCode(
            rate: try unwrap(ConvolutionalCode.Rate(rawValue: rate), "a rate \(rate)"),
            invertC2: flag("invert_c2")
        )
    }

    /// Encodes the first bits of octets, and zeros behind them.
    private func encode(_ data: [UInt8], bits: Int, tail: Int = 0) throws -> (symbols: [UInt8], count: Int) {
        let code = try convolutionalCode()
        guard bits <= 8 * data.count else { throw Failure.unusable("there are fewer than \(bits) bits") }
        // The encoder takes whole octets: the rest of the last one is encoded and cut off again.
        var counter = ConvolutionalEncoder(code)
        var symbols: [UInt8] = []
        let whole = Array(data.prefix(bits / 8))
        counter.push(whole.span, into: &symbols)
        counter.finish(tail: bits % 8 + tail, into: &symbols)
        let count = Int(counter.symbolCount)
        guard !bits.isMultiple(of: 8) else { return (symbols, count) }
        var encoder = ConvolutionalEncoder(code)
        symbols.removeAll()
        var padded = Array(data.prefix(bits / 8 + 1))
        padded[bits / 8] &= 0xFF << UInt8(8 - bits % 8)
        encoder.push(padded.span, into: &symbols)
        encoder.finish(tail: tail, into: &symbols)
        symbols = Array(symbols.prefix((count + 7) / 8))
        if !count.isMultiple(of: 8) { symbols[symbols.count - 1] &= 0xFF << UInt8(8 - count % 8) }
        return (symbols, count)
    }

    private func decode(_ symbols: [UInt8], count: Int, startsAtZero: Bool = true) throws -> (bits: [UInt8], count: Int)
    {
        var decoder = try ViterbiDecoder(convolutionalCode(), phase: 0, startsAtZero: startsAtZero)
        var bits: [UInt8] = []
        decoder.push(hard: symbols.span, symbolCount: count) { bits += $0.array }
        decoder.finish { bits += $0.array }
        return (bits, Int(decoder.bitCount))
    }

    func convolutionalEncode() throws {
        let data = try octets("data")
        let bits = try int("nbits")
        let (symbols, count) = try encode(data, bits: bits)
        expect("symbols", symbols)
        expect("nsymbols", count)
        let ended = try encode(data, bits: bits, tail: 6)
        let back = try decode(ended.symbols, count: ended.count)
        equal(Array(back.bits.prefix(bits / 8)), Array(data.prefix(bits / 8)), "the data that come back")
    }

    func viterbiDecode() throws {
        let symbols = try octets("symbols")
        let count = try int("nsymbols")
        let tail = vector.int("tail_zero_bits") ?? 0
        let decoded = try decode(symbols, count: count, startsAtZero: vector.int("start_state") == 0)
        let data = Hex.octets(try expected("data"))
        let bits = decoded.count - tail
        equal((bits + 7) / 8, data.count, "the octets of the data")
        equal(Array(decoded.bits.prefix(bits / 8)), Array(data.prefix(bits / 8)), "data")
        if bits % 8 > 0, let found = decoded.bits.dropFirst(bits / 8).first, let wanted = data.last {
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
            equal(found & mask, wanted & mask, "the last bits of the data")
        }
        guard vector.int("start_state") == 0 else { return }
        let again = try encode(data, bits: bits, tail: tail)
        equal(again.count, count, "the symbols of the data encoded again")
        if let errors = vector.int("channel_errors") {
            let differing = zip(again.symbols, symbols).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
            isTrue(differing <= errors, "no more than \(errors) symbols differ from those received")
        }
    }

    func concatenatedEncode() throws {
        let unit = SyncMarker.standard + (try codeblock().octets)
        expect("cadu", unit)
        let (symbols, count) = try encode(unit, bits: 8 * unit.count)
        expect("symbols", symbols)
        expect("nsymbols", count)
        let ended = try encode(unit, bits: 8 * unit.count, tail: 6)
        let back = try decode(ended.symbols, count: ended.count)
        equal(Array(back.bits.prefix(unit.count)), unit, "the unit that comes back")
    }
}

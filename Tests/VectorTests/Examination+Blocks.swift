import ChannelCoding
import TestSupport

/// Reed-Solomon codes and the units they are sent in.
extension Examination {
    func code() throws -> ReedSolomon.Code {
        let basis = try text("basis")
        return try ReedSolomon.Code(
            errors: int("E"),
            interleave: int("interleave"),
            basis: unwrap(ReedSolomon.Code.Basis(rawValue: basis), "a basis \(basis)"),
            virtualFill: int("virtual_fill")
        )
    }

    func reedSolomonEncode() throws {
        let code = try code()
        let data = try octets("data")
        try requireLength(data, code.dataLength)
        var codeblock = ReedSolomon.Encoder(code).encoded(data.span)
        expect("codeblock", codeblock)
        var decoder = ReedSolomon.Decoder(code)
        isTrue(decoder.isCodeblock(codeblock.span), "the codeblock passes its check")
        // As many errors as the code corrects, in the first codeword's last symbols and the last one's first.
        let good = codeblock
        for index in 0..<code.errors {
            codeblock[codeblock.count - (index + 1) * code.interleave] ^= 0x55
            if code.interleave > 1 { codeblock[(index + 1) * code.interleave - 1] ^= 0xAA }
        }
        var span = codeblock.mutableSpan
        let outcome = decoder.decode(&span)
        isTrue(outcome.isCorrectable && codeblock == good, "\(code.errors) errors are corrected")
    }

    func reedSolomonDecode() throws {
        let code = try code()
        let received = try octets("codeblock")
        try requireLength(received, code.codeblockLength)
        var decoder = ReedSolomon.Decoder(code)
        var codeblock = received
        var span = codeblock.mutableSpan
        let outcome = decoder.decode(&span, erasures: vector.inputs["erasures"] as? [Int] ?? [])
        expect("correctable", outcome.isCorrectable)
        equal(outcome.symbolsByCodeword, try expected("symbols_corrected"), "symbols_corrected")
        if outcome.isCorrectable {
            let data = Array(codeblock.prefix(code.dataLength))
            expect("data", data)
            equal(ReedSolomon.Encoder(code).encoded(data.span), codeblock, "the data encoded again")
        } else {
            isTrue(optional("data", String.self) == nil, "there are no data of an uncorrectable codeblock")
        }
        for (codeword, count) in outcome.symbolsByCodeword.enumerated() where count == -1 {
            let places = stride(from: codeword, to: code.codeblockLength, by: code.interleave)
            isTrue(places.allSatisfy { codeblock[$0] == received[$0] }, "codeword \(codeword) stays as received")
        }
    }

    /// The randomised codeblock of a vector's frame.
    func codeblock() throws -> (octets: [UInt8], code: ReedSolomon.Code?, randomizer: PseudoRandomizer?) {
        let frame = try octets("frame")
        let code = try int("E") == 0 ? nil : try code()
        if let code { try requireLength(frame, code.dataLength) }
        let name = try text("randomizer")
        let randomizer = name == "none" ? nil : try unwrap(PseudoRandomizer(rawValue: name), "a randomizer \(name)")
        var codeblock = code.map { ReedSolomon.Encoder($0).encoded(frame.span) } ?? frame
        var span = codeblock.mutableSpan
        randomizer?.apply(to: &span)
        return (codeblock, code, randomizer)
    }

    func unitEncode() throws {
        let (codeblock, code, randomizer) = try codeblock()
        let unit = SyncMarker.standard + codeblock
        expect("cadu", unit)

        var synchronizer = try FrameSynchronizer(FrameSynchronizer.Settings(codeblockLength: codeblock.count))
        var received: [[UInt8]] = []
        let twice = unit + unit
        synchronizer.push(twice.span) { received.append($1.array) }
        synchronizer.finish { received.append($1.array) }
        equal(received, [codeblock, codeblock], "what the synchroniser finds")
        for unit in received.prefix(1) {
            var plain = unit
            var span = plain.mutableSpan
            randomizer?.apply(to: &span)
            if let code { isTrue(ReedSolomon.Decoder(code).isCodeblock(plain.span), "the codeblock passes its check") }
            equal(Array(plain.prefix(try octets("frame").count)), try octets("frame"), "the frame that comes back")
        }
    }

    func requireLength(_ octets: [UInt8], _ length: Int) throws {
        guard octets.count == length else {
            throw Failure.unusable("the code takes \(length) octets, and there are \(octets.count)")
        }
    }
}

extension Span<UInt8> {
    /// A copy.
    var array: [UInt8] { (0..<count).map { self[$0] } }
}

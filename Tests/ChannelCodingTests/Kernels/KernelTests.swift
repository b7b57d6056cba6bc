import ChannelCoding
import TestSupport
import Testing

/// Where the processor has the instructions, loops in C do the work; they agree with the Swift that does it elsewhere.
@Suite struct KernelTests {
    /// The table-driven twins are held to division bit by bit by `CheckPropertyTests`.
    @Test(arguments: 0..<16) func checksAgreeWithTheirTablesAtEveryLengthAndAlignment(start: Int) {
        var generator = SeededGenerator(seed: UInt64(start))
        let octets = generator.octets(700)
        for length in Array(0...400) + [511, 512, 513, 640] {
            let part = octets.span.extracting(start..<start + length)
            // A part taken before sets the register to something else than its preset.
            for before in [0, 3] {
                var checks = (CRC16(), CRC32USLP(), CRC32C())
                var twins = (CRC16(), CRC32USLP(), CRC32C())
                checks.0.update(octets.span.extracting(0..<before))
                checks.1.update(octets.span.extracting(0..<before))
                checks.2.update(octets.span.extracting(0..<before))
                twins = checks
                checks.0.update(part)
                checks.1.update(part)
                checks.2.update(part)
                twins.0.updateByTables(part)
                twins.1.updateByTables(part)
                twins.2.updateByTables(part)
                #expect(checks.0.value == twins.0.value, "length \(length)")
                #expect(checks.1.value == twins.1.value, "length \(length)")
                #expect(checks.2.value == twins.2.value, "length \(length)")
            }
        }
    }

    private struct Result: Equatable {
        var octets: [UInt8]
        var outcome: ReedSolomon.Outcome
        var wasCodeblock: Bool
        var wasCorrectable: Bool
    }

    /// Looks at octets somewhere inside others, with the kernel or without, and decodes them.
    private func decode(_ octets: [UInt8], _ code: ReedSolomon.Code, at start: Int, usesKernel: Bool) -> Result {
        var decoder = ReedSolomon.Decoder(code, usesKernel: usesKernel)
        let buffer = [UInt8](repeating: 0xA5, count: start) + octets + [UInt8](repeating: 0x5A, count: 40)
        let received = buffer.span.extracting(start..<start + octets.count)
        let wasCodeblock = decoder.isCodeblock(received)
        let wasCorrectable = decoder.isCorrectable(received)
        var decoded = octets
        var span = decoded.mutableSpan
        let outcome = decoder.decode(&span)
        return Result(octets: decoded, outcome: outcome, wasCodeblock: wasCodeblock, wasCorrectable: wasCorrectable)
    }

    @Test(arguments: ReedSolomonPropertyTests.codes.indices)
    func codewordsAreDecodedAlikeWithTheKernelAndWithout(index: Int) {
        let code = ReedSolomonPropertyTests.codes[index]
        var generator = SeededGenerator(seed: UInt64(index))
        let frame = generator.octets(code.dataLength)
        let sent = ReedSolomon.Encoder(code).encoded(frame.span)
        // No error, each codeword alone with one, one in the last octets, as many as can be corrected, and too many.
        var received = [sent]
        for codeword in 0..<code.interleave {
            var octets = sent
            octets[codeword] ^= 0x01
            received.append(octets)
            octets[octets.count - 1 - codeword] ^= 0x80
            received.append(octets)
        }
        for most in [2, code.errors, code.errors + 1, 60] {
            var octets = sent
            for _ in 0..<most * code.interleave {
                let place = Int.random(in: 0..<octets.count, using: &generator)
                octets[place] = UInt8.random(in: 0...255, using: &generator)
            }
            received.append(octets)
        }
        received.append(generator.octets(sent.count))
        for (number, octets) in received.enumerated() {
            let start = (7 * number + index) % 33
            let result = decode(octets, code, at: start, usesKernel: true)
            #expect(result == decode(octets, code, at: start, usesKernel: false), "\(code), word \(number)")
            #expect(result.wasCodeblock == (octets == sent))
            #expect(result.wasCorrectable == result.outcome.isCorrectable)
        }
    }

    /// Every single symbol of a codeblock counts, in its place and with each of its bits.
    @Test(arguments: [(16, 5, 0), (16, 1, 100), (8, 8, 0), (8, 3, 50)])
    func aSingleWrongBitAnywhereIsFoundAndPutRight(errors: Int, interleave: Int, fill: Int) throws {
        let code = try ReedSolomon.Code(errors: errors, interleave: interleave, virtualFill: fill)
        var generator = SeededGenerator(seed: UInt64(errors + interleave))
        let frame = generator.octets(code.dataLength)
        let sent = ReedSolomon.Encoder(code).encoded(frame.span)
        var decoder = ReedSolomon.Decoder(code)
        for octet in sent.indices {
            var received = sent
            received[octet] ^= 1 << UInt8(octet % 8)
            let isCodeblock = decoder.isCodeblock(received.span)
            #expect(!isCodeblock)
            var span = received.mutableSpan
            let counts = decoder.decode(&span).symbolsByCodeword
            #expect(counts == (0..<interleave).map { $0 == octet % interleave ? 1 : 0 })
            #expect(received == sent)
        }
    }
}

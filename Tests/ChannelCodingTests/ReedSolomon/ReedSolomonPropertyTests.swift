import ChannelCoding
import TestSupport
import Testing

@Suite struct ReedSolomonPropertyTests {
    /// Codes of every strength, depth and basis, with and without fill.
    static let codes: [ReedSolomon.Code] = {
        var codes: [ReedSolomon.Code] = []
        for errors in [16, 8] {
            for interleave in [1, 2, 3, 4, 5, 8] {
                for fill in [0, 1, 34, 255 - 2 * errors - 1] {
                    let basis = ReedSolomon.Code.Basis.allCases[(fill + interleave) % 2]
                    if let code = try? ReedSolomon.Code(
                        errors: errors,
                        interleave: interleave,
                        basis: basis,
                        virtualFill: fill
                    ) {
                        codes.append(code)
                    }
                }
            }
        }
        return codes
    }()

    private struct Spoilt {
        var octets: [UInt8]
        var counts: [Int]
    }

    private func codeblock(_ code: ReedSolomon.Code, _ generator: inout SeededGenerator) -> [UInt8] {
        let frame = generator.octets(code.dataLength)
        return ReedSolomon.Encoder(code).encoded(frame.span)
    }

    /// Puts so many errors into each codeword.
    private func spoil(
        _ codeblock: [UInt8],
        _ code: ReedSolomon.Code,
        _ counts: [Int],
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var octets = codeblock
        for (codeword, count) in counts.enumerated() {
            for place in (0..<255 - code.virtualFill).shuffled(using: &generator).prefix(count) {
                octets[place * code.interleave + codeword] ^= UInt8.random(in: 1...255, using: &generator)
            }
        }
        return octets
    }

    private func decode(
        _ octets: [UInt8],
        _ code: ReedSolomon.Code,
        erasures: [Int] = []
    ) -> (octets: [UInt8], outcome: ReedSolomon.Outcome) {
        var decoder = ReedSolomon.Decoder(code)
        var octets = octets
        var span = octets.mutableSpan
        let outcome = decoder.decode(&span, erasures: erasures)
        return (octets, outcome)
    }

    @Test(arguments: codes.indices) func asManyErrorsAsTheCodeAllowsAreCorrected(index: Int) {
        let code = Self.codes[index]
        var generator = SeededGenerator(seed: UInt64(index))
        for most in [1, code.errors / 2, code.errors] {
            let sent = codeblock(code, &generator)
            let limit = min(most, 255 - code.virtualFill)
            let counts = (0..<code.interleave).map { _ in Int.random(in: 0...limit, using: &generator) }
            let result = decode(spoil(sent, code, counts, &generator), code)
            #expect(result.octets == sent, "\(code)")
            #expect(result.outcome.symbolsByCodeword == counts)
            #expect(result.outcome.correctedSymbols == counts.reduce(0, +))
            #expect(result.outcome.isClean == (counts.allSatisfy { $0 == 0 }))
        }
    }

    @Test(arguments: 1...20) func oneErrorTooManyIsRefusedAndLeftAsReceived(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let code = try ReedSolomon.Code(errors: 16, interleave: 4, virtualFill: Int(seed) * 5)
        let sent = codeblock(code, &generator)
        let received = spoil(sent, code, [3, 17, 0, 40], &generator)
        let result = decode(received, code)
        #expect(result.outcome.symbolsByCodeword == [3, -1, 0, -1])
        #expect(!result.outcome.isCorrectable)
        #expect(result.outcome.correctedSymbols == 3)
        for index in received.indices {
            #expect(result.octets[index] == ([0, 2].contains(index % 4) ? sent[index] : received[index]))
        }
    }

    @Test(arguments: 1...30) func errorsAndErasuresShareTheAllowance(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let strength = seed.isMultiple(of: 2) ? 16 : 8
        let code = try ReedSolomon.Code(errors: strength, virtualFill: Int(seed))
        let sent = codeblock(code, &generator)
        let erased = Int.random(in: 0...2 * strength, using: &generator)
        let wrong = (2 * strength - erased) / 2
        let places = (0..<code.codeblockLength).shuffled(using: &generator)
        var received = sent
        for place in places.prefix(erased) { received[place] = UInt8.random(in: 0...255, using: &generator) }
        for place in places.dropFirst(erased).prefix(wrong) {
            received[place] ^= UInt8.random(in: 1...255, using: &generator)
        }
        let changed = received.indices.filter { received[$0] != sent[$0] }.count
        // A place named twice or outside the codeblock changes nothing.
        let erasures = Array(places.prefix(erased)) + places.prefix(min(erased, 2)) + [-1, code.codeblockLength, .max]
        let result = decode(received, code, erasures: erasures)
        #expect(result.octets == sent)
        #expect(result.outcome.symbolsByCodeword == [changed])
        // One more error is beyond the allowance. With many erasures another codeword may be as near, so not then.
        guard erased <= strength, let place = places.dropFirst(erased + wrong).first else { return }
        received[place] ^= 0x5A
        #expect(!decode(received, code, erasures: Array(places.prefix(erased))).outcome.isCorrectable)
    }

    /// A word that is nearest to a codeword of the full code that differs inside the fill is not of the short code.
    @Test(arguments: [1, 5, 16]) func aCorrectionInsideVirtualFillIsNone(count: Int) throws {
        let full = try ReedSolomon.Code()
        let short = try ReedSolomon.Code(virtualFill: 50)
        var generator = SeededGenerator(seed: UInt64(count))
        var frame = [UInt8](repeating: 0, count: 50) + generator.octets(173)
        for place in 0..<count { frame[place * 3] = UInt8.random(in: 1...255, using: &generator) }
        let word = ReedSolomon.Encoder(full).encoded(frame.span)
        let received = Array(word.dropFirst(50))
        let result = decode(received, short)
        #expect(result.outcome.symbolsByCodeword == [-1])
        #expect(result.octets == received)
    }

    @Test func noiseIsUncorrectable() throws {
        var generator = SeededGenerator(seed: 1)
        let code = try ReedSolomon.Code(interleave: 5)
        for _ in 0..<20 {
            let noise = generator.octets(code.codeblockLength)
            let result = decode(noise, code)
            #expect(result.outcome.symbolsByCodeword == [-1, -1, -1, -1, -1])
            #expect(result.octets == noise)
            let isCorrectable = ReedSolomon.Decoder(code).isCorrectable(noise.span)
            #expect(!isCorrectable)
        }
    }

    /// Whatever a decoder claims to have corrected is a codeword near to what was received, also where it is wrong.
    @Test(arguments: [8, 16]) func whatIsCalledCorrectedHasNoSyndromes(strength: Int) throws {
        let code = try ReedSolomon.Code(errors: strength, interleave: 8, virtualFill: strength == 8 ? 0 : 60)
        var generator = SeededGenerator(seed: UInt64(strength))
        for round in 0..<60 {
            // Noise, and words just within and just beyond reach of a codeword.
            var received = generator.octets(code.codeblockLength)
            if round % 3 > 0 {
                let counts = (0..<8).map { _ in strength + Int.random(in: -1...4, using: &generator) }
                received = spoil(codeblock(code, &generator), code, counts, &generator)
            }
            let result = decode(received, code)
            let single = try ReedSolomon.Code(errors: strength, virtualFill: code.virtualFill)
            let check = ReedSolomon.Decoder(single, usesKernel: false)
            for (codeword, count) in result.outcome.symbolsByCodeword.enumerated() {
                let places = stride(from: codeword, to: received.count, by: 8)
                let changed = places.filter { result.octets[$0] != received[$0] }.count
                #expect(changed == max(count, 0) && changed <= strength)
                let word = places.map { result.octets[$0] }
                let isCodeword = check.isCodeblock(word.span)
                #expect(isCodeword == (count >= 0))
            }
        }
    }

    /// Beyond its capacity a word is uncorrectable or, at the rate that theory gives, another codeword.
    ///
    /// With x erasures and room for e further errors among n places, the spheres about the codewords hold
    /// Σ C(n-x, i) 255^i of 256^(2E-x) words, i from 0 to e.
    @Test(arguments: [(14, 0), (12, 0), (10, 0), (8, 0), (12, 120), (10, 200)])
    func noiseIsTakenForACodewordAtTheTheoreticalRate(erased: Int, fill: Int) throws {
        let code = try ReedSolomon.Code(errors: 8, interleave: 8, virtualFill: fill)
        let check = try ReedSolomon.Decoder(ReedSolomon.Code(errors: 8, interleave: 8, virtualFill: fill))
        let places = 255 - fill
        var rate = 0.0
        var term = 1.0
        for errors in 0...(16 - erased) / 2 {
            rate += term
            term *= Double(places - erased - errors) / Double(errors + 1) * 255
        }
        for _ in erased..<16 { rate /= 256 }
        var generator = SeededGenerator(seed: UInt64(erased + fill))
        var taken = 0
        let codeblocks = 250
        for _ in 0..<codeblocks {
            let received = generator.octets(code.codeblockLength)
            let erasedPlaces = (0..<places).shuffled(using: &generator).prefix(erased)
            let erasures = erasedPlaces.flatMap { place in (0..<8).map { place * 8 + $0 } }
            let result = decode(received, code, erasures: erasures)
            taken += result.outcome.symbolsByCodeword.count { $0 >= 0 }
            let isCodeblock = check.isCodeblock(result.octets.span)
            #expect(isCodeblock == result.outcome.isCorrectable)
        }
        // Four and a half standard deviations.
        let words = Double(8 * codeblocks)
        #expect(abs(Double(taken) - words * rate) < 4.5 * (words * rate * (1 - rate)).squareRoot() + 1)
    }

    @Test func octetsOfAnotherLengthAreNoCodeblock() throws {
        let code = try ReedSolomon.Code(interleave: 5)
        for count in [0, 1, 1274, 1276] {
            let zeros = [UInt8](repeating: 0, count: count)
            let isCodeblock = ReedSolomon.Decoder(code).isCodeblock(zeros.span)
            #expect(!isCodeblock)
            #expect(decode(zeros, code).outcome.symbolsByCodeword == [-1, -1, -1, -1, -1])
        }
    }

    @Test func codesThatTheRecommendationDoesNotKnowAreRefused() {
        #expect(throws: CodingError.errors(15)) { try ReedSolomon.Code(errors: 15) }
        #expect(throws: CodingError.interleave(6)) { try ReedSolomon.Code(interleave: 6) }
        #expect(throws: CodingError.virtualFill(-1, limit: 222)) { try ReedSolomon.Code(virtualFill: -1) }
        #expect(throws: CodingError.virtualFill(223, limit: 222)) { try ReedSolomon.Code(virtualFill: 223) }
        #expect(throws: CodingError.virtualFill(239, limit: 238)) { try ReedSolomon.Code(errors: 8, virtualFill: 239) }
        #expect(CodingError.interleave(6).description == "the interleaving depth is 1, 2, 3, 4, 5 or 8, not 6")
    }
}

import ChannelCoding
import FuzzSupport

/// Spoils a codeblock and holds what the decoder says of it against the definition of the code.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryReedSolomon(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var choices = unsafe Choices(start, count)
    let strength = choices.one(of: [16, 8])
    let fill = choices.number(0...255 - 2 * strength - 1)
    let interleave = choices.one(of: [1, 2, 3, 4, 5, 8])
    let basis = choices.flag() ? ReedSolomon.Code.Basis.conventional : .dual
    do throws(CodingError) {
        let code = try ReedSolomon.Code(errors: strength, interleave: interleave, basis: basis, virtualFill: fill)
        Trial(code).run(&choices)
    } catch {
        expect(false, "a code of the standard is refused: \(error)")
    }
    return 0
}

private struct Trial {
    let code: ReedSolomon.Code
    let syndromes: Syndromes

    init(_ code: ReedSolomon.Code) {
        self.code = code
        syndromes = Syndromes(code)
    }

    func run(_ choices: inout Choices) {
        let original = ReedSolomon.Encoder(code).encoded(choices.noise(code.dataLength).span)
        for codeword in 0..<code.interleave {
            expect(syndromes.areZero(original, codeword), "the encoder's word is none of the code")
        }
        var received = original
        var erasures: [Int] = []
        if choices.octet() < 16 {
            received = choices.noise(code.codeblockLength)
        } else {
            // Errors crowd into one codeword now and then, so that all are near their limit.
            let only = choices.flag() ? choices.number(0...code.interleave - 1) : nil
            for _ in 0..<choices.number(0...code.errors * 3) {
                let symbol = choices.number(0...254 - code.virtualFill)
                let codeword = only ?? choices.number(0...code.interleave - 1)
                received[symbol * code.interleave + codeword] ^= choices.octet()
            }
            for _ in 0..<choices.number(0...code.errors * 2 + 2) {
                // Some are outside the codeblock, and some name an octet twice.
                erasures.append(choices.number(0...code.codeblockLength + 15) - 8)
            }
            if choices.octet() & 3 != 0 { erasures = [] }
        }
        compare(original, received, erasures)
        wrongLength(received)
    }

    private func compare(_ original: [UInt8], _ received: [UInt8], _ erasures: [Int]) {
        var decoder = ReedSolomon.Decoder(code)
        var decoded = received
        var span = decoded.mutableSpan
        let outcome = decoder.decode(&span, erasures: erasures)
        let counts = outcome.symbolsByCodeword
        expect(counts.count == code.interleave, "not one count for each codeword")
        expect(outcome.isCorrectable == counts.allSatisfy { $0 >= 0 }, "isCorrectable contradicts the counts")
        expect(outcome.isClean == counts.allSatisfy { $0 == 0 }, "isClean contradicts the counts")
        expect(outcome.correctedSymbols == counts.reduce(0) { $0 + max(0, $1) }, "the sum of symbols is wrong")
        if erasures.isEmpty {
            expect(decoder.isCorrectable(received.span) == outcome.isCorrectable, "isCorrectable is another's opinion")
        }
        let erased = Set(erasures)
        for codeword in 0..<code.interleave {
            let octets = stride(from: codeword, to: code.codeblockLength, by: code.interleave)
            let erasedOctets = octets.filter { erased.contains($0) }.count
            let errors = octets.filter { original[$0] != received[$0] && !erased.contains($0) }.count
            let changes = octets.filter { decoded[$0] != received[$0] }
            let changedUnasked = changes.filter { !erased.contains($0) }.count
            let count = counts[codeword]
            if count < 0 {
                expect(changes.isEmpty, "an uncorrectable codeword was changed")
                expect(!syndromes.areZero(received, codeword), "a word of the code is uncorrectable")
            } else {
                expect(changes.count == count, "\(count) symbols are said to be corrected, \(changes.count) are")
                expect(syndromes.areZero(decoded, codeword), "success, but the syndromes are not zero")
                expect(2 * changedUnasked + erasedOctets <= 2 * code.errors || count == 0, "beyond the capacity")
            }
            if 2 * errors + erasedOctets <= 2 * code.errors {
                expect(octets.allSatisfy { decoded[$0] == original[$0] }, "within the capacity and not corrected")
            }
        }
        expect(decoder.isCodeblock(decoded.span) == outcome.isCorrectable, "isCodeblock contradicts the outcome")
    }

    private func wrongLength(_ received: [UInt8]) {
        var decoder = ReedSolomon.Decoder(code)
        for other in [Array(received.dropLast()), received + [0], []] {
            var octets = other
            var span = octets.mutableSpan
            expect(!decoder.decode(&span).isCorrectable, "a codeblock of another length is correctable")
            expect(octets == other, "a codeblock of another length was changed")
            expect(!decoder.isCodeblock(other.span), "a codeblock of another length is one")
        }
    }
}

/// The code by its definition, one multiplication at a time, sharing nothing with the decoder.
private struct Syndromes {
    private let code: ReedSolomon.Code
    private var powers = [UInt8](repeating: 0, count: 510)
    private var logarithms = [Int](repeating: 0, count: 256)
    /// The element of the field that an octet of the link stands for.
    private var elements = (0...255).map { UInt8($0) }

    init(_ code: ReedSolomon.Code) {
        self.code = code
        var value = 1
        for exponent in 0..<255 {
            powers[exponent] = UInt8(value)
            powers[exponent + 255] = UInt8(value)
            logarithms[value] = exponent
            value <<= 1
            if value > 255 { value ^= 0x187 }
        }
        guard code.basis == .dual else { return }
        // The octets in Berlekamp's basis of the elements 2^7, 2^6, … 1 (CCSDS 131.0-B, the annex on the two bases).
        let rows: [UInt8] = [0x8D, 0xEF, 0xEC, 0x86, 0xFA, 0x99, 0xAF, 0x7B]
        for element in 0...255 {
            var octet: UInt8 = 0
            for bit in 0..<8 where element >> bit & 1 == 1 { octet ^= rows[7 - bit] }
            elements[Int(octet)] = UInt8(element)
        }
    }

    /// Whether a codeword of a codeblock has the roots of the generator polynomial.
    func areZero(_ codeblock: [UInt8], _ codeword: Int) -> Bool {
        for root in 128 - code.errors..<128 + code.errors {
            let step = 11 * root % 255
            var sum: UInt8 = 0
            for octet in stride(from: codeword, to: codeblock.count, by: code.interleave) {
                if sum != 0 { sum = powers[logarithms[Int(sum)] + step] }
                sum ^= elements[Int(codeblock[octet])]
            }
            if sum != 0 { return false }
        }
        return true
    }
}

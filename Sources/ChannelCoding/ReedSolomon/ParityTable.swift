/// The parity symbols of one codeword while it is divided: the highest power first, four symbols in each lane.
protocol ParityRegister: SIMD<UInt32>, Sendable {
    /// The register after four symbols have left at its top.
    var shifted: Self { get }
    /// The same symbols at the top of the register of the longer code.
    var widened: SIMD8<UInt32> { get }
}

extension SIMD8<UInt32>: ParityRegister {
    var shifted: Self { Self(self[1], self[2], self[3], self[4], self[5], self[6], self[7], 0) }
    var widened: SIMD8<UInt32> { self }
}

extension SIMD4<UInt32>: ParityRegister {
    var shifted: Self { Self(self[1], self[2], self[3], 0) }
    var widened: SIMD8<UInt32> { SIMD8(lowHalf: self, highHalf: .zero) }
}

/// Divides codewords by the code's generator, in the basis of the link.
///
/// The field is linear over bits, so the whole division can be tabulated in either basis and no symbol is ever
/// converted. Four symbols of each codeword are taken in one step from four tables (32 KB for E = 16, which stay in
/// the first cache), and up to five codewords go side by side to hide the latency of the loads.
struct ParityTable<Register: ParityRegister>: Sendable {
    /// Row 256·k + s: what symbol s adds to the remainder when k more symbols follow it in the same step.
    private let rows: [Register]

    /// Tabulates the code with a number of correctable errors in a basis.
    init(errors: Int, basis: ReedSolomon.Code.Basis) {
        let count = 2 * errors
        let generator = Self.generator(errors: errors)
        let field = GaloisField.shared
        let map = SymbolMap.map(of: basis)
        var symbols = (0..<256).map { symbol in
            generator[1...].map { map.octet[Int(field.product(map.element[symbol], $0))] }
        }
        for index in 256..<1024 {
            let before = symbols[index - 256]
            let carried = symbols[Int(before[0])]
            symbols.append((0..<count).map { ($0 + 1 < count ? before[$0 + 1] : 0) ^ carried[$0] })
        }
        rows = symbols.map { row in
            var register = Register()
            for lane in 0..<count / 4 {
                register[lane] = row[4 * lane..<4 * lane + 4].reduce(0) { $0 << 8 | UInt32($1) }
            }
            return register
        }
    }

    /// The generator polynomial, highest power first: its roots are 2E consecutive powers of the root step.
    static func generator(errors: Int) -> [UInt8] {
        let field = GaloisField.shared
        return (128 - errors..<128 + errors).reduce([1]) { polynomial, exponent in
            let root = field.power(GaloisField.rootStep * exponent)
            return (0...polynomial.count).map { index in
                let same = index < polynomial.count ? polynomial[index] : 0
                return index > 0 ? same ^ field.product(polynomial[index - 1], root) : same
            }
        }
    }

    /// The parity that belongs to the data symbols of each codeword.
    ///
    /// - Parameters:
    ///   - codeblock: The octets of a codeblock; those behind the data are not looked at.
    ///   - interleave: The codewords in it.
    ///   - dataSymbols: The data symbols of each codeword.
    /// - Returns: The parity of each codeword, of which the first 2E symbols count.
    func parity(of codeblock: Span<UInt8>, interleave: Int, dataSymbols: Int) -> InlineArray<8, SIMD8<UInt32>> {
        var all = InlineArray<8, SIMD8<UInt32>>(repeating: .zero)
        switch interleave {
        case 1: divide(codeblock, 1, from: 0, dataSymbols, InlineArray<1, Register>(repeating: Register()), &all)
        case 2: divide(codeblock, 2, from: 0, dataSymbols, InlineArray<2, Register>(repeating: Register()), &all)
        case 3: divide(codeblock, 3, from: 0, dataSymbols, InlineArray<3, Register>(repeating: Register()), &all)
        case 4: divide(codeblock, 4, from: 0, dataSymbols, InlineArray<4, Register>(repeating: Register()), &all)
        case 5: divide(codeblock, 5, from: 0, dataSymbols, InlineArray<5, Register>(repeating: Register()), &all)
        default:
            for first in stride(from: 0, to: interleave, by: 4) {
                let registers = InlineArray<4, Register>(repeating: Register())
                divide(codeblock, interleave, from: first, dataSymbols, registers, &all)
            }
        }
        return all
    }

    @inline(__always)
    private func divide<let count: Int>(
        _ codeblock: Span<UInt8>,
        _ interleave: Int,
        from first: Int,
        _ dataSymbols: Int,
        _ start: InlineArray<count, Register>,
        _ all: inout InlineArray<8, SIMD8<UInt32>>
    ) {
        let rows = rows.span
        var registers = start
        // A first step of less than four symbols: zeros in front of a codeword change nothing.
        let odd = dataSymbols % 4
        for index in 0..<count {
            var symbols: UInt32 = 0
            for position in 0..<odd {
                symbols = symbols << 8 | UInt32(codeblock[position * interleave + first + index])
            }
            registers[index] = Self.step(registers[index], symbols, rows)
        }
        var position = odd * interleave + first
        for _ in 0..<dataSymbols / 4 {
            let block = codeblock.extracting(position..<position + 3 * interleave + count)
            for index in 0..<count {
                let symbols =
                    UInt32(block[index]) << 24 | UInt32(block[interleave + index]) << 16
                    | UInt32(block[2 * interleave + index]) << 8 | UInt32(block[3 * interleave + index])
                registers[index] = Self.step(registers[index], symbols, rows)
            }
            position += 4 * interleave
        }
        for index in 0..<count {
            all[first + index] = registers[index].widened
        }
    }

    @inline(__always)
    private static func step(_ register: Register, _ symbols: UInt32, _ rows: Span<Register>) -> Register {
        let out = register[0] ^ symbols
        let high = rows[768 | Int(out >> 24)] ^ rows[512 | Int(out >> 16 & 0xFF)]
        let low = rows[256 | Int(out >> 8 & 0xFF)] ^ rows[Int(out & 0xFF)]
        return register.shifted ^ high ^ low
    }
}

/// The division of one code, whichever its strength; the tables are made once for the whole program.
enum ParityDivision: Sendable {
    case strong(ParityTable<SIMD8<UInt32>>)
    case weak(ParityTable<SIMD4<UInt32>>)

    /// The division that belongs to a code.
    init(_ code: ReedSolomon.Code) {
        switch (code.errors, code.basis) {
        case (16, .dual): self = .strong(Self.strongDual)
        case (16, .conventional): self = .strong(Self.strongConventional)
        case (_, .dual): self = .weak(Self.weakDual)
        case (_, .conventional): self = .weak(Self.weakConventional)
        }
    }

    /// The parity that belongs to the data of each codeword.
    func parity(of codeblock: Span<UInt8>, _ code: ReedSolomon.Code) -> InlineArray<8, SIMD8<UInt32>> {
        switch self {
        case .strong(let table):
            table.parity(of: codeblock, interleave: code.interleave, dataSymbols: code.dataSymbols)
        case .weak(let table):
            table.parity(of: codeblock, interleave: code.interleave, dataSymbols: code.dataSymbols)
        }
    }

    /// What remains of each received codeword: its own parity plus the parity of its data; zero for a codeword.
    func remainders(of codeblock: Span<UInt8>, _ code: ReedSolomon.Code) -> InlineArray<8, SIMD8<UInt32>> {
        var remainders = parity(of: codeblock, code)
        let received = codeblock.extracting(code.dataLength..<code.codeblockLength)
        for codeword in 0..<code.interleave {
            for lane in 0..<code.paritySymbols / 4 {
                var symbols: UInt32 = 0
                for symbol in 4 * lane..<4 * lane + 4 {
                    symbols = symbols << 8 | UInt32(received[symbol * code.interleave + codeword])
                }
                remainders[codeword][lane] ^= symbols
            }
        }
        return remainders
    }

    private static let strongDual = ParityTable<SIMD8<UInt32>>(errors: 16, basis: .dual)
    private static let strongConventional = ParityTable<SIMD8<UInt32>>(errors: 16, basis: .conventional)
    private static let weakDual = ParityTable<SIMD4<UInt32>>(errors: 8, basis: .dual)
    private static let weakConventional = ParityTable<SIMD4<UInt32>>(errors: 8, basis: .conventional)
}

/// Makes channel symbols of bits; its register runs on from one push to the next and is never reset.
public struct ConvolutionalEncoder: Sendable {
    /// The code.
    public let code: ConvolutionalCode
    /// The symbols made so far.
    public private(set) var symbolCount: Int64 = 0

    /// For each bit of a period, which of a pair's symbols are sent: 2 the first, 1 the second, 3 both.
    private let sent: [UInt8]
    /// Both symbols of each register, in the order of sending.
    private let pairs: [UInt8]
    private var register = 0
    private var bitInPeriod = 0
    /// Symbols that do not fill an octet yet.
    private var partial: UInt16 = 0

    /// Makes an encoder whose register is zero.
    public init(_ code: ConvolutionalCode) {
        self.code = code
        let swap = code.swap ? 1 : 0
        let symbols = code.sentSymbols
        sent = (0..<code.bitsPerPeriod).map { bit in
            symbols.filter { $0 / 2 == bit }.reduce(0) { $0 | ($1 & 1 == swap ? 2 : 1) }
        }
        pairs = (0..<128).map { register in
            let (first, plainSecond) = ConvolutionalCode.symbols(ofRegister: register)
            let second = plainSecond ^ (code.invertC2 ? 1 : 0)
            return UInt8(code.swap ? second << 1 | first : first << 1 | second)
        }
    }

    /// Encodes octets.
    ///
    /// - Parameters:
    ///   - octets: The bits, the most significant of each octet first.
    ///   - symbols: Takes the symbols that fill whole octets, packed likewise; the rest waits.
    public mutating func push(_ octets: Span<UInt8>, into symbols: inout [UInt8]) {
        for index in 0..<octets.count {
            let octet = octets[index]
            for bit in (0..<8).reversed() {
                push(bit: Int(octet >> UInt8(bit)) & 1, into: &symbols)
            }
        }
    }

    /// Encodes zeros until the register is empty and fills up the last octet with zero bits.
    ///
    /// - Parameters:
    ///   - tail: How many zero bits are encoded: six empty the register; none in operation.
    ///   - symbols: Takes the symbols.
    public mutating func finish(tail: Int = 0, into symbols: inout [UInt8]) {
        for _ in 0..<max(tail, 0) { push(bit: 0, into: &symbols) }
        let count = UInt8(truncatingIfNeeded: symbolCount & 7)
        if count != 0 { symbols.append(UInt8(truncatingIfNeeded: partial << UInt16(8 - count))) }
        partial = 0
    }

    @inline(__always)
    private mutating func push(bit: Int, into symbols: inout [UInt8]) {
        register = (register << 1 | bit) & 0x7F
        let pair = UInt16(pairs[register])
        let sent = self.sent[bitInPeriod]
        if sent & 2 != 0 { push(symbol: pair >> 1, into: &symbols) }
        if sent & 1 != 0 { push(symbol: pair & 1, into: &symbols) }
        bitInPeriod = bitInPeriod + 1 == self.sent.count ? 0 : bitInPeriod + 1
    }

    @inline(__always)
    private mutating func push(symbol: UInt16, into symbols: inout [UInt8]) {
        partial = partial << 1 | symbol
        symbolCount += 1
        if symbolCount & 7 == 0 { symbols.append(UInt8(truncatingIfNeeded: partial)) }
    }
}

/// Soft symbols to bits, where no convolutional code is: a positive symbol is a 1.
struct SymbolSlicer: Sendable {
    /// Bits that do not fill an octet yet, and how many.
    private var partial: UInt8 = 0
    private var count = 0
    private var buffer: [UInt8] = []
    private static let step = 4096

    /// Takes symbols of eight bits; `body` gets octets of bits, in pieces.
    mutating func push(_ symbols: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var next = 0
        while next < symbols.count {
            if count == 0, next + 8 <= symbols.count {
                buffer.append(Self.octet(of: symbols.extracting(next..<next + 8)))
                next += 8
                if buffer.count == Self.step { flush(body) }
                continue
            }
            let index = next
            next += 1
            partial = partial << 1 | (Int8(bitPattern: symbols[index]) > 0 ? 1 : 0)
            count += 1
            guard count == 8 else { continue }
            count = 0
            buffer.append(partial)
            if buffer.count == Self.step { flush(body) }
        }
        flush(body)
    }

    @inline(__always)
    private static func octet(of symbols: Span<UInt8>) -> UInt8 {
        var octet: UInt8 = 0
        for index in 0..<8 { octet = octet << 1 | (Int8(bitPattern: symbols[index]) > 0 ? 1 : 0) }
        return octet
    }

    private mutating func flush(_ body: (Span<UInt8>) -> Void) {
        body(buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }
}

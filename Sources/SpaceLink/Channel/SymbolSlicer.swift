/// Soft symbols to bits, where no convolutional code is: a positive symbol is a 1.
struct SymbolSlicer: Sendable {
    /// Bits that do not fill an octet yet, and how many.
    private var partial: UInt8 = 0
    private var count = 0
    private var buffer: [UInt8] = []
    private static let step = 4096

    /// Takes symbols of eight bits; `body` gets octets of bits, in pieces.
    mutating func push(_ symbols: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        for index in 0..<symbols.count {
            partial = partial << 1 | (Int8(bitPattern: symbols[index]) > 0 ? 1 : 0)
            count += 1
            guard count == 8 else { continue }
            count = 0
            buffer.append(partial)
            if buffer.count == Self.step { flush(body) }
        }
        flush(body)
    }

    private mutating func flush(_ body: (Span<UInt8>) -> Void) {
        body(buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }
}

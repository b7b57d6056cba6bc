/// Takes back NRZ-M: a bit is 1 where the level changes.
///
/// CCSDS 401.0-B, Modulation of telemetry: the sender's inverse is ``DifferentialEncoder``. An inverted stream comes out
/// upright, all but its first bit.
struct DifferentialDecoder: Sendable {
    private var last: UInt8 = 0
    private var buffer: [UInt8] = []
    private static let step = 4096

    /// Takes octets of levels; `body` gets as many octets of bits, in pieces.
    mutating func push(_ octets: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start = 0
        while start < octets.count {
            let end = min(octets.count, start + Self.step)
            buffer.replace(with: octets.extracting(start..<end))
            for index in buffer.indices {
                let level = buffer[index]
                buffer[index] = level ^ (level >> 1 | last << 7)
                last = level
            }
            body(buffer.span)
            start = end
        }
    }
}

/// Makes NRZ-M of bits: a 1 changes the level.
struct DifferentialEncoder: Sendable {
    private var level: UInt8 = 0

    /// Changes bits to levels.
    mutating func apply(to octets: inout [UInt8]) {
        for index in octets.indices {
            // Each bit becomes the sum of all bits up to it, and of the level before.
            var bits = octets[index]
            bits ^= bits >> 1
            bits ^= bits >> 2
            bits ^= bits >> 4
            bits ^= level
            octets[index] = bits
            level = bits & 1 == 0 ? 0 : 0xFF
        }
    }
}

/// Cuts a stream into units of fixed length.
struct UnitCutter: Sendable {
    let length: Int
    private(set) var held: [UInt8] = []

    /// Takes octets; `body` gets each complete unit, as a view where it lies whole in them.
    mutating func push(_ octets: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var position = 0
        if !held.isEmpty {
            position = min(length - held.count, octets.count)
            held.append(octets.extracting(0..<position))
            guard held.count == length else { return }
            body(held.span)
            held.removeAll(keepingCapacity: true)
        }
        while octets.count - position >= length {
            body(octets.extracting(position..<position + length))
            position += length
        }
        if position < octets.count { held.append(octets.extracting(position..<octets.count)) }
    }
}

/// Sixteen octets side by side; vectors of 32 are not compiled to vector instructions throughout.
typealias Lanes = SIMD16<UInt8>

// The loops below become single instructions, because their bounds are looked at once.
extension Lanes {
    /// Takes sixteen octets of a span.
    @inline(__always)
    init(_ octets: Span<UInt8>, at place: Int) {
        let sixteen = octets.extracting(place..<place + 16)
        var lanes = Lanes.zero
        for lane in 0..<16 { lanes[lane] = sixteen[lane] }
        self = lanes
    }

    /// Puts its octets into a span.
    @inline(__always)
    func store(in octets: inout MutableSpan<UInt8>, at place: Int) {
        var sixteen = octets._mutatingExtracting(place..<place + 16)
        for lane in 0..<16 { sixteen[lane] = self[lane] }
    }

    /// The lesser octet of each lane.
    @inline(__always)
    func lesser(_ other: Lanes) -> Lanes {
        var lesser = self
        for lane in 0..<16 { lesser[lane] = Swift.min(self[lane], other[lane]) }
        return lesser
    }
}

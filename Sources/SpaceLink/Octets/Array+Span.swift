extension Array where Element == UInt8 {
    /// Appends the octets of a span.
    mutating func append(_ octets: Span<UInt8>) {
        // A span offers no bulk copy yet, and an octet at a time costs tenfold. The buffer lives as long as the call.
        unsafe octets.withUnsafeBufferPointer { buffer in unsafe append(contentsOf: buffer) }
    }

    /// Replaces all octets by those of a span and keeps the storage.
    mutating func replace(with octets: Span<UInt8>) {
        guard count == octets.count else {
            removeAll(keepingCapacity: true)
            return append(octets)
        }
        // Frames replace frames of the same length: a bulk copy into storage that is there, both of `count` octets.
        unsafe withUnsafeMutableBufferPointer { target in
            unsafe octets.withUnsafeBufferPointer { source in _ = unsafe target.update(fromContentsOf: source) }
        }
    }

    /// Appends an integer of `octets` octets, most significant first.
    mutating func append(bigEndian value: UInt64, octets: Int) {
        for index in stride(from: octets - 1, through: 0, by: -1) {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }

    /// Whether the octets are those of a span.
    func equals(_ octets: Span<UInt8>) -> Bool {
        guard count == octets.count else { return false }
        for index in indices where self[index] != octets[index] { return false }
        return true
    }
}

/// Writes numbers, least significant octet first.
struct OctetWriter {
    private(set) var octets: [UInt8] = []

    mutating func put(_ value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            octets.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func put(octets more: [UInt8]) { octets.append(contentsOf: more) }

    /// A number in groups of seven bits, least significant first, the top bit set in all but the last octet.
    mutating func put(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(rest))
    }
}

/// Reads what ``OctetWriter`` writes, and never beyond the end.
struct OctetReader {
    private let octets: ArraySlice<UInt8>
    private var position: Int

    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        position = octets.startIndex
    }

    init(_ octets: [UInt8]) { self.init(octets[...]) }

    /// How many octets are left.
    var remaining: Int { octets.endIndex - position }

    mutating func read<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FormatFault) -> Value {
        let width = Value.bitWidth / 8
        guard remaining >= width else { throw FormatFault("\(width) octets are due where \(remaining) are left") }
        var value: Value = 0
        for index in 0..<width { value |= Value(truncatingIfNeeded: octets[position + index]) << (8 * index) }
        position += width
        return value
    }

    mutating func read(octets count: Int) throws(FormatFault) -> ArraySlice<UInt8> {
        guard count >= 0, remaining >= count else {
            throw FormatFault("\(count) octets are due where \(remaining) are left")
        }
        defer { position += count }
        return octets[position..<(position + count)]
    }

    @inline(__always) mutating func readVarint() throws(FormatFault) -> UInt64 {
        guard position < octets.endIndex, octets[position] < 0x80 else { return try readLongVarint() }
        defer { position += 1 }
        return UInt64(octets[position])
    }

    private mutating func readLongVarint() throws(FormatFault) -> UInt64 {
        var value: UInt64 = 0
        var shift = 0
        while position < octets.endIndex {
            let octet = octets[position]
            position += 1
            guard shift < 63 || octet <= 1 else { throw FormatFault("a number has more than 64 bits") }
            value |= UInt64(octet & 0x7F) << UInt64(shift)
            guard octet & 0x80 != 0 else { return value }
            shift += 7
            guard shift < 64 else { throw FormatFault("a number has more than 64 bits") }
        }
        throw FormatFault("a number has no end")
    }
}

/// Small numbers of either sign as small numbers without one: 0, −1, 1, −2, … become 0, 1, 2, 3, ….
enum ZigZag {
    static func encode(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

    static func decode(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
}

extension [UInt8] {
    /// Whether the octets are the same; eight at a time, where `==` compares each.
    func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        let words = count / 8
        // Both have so many whole words, at any address.
        let isSame = unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                for index in 0..<words {
                    let word = unsafe left.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
                    guard unsafe word == right.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) else {
                        return false
                    }
                }
                return true
            }
        }
        return isSame && self[(8 * words)...] == other[(8 * words)...]
    }

    /// Copies a view's octets to the end.
    mutating func append(span: Span<UInt8>) {
        // The pointer is read only during the call and only over its own count: one memory copy.
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Fills all with a pattern that comes again and again.
    mutating func fill(_ pattern: Span<UInt8>) {
        precondition(count >= pattern.count)
        put(pattern, at: 0)
        // Each piece is copied behind itself, and there is room for as much as is copied.
        unsafe withUnsafeMutableBufferPointer { octets in
            var filled = pattern.count
            while filled > 0, filled < octets.count {
                let piece = Swift.min(filled, octets.count - filled)
                _ = unsafe UnsafeMutableBufferPointer(rebasing: octets[filled..<(filled + piece)])
                    .update(fromContentsOf: UnsafeMutableBufferPointer(rebasing: octets[0..<piece]))
                filled += piece
            }
        }
    }

    /// Replaces octets from a place on by those of a span.
    mutating func put(_ octets: Span<UInt8>, at place: Int) {
        precondition(place >= 0 && place + octets.count <= count)
        // A span offers no bulk copy yet; the range was checked, and the two are apart because one is being changed.
        unsafe withUnsafeMutableBufferPointer { target in
            unsafe octets.withUnsafeBufferPointer { source in
                _ = unsafe UnsafeMutableBufferPointer(rebasing: target[place..<(place + source.count)])
                    .update(fromContentsOf: source)
            }
        }
    }
}

/// A deflate stream that holds octets as they are (RFC 1951, Non-compressed blocks): for a journal, which must be quick.
enum StoredDeflate {
    /// Octets that one block can hold.
    static let blockLength = 65_535

    /// Appends a whole stream.
    static func encode(_ octets: Span<UInt8>, into deflate: inout [UInt8]) {
        deflate.reserveCapacity(deflate.count + octets.count + 5 * (octets.count / blockLength + 1))
        var start = 0
        repeat {
            let block = octets.extracting(start..<min(octets.count, start + blockLength))
            start += block.count
            let length = UInt16(block.count)
            deflate.append(start == octets.count ? 1 : 0)  // BFINAL in the last, BTYPE 00
            for number in [length, ~length] {
                deflate.append(UInt8(truncatingIfNeeded: number))
                deflate.append(UInt8(truncatingIfNeeded: number >> 8))
            }
            deflate.append(span: block)
        } while start < octets.count
    }
}

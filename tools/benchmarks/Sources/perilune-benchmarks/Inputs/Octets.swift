import Foundation

extension Array where Element == UInt8 {
    /// Appends the octets of a span.
    mutating func append(span: Span<UInt8>) {
        // A span offers no bulk copy yet; the buffer lives as long as the call.
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Reads a file.
    init(file: String) throws { self = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) }

    /// Writes a file.
    func write(to file: String) throws { try Data(self).write(to: URL(fileURLWithPath: file)) }
}

/// A sum by which two sequences of octets are told apart (FNV-1a over words of eight octets).
struct Digest: Equatable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Takes the octets of one unit in; where a unit ends matters.
    mutating func update(_ octets: Span<UInt8>) {
        var word = UInt64(octets.count)
        for index in 0..<octets.count {
            word = word << 8 | UInt64(octets[index])
            if index % 8 == 7 { mix(&word) }
        }
        mix(&word)
    }

    private mutating func mix(_ word: inout UInt64) {
        value = (value ^ word) &* 0x100_0000_01B3
        value ^= value >> 29
        word = 0
    }
}

import Crypto

/// SHA-256 over octets that come in pieces.
struct Fingerprint {
    private var hash = SHA256()

    /// Thirty-two zero octets: the predecessor of the first member.
    static let none = [UInt8](repeating: 0, count: 32)

    /// Takes the next octets.
    mutating func push(_ octets: Span<UInt8>) {
        // The pointer is read only during the call.
        unsafe octets.withUnsafeBufferPointer { buffer in
            unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
        }
    }

    /// The thirty-two octets of the digest of everything pushed.
    var octets: [UInt8] { Array(hash.finalize()) }

    /// The digest as four numbers.
    var numbers: (UInt64, UInt64, UInt64, UInt64) {
        var numbers: [4 of UInt64] = [0, 0, 0, 0]
        var index = 0
        for octet in hash.finalize() {
            numbers[index / 8] = numbers[index / 8] << 8 | UInt64(octet)
            index += 1
        }
        return (numbers[0], numbers[1], numbers[2], numbers[3])
    }
}

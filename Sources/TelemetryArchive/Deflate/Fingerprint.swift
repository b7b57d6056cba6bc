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
}

import Crypto
public import LinkIO

/// Fingerprints of files.
public enum FileDigest {
    /// SHA-256 of a file (FIPS 180-4), as lower-case hexadecimal digits.
    ///
    /// - Parameter path: The file.
    /// - Returns: The 64 digits.
    /// - Throws: `IOFailure`.
    public static func sha256(path: String) throws(IOFailure) -> String {
        var source = try OctetSource(path: path)
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = try source.read(into: &piece)
            if count == 0 { break }
            hash.update(data: piece[..<count])
        }
        return Hexadecimal.text(hash.finalize())
    }
}

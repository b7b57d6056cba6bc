/// The raw inputs that an archive keeps one behind the other, as the metadata say.
///
/// ```
/// for each   octets u64, SHA-256 [32], octets of the name u16, name
/// ```
enum InputList {
    /// Octets that a list may have: the header of one member must hold it.
    static let limit = 40_000

    static func encode(_ inputs: [ArchiveMetadata.Origin]) -> [UInt8] {
        var writer = OctetWriter()
        for input in inputs {
            let name = Array(input.name.utf8.prefix(1024))
            writer.put(UInt64(max(input.size ?? 0, 0)))
            writer.put(octets: input.sha256 ?? Fingerprint.none)
            writer.put(UInt16(name.count))
            writer.put(octets: name)
        }
        return writer.octets
    }

    static func decode(_ octets: [UInt8]) throws(FormatFault) -> [ArchiveMetadata.Origin] {
        var reader = OctetReader(octets)
        var inputs: [ArchiveMetadata.Origin] = []
        while reader.remaining > 0 {
            guard let size = Int64(exactly: try reader.read(UInt64.self)) else {
                throw FormatFault("an input of the metadata is longer than 63 bits can say")
            }
            let sha256 = Array(try reader.read(octets: Fingerprint.none.count))
            let name = try reader.read(octets: Int(try reader.read(UInt16.self)))
            inputs.append(
                ArchiveMetadata.Origin(name: String(decoding: name, as: UTF8.self), size: size, sha256: sha256)
            )
        }
        return inputs
    }
}

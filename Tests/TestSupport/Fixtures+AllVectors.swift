import Foundation

extension Fixtures {
    /// All vectors of all vector files, whatever their kinds.
    ///
    /// - Returns: The vectors in order; one without an id or a kind has an empty one.
    /// - Throws: What reading a file throws, or an error if it holds no list of vectors.
    public static func allVectors() throws -> [Vector] {
        try vectorFiles().flatMap { file in
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
            guard let vectors = object?["vectors"] as? [[String: Any]] else {
                throw CocoaError(.fileReadCorruptFile, userInfo: [NSFilePathErrorKey: file.path])
            }
            return vectors.map { vector in
                Vector(
                    id: vector["id"] as? String ?? "",
                    kind: vector["kind"] as? String ?? "",
                    inputs: vector["inputs"] as? [String: Any] ?? [:],
                    expected: vector["expected"] as? [String: Any] ?? [:]
                )
            }
        }
    }
}

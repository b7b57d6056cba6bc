import FoundationEssentials

/// JSON files with messages that a person can act on.
public enum JSONFile {
    /// Reads a value.
    ///
    /// - Parameters:
    ///   - type: What is wanted.
    ///   - path: The file.
    /// - Returns: The value.
    /// - Throws: ``PipelineFailure/badFile(path:reason:)`` with the key path, or `IOFailure`.
    public static func read<Value: Decodable>(_ type: Value.Type, path: String) throws -> Value {
        try decode(type, FileContents.read(path, limit: 64 << 20), path: path)
    }

    /// Decodes a value.
    ///
    /// - Parameters:
    ///   - type: What is wanted.
    ///   - octets: The JSON.
    ///   - path: What to call it in messages.
    /// - Returns: The value.
    /// - Throws: ``PipelineFailure/badFile(path:reason:)`` with the key path.
    public static func decode<Value: Decodable>(_ type: Value.Type, _ octets: [UInt8], path: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(octets))
        } catch let error as DecodingError {
            throw PipelineFailure.badFile(path: path, reason: explain(error))
        } catch {
            throw PipelineFailure.badFile(path: path, reason: String(describing: error))
        }
    }

    /// A value as JSON, keys sorted.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - pretty: Whether a person reads it.
    /// - Returns: The text in UTF-8.
    /// - Throws: What the encoder throws for numbers that JSON cannot hold.
    public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return [UInt8](try encoder.encode(value))
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(place(context)): the key '\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context): "\(place(context)): \(type) wanted, something else found"
        case .valueNotFound(let type, let context): "\(place(context)): \(type) wanted, null found"
        case .dataCorrupted(let context):
            "\(place(context)): \(context.debugDescription)\(context.underlyingError.map { ": \($0)" } ?? "")"
        @unknown default: String(describing: error)
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "at the top" : "at \(path)"
    }
}

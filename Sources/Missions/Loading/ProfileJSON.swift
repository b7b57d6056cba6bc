import FoundationEssentials

/// Reads the JSON of a profile, and says file, key path and reason where it cannot.
package enum ProfileJSON {
    /// Decodes a file.
    ///
    /// - Parameters:
    ///   - type: What to make of it.
    ///   - octets: The file.
    ///   - file: Its name, for messages.
    ///   - keys: The keys it may have.
    /// - Returns: The value.
    /// - Throws: `.invalid` with the first thing that is wrong.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from octets: [UInt8],
        file: String,
        keys: KeyTree
    ) throws(MissionError) -> Value {
        let data = Data(octets)
        do {
            let raw = try JSONDecoder().decode(JSONValue.self, from: data)
            if let stranger = keys.firstStranger(in: raw) {
                throw MissionError.invalid(file: file, key: stranger.path, reason: "unknown key; \(stranger.hint)")
            }
            return try JSONDecoder().decode(type, from: data)
        } catch let error as MissionError {
            throw error
        } catch let error as DecodingError {
            throw explain(error, file: file)
        } catch {
            throw .invalid(file: file, key: "", reason: "\(error)")
        }
    }

    private static func explain(_ error: DecodingError, file: String) -> MissionError {
        switch error {
        case .keyNotFound(let key, let context):
            .invalid(file: file, key: path(context.codingPath + [key]), reason: "this key is missing")
        case .typeMismatch(let wanted, let context):
            .invalid(file: file, key: path(context.codingPath), reason: "this is no \(name(of: wanted))")
        case .valueNotFound(let wanted, let context):
            .invalid(
                file: file,
                key: path(context.codingPath),
                reason: "null stands where a \(name(of: wanted)) is due"
            )
        case .dataCorrupted(let context):
            .invalid(file: file, key: path(context.codingPath), reason: reason(of: context))
        @unknown default:
            .invalid(file: file, key: "", reason: "\(error)")
        }
    }

    /// The decoder's own words; for broken syntax its inner error is the one that tells the line.
    private static func reason(of context: DecodingError.Context) -> String {
        guard context.codingPath.isEmpty, let inner = context.underlyingError else { return context.debugDescription }
        let words = "\(inner)"
        guard let start = words.firstRange(of: "NSDebugDescription=")?.upperBound else { return words }
        return "no JSON: " + words[start...].prefix { $0 != "}" && $0 != "\n" }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path
    }

    private static func name(of type: any Any.Type) -> String {
        let name = "\(type)"
        if name.hasPrefix("Dictionary") { return "object" }
        if name.hasPrefix("Array") { return "list" }
        return ["Double": "number", "Int": "whole number", "String": "text", "Bool": "truth value"][name] ?? name
    }
}

import FoundationEssentials

/// One line of newline-delimited JSON: `"v":1`, the event's name, and the keys of its payload beside them.
public struct EventLine<Payload: Encodable>: Encodable {
    private let name: String
    private let payload: Payload

    /// Names an event and what it tells.
    public init(_ name: String, _ payload: Payload) {
        self.name = name
        self.payload = payload
    }

    private enum Keys: String, CodingKey {
        case version = "v"
        case event
    }

    /// Writes version, name and payload into one object.
    public func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encode(1, forKey: .version)
        try keys.encode(name, forKey: .event)
        try payload.encode(to: encoder)
    }

    /// The line with its line break; keys sorted, so that the same event is the same text.
    public var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        guard let data = try? encoder.encode(self) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

/// A payload without keys.
public struct NoPayload: Encodable, Sendable {
    /// Makes it.
    public init() {}
}

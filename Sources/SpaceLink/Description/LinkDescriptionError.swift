/// Why a link description is refused.
public enum LinkDescriptionError: Error, Hashable, CustomStringConvertible {
    /// There is no such key.
    case unknownKey(String)
    /// A key has a value that it cannot have.
    case invalidValue(key: String, value: String, expected: String)
    /// Values that cannot be together, and the rule that they break.
    case impossible(rule: String)
    /// Something that may be described but cannot be done yet.
    case unsupported(feature: String)

    /// A whole sentence.
    public var description: String {
        switch self {
        case .unknownKey(let key): "A link description has no key “\(key)”."
        case .invalidValue(let key, let value, let expected): "“\(value)” is no value for \(key): \(expected)."
        case .impossible(let rule): rule
        case .unsupported(let feature): "\(feature) cannot be decoded or encoded by this version."
        }
    }
}

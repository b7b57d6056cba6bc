/// Which keys a JSON object may have, level by level.
package indirect enum KeyTree: Sendable {
    /// Whatever stands here is checked by the type that reads it.
    case any
    /// An object of these keys and no others.
    case object([String: KeyTree])
    /// A list whose elements are all alike.
    case list(KeyTree)
    /// An object whose keys are names, and whose values are all alike.
    case names(KeyTree)

    /// An object of plain values.
    package static func plain(_ keys: String...) -> KeyTree {
        .object(Dictionary(keys.map { ($0, .any) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The first key that does not belong, with its path and what to write instead.
    package func firstStranger(in value: JSONValue, path: String = "") -> (path: String, hint: String)? {
        switch (self, value) {
        case (.object(let known), .object(let found)):
            for (key, child) in found.sorted(by: { $0.key < $1.key }) {
                let here = path.isEmpty ? key : "\(path).\(key)"
                guard let tree = known[key] else { return (here, NearestName.hint(for: key, among: known.keys)) }
                if let stranger = tree.firstStranger(in: child, path: here) { return stranger }
            }
        case (.names(let tree), .object(let found)):
            for (key, child) in found.sorted(by: { $0.key < $1.key }) {
                let here = path.isEmpty ? key : "\(path).\(key)"
                if let stranger = tree.firstStranger(in: child, path: here) { return stranger }
            }
        case (.list(let tree), .list(let found)):
            for (index, child) in found.enumerated() {
                if let stranger = tree.firstStranger(in: child, path: "\(path)[\(index)]") { return stranger }
            }
        case (.any, _), (.object, _), (.names, _), (.list, _):
            // A value of the wrong kind is named by the decoder, which knows what it wanted.
            return nil
        }
        return nil
    }
}

/// Any JSON, kept only as far as its keys matter.
package enum JSONValue: Decodable, Sendable {
    /// An object.
    case object([String: JSONValue])
    /// A list.
    case list([JSONValue])
    /// A number, a text, a truth value or null.
    case leaf

    /// Reads whatever stands there.
    package init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if let object = try? single.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let list = try? single.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .leaf
        }
    }
}

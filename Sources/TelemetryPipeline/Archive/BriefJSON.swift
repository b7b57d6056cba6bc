import FoundationEssentials

/// JSON of a value whose absent keys have defaults, without what goes without saying.
///
/// It is written into every archive, however small.
enum BriefJSON {
    /// Encodes a value with only those keys without which another value would be read.
    ///
    /// - Parameter value: The value.
    /// - Returns: The text in UTF-8, keys sorted.
    /// - Throws: What the encoder throws.
    static func encode<Value: Codable & Equatable>(_ value: Value) throws -> [UInt8] {
        var tree = try JSONDecoder().decode(Tree.self, from: Data(JSONFile.encode(value)))
        try tree.prune { try JSONDecoder().decode(Value.self, from: Data(JSONFile.encode($0))) == value }
        return try JSONFile.encode(tree)
    }

    private enum Tree: Codable {
        case object([String: Tree])
        case list([Tree])
        case text(String)
        case flag(Bool)
        case whole(Int64)
        case number(Double)

        init(from decoder: any Decoder) throws {
            let single = try decoder.singleValueContainer()
            if let value = try? single.decode([String: Tree].self) {
                self = .object(value)
            } else if let value = try? single.decode([Tree].self) {
                self = .list(value)
            } else if let value = try? single.decode(String.self) {
                self = .text(value)
            } else if let value = try? single.decode(Bool.self) {
                self = .flag(value)
            } else if let value = try? single.decode(Int64.self) {
                self = .whole(value)
            } else {
                self = .number(try single.decode(Double.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var single = encoder.singleValueContainer()
            switch self {
            case .object(let value): try single.encode(value)
            case .list(let value): try single.encode(value)
            case .text(let value): try single.encode(value)
            case .flag(let value): try single.encode(value)
            case .whole(let value): try single.encode(value)
            case .number(let value): try single.encode(value)
            }
        }

        /// Takes keys away, those of inner objects where the whole object must stay.
        mutating func prune(while isSame: (Tree) throws -> Bool) throws {
            guard case .object(var members) = self else { return }
            for key in members.keys.sorted() {
                guard var child = members.removeValue(forKey: key) else { continue }
                // What cannot be read at all is not the same either.
                if (try? isSame(.object(members))) == true { continue }
                let others = members
                try child.prune { try isSame(.object(others.merging([key: $0]) { $1 })) }
                members[key] = child
            }
            self = .object(members)
        }
    }
}

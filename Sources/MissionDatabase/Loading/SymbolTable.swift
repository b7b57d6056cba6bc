/// The space systems of a database, and the search for what a name means in one of them.
struct SymbolTable {
    /// What a name may stand for.
    enum Kind: String {
        case type = "parameter type"
        case parameter
        case container
    }

    /// One space system.
    private struct Scope {
        let path: String
        let parent: Int?
        var systems: [String: Int] = [:]
        var types: [String: Int] = [:]
        var parameters: [String: Int] = [:]
        var containers: [String: Int] = [:]
    }

    private var scopes: [Scope] = []

    /// Opens a space system inside another; `nil` if the name is taken.
    mutating func open(_ name: String, in parent: Int?) -> Int? {
        let index = scopes.count
        if let parent {
            guard scopes[parent].systems.updateValue(index, forKey: name) == nil else { return nil }
        }
        let path = (parent.map { scopes[$0].path } ?? "") + "/" + name
        scopes.append(Scope(path: path, parent: parent))
        return index
    }

    /// The path of a name in a scope.
    func qualified(_ name: String, in scope: Int) -> String {
        scopes[scope].path + "/" + name
    }

    /// Defines a name; `false` if it is taken.
    mutating func define(_ kind: Kind, _ name: String, as index: Int, in scope: Int) -> Bool {
        switch kind {
        case .type: scopes[scope].types.updateValue(index, forKey: name) == nil
        case .parameter: scopes[scope].parameters.updateValue(index, forKey: name) == nil
        case .container: scopes[scope].containers.updateValue(index, forKey: name) == nil
        }
    }

    /// What a reference means: a name in the scope or those above it, or a path.
    func find(_ kind: Kind, _ reference: String, from scope: Int) -> Int? {
        if reference.hasPrefix("/") {
            let parts = reference.split(separator: "/")
            guard let first = parts.first, let root = scopes.first, root.path.dropFirst() == first else { return nil }
            return walk(kind, parts.dropFirst(), from: 0)
        }
        let parts = reference.split(separator: "/", omittingEmptySubsequences: false)
        var next: Int? = scope
        while let current = next {
            if let found = walk(kind, parts[...], from: current) { return found }
            next = scopes[current].parent
        }
        return nil
    }

    private func walk(_ kind: Kind, _ path: ArraySlice<Substring>, from start: Int) -> Int? {
        guard let name = path.last else { return nil }
        var scope = start
        for part in path.dropLast() {
            switch part {
            case ".": continue
            case "..":
                guard let parent = scopes[scope].parent else { return nil }
                scope = parent
            default:
                guard let inner = scopes[scope].systems[String(part)] else { return nil }
                scope = inner
            }
        }
        switch kind {
        case .type: return scopes[scope].types[String(name)]
        case .parameter: return scopes[scope].parameters[String(name)]
        case .container: return scopes[scope].containers[String(name)]
        }
    }
}

/// Containers and their entries.
extension Loader {
    mutating func containerDefinition(_ record: ContainerRecord) throws(XTCEError) -> ContainerDefinition {
        let element = record.element
        var container = ContainerDefinition(place: place(element), name: try required(element, "name"))
        container.isAbstract = try boolean(element, "abstract", default: false)
        if let size = element.first("BinaryEncoding")?.first("SizeInBits") {
            if case .fixed(let bits) = try self.size(size, scope: record.scope) {
                container.size = bits
            } else {
                note(size, "a container size that depends on a value is not supported; it is not used")
            }
        }
        if let base = element.first("BaseContainer") {
            let reference = try required(base, "containerRef")
            guard let index = symbols.find(.container, reference, from: record.scope) else {
                throw .unknownReference(place(base), kind: "container", name: reference)
            }
            container.base = index
            if let criteria = base.first("RestrictionCriteria") {
                container.criterion = try restriction(criteria, scope: record.scope)
            }
        }
        for entry in element.first("EntryList")?.children ?? [] {
            container.entries.append(try self.entry(entry, scope: record.scope))
        }
        return container
    }

    private mutating func restriction(_ element: XMLElement, scope: Int) throws(XTCEError) -> Criterion? {
        if let next = element.first("NextContainer") { note(next, "<NextContainer> is not supported") }
        if element.children.allSatisfy({ $0.name == "NextContainer" }) { return nil }
        return try criterion(element, scope: scope)
    }

    private mutating func entry(_ element: XMLElement, scope: Int) throws(XTCEError) -> EntryDefinition {
        var entry = EntryDefinition(place: place(element), kind: try kind(of: element, scope: scope))
        if let location = element.first("LocationInContainerInBits") {
            entry.location = try self.location(location, scope: scope)
        }
        if let repeats = element.first("RepeatEntry") {
            guard let count = repeats.first("Count") else {
                throw .missingElement(place(repeats), element: repeats.name, child: "Count")
            }
            let gap = try repeats.first("Offset").map { offset throws(XTCEError) in try size(offset, scope: scope) }
            entry.repeats = (try size(count, scope: scope), gap ?? .fixed(0))
        }
        if let condition = element.first("IncludeCondition") {
            entry.condition = try criterion(condition, scope: scope)
        }
        return entry
    }

    private mutating func kind(of element: XMLElement, scope: Int) throws(XTCEError) -> EntryDefinition.Kind {
        switch element.name {
        case "ParameterRefEntry":
            let index = try parameter(element, scope: scope)
            return .parameters(leaves(of: index))
        case "ArrayParameterRefEntry":
            return try arrayEntry(element, scope: scope)
        case "ContainerRefEntry":
            let name = try required(element, "containerRef")
            guard let index = symbols.find(.container, name, from: scope) else {
                throw .unknownReference(place(element), kind: "container", name: name)
            }
            return .container(index)
        case "FixedValueEntry":
            return .gap(try integer(element, "sizeInBits", default: nil, in: 0...Self.maximumBits))
        default:
            note(element, "<\(element.name)> is not supported; decoding stops there")
            return .unsupported
        }
    }

    private func parameter(_ element: XMLElement, scope: Int) throws(XTCEError) -> Int {
        let name = try required(element, "parameterRef")
        guard let index = symbols.find(.parameter, name, from: scope) else {
            throw .unknownReference(place(element), kind: "parameter", name: name)
        }
        return index
    }

    /// A parameter, or the simple ones it consists of.
    private func leaves(of parameter: Int) -> [Int] {
        members[parameter].isEmpty ? [parameter] : members[parameter].flatMap { leaves(of: $0) }
    }

    /// The elements of an array that an entry names by its own dimensions, or all.
    private mutating func arrayEntry(_ element: XMLElement, scope: Int) throws(XTCEError) -> EntryDefinition.Kind {
        let index = try parameter(element, scope: scope)
        guard case .array(let type, _) = types[parameterTypes[index]].shape else {
            let name = try required(element, "parameterRef")
            throw .invalidValue(place(element), what: "parameterRef", value: name, expected: "an array")
        }
        guard let list = element.first("DimensionList") else { return .parameters(leaves(of: index)) }
        guard let dimensions = try dimensions(list) else { return .unsupported }
        var found: [Int] = []
        for suffix in try Self.suffixes(dimensions, place: place(element)) {
            let name = parameters[index].name + suffix
            let home = parameterScopes[index]
            if let known = symbols.find(.parameter, name, from: home) {
                found += leaves(of: known)
                continue
            }
            var part = Parameter(name: name, qualifiedName: symbols.qualified(name, in: home))
            part.unit = types[type].unit
            found += leaves(of: try define(part, type: type, scope: home, place: place(element), depth: 1))
        }
        return .parameters(found)
    }

    private mutating func location(
        _ element: XMLElement,
        scope: Int
    ) throws(XTCEError) -> (EntryDefinition.Origin, SizeDefinition)? {
        let bits = try size(element, scope: scope, allowsNegative: true)
        switch element.attribute("referenceLocation") ?? "previousEntry" {
        case "previousEntry": return (.previousEntry, bits)
        case "containerStart": return (.containerStart, bits)
        case "containerEnd": return (.containerEnd, bits)
        case let name:
            note(element, "the reference location \(name) is not supported; the entry follows the one before")
            return nil
        }
    }
}

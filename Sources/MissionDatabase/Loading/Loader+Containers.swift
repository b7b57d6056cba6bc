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
        if let array = try dynamicArray(element, scope: scope) {
            entry.kind = .parameters(array.elements)
            entry.repeats = (array.count, .fixed(0))
        }
        if let location = element.first("LocationInContainerInBits") {
            entry.location = try self.location(location, scope: scope)
            if entry.location == nil { entry.kind = .unsupported }
        }
        if let repeats = element.first("RepeatEntry"), entry.repeats != nil {
            note(repeats, "a repeated array of a size that depends on a value is not supported; decoding stops there")
            entry.kind = .unsupported
        } else if let repeats = element.first("RepeatEntry") {
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
            found += leaves(of: try self.element(of: index, suffix, type: type, place: place(element)))
        }
        return .parameters(found)
    }

    /// An element of an array as a parameter of its own.
    private mutating func element(
        of array: Int,
        _ suffix: String,
        type: Int,
        place: Place
    ) throws(XTCEError) -> Int {
        let name = parameters[array].name + suffix
        let home = parameterScopes[array]
        if let known = symbols.find(.parameter, name, from: home) { return known }
        var part = Parameter(name: name, qualifiedName: symbols.qualified(name, in: home))
        part.unit = types[type].unit
        return try define(part, type: type, scope: home, place: place, depth: 1)
    }

    /// An array whose last index depends on a value: one element, named `P[]`, and how often it is repeated.
    private mutating func dynamicArray(
        _ entry: XMLElement,
        scope: Int
    ) throws(XTCEError) -> (elements: [Int], count: SizeDefinition)? {
        guard entry.name == "ParameterRefEntry" || entry.name == "ArrayParameterRefEntry" else { return nil }
        let index = try parameter(entry, scope: scope)
        guard case .array(let type, _) = types[parameterTypes[index]].shape else { return nil }
        let ancestry = try ancestry(typeRecords[parameterTypes[index]])
        let own = entry.first("DimensionList").map { (element: $0, scope: scope) }
        guard let (list, home) = own ?? ancestry.first("DimensionList"), try dimensions(list) == nil else { return nil }
        guard let count = try dynamicCount(list, scope: home) else {
            note(list, "more than one dimension that depends on a value is not supported; decoding stops there")
            return nil
        }
        let part = try element(of: index, "[]", type: type, place: place(entry))
        return (leaves(of: part), count)
    }

    /// The number of elements of a single dimension from a fixed start to an end that depends on a value.
    private mutating func dynamicCount(_ list: XMLElement, scope: Int) throws(XTCEError) -> SizeDefinition? {
        let dimensions = list.all("Dimension")
        guard dimensions.count == 1, let end = dimensions[0].first("EndingIndex") else { return nil }
        var start = 0
        if let bound = dimensions[0].first("StartingIndex") {
            guard let fixed = bound.first("FixedValue") else { return nil }
            start = try content(fixed, in: 0...Self.maximumParameters)
        }
        switch try size(end, scope: scope) {
        case .fixed(let last): return .fixed(max(0, last + 1 - start))
        case .lookup(let entries): return .lookup(entries.map { ($0.criterion, max(0, $0.value + 1 - start)) })
        case .dynamic(let reference, let slope, let intercept):
            return .dynamic(reference, slope: slope, intercept: intercept + Double(1 - start))
        }
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
            note(element, "the reference location \(name) is not supported; decoding stops there")
            return nil
        }
    }
}

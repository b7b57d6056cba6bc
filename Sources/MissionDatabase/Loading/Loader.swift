/// Reads the tree of a document into definitions with all names resolved.
///
/// Names may be used before they are defined, so this goes in steps: collect what is named, resolve types, take
/// parameters of composite types apart, read the rest.
struct Loader {
    /// More parameters than this, members of arrays and aggregates included, are refused.
    static let maximumParameters = 1_000_000
    /// Longer chains of inheritance or reference are refused, because work along them may recurse.
    static let maximumDepth = 64

    /// A parameter type as found.
    struct TypeRecord {
        let element: XMLElement
        let scope: Int
    }

    /// A container as found.
    struct ContainerRecord {
        let element: XMLElement
        let scope: Int
    }

    let file: String
    let options: MissionDatabase.Options
    private(set) var name = ""
    private(set) var version: String?
    private(set) var date: String?
    var symbols = SymbolTable()
    var diagnostics: [Diagnostic] = []
    var typeRecords: [TypeRecord] = []
    var types: [TypeDefinition] = []
    var parameters: [Parameter] = []
    /// For each parameter its type, the scope of its definition, and its members if it is an array or aggregate.
    var parameterTypes: [Int] = []
    var parameterScopes: [Int] = []
    var members: [[Int]] = []
    var initialValues: [String?] = []
    private var parameterElements: [(element: XMLElement, scope: Int)] = []
    private var containerRecords: [ContainerRecord] = []
    var containers: [ContainerDefinition] = []
    var containerNames: [Container] = []

    init(file: String, options: MissionDatabase.Options) {
        self.file = file
        self.options = options
    }

    /// Reads everything.
    mutating func load(_ octets: [UInt8]) throws(XTCEError) {
        let root = try XMLReader.read(octets, file: file)
        guard root.name == "SpaceSystem" else {
            throw .unexpectedRoot(place(root), found: root.name)
        }
        name = try required(root, "name")
        version = root.first("Header")?.attribute("version")
        date = root.first("Header")?.attribute("date")
        try collect(root, in: nil)
        try loadTypes()
        try loadParameters()
        for index in typeRecords.indices {
            try loadEncoding(index)
            try loadContextAlarms(index)
        }
        for index in containerRecords.indices { try loadContainer(index) }
        try refuseCycles()
    }

    // MARK: Collecting names

    private mutating func collect(_ system: XMLElement, in parent: Int?) throws(XTCEError) {
        let name = try required(system, "name")
        guard let scope = symbols.open(name, in: parent) else { throw .duplicateName(place(system), name: name) }
        for child in system.children {
            switch child.name {
            case "SpaceSystem": try collect(child, in: scope)
            case "TelemetryMetaData": try collectMetaData(child, in: scope)
            case "CommandMetaData": try collectCommandData(child, in: scope)
            case "Header", "AliasSet", "LongDescription", "AncillaryDataSet": continue
            default: note(child, "<\(child.name)> is not used")
            }
        }
    }

    private mutating func collectMetaData(_ data: XMLElement, in scope: Int) throws(XTCEError) {
        for child in data.children {
            switch child.name {
            case "ParameterTypeSet": try collectTypes(child, in: scope)
            case "ParameterSet": collectParameters(child, in: scope)
            case "ContainerSet": try collectContainers(child, in: scope)
            default: note(child, "<\(child.name)> is not supported")
            }
        }
    }

    /// Command descriptions are not ours, but telemetry may refer to parameters that stand among them.
    private mutating func collectCommandData(_ data: XMLElement, in scope: Int) throws(XTCEError) {
        for child in data.children {
            switch child.name {
            case "ParameterTypeSet": try collectTypes(child, in: scope)
            case "ParameterSet": collectParameters(child, in: scope)
            default: continue
            }
        }
    }

    private mutating func collectTypes(_ set: XMLElement, in scope: Int) throws(XTCEError) {
        for element in set.children {
            let name = try required(element, "name")
            guard symbols.define(.type, name, as: typeRecords.count, in: scope) else {
                throw .duplicateName(place(element), name: name)
            }
            typeRecords.append(TypeRecord(element: element, scope: scope))
        }
    }

    private mutating func collectParameters(_ set: XMLElement, in scope: Int) {
        for element in set.children {
            if element.name == "Parameter" {
                parameterElements.append((element, scope))
            } else if element.name != "ParameterRef" {
                note(element, "<\(element.name)> is not supported")
            }
        }
    }

    private mutating func collectContainers(_ set: XMLElement, in scope: Int) throws(XTCEError) {
        for element in set.children {
            guard element.name == "SequenceContainer" else {
                note(element, "<\(element.name)> is not supported")
                continue
            }
            let name = try required(element, "name")
            guard symbols.define(.container, name, as: containerRecords.count, in: scope) else {
                throw .duplicateName(place(element), name: name)
            }
            containerRecords.append(ContainerRecord(element: element, scope: scope))
            containerNames.append(
                Container(
                    name: name,
                    qualifiedName: symbols.qualified(name, in: scope),
                    isAbstract: try boolean(element, "abstract", default: false),
                    description: element.attribute("shortDescription")
                )
            )
        }
    }

    // MARK: Parameters

    private mutating func loadParameters() throws(XTCEError) {
        for (element, scope) in parameterElements {
            let name = try required(element, "name")
            let reference = try required(element, "parameterTypeRef")
            guard let type = symbols.find(.type, reference, from: scope) else {
                throw .unknownReference(place(element), kind: "parameter type", name: reference)
            }
            var parameter = Parameter(name: name, qualifiedName: symbols.qualified(name, in: scope))
            parameter.unit = types[type].unit
            parameter.epoch = types[type].epoch
            parameter.description = element.attribute("shortDescription")
            if parameter.description == nil { parameter.description = element.first("LongDescription")?.trimmedText }
            if let condition = element.first("ParameterProperties")?.first("ValidityCondition") {
                note(condition, "<ValidityCondition> is not supported; the value always counts")
            }
            for data in element.first("AncillaryDataSet")?.all("AncillaryData") ?? [] {
                switch data.attribute("name") {
                case "perilune.role": parameter.role = data.trimmedText
                case "perilune.kind": parameter.kind = data.trimmedText
                case "perilune.timeTag": parameter.timeTag = data.trimmedText
                default: continue
                }
            }
            try define(
                parameter,
                type: type,
                scope: scope,
                initialValue: element.attribute("initialValue") ?? types[type].initialValue,
                place: place(element),
                depth: 0
            )
        }
    }

    /// Adds a parameter, and the members of an array or aggregate as parameters of their own.
    @discardableResult
    mutating func define(
        _ parameter: Parameter,
        type: Int,
        scope: Int,
        initialValue: String? = nil,
        place: Place,
        depth: Int
    ) throws(XTCEError) -> Int {
        guard depth <= Self.maximumDepth else {
            throw .cyclicReference(place, kind: "parameter type", name: types[type].name)
        }
        guard parameters.count < Self.maximumParameters else {
            throw .tooLarge(place, what: "parameters with their members", limit: Self.maximumParameters)
        }
        let index = parameters.count
        guard symbols.define(.parameter, parameter.name, as: index, in: scope) else {
            throw .duplicateName(place, name: parameter.name)
        }
        parameters.append(parameter)
        parameterTypes.append(type)
        parameterScopes.append(scope)
        initialValues.append(initialValue)
        members.append([])
        var parts: [Int] = []
        switch types[type].shape {
        case .aggregate(let list):
            for member in list {
                let part = part(of: parameter, suffix: "." + member.name, type: member.type)
                parts.append(try define(part, type: member.type, scope: scope, place: place, depth: depth + 1))
            }
        case .array(let element, let dimensions?):
            for suffix in try Self.suffixes(dimensions, place: place) {
                let part = part(of: parameter, suffix: suffix, type: element)
                parts.append(try define(part, type: element, scope: scope, place: place, depth: depth + 1))
            }
        default: break
        }
        members[index] = parts
        return index
    }

    private func part(of parameter: Parameter, suffix: String, type: Int) -> Parameter {
        var part = Parameter(name: parameter.name + suffix, qualifiedName: parameter.qualifiedName + suffix)
        part.unit = types[type].unit
        part.epoch = types[type].epoch
        return part
    }

    /// The index suffixes of all elements, the last dimension running fastest.
    static func suffixes(_ dimensions: [ClosedRange<Int>], place: Place) throws(XTCEError) -> [String] {
        var suffixes = [""]
        for range in dimensions {
            let (count, overflow) = suffixes.count.multipliedReportingOverflow(by: range.count)
            guard !overflow, count <= maximumParameters else {
                throw .tooLarge(place, what: "array elements", limit: maximumParameters)
            }
            suffixes = suffixes.flatMap { prefix in range.map { "\(prefix)[\($0)]" } }
        }
        return suffixes
    }

    // MARK: Containers

    private mutating func loadContainer(_ index: Int) throws(XTCEError) {
        containers.append(try containerDefinition(containerRecords[index]))
    }

    /// Refuses inheritance and references that lead back to where they began, or go too deep.
    private func refuseCycles() throws(XTCEError) {
        var heights = [Int?](repeating: nil, count: containers.count)
        for index in containers.indices {
            _ = try height(of: index, path: [], heights: &heights)
        }
    }

    /// The longest chain of bases and references from a container.
    private func height(of index: Int, path: [Int], heights: inout [Int?]) throws(XTCEError) -> Int {
        if let known = heights[index] { return known }
        let container = containers[index]
        if path.contains(index) {
            throw .cyclicReference(container.place, kind: "container", name: container.name)
        }
        let tooDeep = XTCEError.tooLarge(container.place, what: "levels of containers", limit: Self.maximumDepth)
        guard path.count < Self.maximumDepth else { throw tooDeep }
        var next = container.entries.compactMap { entry in
            if case .container(let reference) = entry.kind { reference } else { nil }
        }
        if let base = container.base { next.append(base) }
        var height = 0
        let path = path + [index]
        for reference in next {
            height = max(height, try self.height(of: reference, path: path, heights: &heights))
        }
        guard height < Self.maximumDepth else { throw tooDeep }
        heights[index] = height + 1
        return height + 1
    }
}

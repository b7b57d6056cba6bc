/// What the packets of a mission mean: an XTCE 1.2 database, read and checked.
///
/// ```
/// XTCE ─▶ MissionDatabase ─▶ makeDecoder()  ─▶ PacketDecoder.decode(packet, into: &samples)
///                         └▶ makeEncoder(…) ─▶ PacketEncoder.set(slot, …), encode(into: &octets)
/// ```
/// The database is the only source of packet layouts, for both ways. Elements of CCSDS 660.0-B that are not supported
/// are named in ``diagnostics``; decoding goes on as long as a packet does not need them. Elements of XTCE 1.1 and
/// 1.3, and files without a namespace, are read by the same local names.
public struct MissionDatabase: Sendable {
    /// What the standard leaves open.
    public struct Options: Sendable, Hashable {
        /// In what the size tag in front of a text counts; the schema does not say.
        public enum SizeTagUnit: String, Sendable, Hashable {
            /// As most ground systems read it.
            case octets
            /// As some others do.
            case bits
        }

        /// The unit of size tags.
        public var sizeTagUnit = SizeTagUnit.octets

        /// Options with their usual values.
        public init() {}
    }

    /// The name of the root space system.
    public let name: String
    /// The version that its header gives.
    public let version: String?
    /// The date that its header gives, as written.
    public let date: String?
    /// All parameters; members of aggregates and arrays follow the parameter they belong to.
    public let parameters: [Parameter]
    /// All containers, in the order of the file.
    public let containers: [Container]
    /// What the file has and this reader does not support.
    public let diagnostics: [Diagnostic]
    let definitions: Definitions

    /// Everything resolved that plans are made of.
    struct Definitions: Sendable {
        let file: String
        let options: Options
        let types: [TypeDefinition]
        let parameterTypes: [Int]
        let initialValues: [String?]
        let containers: [ContainerDefinition]
    }

    /// Reads a database.
    ///
    /// - Parameters:
    ///   - octets: The XML document, in UTF-8, or in UTF-16 with a byte order mark.
    ///   - name: The name of the file, for messages.
    ///   - options: What the standard leaves open.
    /// - Throws: What is wrong with the document or in the database, with its place.
    public init(
        xtce octets: [UInt8],
        name: String = "database.xml",
        options: Options = Options()
    ) throws(XTCEError) {
        var loader = Loader(file: name, options: options)
        try loader.load(octets)
        self.name = loader.name
        version = loader.version
        date = loader.date
        parameters = loader.parameters
        containers = loader.containerNames
        definitions = Definitions(
            file: name,
            options: options,
            types: loader.types,
            parameterTypes: loader.parameterTypes,
            initialValues: loader.initialValues,
            containers: loader.containers
        )
        var check = PlanCompiler(parameters: loader.parameters, definitions: definitions)
        diagnostics = loader.diagnostics + (try check.checkAll())
    }

    /// Compiles a decoder for the packets of a root container.
    ///
    /// - Parameter root: The name of the root; by default `CCSDSPacket`, or else the first container without a base
    ///   from which others inherit, or else the only one that no other includes.
    /// - Returns: A decoder with its own state; copies work independently.
    /// - Throws: ``XTCEError/unknownContainer(_:)``, ``XTCEError/noRootContainer(file:)``, or the limit that the plan
    ///   exceeds.
    public func makeDecoder(root: String? = nil) throws(XTCEError) -> PacketDecoder {
        let index: Int
        if let root { index = try container(named: root) } else { index = try defaultRoot() }
        var compiler = PlanCompiler(parameters: parameters, definitions: definitions)
        return PacketDecoder(plan: try compiler.compile(root: index))
    }

    /// Compiles an encoder for packets of a container.
    ///
    /// - Parameter container: The container's name, plain or qualified.
    /// - Returns: An encoder in which all values that the inheritance fixes are set, and all others zero or their
    ///   initial value.
    /// - Throws: ``XTCEError/unknownContainer(_:)``, or ``XTCEError/dynamicLayout(container:reason:)`` if the layout is
    ///   not the same for all packets.
    public func makeEncoder(container: String) throws(XTCEError) -> PacketEncoder {
        let index = try self.container(named: container)
        var compiler = EncoderCompiler(database: self, container: index)
        return try compiler.compile()
    }

    /// The index of a parameter by its plain or qualified name; the first if several space systems use the name.
    public func parameterIndex(_ name: String) -> Int? {
        parameters.firstIndex { $0.qualifiedName == name } ?? parameters.firstIndex { $0.name == name }
    }

    /// The index of a container by its plain or qualified name; the first if several space systems use the name.
    public func containerIndex(_ name: String) -> Int? {
        containers.firstIndex { $0.qualifiedName == name } ?? containers.firstIndex { $0.name == name }
    }

    /// The parameters that a packet of a container may give, in order: those of its bases, included and its own.
    ///
    /// Entries under a condition are among them, repeated ones once for each entry.
    public func parameterIndices(ofContainer index: Int) -> [Int] {
        var found: [Int] = []
        var effort = 0
        collectParameters(of: index, into: &found, &effort)
        return found
    }

    private func collectParameters(of index: Int, into found: inout [Int], _ effort: inout Int) {
        let container = definitions.containers[index]
        // Containers that include each other many times over are refused when they are compiled, and end here.
        effort += 1 + container.entries.count
        guard effort <= PlanCompiler.maximumSteps else { return }
        if let base = container.base { collectParameters(of: base, into: &found, &effort) }
        for entry in container.entries {
            switch entry.kind {
            case .parameters(let list): found += list
            case .container(let inner): collectParameters(of: inner, into: &found, &effort)
            case .gap, .unsupported: continue
            }
        }
    }

    private func container(named name: String) throws(XTCEError) -> Int {
        guard let index = containerIndex(name) else { throw .unknownContainer(name) }
        return index
    }

    private func defaultRoot() throws(XTCEError) -> Int {
        let all = definitions.containers
        if let index = containers.firstIndex(where: { $0.name == "CCSDSPacket" }) { return index }
        let bases = Set(all.compactMap { $0.base })
        let roots = all.indices.filter { all[$0].base == nil }
        if let index = roots.first(where: { bases.contains($0) }) { return index }
        var included: Set<Int> = []
        for entry in all.flatMap({ $0.entries }) {
            if case .container(let reference) = entry.kind { included.insert(reference) }
        }
        guard let index = roots.first(where: { !included.contains($0) }) else {
            throw .noRootContainer(file: definitions.file)
        }
        return index
    }
}

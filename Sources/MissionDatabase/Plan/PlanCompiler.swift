/// Turns definitions into the flat tables of a decoding plan.
struct PlanCompiler {
    /// More steps and fields than this are refused: containers that include containers could else grow without end.
    static let maximumSteps = 500_000

    let parameters: [Parameter]
    let definitions: MissionDatabase.Definitions
    var tables = DecodingPlan.Tables()
    var diagnostics: [Diagnostic] = []
    /// The register of each parameter on which something depends.
    private(set) var registers: [Int: Int32] = [:]
    private var children: [[Int]] = []
    private var treatmentIndices: [Int: Int32] = [:]
    private var labelIndices: [String: Int32] = [:]
    /// The first field of the run that is being filled.
    private var runStart = 0
    /// How much has been compiled that leaves nothing in the tables.
    private var effort = 0
    /// The coefficients 0 and 1, once they are needed.
    private var identity: Range<Int>?

    init(parameters: [Parameter], definitions: MissionDatabase.Definitions) {
        self.parameters = parameters
        self.definitions = definitions
        collectRegisters()
        children = [[Int]](repeating: [], count: definitions.containers.count)
        for (index, container) in definitions.containers.enumerated() {
            if let base = container.base { children[base].append(index) }
        }
    }

    /// Compiles every condition and calibration once, so that faults come to light when the database is read.
    ///
    /// - Returns: What is not supported.
    mutating func checkAll() throws(XTCEError) -> [Diagnostic] {
        for container in definitions.containers {
            if let criterion = container.criterion { _ = try test(criterion) }
            for entry in container.entries {
                if let condition = entry.condition { _ = try test(condition) }
                if case .parameters(let list) = entry.kind {
                    for parameter in list { try checkEncoding(of: parameter, at: entry.place) }
                }
            }
        }
        return diagnostics
    }

    private mutating func checkEncoding(of parameter: Int, at place: Place) throws(XTCEError) {
        _ = try treatment(of: parameter)
        guard case .none(let reason) = type(of: parameter).encoding else { return }
        let name = parameters[parameter].name
        diagnostics.append(Diagnostic(place: place, text: "\(name) cannot be decoded: \(reason)"))
    }

    /// Compiles the plan of a root container.
    mutating func compile(root: Int) throws(XTCEError) -> DecodingPlan {
        let node = try node(root)
        tables.registerCount = registers.count
        return DecodingPlan(tables: tables, root: node)
    }

    func type(of parameter: Int) -> TypeDefinition {
        definitions.types[definitions.parameterTypes[parameter]]
    }

    func register(_ reference: ParameterReference) -> Int32 {
        registers[reference.parameter] ?? -1
    }

    // MARK: Registers

    private mutating func collectRegisters() {
        for type in definitions.types {
            for context in type.contexts {
                collect(context.criterion)
                collect(context.calibrator)
            }
            for context in type.alarmContexts { collect(context.criterion) }
            if let calibrator = type.calibrator { collect(calibrator) }
            switch type.encoding {
            case .binary(let size): collect(size)
            case .text(let text): if let buffer = text.buffer { collect(buffer) }
            case .number, .none: continue
            }
        }
        for container in definitions.containers {
            if let criterion = container.criterion { collect(criterion) }
            for entry in container.entries {
                if let condition = entry.condition { collect(condition) }
                if let location = entry.location { collect(location.bits) }
                if let repeats = entry.repeats {
                    collect(repeats.count)
                    collect(repeats.gap)
                }
            }
        }
    }

    private mutating func collect(_ reference: ParameterReference) {
        if registers[reference.parameter] == nil { registers[reference.parameter] = Int32(registers.count) }
    }

    private mutating func collect(_ criterion: Criterion) {
        switch criterion {
        case .comparison(let comparison):
            collect(comparison.left)
            if case .parameter(let right) = comparison.right { collect(right) }
        case .all(let parts), .any(let parts), .exactlyOne(let parts):
            for part in parts { collect(part) }
        case .never: return
        }
    }

    private mutating func collect(_ size: SizeDefinition) {
        switch size {
        case .fixed: return
        case .dynamic(let reference, _, _): collect(reference)
        case .lookup(let entries): for entry in entries { collect(entry.criterion) }
        }
    }

    private mutating func collect(_ calibrator: CalibratorDefinition) {
        guard case .postfix(let steps) = calibrator else { return }
        for case .parameter(let reference) in steps { collect(reference) }
    }

    // MARK: Containers

    /// Compiles a container and all that derive from it.
    private mutating func node(_ index: Int) throws(XTCEError) -> Int {
        let container = definitions.containers[index]
        let first = tables.steps.count
        try emitEntries(of: index)
        closeRun()
        let steps = first..<tables.steps.count
        var branches: [DecodingPlan.Branch] = []
        for child in children[index] {
            let criterion = definitions.containers[child].criterion
            let test = try criterion.map { criterion throws(XTCEError) in try self.test(criterion) } ?? -1
            branches.append(DecodingPlan.Branch(test: test, node: Int32(try node(child))))
        }
        let start = tables.branches.count
        tables.branches += branches
        let dispatch = try self.dispatch(children[index], firstBranch: start)
        tables.nodes.append(
            DecodingPlan.Node(
                container: Int32(index),
                isAbstract: container.isAbstract,
                size: container.size ?? -1,
                steps: steps,
                branches: start..<tables.branches.count,
                dispatch: dispatch
            )
        )
        return tables.nodes.count - 1
    }

    private mutating func emitEntries(of index: Int) throws(XTCEError) {
        for entry in definitions.containers[index].entries { try emit(entry) }
    }

    /// An included container: the entries of its bases first.
    private mutating func emitIncluded(_ index: Int) throws(XTCEError) {
        try spend()
        var chain = [index]
        while let base = definitions.containers[chain[0]].base { chain.insert(base, at: 0) }
        let size = definitions.containers[index].size
        // Only an included container that says where something lies needs its own start and end.
        let origins = chain.flatMap { definitions.containers[$0].entries }.compactMap { $0.location?.origin }
        let isFramed = size != nil || origins.contains { $0 != .previousEntry }
        if isFramed { try step(.enter(size: Int32(clamping: size ?? -1))) }
        for container in chain { try emitEntries(of: container) }
        if isFramed { try step(.leave) }
    }

    private mutating func emit(_ entry: EntryDefinition) throws(XTCEError) {
        guard entry.condition != nil || entry.location != nil || entry.repeats != nil else {
            return try emitKind(entry)
        }
        closeRun()
        var guardPlace: Int?
        var guardTest: Int32 = 0
        if let condition = entry.condition {
            guardTest = try test(condition)
            guardPlace = tables.steps.count
            try step(.unsupported)
        }
        if let location = entry.location { try emit(location, of: entry) }
        if let repeats = entry.repeats {
            let count = try size(repeats.count)
            let gap = try size(repeats.gap)
            let place = tables.steps.count
            try step(.unsupported)
            try emitKind(entry)
            closeRun()
            let body = Int32(tables.steps.count - place - 1)
            tables.steps[place] = .loop(count: count, gap: gap, body: body)
        } else {
            try emitKind(entry)
        }
        closeRun()
        if let place = guardPlace {
            tables.steps[place] = .unless(test: guardTest, skip: Int32(tables.steps.count - place - 1))
        }
    }

    private mutating func emit(
        _ location: (origin: EntryDefinition.Origin, bits: SizeDefinition),
        of entry: EntryDefinition
    ) throws(XTCEError) {
        let size = try size(location.bits)
        switch location.origin {
        case .previousEntry: try step(.move(size: size))
        case .containerStart: try step(.seek(size: size))
        case .containerEnd:
            guard let bits = fixedBits(of: entry) else {
                let text = "a location from the container's end needs an entry of fixed size; decoding stops there"
                diagnostics.append(Diagnostic(place: entry.place, text: text))
                return try step(.unsupported)
            }
            try step(.seekFromEnd(size: size, entry: Int32(clamping: bits)))
        }
    }

    /// The size of an entry, if it is the same in all packets.
    func fixedBits(of entry: EntryDefinition) -> Int? {
        guard case .parameters(let list) = entry.kind, entry.repeats == nil else { return nil }
        var bits = 0
        for parameter in list {
            switch type(of: parameter).encoding {
            case .number(let codec): bits += Int(codec.size)
            case .binary(.fixed(let size)): bits += size
            case .text(let text):
                guard case .fixed(let size)? = text.buffer else { return nil }
                bits += size
            default: return nil
            }
        }
        return bits
    }

    private mutating func emitKind(_ entry: EntryDefinition) throws(XTCEError) {
        switch entry.kind {
        case .parameters(let list):
            for parameter in list { try emit(parameter) }
        case .container(let index): try emitIncluded(index)
        case .gap(let bits): try step(.move(size: try size(.fixed(bits))))
        case .unsupported: try step(.unsupported)
        }
    }

    private mutating func emit(_ parameter: Int) throws(XTCEError) {
        let type = type(of: parameter)
        switch type.encoding {
        case .number(let codec):
            guard tables.fields.count < Self.maximumSteps else { throw tooLarge() }
            _ = try treatment(of: parameter)
            let state = SampleBuffer.State(raw: codec.kind, engineering: codec.kind)
            tables.fields.append(DecodingPlan.Field(parameter: Int32(parameter), state: state, codec: codec))
        case .text(let text):
            try step(.text(Int32(tables.texts.count)))
            tables.texts.append(try self.text(text, of: parameter))
        case .binary(let size):
            try step(.octets(Int32(tables.octets.count)))
            tables.octets.append(
                DecodingPlan.Octets(
                    parameter: Int32(parameter),
                    treatment: try treatment(of: parameter),
                    size: try self.size(size)
                )
            )
        case .none: try step(.unsupported)
        }
    }

    private mutating func text(_ text: TextDefinition, of parameter: Int) throws(XTCEError) -> DecodingPlan.Text {
        DecodingPlan.Text(
            parameter: Int32(parameter),
            treatment: try treatment(of: parameter),
            charset: text.charset,
            buffer: try text.buffer.map { buffer throws(XTCEError) in try size(buffer) } ?? -1,
            terminator: text.terminator.map { constant($0) } ?? -1,
            leadingBits: text.leadingSize ?? 0,
            leadingUnit: definitions.options.sizeTagUnit == .octets ? 8 : 1,
            maximum: text.maximum ?? Int.max
        )
    }

    private mutating func step(_ step: DecodingPlan.Step) throws(XTCEError) {
        guard tables.steps.count < Self.maximumSteps else { throw tooLarge() }
        closeRun()
        tables.steps.append(step)
    }

    /// Counts a piece of work, so that even empty things cannot include each other without end.
    mutating func spend() throws(XTCEError) {
        effort += 1
        guard effort <= Self.maximumSteps else { throw tooLarge() }
    }

    private func tooLarge() -> XTCEError {
        let place = Place(file: definitions.file, line: 1, column: 1)
        return .tooLarge(place, what: "steps of decoding, all includes written out", limit: Self.maximumSteps)
    }

    /// Ends the run of fields that was being filled, if it has any.
    private mutating func closeRun() {
        let fields = runStart..<tables.fields.count
        runStart = tables.fields.count
        guard !fields.isEmpty else { return }
        let (firstPolynomial, first) = (tables.polynomials.count, tables.attentions.count)
        var bits = 0
        for (offset, index) in fields.enumerated() {
            let field = tables.fields[index]
            bits += Int(field.codec.size)
            guard let treatment = treatmentIndices[Int(field.parameter)], treatment >= 0 else { continue }
            if let coefficients = polynomial(tables.treatments[Int(treatment)]) {
                tables.polynomials.append(
                    DecodingPlan.Polynomial(offset: Int32(offset), kind: field.codec.kind, coefficients: coefficients)
                )
                continue
            }
            tables.attentions.append(DecodingPlan.Attention(offset: Int32(offset), treatment: treatment))
        }
        let attentions = first..<tables.attentions.count
        tables.steps.append(.run(Int32(tables.runs.count)))
        tables.runs.append(
            DecodingPlan.Run(
                fields: fields,
                bits: bits,
                polynomials: firstPolynomial..<tables.polynomials.count,
                attentions: attentions
            )
        )
    }

    /// The coefficients, if a treatment is nothing but a polynomial; a mere conversion to a number is one too.
    private mutating func polynomial(_ treatment: DecodingPlan.Treatment) -> Range<Int>? {
        guard treatment.conversion == .float, treatment.isOnlyConversion else { return nil }
        guard treatment.calibrator >= 0 else {
            if identity == nil {
                identity = tables.numbers.count..<(tables.numbers.count + 2)
                tables.numbers += [0, 1]
            }
            return identity
        }
        guard case .polynomial(let range) = tables.calibrators[Int(treatment.calibrator)] else { return nil }
        return range
    }

    // MARK: Shared tables

    mutating func size(_ size: SizeDefinition) throws(XTCEError) -> Int32 {
        let compiled: DecodingPlan.Size
        switch size {
        case .fixed(let value): compiled = .fixed(value)
        case .dynamic(let reference, let slope, let intercept):
            compiled = .dynamic(
                register: register(reference),
                calibrated: reference.usesCalibrated,
                slope: slope,
                intercept: intercept
            )
        case .lookup(let entries):
            var lookups: [DecodingPlan.Lookup] = []
            for entry in entries {
                lookups.append(DecodingPlan.Lookup(test: try test(entry.criterion), value: entry.value))
            }
            let first = tables.lookups.count
            tables.lookups += lookups
            compiled = .lookup(first..<tables.lookups.count)
        }
        tables.sizes.append(compiled)
        return Int32(tables.sizes.count - 1)
    }

    mutating func constant(_ octets: [UInt8]) -> Int32 {
        tables.constants.append(octets)
        return Int32(tables.constants.count - 1)
    }

    mutating func label(_ text: String) -> Int32 {
        if let known = labelIndices[text] { return known }
        let index = Int32(tables.labels.count)
        tables.labels.append(text)
        labelIndices[text] = index
        return index
    }

    /// The treatment of a parameter's values, compiled once; −1 if there is nothing to do.
    mutating func treatment(of parameter: Int) throws(XTCEError) -> Int32 {
        if let known = treatmentIndices[parameter] { return known }
        let treatment = try makeTreatment(parameter)
        var index: Int32 = -1
        if !treatment.isTrivial {
            index = Int32(tables.treatments.count)
            tables.treatments.append(treatment)
        }
        treatmentIndices[parameter] = index
        return index
    }
}

/// Lays out the packet of a container, if its layout is the same for all packets.
struct EncoderCompiler {
    private let database: MissionDatabase
    private let container: Int
    private var position = 0
    private var start = 0
    private var farthest = 0
    private var effort = 0
    private var slots: [PacketEncoder.Slot] = []

    init(database: MissionDatabase, container: Int) {
        self.database = database
        self.container = container
    }

    private var definitions: MissionDatabase.Definitions { database.definitions }

    mutating func compile() throws(XTCEError) -> PacketEncoder {
        var chain = [container]
        while let base = definitions.containers[chain[0]].base { chain.insert(base, at: 0) }
        for index in chain { try lay(index) }
        if let size = definitions.containers[container].size { farthest = max(farthest, size) }
        let length = (farthest + 7) / 8
        guard length <= 65542 else { throw refusal("it is longer than a space packet can be") }

        var octets = [UInt8](repeating: 0, count: length)
        if length > 2 { octets[2] = 0xC0 }
        var encoder = PacketEncoder(
            container: container,
            name: database.containers[container].name,
            slots: slots,
            slotsByName: names(),
            octets: octets
        )
        for (slot, place) in slots.enumerated() {
            guard let value = definitions.initialValues[place.parameter] else { continue }
            set(slot, to: value, isCalibrated: true, in: &encoder)
        }
        for index in chain {
            guard let criterion = definitions.containers[index].criterion else { continue }
            fix(criterion, in: &encoder)
        }
        return encoder
    }

    private func names() -> [String: [Int]] {
        var names: [String: [Int]] = [:]
        for (slot, place) in slots.enumerated() {
            let parameter = database.parameters[place.parameter]
            names[parameter.name, default: []].append(slot)
            names[parameter.qualifiedName, default: []].append(slot)
        }
        return names
    }

    private func refusal(_ reason: String) -> XTCEError {
        .dynamicLayout(container: database.containers[container].name, reason: reason)
    }

    // MARK: Layout

    private mutating func lay(_ index: Int) throws(XTCEError) {
        for entry in definitions.containers[index].entries { try lay(entry) }
    }

    private mutating func lay(_ entry: EntryDefinition) throws(XTCEError) {
        let line = "the entry in line \(entry.place.line)"
        if entry.condition != nil { throw refusal("\(line) is there only under a condition") }
        if let location = entry.location {
            guard case .fixed(let bits) = location.bits, location.origin != .containerEnd else {
                throw refusal("\(line) has a location that is not fixed from the start")
            }
            position = (location.origin == .containerStart ? start : position) + bits
            guard position >= 0 else { throw refusal("\(line) lies before the packet") }
        }
        guard let repeats = entry.repeats else { return try place(entry) }
        guard case .fixed(let count) = repeats.count, case .fixed(let gap) = repeats.gap else {
            throw refusal("\(line) is repeated as often as a value says")
        }
        for iteration in 0..<count {
            let before = position
            if iteration > 0 { position += gap }
            try place(entry)
            guard position > before else { break }
        }
    }

    private mutating func place(_ entry: EntryDefinition) throws(XTCEError) {
        effort += 1
        guard effort <= PlanCompiler.maximumSteps else { throw refusal("its layout has too many steps") }
        switch entry.kind {
        case .parameters(let list):
            for parameter in list { try place(parameter) }
        case .container(let index):
            let (outerStart, begin) = (start, position)
            start = position
            var chain = [index]
            while let base = definitions.containers[chain[0]].base { chain.insert(base, at: 0) }
            for inner in chain { try lay(inner) }
            start = outerStart
            if let size = definitions.containers[index].size { try advance(to: begin + size) }
        case .gap(let bits): try advance(to: position + bits)
        case .unsupported: throw refusal("the entry in line \(entry.place.line) is not supported")
        }
    }

    private mutating func advance(to bit: Int) throws(XTCEError) {
        position = bit
        farthest = max(farthest, position)
        guard position <= 8 * 65542, slots.count <= 8 * 65542 else {
            throw refusal("it is longer than a space packet can be")
        }
    }

    private mutating func place(_ parameter: Int) throws(XTCEError) {
        let type = definitions.types[definitions.parameterTypes[parameter]]
        let name = database.parameters[parameter].name
        let field: PacketEncoder.Field
        let bits: Int
        switch type.encoding {
        case .number(let codec): (field, bits) = (.number(codec), Int(codec.size))
        case .binary(.fixed(let size)): (field, bits) = (.octets(bits: size), size)
        case .text(let text):
            guard case .fixed(let size)? = text.buffer else { throw refusal("the text \(name) has no fixed size") }
            let unit = definitions.options.sizeTagUnit == .octets ? 8 : 1
            let leading = text.leadingSize ?? 0
            guard leading <= size else { throw refusal("the text \(name) is shorter than its size tag") }
            let end = text.terminator
            field = .text(text.charset, bits: size, terminator: end, leadingBits: leading, leadingUnit: unit)
            bits = size
        case .binary: throw refusal("the size of \(name) depends on a value")
        case .none(let reason): throw refusal("\(name) has no place in a packet: \(reason)")
        }
        slots.append(
            PacketEncoder.Slot(
                parameter: parameter,
                bit: position,
                field: field,
                inverse: inverse(type),
                labels: labels(type)
            )
        )
        try advance(to: position + bits)
    }

    // MARK: Values

    private func labels(_ type: TypeDefinition) -> [String: Int128] {
        switch type.shape {
        case .enumerated:
            return Dictionary(type.enumeration.map { ($0.label, $0.low) }) { first, _ in first }
        case .boolean: return [type.zeroLabel: 0, type.oneLabel: 1]
        default: return [:]
        }
    }

    private func inverse(_ type: TypeDefinition) -> PacketEncoder.Inverse {
        switch type.shape {
        case .enumerated, .boolean: return .identity
        default: break
        }
        guard type.contexts.isEmpty else { return .none }
        switch type.calibrator {
        case nil: return .identity
        case .polynomial(let coefficients):
            guard coefficients.count > 1, coefficients[1] != 0, coefficients.dropFirst(2).allSatisfy({ $0 == 0 }) else {
                return .none
            }
            return .linear(offset: coefficients[0], slope: coefficients[1])
        case .spline(let order, _, let points):
            let values = points.map { $0.calibrated }
            let isRising = zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
            let isFalling = zip(values, values.dropFirst()).allSatisfy { $0 > $1 }
            guard order == 1, isRising || isFalling else { return .none }
            return .spline(isRising ? points : points.reversed())
        case .postfix: return .none
        }
    }

    /// Sets what a condition demands, where it demands exactly one value.
    private func fix(_ criterion: Criterion, in encoder: inout PacketEncoder) {
        switch criterion {
        case .all(let parts):
            for part in parts { fix(part, in: &encoder) }
        case .any(let parts) where parts.count == 1, .exactlyOne(let parts) where parts.count == 1:
            fix(parts[0], in: &encoder)
        case .comparison(let comparison):
            guard comparison.comparator == .equal, case .text(let text) = comparison.right else { return }
            let matching = slots.indices.filter { slots[$0].parameter == comparison.left.parameter }
            for slot in matching {
                set(slot, to: text, isCalibrated: comparison.left.usesCalibrated, in: &encoder)
            }
        case .any, .exactlyOne, .never: return
        }
    }

    /// Sets a value that the database writes as text.
    private func set(_ slot: Int, to text: String, isCalibrated: Bool, in encoder: inout PacketEncoder) {
        let place = slots[slot]
        if place.labels[text] != nil {
            encoder.set(slot, label: text)
        } else if case .octets = place.field {
            encoder.set(slot, raw: .binary(Loader.octets(text) ?? []))
        } else if case .text = place.field {
            encoder.set(slot, raw: .string(text))
        } else if case .identity = place.inverse, let value = Loader.wideInteger(text) {
            encoder.set(slot, raw: UInt64(exactly: value).map { .unsigned($0) } ?? .signed(Int64(clamping: value)))
        } else if let value = Loader.number(text) {
            if !isCalibrated || !encoder.set(slot, engineering: value) { encoder.set(slot, raw: .float(value)) }
        } else if let value = Loader.boolean(text.lowercased()) {
            encoder.set(slot, raw: .boolean(value))
        }
    }
}

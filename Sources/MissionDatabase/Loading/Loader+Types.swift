/// Parameter types: shape, labels, units, ranges and alarms. Encodings follow when parameters are known.
extension Loader {
    /// An element with those it inherits from by `baseType`, nearest first.
    struct Ancestry {
        let elements: [(element: XMLElement, scope: Int)]

        /// The attribute of the nearest that has it.
        func attribute(_ name: String) -> String? {
            elements.lazy.compactMap { $0.element.attribute(name) }.first
        }

        /// The child of the nearest that has it, and the scope in which it stands.
        func first(_ name: String) -> (element: XMLElement, scope: Int)? {
            for (element, scope) in elements {
                if let child = element.first(name) { return (child, scope) }
            }
            return nil
        }
    }

    /// More labels than this in one enumeration are refused, because overlapping ranges cost their square.
    static let maximumLabels = 20_000

    mutating func loadTypes() throws(XTCEError) {
        for record in typeRecords { types.append(try typeDefinition(record)) }
    }

    func ancestry(_ record: TypeRecord) throws(XTCEError) -> Ancestry {
        var elements = [(element: record.element, scope: record.scope)]
        while let last = elements.last, let base = last.element.attribute("baseType") {
            guard let index = symbols.find(.type, base, from: last.scope) else {
                throw .unknownReference(place(last.element), kind: "parameter type", name: base)
            }
            guard elements.count <= Self.maximumDepth else {
                let name = try required(record.element, "name")
                throw .cyclicReference(place(record.element), kind: "parameter type", name: name)
            }
            elements.append((typeRecords[index].element, typeRecords[index].scope))
        }
        return Ancestry(elements: elements)
    }

    private mutating func typeDefinition(_ record: TypeRecord) throws(XTCEError) -> TypeDefinition {
        let element = record.element
        let ancestry = try ancestry(record)
        let shape = try shape(record, ancestry)
        var type = TypeDefinition(place: place(element), name: try required(element, "name"), shape: shape)
        type.unit = unit(ancestry)
        type.initialValue = ancestry.attribute("initialValue")
        switch shape {
        case .enumerated: type.enumeration = try enumeration(ancestry, of: element)
        case .boolean:
            type.oneLabel = ancestry.attribute("oneStringValue") ?? type.oneLabel
            type.zeroLabel = ancestry.attribute("zeroStringValue") ?? type.zeroLabel
        case .time: type.epoch = epoch(ancestry)
        default: break
        }
        if let range = ancestry.first("ValidRange") ?? ancestry.first("ValidRangeSet") {
            try loadValidRange(range.element, into: &type)
        }
        type.alarm = try alarm(ancestry)
        return type
    }

    private mutating func shape(_ record: TypeRecord, _ ancestry: Ancestry) throws(XTCEError) -> TypeDefinition.Shape {
        switch record.element.name {
        case "IntegerParameterType": return .integer
        case "FloatParameterType": return .float
        case "EnumeratedParameterType": return .enumerated
        case "BooleanParameterType": return .boolean
        case "StringParameterType": return .string
        case "BinaryParameterType": return .binary
        case "AbsoluteTimeParameterType", "RelativeTimeParameterType": return .time
        case "ArrayParameterType": return try arrayShape(record, ancestry)
        case "AggregateParameterType": return try aggregateShape(record, ancestry)
        default:
            note(record.element, "<\(record.element.name)> is not supported; its parameters cannot be decoded")
            return .aggregate([])
        }
    }

    private func arrayShape(
        _ record: TypeRecord,
        _ ancestry: Ancestry
    ) throws(XTCEError) -> TypeDefinition.Shape {
        guard let reference = ancestry.attribute("arrayTypeRef") else {
            throw .missingAttribute(place(record.element), element: record.element.name, attribute: "arrayTypeRef")
        }
        guard let element = symbols.find(.type, reference, from: record.scope) else {
            throw .unknownReference(place(record.element), kind: "parameter type", name: reference)
        }
        let list = ancestry.first("DimensionList")?.element
        return .array(element: element, dimensions: try list.flatMap { list throws(XTCEError) in try dimensions(list) })
    }

    /// The index ranges of a dimension list; `nil` if they depend on values.
    func dimensions(_ list: XMLElement) throws(XTCEError) -> [ClosedRange<Int>]? {
        var ranges: [ClosedRange<Int>] = []
        for dimension in list.all("Dimension") {
            var bounds = [0, 0]
            for (index, name) in ["StartingIndex", "EndingIndex"].enumerated() {
                guard let bound = dimension.first(name) else {
                    if index == 0 { continue }
                    throw .missingElement(place(dimension), element: "Dimension", child: name)
                }
                guard let fixed = bound.first("FixedValue") else { return nil }
                bounds[index] = try content(fixed, in: 0...Self.maximumParameters)
            }
            guard bounds[0] <= bounds[1] else {
                let text = "\(bounds[0])…\(bounds[1])"
                throw .invalidValue(place(dimension), what: "the dimension", value: text, expected: "a rising range")
            }
            ranges.append(bounds[0]...bounds[1])
        }
        return ranges.isEmpty ? nil : ranges
    }

    private func aggregateShape(
        _ record: TypeRecord,
        _ ancestry: Ancestry
    ) throws(XTCEError) -> TypeDefinition.Shape {
        guard let list = ancestry.first("MemberList") else {
            throw .missingElement(place(record.element), element: record.element.name, child: "MemberList")
        }
        var members: [(String, Int)] = []
        for member in list.element.all("Member") {
            let reference = try required(member, "typeRef")
            guard let type = symbols.find(.type, reference, from: list.scope) else {
                throw .unknownReference(place(member), kind: "parameter type", name: reference)
            }
            members.append((try required(member, "name"), type))
        }
        return .aggregate(members)
    }

    // MARK: What values mean

    private func unit(_ ancestry: Ancestry) -> String? {
        guard let set = ancestry.first("UnitSet")?.element else { return nil }
        let units = set.all("Unit").map { unit in
            let power = unit.attribute("power").flatMap { Double($0) } ?? 1
            let text = unit.trimmedText
            if power == 1 { return text }
            return text + "^" + (Int64(exactly: power).map { String($0) } ?? String(power))
        }
        let text = units.filter { !$0.isEmpty }.joined(separator: "·")
        return text.isEmpty ? nil : text
    }

    private func epoch(_ ancestry: Ancestry) -> String? {
        guard let reference = ancestry.first("ReferenceTime")?.element else { return nil }
        return reference.first("Epoch")?.trimmedText
    }

    private func enumeration(
        _ ancestry: Ancestry,
        of element: XMLElement
    ) throws(XTCEError) -> [EnumerationEntry] {
        guard let list = ancestry.first("EnumerationList")?.element else {
            throw .missingElement(place(element), element: element.name, child: "EnumerationList")
        }
        let elements = list.all("Enumeration")
        guard elements.count <= Self.maximumLabels else {
            throw .tooLarge(place(list), what: "labels", limit: Self.maximumLabels)
        }
        var entries: [EnumerationEntry] = []
        for entry in elements {
            let low = try wideInteger(entry, "value", required(entry, "value"))
            let high = try entry.attribute("maxValue").map { text throws(XTCEError) in
                try wideInteger(entry, "maxValue", text)
            }
            entries.append(EnumerationEntry(low: low, high: max(low, high ?? low), label: try required(entry, "label")))
        }
        return entries
    }

    private func wideInteger(_ element: XMLElement, _ name: String, _ text: String) throws(XTCEError) -> Int128 {
        guard let value = Self.wideInteger(text), value >= Int64.min, value <= UInt64.max else {
            throw .invalidValue(place(element), what: name, value: text, expected: "an integer of at most 64 bits")
        }
        return value
    }

    /// The range that the attributes of an element span.
    private func range(_ element: XMLElement) throws(XTCEError) -> NumberRange {
        var range = NumberRange()
        if element.attribute("minInclusive") != nil {
            range.low = try number(element, "minInclusive", default: nil)
        } else if element.attribute("minExclusive") != nil {
            range.low = try number(element, "minExclusive", default: nil)
            range.includesLow = false
        }
        if element.attribute("maxInclusive") != nil {
            range.high = try number(element, "maxInclusive", default: nil)
        } else if element.attribute("maxExclusive") != nil {
            range.high = try number(element, "maxExclusive", default: nil)
            range.includesHigh = false
        }
        return range
    }

    private mutating func loadValidRange(_ element: XMLElement, into type: inout TypeDefinition) throws(XTCEError) {
        type.validRangeIsCalibrated = try boolean(element, "validRangeAppliesToCalibrated", default: true)
        let ranges = element.name == "ValidRangeSet" ? element.all("ValidRange") : [element]
        guard let first = ranges.first else { return }
        if ranges.count > 1 {
            note(element, "a set of valid ranges is not supported")
            return
        }
        type.validRange = try range(first)
    }

    // MARK: Alarms

    private mutating func alarm(_ ancestry: Ancestry) throws(XTCEError) -> AlarmDefinition? {
        guard let element = ancestry.first("DefaultAlarm")?.element else { return nil }
        return try alarm(element)
    }

    /// Reads alarms that depend on other parameters, once these are known; the first that holds counts.
    mutating func loadContextAlarms(_ index: Int) throws(XTCEError) {
        guard let (list, scope) = try ancestry(typeRecords[index]).first("ContextAlarmList") else { return }
        for element in list.all("ContextAlarm") {
            guard let match = element.first("ContextMatch") else {
                throw .missingElement(place(element), element: element.name, child: "ContextMatch")
            }
            let criterion = try criterion(match, scope: scope)
            types[index].alarmContexts.append(ContextAlarm(criterion: criterion, alarm: try alarm(element)))
        }
    }

    private mutating func alarm(_ element: XMLElement) throws(XTCEError) -> AlarmDefinition {
        var alarm = AlarmDefinition()
        for name in ["minViolations", "minConformance"] where (element.attribute(name) ?? "1") != "1" {
            note(element, "\(name) other than 1 is not supported; each sample counts")
        }
        for child in element.children {
            switch child.name {
            case "StaticAlarmRanges":
                alarm.isInside = child.attribute("rangeForm") == "inside"
                for (name, level) in Self.alarmLevels.reversed() {
                    guard let band = child.first(name + "Range") else { continue }
                    alarm.bands.append((level, try range(band)))
                }
            case "EnumerationAlarmList":
                for entry in child.all("EnumerationAlarm") {
                    let level = try alarmLevel(entry, required(entry, "alarmLevel"))
                    alarm.labels.append((try required(entry, "enumerationLabel"), level))
                }
            case "ContextMatch", "AncillaryDataSet": continue
            default: note(child, "<\(child.name)> is not supported")
            }
        }
        if let text = element.attribute("defaultAlarmLevel") {
            alarm.defaultLevel = try alarmLevel(element, text)
        }
        return alarm
    }

    private static let alarmLevels: [(String, AlarmLevel)] = [
        ("Watch", .watch), ("Warning", .warning), ("Distress", .distress), ("Critical", .critical),
        ("Severe", .severe),
    ]

    private func alarmLevel(_ element: XMLElement, _ text: String) throws(XTCEError) -> AlarmLevel {
        if text == "normal" { return .none }
        guard let level = Self.alarmLevels.first(where: { $0.0.lowercased() == text })?.1 else {
            let expected = "normal, watch, warning, distress, critical or severe"
            throw .invalidValue(place(element), what: "the alarm level", value: text, expected: expected)
        }
        return level
    }
}

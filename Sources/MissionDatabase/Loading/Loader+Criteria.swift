/// Conditions and the parameters they look at.
extension Loader {
    /// A parameter by name, with which of its values counts.
    mutating func reference(_ element: XMLElement, scope: Int) throws(XTCEError) -> ParameterReference {
        let name = try required(element, "parameterRef")
        guard let parameter = symbols.find(.parameter, name, from: scope) else {
            throw .unknownReference(place(element), kind: "parameter", name: name)
        }
        if let instance = element.attribute("instance"), instance != "0" {
            note(element, "an instance other than 0 is not supported; the latest value in the packet counts")
        }
        let usesCalibrated = try boolean(element, "useCalibratedValue", default: true)
        return ParameterReference(parameter: parameter, usesCalibrated: usesCalibrated)
    }

    /// The condition inside an element that holds one.
    mutating func criterion(_ element: XMLElement, scope: Int) throws(XTCEError) -> Criterion {
        for child in element.children {
            switch child.name {
            case "Comparison": return try comparison(child, scope: scope)
            case "ComparisonList":
                var parts: [Criterion] = []
                for part in child.all("Comparison") { parts.append(try comparison(part, scope: scope)) }
                return .all(parts)
            case "BooleanExpression":
                guard let expression = child.children.first else {
                    throw .missingElement(place(child), element: child.name, child: "Condition")
                }
                return try self.expression(expression, scope: scope)
            case "CustomAlgorithm":
                note(child, "<CustomAlgorithm> is not supported; the condition never holds")
                return .never
            default: continue
            }
        }
        throw .missingElement(place(element), element: element.name, child: "Comparison")
    }

    private mutating func comparison(_ element: XMLElement, scope: Int) throws(XTCEError) -> Criterion {
        let reference = try reference(element, scope: scope)
        guard let value = element.attribute("value") else {
            throw .missingAttribute(place(element), element: element.name, attribute: "value")
        }
        let comparator = try comparator(element, element.attribute("comparisonOperator") ?? "==")
        return .comparison(
            Comparison(place: place(element), left: reference, comparator: comparator, right: .text(value))
        )
    }

    private func comparator(_ element: XMLElement, _ text: String) throws(XTCEError) -> Comparator {
        guard let comparator = Comparator(text: text) else {
            throw .invalidValue(place(element), what: "the operator", value: text, expected: "==, !=, <, <=, > or >=")
        }
        return comparator
    }

    private mutating func expression(_ element: XMLElement, scope: Int) throws(XTCEError) -> Criterion {
        switch element.name {
        case "Condition": return try condition(element, scope: scope)
        case "ANDedConditions", "ORedConditions", "XORedConditions", "XOR":
            var parts: [Criterion] = []
            for child in element.children { parts.append(try expression(child, scope: scope)) }
            guard !parts.isEmpty else {
                throw .missingElement(place(element), element: element.name, child: "Condition")
            }
            if element.name == "ANDedConditions" { return .all(parts) }
            return element.name == "ORedConditions" ? .any(parts) : .exactlyOne(parts)
        default:
            note(element, "<\(element.name)> is not supported; the condition never holds")
            return .never
        }
    }

    private mutating func condition(_ element: XMLElement, scope: Int) throws(XTCEError) -> Criterion {
        let references = element.all("ParameterInstanceRef")
        guard let first = references.first else {
            throw .missingElement(place(element), element: element.name, child: "ParameterInstanceRef")
        }
        guard let comparison = element.first("ComparisonOperator") else {
            throw .missingElement(place(element), element: element.name, child: "ComparisonOperator")
        }
        let left = try reference(first, scope: scope)
        let comparator = try comparator(comparison, comparison.trimmedText)
        let right: Comparison.Operand
        if references.count > 1 {
            right = .parameter(try reference(references[1], scope: scope))
        } else if let value = element.first("Value") {
            right = .text(value.trimmedText)
        } else {
            throw .missingElement(place(element), element: element.name, child: "Value")
        }
        return .comparison(Comparison(place: place(element), left: left, comparator: comparator, right: right))
    }
}

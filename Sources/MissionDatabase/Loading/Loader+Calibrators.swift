/// Calibrators: the functions from raw to engineering values, and the scales of times.
extension Loader {
    /// Higher powers have no meaning in a calibration.
    static let maximumDegree = 64

    /// The function inside an element; `nil`, and noted, if it is not supported.
    mutating func calibrator(_ element: XMLElement, scope: Int) throws(XTCEError) -> CalibratorDefinition? {
        if let polynomial = element.first("PolynomialCalibrator") { return try self.polynomial(polynomial) }
        if let spline = element.first("SplineCalibrator") { return try self.spline(spline) }
        if let operation = element.first("MathOperationCalibrator") {
            return try self.postfix(operation, scope: scope)
        }
        note(element, "<\(element.name)> has no calibrator that is supported; values stay raw")
        return nil
    }

    private mutating func polynomial(_ element: XMLElement) throws(XTCEError) -> CalibratorDefinition? {
        var coefficients: [Double] = [0]
        for term in element.all("Term") {
            let exponent = try number(term, "exponent", default: nil)
            guard exponent >= 0, exponent <= Double(Self.maximumDegree), exponent == exponent.rounded() else {
                note(term, "exponents other than 0 to \(Self.maximumDegree) are not supported; values stay raw")
                return nil
            }
            while coefficients.count <= Int(exponent) { coefficients.append(0) }
            coefficients[Int(exponent)] += try number(term, "coefficient", default: nil)
        }
        return .polynomial(coefficients)
    }

    private mutating func spline(_ element: XMLElement) throws(XTCEError) -> CalibratorDefinition? {
        let order = try integer(element, "order", default: 1, in: 0...Int(Int32.max))
        guard order <= 1 else {
            note(element, "splines of order \(order) are not supported; values stay raw")
            return nil
        }
        var points: [(raw: Double, calibrated: Double)] = []
        for point in element.all("SplinePoint") {
            points.append((try number(point, "raw", default: nil), try number(point, "calibrated", default: nil)))
        }
        points.sort { $0.raw < $1.raw }
        for (first, second) in zip(points, points.dropFirst()) where first.raw == second.raw {
            let value = String(first.raw)
            throw .invalidValue(place(element), what: "a second point", value: value, expected: "different raw values")
        }
        guard points.count > order else {
            throw .missingElement(place(element), element: element.name, child: "SplinePoint")
        }
        let extrapolates = try boolean(element, "extrapolate", default: false)
        return .spline(order: order, extrapolates: extrapolates, points: points)
    }

    private mutating func postfix(_ element: XMLElement, scope: Int) throws(XTCEError) -> CalibratorDefinition? {
        var steps: [PostfixDefinition] = []
        for child in element.children {
            switch child.name {
            case "ValueOperand":
                guard let value = Self.number(child.trimmedText) else {
                    let text = child.trimmedText
                    throw .invalidValue(place(child), what: "the operand", value: text, expected: "a number")
                }
                steps.append(.value(value))
            case "ThisParameterOperand": steps.append(.this)
            case "ParameterInstanceRefOperand":
                steps.append(.parameter(try reference(child, scope: scope)))
            case "Operator":
                guard let operation = PostfixOperator(rawValue: child.trimmedText) else {
                    note(child, "the operator \(child.trimmedText) is not supported; values stay raw")
                    return nil
                }
                steps.append(.operation(operation))
            default: continue
            }
        }
        guard PostfixOperator.isComplete(steps) else {
            throw .invalidValue(
                place(element),
                what: "the calculation",
                value: "\(steps.count) steps",
                expected: "operands enough for each operator"
            )
        }
        return .postfix(steps)
    }

    /// Reads scale, offset and unit of a time as the line from raw value to seconds.
    mutating func loadTimeScale(_ element: XMLElement, into index: Int) throws(XTCEError) {
        let scale = try number(element, "scale", default: 1)
        let offset = try number(element, "offset", default: 0)
        let unit: Double
        switch element.attribute("units") ?? "seconds" {
        case "seconds": unit = 1
        case "picoSeconds": unit = 1e-12
        case "days": unit = 86400
        case let name:
            note(element, "the time unit \(name) is not supported; values stay as they are")
            unit = 1
        }
        guard scale * unit != 1 || offset != 0 else { return }
        types[index].calibrator = .polynomial([offset * unit, scale * unit])
    }
}

/// Data encodings: sizes, orders, texts, octets.
extension Loader {
    /// Sizes beyond this cannot occur in a packet and are refused.
    static let maximumBits = 1 << 24

    private static let encodingNames = [
        "IntegerDataEncoding", "FloatDataEncoding", "StringDataEncoding", "BinaryDataEncoding",
    ]

    /// Reads the encoding of a type and its calibration.
    mutating func loadEncoding(_ index: Int) throws(XTCEError) {
        let ancestry = try ancestry(typeRecords[index])
        var wrapper = ancestry
        if case .time = types[index].shape, let encoding = ancestry.first("Encoding") {
            wrapper = Ancestry(elements: [encoding])
            try loadTimeScale(encoding.element, into: index)
        }
        for name in Self.encodingNames {
            guard let (element, scope) = wrapper.first(name) else { continue }
            try loadEncoding(element, scope: scope, into: index)
            return
        }
    }

    private mutating func loadEncoding(_ element: XMLElement, scope: Int, into index: Int) throws(XTCEError) {
        for child in ["FromBinaryTransformAlgorithm", "ErrorDetectCorrect"] {
            guard let child = element.first(child) else { continue }
            note(child, "<\(child.name)> is not supported")
            if child.name == "FromBinaryTransformAlgorithm" {
                types[index].encoding = .none("its decoding algorithm is not supported")
                return
            }
        }
        switch element.name {
        case "IntegerDataEncoding": types[index].encoding = try integerEncoding(element)
        case "FloatDataEncoding": types[index].encoding = try floatEncoding(element)
        case "StringDataEncoding": types[index].encoding = try textEncoding(element, scope: scope)
        default: types[index].encoding = try binaryEncoding(element, scope: scope)
        }
        checkShape(element, index)
        if let calibrator = element.first("DefaultCalibrator") {
            types[index].calibrator = try self.calibrator(calibrator, scope: scope)
        }
        for context in element.first("ContextCalibratorList")?.all("ContextCalibrator") ?? [] {
            guard let match = context.first("ContextMatch") else {
                throw .missingElement(place(context), element: context.name, child: "ContextMatch")
            }
            guard let function = context.first("Calibrator") else {
                throw .missingElement(place(context), element: context.name, child: "Calibrator")
            }
            guard let calibrator = try self.calibrator(function, scope: scope) else { continue }
            let criterion = try criterion(match, scope: scope)
            types[index].contexts.append(ContextCalibrator(criterion: criterion, calibrator: calibrator))
        }
    }

    /// Texts and octets cannot be numbers here, although XTCE lets any type have any encoding.
    private mutating func checkShape(_ element: XMLElement, _ index: Int) {
        let needsNumber =
            switch types[index].shape {
            case .integer, .float, .enumerated, .boolean: true
            default: false
            }
        switch types[index].encoding {
        case .text where needsNumber, .binary where needsNumber:
            note(element, "a number encoded as text or octets is not supported")
            types[index].encoding = .none("it is a number encoded as text or octets")
        default: break
        }
    }

    // MARK: Numbers

    private mutating func integerEncoding(_ element: XMLElement) throws(XTCEError) -> DataEncoding {
        let size = try integer(element, "sizeInBits", default: 8, in: 1...Self.maximumBits)
        guard size <= 64 else {
            note(element, "integers of more than 64 bits are not supported")
            return .none("it is an integer of \(size) bits")
        }
        let format: FieldCodec.Format
        switch element.attribute("encoding") ?? "unsigned" {
        case "unsigned": format = .unsigned
        case "twosComplement", "twosCompliment", "signed": format = .twosComplement
        case "onesComplement", "onesCompliment": format = .onesComplement
        case "signMagnitude": format = .signMagnitude
        case "BCD": format = .bcd
        case "packedBCD": format = .packedBCD
        case let name:
            note(element, "the integer encoding \(name) is not supported")
            return .none("the integer encoding \(name) is not supported")
        }
        return try ordered(element, format: format, size: size)
    }

    private mutating func floatEncoding(_ element: XMLElement) throws(XTCEError) -> DataEncoding {
        let size = try integer(element, "sizeInBits", default: 32, in: 1...Self.maximumBits)
        let name = element.attribute("encoding") ?? "IEEE754_1985"
        let format: FieldCodec.Format
        switch (name, size) {
        case ("IEEE754_1985", 16), ("IEEE754", 16): format = .half
        case ("IEEE754_1985", 32), ("IEEE754", 32): format = .single
        case ("IEEE754_1985", 64), ("IEEE754", 64): format = .double
        case ("MILSTD_1750A", 32): format = .milStd1750A32
        case ("MILSTD_1750A", 48): format = .milStd1750A48
        case ("IBM", 32), ("IBM", 64): format = .ibm
        default:
            note(element, "the float encoding \(name) of \(size) bits is not supported")
            return .none("the float encoding \(name) of \(size) bits is not supported")
        }
        return try ordered(element, format: format, size: size)
    }

    /// Adds the order of octets and bits to a format.
    private mutating func ordered(
        _ element: XMLElement,
        format: FieldCodec.Format,
        size: Int
    ) throws(XTCEError) -> DataEncoding {
        let mirrored = element.attribute("bitOrder") == "leastSignificantBitFirst"
        if let list = element.first("ByteOrderList") {
            let places = list.all("Byte").compactMap { $0.attribute("byteSignificance").flatMap { Int($0) } }
            return try permuted(element, places, format: format, size: size)
        }
        switch element.attribute("byteOrder") ?? "mostSignificantByteFirst" {
        case "mostSignificantByteFirst":
            let order: FieldCodec.Order = mirrored ? .leastSignificantBitFirst : .mostSignificantFirst
            return .number(FieldCodec(format: format, size: size, order: order))
        case "leastSignificantByteFirst":
            if mirrored { note(element, "bitOrder together with byteOrder is not supported; bitOrder is not used") }
            return .number(FieldCodec(format: format, size: size, order: .leastSignificantOctetFirst))
        case let text:
            let places = text.split(separator: ",").map { Int($0.filter { $0 != " " }) ?? -1 }
            return try permuted(element, places, format: format, size: size)
        }
    }

    /// An order of octets by a list of their significances, 0 the least.
    private mutating func permuted(
        _ element: XMLElement,
        _ places: [Int],
        format: FieldCodec.Format,
        size: Int
    ) throws(XTCEError) -> DataEncoding {
        guard size.isMultiple(of: 8), places.sorted() == Array(0..<size / 8) else {
            let text = places.map { String($0) }.joined(separator: ",")
            let expected = "mostSignificantByteFirst, leastSignificantByteFirst, or each octet's significance once"
            throw .invalidValue(place(element), what: "the byte order", value: text, expected: expected)
        }
        if places == Array((0..<size / 8).reversed()) { return .number(FieldCodec(format: format, size: size)) }
        let permutation = places.enumerated().reduce(into: UInt32(0)) { packed, entry in
            packed |= UInt32(entry.element) << UInt32(4 * entry.offset)
        }
        return .number(FieldCodec(format: format, size: size, order: .permuted, permutation: permutation))
    }

    // MARK: Texts and octets

    private mutating func textEncoding(_ element: XMLElement, scope: Int) throws(XTCEError) -> DataEncoding {
        var text = TextDefinition()
        let name = element.attribute("encoding") ?? "UTF-8"
        guard let charset = Charset(name: name) else {
            note(element, "the text encoding \(name) is not supported")
            return .none("the text encoding \(name) is not supported")
        }
        text.charset = charset
        let box: XMLElement
        if let size = element.first("SizeInBits") {
            guard let fixed = size.first("Fixed")?.first("FixedValue") ?? size.first("FixedValue") else {
                throw .missingElement(place(size), element: size.name, child: "Fixed")
            }
            text.buffer = .fixed(try content(fixed, in: 0...Self.maximumBits))
            box = size
        } else if let variable = element.first("Variable") {
            if variable.attribute("maxSizeInBits") != nil {
                text.maximum = try integer(variable, "maxSizeInBits", default: nil, in: 0...Int(Int32.max))
            }
            if variable.first("DynamicValue") != nil || variable.first("DiscreteLookupList") != nil {
                text.buffer = try size(variable, scope: scope)
            }
            box = variable
        } else {
            throw .missingElement(place(element), element: element.name, child: "SizeInBits")
        }
        if let tag = box.first("LeadingSize") {
            let bits = try integer(tag, "sizeInBitsOfSizeTag", default: 16, in: 1...32)
            text.leadingSize = bits
        } else if let character = box.first("TerminationChar") {
            guard let octets = Self.octets(character.trimmedText), !octets.isEmpty else {
                let value = character.trimmedText
                throw .invalidValue(place(character), what: "TerminationChar", value: value, expected: "hex octets")
            }
            text.terminator = octets
        } else if text.buffer == nil {
            text.terminator = [UInt8](repeating: 0, count: charset.unit)
        }
        return .text(text)
    }

    private mutating func binaryEncoding(_ element: XMLElement, scope: Int) throws(XTCEError) -> DataEncoding {
        guard let size = element.first("SizeInBits") else {
            throw .missingElement(place(element), element: element.name, child: "SizeInBits")
        }
        return .binary(try self.size(size, scope: scope))
    }

    // MARK: Sizes

    /// A size or count: `FixedValue`, `DynamicValue`, or `DiscreteLookupList` inside an element.
    mutating func size(
        _ element: XMLElement,
        scope: Int,
        allowsNegative: Bool = false
    ) throws(XTCEError)
        -> SizeDefinition
    {
        if let fixed = element.first("FixedValue") {
            return .fixed(try content(fixed, in: (allowsNegative ? -Self.maximumBits : 0)...Self.maximumBits))
        }
        if let dynamic = element.first("DynamicValue") {
            guard let instance = dynamic.first("ParameterInstanceRef") else {
                throw .missingElement(place(dynamic), element: dynamic.name, child: "ParameterInstanceRef")
            }
            let reference = try self.reference(instance, scope: scope)
            let adjustment = dynamic.first("LinearAdjustment")
            let slope = try adjustment.map { element throws(XTCEError) in try number(element, "slope", default: 1) }
            let intercept = try adjustment.map { element throws(XTCEError) in
                try number(element, "intercept", default: 0)
            }
            return .dynamic(reference, slope: slope ?? 1, intercept: intercept ?? 0)
        }
        guard let list = element.first("DiscreteLookupList") else {
            throw .missingElement(place(element), element: element.name, child: "FixedValue")
        }
        var entries: [(criterion: Criterion, value: Int)] = []
        for entry in list.all("DiscreteLookup") {
            let value = try integer(entry, "value", default: nil, in: 0...Self.maximumBits)
            entries.append((try criterion(entry, scope: scope), value))
        }
        return .lookup(entries)
    }
}
